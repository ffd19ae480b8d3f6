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
import System
import Terminal
import Values

/// `sail status`
let statusCommand = Command<Request>(
    "status", summary: "Show how the mesh on the cluster is",
    discussion: "Exits with 0 where the mesh is healthy, 1 where it is not.",
    section: "Cluster",
    groups: [
        .output([.yaml, .json], [.untilHealthy]),
        FlagGroup("Waiting", [.timeout]), .cluster, .common,
    ],
    body: status)

extension Flag<Request> {
    static let untilHealthy = Flag.toggle("wait", help: "Wait until the mesh is healthy, at most --timeout") {
        $0.cluster.waitsForHealth = $1
    }
}

private func status(_ request: Request) throws -> Int32 {
    try ClusterSession.run(request.options, needing: .look) { session in
        var health = try session.health()
        let end = SystemClock.now() + request.cluster.apply.timeout / 1000
        while request.cluster.waitsForHealth, !health.isHealthy, SystemClock.now() < end {
            sleep(2)
            health = try session.health()
        }
        let shown = health
        _ = try request.print(Output(shown.text(request.console)) { shown.value })
        return health.isHealthy ? 0 : 1
    }
}

extension MeshHealth {
    func text(_ console: Console) -> String {
        var table = Table(["COMPONENT", "WORKLOAD", "VERSION", "READY", "STATE"])
        for workload in workloads {
            table.append([
                workload.component.rawValue, "\(workload.identity.namespace)/\(workload.identity.name)",
                workload.versions.joined(separator: ", "), "\(workload.available)/\(workload.desired)",
                workload.readiness.message.isEmpty ? "ready" : workload.readiness.message,
            ])
        }
        var text = "state: \(console.style.paint(state.onOneLine, as: isHealthy ? .added : .error))\n"
        for note in notes { text += "note: \(note.onOneLine)\n" }
        guard !workloads.isEmpty else { return text + (isChanging ? "" : "install a mesh with sail install\n") }
        text += "\n" + table.text(width: console.width, style: console.style)
        let unready = nodes.compactMap { node in node.complaint.map { "  \(node.name.onOneLine): \($0)\n" } }
        if !nodes.isEmpty { text += "\nnodes: \(nodes.count - unready.count) of \(nodes.count) ready\n" }
        text += unready.prefix(20).joined()
        if unready.count > 20 { text += "  and \(unready.count - 20) more\n" }
        text += "\nenrolled namespaces: \(list(enrollment.namespaces))\n"
        if !enrollment.pods.isEmpty { text += "enrolled pods: \(list(enrollment.pods))\n" }
        text += "waypoints: \(list(enrollment.waypoints))\n"
        if problems.count > 1 {
            text += "\n" + problems.dropFirst().map { "also: \($0.onOneLine)\n" }.joined()
        }
        return text
    }

    private func list(_ names: [String]) -> String {
        names.isEmpty
            ? "none" : names.prefix(20).map(\.onOneLine).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    }

    var value: Value {
        [
            "state": .string(isHealthy ? "Healthy" : state), "healthy": .bool(isHealthy),
            "problems": .list(problems.map(Value.string)), "notes": .list(notes.map(Value.string)),
            "components": .list(
                workloads.map { workload in
                    [
                        "component": .string(workload.component.rawValue), "kind": .string(workload.identity.kind),
                        "namespace": .string(workload.identity.namespace), "name": .string(workload.identity.name),
                        "versions": .list(workload.versions.map(Value.string)), "desired": .int(workload.desired),
                        "available": .int(workload.available), "ready": .bool(workload.readiness.isReady),
                        "message": .string(workload.readiness.message),
                    ]
                }),
            "nodes": .list(
                nodes.map { node in
                    [
                        "name": .string(node.name), "cni": .bool(node.ready[.cni] == true),
                        "ztunnel": .bool(node.ready[.ztunnel] == true),
                    ]
                }),
            "enrolledNamespaces": .list(enrollment.namespaces.map(Value.string)),
            "enrolledPods": .list(enrollment.pods.map(Value.string)),
            "uncapturedPods": .list(enrollment.uncaptured.map(Value.string)),
            "waypoints": .list(enrollment.waypoints.map(Value.string)),
        ]
    }
}
