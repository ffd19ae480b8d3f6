import Applying
import Arguments
import ClusterState
import HelmReleases
import Kubernetes
import Operations
import Preflight
import Terminal
import Values

/// `sail adopt`
let adoptCommand = Command<Request>(
    "adopt", summary: "Take over a mesh that something else installed",
    discussion: """
        Reads what istioctl, Helm, kubectl or the Sail Operator left on the cluster: the version that runs, profile, \
        platform and values, names and namespaces. Shows first what would change; where nothing does, only who manages \
        the fields changes and no pod is restarted. From then on sail upgrade and sail rollback know the mesh.

        The resources of a Sail Operator stay, unread, until --release-resources removes them.
        """,
    section: "Cluster",
    groups: [
        .mesh, .values, .applying, .ownership, .cluster, .output([.yaml, .json], [.resetValues, .releaseResources]),
        .common,
    ],
    examples: [("sail adopt --dry-run", "What would change")], body: adopt)

private func adopt(_ request: Request) throws -> Int32 {
    try ClusterSession.run(request.options) { session in
        let history = try session.history()
        try session.requireMesh(history)
        let target = try session.target(history, remembering: true)
        session.ui.note("found \(target.version ?? "a mesh") in \(target.namespace)")
        let checked = try session.check(target, .adopt)
        let code = try ApplyOperation(session, target, history, .adopt, checked).run()
        guard code == 0 else { return code }
        return try OperatorRemains(session, adopted: target).clear(target)
    }
}

extension Flag<Request> {
    fileprivate static let releaseResources = Flag.toggle(
        "release-resources", help: "Then remove the operator's resources with their finalizers; the mesh stays"
    ) { $0.cluster.releasesResources = $1 }
}
