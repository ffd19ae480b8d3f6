import Applying
import Arguments
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Operations
import Planning
import Preflight
import Terminal
import Values

/// The commands that change a mesh, and `diff`, which says what they would change.
let deployCommands: [Command<Request>] = [
    Command(
        "install", summary: "Install the mesh, or bring it to these very values", section: "Cluster",
        groups: [
            .mesh, .values, .applying, .ownership, .rollout, .cluster,
            .output([.yaml, .json], [.component, .endOfLife]), .common,
        ],
        examples: [
            ("sail install --profile ambient -f values.yaml", "Shows the plan, asks, installs"),
            ("sail install --dry-run", "Shows the plan and changes nothing"),
        ],
        body: install),
    Command(
        "upgrade", summary: "Bring an installed mesh to another version or other values",
        discussion: """
            Profile, platform and values are remembered from the last run; what you give now goes on top of them.
            """,
        section: "Cluster",
        groups: [
            .mesh, .values, .applying, .ownership, .rollout, .cluster,
            .output([.yaml, .json], [.component, .endOfLife, .resetValues]),
            .common,
        ],
        examples: [("sail upgrade --version v1.30.3", "One minor at a time")],
        body: upgrade),
    Command(
        "diff", summary: "Show what an upgrade with these values would change",
        discussion: "Exits with 0 where nothing differs, 1 where something does, 2 and more on errors.",
        section: "Cluster",
        groups: [
            .mesh, .values, .ownership, .cluster, .output([.yaml, .json], [.component, .resetValues]), .common,
        ],
        body: diff),
]

extension Flag<Request> {
    static let resetValues = Flag.toggle(
        "reset-values", help: "Forget remembered values; only what is given now counts"
    ) {
        $0.cluster.resetsValues = $1
    }
}

private func install(_ request: Request) throws -> Int32 {
    // Without a cluster, the objects themselves are the plan.
    if request.cluster.dryRun == .client { return try request.options.rehearseOffline() }
    return try ClusterSession.run(request.options, ahead: request.options.firstReads(.install)) { session in
        let history = try session.recentHistory()
        let target = try session.target(history, remembering: false)
        let checked = try session.check(target, .install, isFirst: history.records.isEmpty)
        try session.checkRollout(target)
        return try ApplyOperation(session, target, history, .install, checked).run()
    }
}

private func upgrade(_ request: Request) throws -> Int32 {
    try ClusterSession.run(request.options, ahead: request.options.firstReads(.upgrade)) { session in
        let history = try session.recentHistory()
        let target = try session.target(history, remembering: true)
        try session.requireMesh(history)
        let checked = try session.check(target, .upgrade)
        try session.checkRollout(target)
        return try ApplyOperation(session, target, history, .upgrade, checked).run()
    }
}

private func diff(_ request: Request) throws -> Int32 {
    do {
        return try ClusterSession.run(request.options, needing: .plan, ahead: request.options.firstReads(nil)) {
            session in
            let history = try session.recentHistory()
            let target = try session.target(history, remembering: true)
            session.sayManagers(preflight(DesiredMesh(), try session.operatorFacts(), for: .upgrade))
            return try ApplyOperation(session, target, history, .upgrade).diff()
        }
    } catch {
        for line in messageLines("\(error)") { request.console.fail(line) }
        return 2
    }
}
