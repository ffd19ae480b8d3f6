import Applying
import Arguments
import ClusterState
import Glibc
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
import Operations
import Planning
import Preflight
import Terminal
import Values
import YAML

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
        FlagGroup("Removing", [.purge, .confirmPurge]), .applying, .cluster, .output([.yaml, .json]), .common,
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
        help: "Approve --purge-crds where just so many objects would be deleted with the definitions"
    ) {
        guard let count = Int($1), count >= 0 else { throw InvalidValue(expectation: "a number from 0 on") }
        $0.cluster.confirmedPurge = count
    }
}

private func uninstall(_ request: Request) throws -> Int32 {
    try ClusterSession.run(request.options) { session in
        let history = try session.history()
        let removals = try session.removals(history)
        if history.records.isEmpty { try session.refuseUnrecorded() }
        guard !removals.isEmpty || !history.records.isEmpty else {
            session.ui.note("nothing to remove: no mesh found on this cluster")
            return 0
        }
        try session.refuseWhileEnrolled()
        let isRefused = try session.checkRemoval(removals)
        let code = try RemoveOperation(session, removals, history).run()
        return isRefused ? 1 : code
    }
}
