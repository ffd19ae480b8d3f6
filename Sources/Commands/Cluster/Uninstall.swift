import Arguments
import Operations

/// `sail uninstall`
let uninstallCommand = Command<Request>(
    "uninstall", summary: "Remove the mesh from the cluster",
    discussion: """
        Refuses while namespaces or pods are enrolled, or waypoints exist. Custom resource definitions, and with them \
        your policies and routes, stay unless --purge-crds is given; the namespace stays.

        Deleting the definitions deletes every object of theirs in all namespaces. It is asked about on its own, and \
        --yes does not answer: a script gives the number of these objects with --confirm-purge.
        """,
    section: "Cluster",
    groups: [
        FlagGroup("Removing", [.purge, .confirmPurge.needing("purge-crds")]), .removing, .plan, .installed, .output(),
        .common,
    ],
    body: uninstall)

extension Flag<Request> {
    static let purge = Flag.toggle(
        "purge-crds", help: "Delete Istio's custom resource definitions and all their objects too"
    ) {
        $0.cluster.purgesCRDs = $1
    }

    static let confirmPurge = Flag.value(
        "confirm-purge", "COUNT",
        help: "Approve the deletion of just so many objects with their definitions"
    ) {
        guard let count = Int($1), count >= 0 else { throw InvalidValue(expectation: "a number from 0 on") }
        $0.cluster.confirmedPurge = count
    }
}

private func uninstall(_ request: Request) throws -> Int32 { try Pipeline.run(.uninstall, request.options) }
