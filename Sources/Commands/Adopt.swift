import Arguments
import Kubernetes
import Releases
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
    try Session.run(request) { session in
        let history = try session.history()
        try session.requireMesh(history)
        try session.refuseWhileOperated()
        let target = try session.target(history, remembering: true)
        session.console.note("found \(target.version ?? "a mesh") in \(target.namespace)")
        try session.check(target, isFirst: false)
        let code = try Deployment(session, target, history, .adopt).run()
        guard code == 0 else { return code }
        return try OperatorRemains(session, adopted: target).clear(target)
    }
}

extension Session {
    /// An operator at work would undo what sail does.
    fileprivate func refuseWhileOperated() throws {
        guard cluster.discovery.serves(group: "sailoperator.io") || cluster.discovery.serves(group: "install.istio.io")
        else { return }
        let operators = try client.list("/apis/apps/v1/deployments").items.filter { item in
            let name = item["metadata"]?["name"]?.string ?? ""
            let isOperator = ["sail-operator", "servicemesh-operator3", "istio-operator"].contains {
                name.hasPrefix($0)
            }
            return isOperator && (item["spec"]?["replicas"]?.int ?? 1) > 0
        }
        let failures = operators.map { item in
            let name = item["metadata"]?["name"]?.string ?? ""
            let namespace = item["metadata"]?["namespace"]?.string ?? ""
            return Failure(
                nil,
                "Deployment \(namespace)/\(name) is at work and would undo what sail does: "
                    + "kubectl -n \(namespace) scale deployment/\(name) --replicas=0")
        }
        // Looking does no harm.
        guard request.cluster.dryRun == nil else { return failures.forEach { console.warn("\($0)") } }
        guard failures.isEmpty else { throw Failures(failures: failures, remedy: "stop it, then run sail adopt again") }
    }
}
