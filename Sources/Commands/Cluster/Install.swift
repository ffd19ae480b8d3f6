import Applying
import Arguments
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Meshes
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
    if request.cluster.dryRun == .client { return try request.rehearseOffline() }
    return try Session.run(request, ahead: request.firstLook(.install)) { session in
        let history = try session.recentHistory()
        let target = try session.target(history, remembering: false)
        let checked = try session.check(target, .install, isFirst: history.records.isEmpty)
        try session.checkRollout(target)
        return try Deployment(session, target, history, .install, checked).run()
    }
}

private func upgrade(_ request: Request) throws -> Int32 {
    try Session.run(request, ahead: request.firstLook(.upgrade)) { session in
        let history = try session.recentHistory()
        let target = try session.target(history, remembering: true)
        try session.requireMesh(history)
        let checked = try session.check(target, .upgrade)
        try session.checkRollout(target)
        return try Deployment(session, target, history, .upgrade, checked).run()
    }
}

private func diff(_ request: Request) throws -> Int32 {
    do {
        return try Session.run(request, needing: .plan, ahead: request.firstLook(nil)) { session in
            let history = try session.recentHistory()
            let target = try session.target(history, remembering: true)
            session.sayManagers(preflight(DesiredMesh(), try session.operatorFacts(), for: .upgrade))
            return try Deployment(session, target, history, .upgrade).diff()
        }
    } catch {
        for line in messageLines("\(error)") { request.console.fail(line) }
        return 2
    }
}

extension Request {
    /// What every plan begins with, so that it costs one round trip.
    fileprivate func firstLook(_ kind: RunKind?) -> [Call] {
        var calls = [Client.recordHeads]
        if platform == nil { calls.append(Cluster.oneNode) }
        let places = [namespace ?? "istio-system"] + componentNamespaces.values.sorted()
        if let kind { calls += Cluster.factCalls(kind, in: places) }
        return calls
    }
}

extension Session {
    /// The release records of the mesh's namespaces; what cannot be read is named.
    func history() throws -> ReleaseHistory {
        try taken(client.history(namespace: nil))
    }

    /// The records as far as the next install or upgrade needs them.
    func recentHistory() throws -> ReleaseHistory {
        try taken(client.recentHistory(charts: Session.charts))
    }

    private func taken(_ history: ReleaseHistory) -> ReleaseHistory {
        var history = history
        for fault in history.faults { console.warn("\(fault)".onOneLine) }
        history.records = ours(history.records)
        cluster.helmTimes = history.helmTimes
        return history
    }

    /// The records as they are now, read as those of `history` were, without a word.
    func recorded(like history: ReleaseHistory) throws(APIError) -> [ReleaseRecord] {
        let now =
            history.isRecent
            ? try client.recentHistory(charts: Session.charts) : try client.history(namespace: nil)
        return ours(now.records)
    }

    private static let charts = Set(Component.allCases.map(\.rawValue))

    func ours(_ records: [ReleaseRecord]) -> [ReleaseRecord] {
        records.filter { Session.charts.contains($0.chartName) }
    }

    /// Throws where there is nothing to upgrade.
    func requireMesh(_ history: ReleaseHistory) throws {
        guard history.records.isEmpty, try cluster.workloads().isEmpty else { return }
        throw Failures(
            failures: [Failure(nil, "no mesh found on this cluster")], remedy: "install one with sail install")
    }
}
