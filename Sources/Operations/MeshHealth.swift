package import ClusterState
import HelmReleases
package import Istio
import Kubernetes
import Objects
package import Preflight
import Values

/// The state of a mesh as of one moment.
package struct MeshHealth {
    package var workloads: [Workload]
    package var nodes: [NodeHealth]
    package var enrollment: Enrollment
    /// Why it is not healthy, the weightiest first.
    package var problems: [String]
    /// What the user should know besides.
    package var notes: [String]
    /// Whether a run is at work on it, by its records.
    package var isChanging = false

    package var isHealthy: Bool { problems.isEmpty && !workloads.isEmpty }
    /// `Healthy`, or the first reason why not.
    package var state: String {
        workloads.isEmpty ? (isChanging ? "Installing" : "NotInstalled") : problems.first ?? "Healthy"
    }
}

/// Whether a node has a ready ztunnel and node agent.
package struct NodeHealth: Equatable {
    package var name: String
    /// By component; one that does not run there at all is missing.
    package var ready: [Component: Bool]

    /// `cni not ready, no ztunnel`; `nil` where all is well.
    package var complaint: String? {
        let words = Component.nodeAgents.compactMap { component -> String? in
            switch ready[component] {
            case true: nil
            case false: "\(component) not ready"
            default: "no \(component)"
            }
        }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}

/// A pod of ztunnel or of the CNI agent: the DaemonSet that it belongs to, and its node.
struct NodeAgent: Equatable {
    var component: Component
    var node: String
    var set: ObjectReference
}

/// Nodes on which a component runs more than once, by different DaemonSets. Pure.
func doubledAgents(_ agents: [NodeAgent]) -> [String] {
    Component.nodeAgents.compactMap { component -> String? in
        let own = Dictionary(grouping: agents.filter { $0.component == component }, by: \.node)
        let doubled = own.mapValues { Set($0.map(\.set.description)) }.filter { $0.value.count > 1 }
        guard !doubled.isEmpty else { return nil }
        let sets = Set(doubled.values.flatMap { $0 }).sorted().joined(separator: " and ")
        let nodes = doubled.count == 1 ? "node \(doubled.keys.first ?? "")" : "\(doubled.count) nodes"
        return "\(component) runs more than once on \(nodes): \(sets)"
    }
}

/// What is wrong with these workloads: missing, not ready, scaled away, too far apart. Pure.
func problems(of workloads: [Workload]) -> [String] {
    guard !workloads.isEmpty else { return [] }
    var problems: [String] = []
    for component in Component.withWorkload {
        let own = workloads.filter { $0.component == component }
        if own.isEmpty { problems.append("\(component) is not installed") }
        for workload in own {
            if !workload.readiness.isReady {
                problems.append("\(workload.identity): \(workload.readiness.message)")
            } else if component == .istiod, workload.desired == 0 {
                problems.append("\(workload.identity): scaled to 0, there is no control plane")
            }
            if workload.versions.count > 1 {
                problems.append("\(workload.identity): runs \(workload.versions.joined(separator: " and "))")
            }
        }
    }
    let skew = VersionSkew(live: workloads.runningVersions).findings
    return problems + skew.filter { $0.kind == .ahead || $0.kind == .behind }.map { "\($0.message); \($0.remedy)" }
}

/// What the newest records tell of the last run; `isChanging` where one has not ended.
func lastRun(_ records: [ReleaseRecord]) -> (note: String?, isChanging: Bool) {
    let newest = Component.allCases.compactMap { component in
        records.filter { $0.component == component }.max { $0.revision < $1.revision }
    }
    if let pending = newest.last(where: { $0.status.isPending }) {
        return ("a run is at work, or was interrupted, at \(pending.chartName) (\(pending.status.rawValue))", true)
    }
    guard let failed = newest.first(where: { $0.status == .failed }) else { return (nil, false) }
    return ("the last run failed at \(failed.chartName): \(failed.description)", false)
}

extension ClusterSession {
    package func health() throws -> MeshHealth {
        let workloads = try cluster.workloads()
        var problems = problems(of: workloads)
        let enrollment = try cluster.enrollment(withPods: true)
        problems += enrollment.uncaptured.prefix(20).map { "pod \($0): enrolled but not captured; restart it" }
        let rest = enrollment.uncaptured.count - 20
        if rest > 0 { problems.append("\(rest) more pods: enrolled but not captured") }
        var notes: [String] = []
        let history = try readableHistory(&notes)
        let run = lastRun(history.records)
        notes += [run.note].compactMap { $0 }
        problems += try missingObjects(history)
        let (nodes, agents) = try nodes(workloads, &notes)
        problems += doubledAgents(agents)
        let facts = try operatorFacts()
        notes += facts.unreadable.keys.map(\.rawValue).sorted().map {
            "\($0) could not be read: who manages the mesh is not known"
        }
        let managers = managerNotes(workloads, facts)
        return MeshHealth(
            workloads: workloads, nodes: nodes, enrollment: enrollment, problems: problems,
            notes: notes + managers, isChanging: run.isChanging)
    }

    /// Which operators are at work, and nothing else.
    package func operatorFacts() throws -> ClusterFacts {
        var facts = try cluster.facts(for: DesiredMesh(), [.leases, .deployments])
        facts.pending = Set(ClusterFacts.Part.allCases).subtracting([.leases, .deployments])
        return facts
    }

    /// Operators, Argo CD and Flux that manage the mesh.
    private func managerNotes(_ workloads: [Workload], _ facts: ClusterFacts) -> [String] {
        let kept = Set(workloads.compactMap { MeshManager(object: $0.object) }).sorted {
            $0.sign.precedesByBytes($1.sign)
        }
        return (facts.managers + kept).map { "\($0.sign) manages the mesh" }
    }

    /// What was applied and is not there any more; workloads are told of by themselves.
    private func missingObjects(_ history: ReleaseHistory) throws -> [String] {
        var recorded: [(release: String, identity: ObjectReference)] = []
        for component in Component.allCases {
            let revisions = history.latest(of: component).last.map {
                history.revisions(of: $0.name, in: $0.namespace)
            }
            guard let record = revisions?.last(where: { $0.status == .deployed }) else { continue }
            for (_, identity) in identified(record.manifest) where !identity.hasRollout {
                recorded.append((record.name, identity))
            }
        }
        let missing = Set(try cluster.missing(recorded.map(\.identity)))
        let lines = recorded.filter { missing.contains($0.identity) }.map { release, identity in
            "\(identity): missing, though release \(release) has it; restore it with sail upgrade"
        }
        guard lines.count > 20 else { return lines }
        return lines.prefix(20) + ["\(lines.count - 20) more recorded objects: missing"]
    }

    private func readableHistory(_ notes: inout [String]) throws -> ReleaseHistory {
        try readable("release records", &notes) { [try recentHistory()] }.first ?? ReleaseHistory()
    }

    /// What this user may read; a note says where that is not all.
    private func readable<Item>(_ name: String, _ notes: inout [String], _ body: () throws -> [Item]) throws -> [Item] {
        do {
            return try body()
        } catch let error as APIError {
            guard error.isForbidden else { throw error }
            notes.append("you may not read the \(name)")
            return []
        }
    }

    private func nodes(
        _ workloads: [Workload], _ notes: inout [String]
    ) throws -> (nodes: [NodeHealth], agents: [NodeAgent]) {
        guard !workloads.isEmpty else { return ([], []) }
        var nodes: [String: [Component: Bool]] = [:]
        var agents: [NodeAgent] = []
        for name in try readable("nodes", &notes, linuxNodes) { nodes[name] = [:] }
        for workload in workloads where workload.identity.kind == "DaemonSet" {
            for pod in try cluster.pods(of: workload) {
                guard let node = pod["spec"]?["nodeName"]?.string else { continue }
                if termination(of: pod) == nil {
                    agents.append(NodeAgent(component: workload.component, node: node, set: workload.identity))
                }
                // In the midst of a rollout a node has the old pod and the new one; one that is ready serves.
                let isReady = readiness(of: pod.withKind("Pod")).isReady
                nodes[node, default: [:]][workload.component, default: false] =
                    isReady
                    || nodes[node]?[workload.component] == true
            }
        }
        return (nodes.keys.sorted().map { NodeHealth(name: $0, ready: nodes[$0] ?? [:]) }, agents)
    }

    /// The names of nodes that could run the mesh.
    private func linuxNodes() throws -> [String] {
        let listing = try client.list(
            "/api/v1/nodes", Selection(labels: "kubernetes.io/os!=windows"), accept: Client.metadataOnly)
        return listing.items.map(\.metadata.name)
    }
}
