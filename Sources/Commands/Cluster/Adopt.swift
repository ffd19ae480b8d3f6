import Arguments
import Operations

/// `sail adopt`
let adoptCommand = Command<Request>(
    "adopt", summary: "Take over a mesh that something else installed",
    discussion: """
        Reads what istioctl, Helm, kubectl or the Sail Operator left on the cluster: the version that runs, profile, \
        platform and values, names and namespaces. Shows first what would change; where nothing does, only who manages \
        the fields changes and no pod is restarted. From then on sail upgrade and sail rollback know the mesh.

        The resources of a Sail Operator stay, unread, until --release-resources removes them. With --as-controller they \
        stay for good: the objects keep their owners and labels, and sail reconcile --watch goes on in the operator's place.
        """,
    section: "Cluster",
    groups: [
        .mesh, .values, .patching, .applying, .plan, .ownership, .cluster,
        .output([.resetValues, .releaseResources, .asController]),
        .common,
    ],
    examples: [
        ("sail adopt --dry-run", "What would change"),
        ("sail adopt --as-controller", "Takes a mesh over whose resources sail reconcile --watch is to follow"),
    ], body: adopt)

private func adopt(_ request: Request) throws -> Int32 {
    let cluster = request.options.cluster
    guard !cluster.adoptsAsController || !cluster.releasesResources else {
        throw UsageError(
            message: "--as-controller keeps the resources, --release-resources removes them; give one",
            command: "\(request.program) adopt")
    }
    return try Pipeline.run(.adopt, request.options)
}

extension Flag<Request> {
    fileprivate static let releaseResources = Flag.toggle(
        "release-resources", help: "Then remove the operator's resources with their finalizers; the mesh stays"
    ) { $0.cluster.releasesResources = $1 }

    fileprivate static let asController = Flag.toggle(
        "as-controller", help: "Leave the operator's resources, owners and labels for sail reconcile --watch"
    ) { $0.cluster.adoptsAsController = $1 }
}
