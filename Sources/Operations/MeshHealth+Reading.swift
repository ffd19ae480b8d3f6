import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
package import Preflight
import System
import Values

extension ClusterSession {
    /// Reads how the mesh is; what this user may not read is named in the notes.
    package func health() throws -> MeshHealth {
        let workloads = try cluster.workloads()
        var problems = problems(of: workloads)
        let enrollment = try cluster.enrollment(withPods: true)
        let uncaptured = uncapturedWorkloads(enrollment.uncapturedPods)
        var notes: [String] = []
        let history = try readableHistory(&notes)
        let run = lastRun(history.records)
        notes += [run.note].compactMap { $0 }
        problems += try missingObjects(history, workloads)
        let (nodes, agents) = try nodes(workloads, &notes)
        problems += limited(nodes.compactMap { node in node.complaint.map { "node \(node.name): \($0)" } }, "nodes")
        problems += doubledAgents(agents)
        let header = header(workloads, history)
        let certificates = try certificateHealth(workloads, header.namespace)
        problems += certificates.filter { $0.mark == .bad }.map { "\($0.subject): \($0.text)" }
        problems += limited(uncaptured.map(\.complaint), "workloads with pods that are not captured")
        let waypoints = try waypointHealth(workloads, &notes)
        problems += limited(waypoints.problems, "problems of waypoints")
        let facts = try operatorFacts()
        notes += facts.unreadable.keys.map(\.rawValue).sorted().map {
            "\($0) could not be read: who manages the mesh is not known"
        }
        var health = MeshHealth(
            header: header, workloads: workloads, nodes: nodes, enrollment: enrollment, uncaptured: uncaptured,
            certificates: certificates, problems: problems, notes: notes + managerNotes(workloads, facts),
            isChanging: run.isChanging)
        health.waypointRows = waypoints.rows
        return health
    }

    /// The first 20 lines; a last one counts the rest.
    private func limited(_ lines: [String], _ what: String) -> [String] {
        lines.count > 20 ? lines.prefix(20) + ["\(lines.count - 20) more \(what)"] : lines
    }

    private func header(_ workloads: [Workload], _ history: ReleaseHistory) -> MeshHeader {
        let settings = StoredSettings(history)
        let stored = settings.noted ?? settings.helms ?? settings.attempted
        let istiod = workloads.first { $0.component == .istiod }?.identity.namespace
        let recorded = history.records.last { $0.component == .istiod }?.namespace
        return MeshHeader(
            cluster: client.connection.name, server: client.connection.server.coveringPasswords,
            namespace: istiod ?? recorded ?? options.namespace ?? "istio-system", profile: stored?.profile,
            platform: stored?.platform, storedVersion: stored?.version, lastRun: history.runs.last.map(RecordedRun.init)
        )
    }

    private func certificateHealth(_ workloads: [Workload], _ namespace: String) throws -> [HealthRow] {
        guard !workloads.isEmpty else { return [] }
        return certificateRows(
            try cluster.meshCertificates(in: namespace), namespace: namespace, now: SystemClock.now())
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

    /// What was applied and is not there any more, or not for long; workloads are told of by themselves.
    private func missingObjects(_ history: ReleaseHistory, _ workloads: [Workload]) throws -> [String] {
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
        let namespaces = Set(workloads.map(\.identity.namespace)).sorted { $0.precedesByBytes($1) }
            .map { ObjectReference(apiVersion: "v1", kind: "Namespace", name: $0) }
        let absences = try cluster.absent(namespaces + recorded.map(\.identity))
        var lines = namespaces.compactMap { namespace in
            absences.terminating[namespace].map { terminating(namespace, $0) }
        }
        for (release, identity) in recorded {
            if absences.missing.contains(identity) {
                lines.append("\(identity): missing, though release \(release) has it; restore it with sail upgrade")
            } else if let termination = absences.terminating[identity] {
                lines.append(terminating(identity, termination))
            }
        }
        return limited(lines, "recorded objects that are missing or being deleted")
    }

    private func readableHistory(_ notes: inout [String]) throws -> ReleaseHistory {
        try readable(
            "release records (Secrets)", "profile, stored version, last run and missing objects are not shown", &notes
        ) { [try recentHistory()] }.first ?? ReleaseHistory()
    }

    /// What this user may read; a note says where that is not all.
    func readable<Item>(
        _ name: String, _ effect: String, _ notes: inout [String], _ body: () throws -> [Item]
    ) throws -> [Item] {
        do {
            return try body()
        } catch let error as APIError {
            guard error.isForbidden else { throw error }
            notes.append("you may not read the \(name): \(effect); \(readingRemedy)")
            return []
        }
    }

    private func nodes(
        _ workloads: [Workload], _ notes: inout [String]
    ) throws -> (nodes: [NodeHealth], agents: [NodeAgent]) {
        guard !workloads.isEmpty else { return ([], []) }
        var nodes: [String: NodeHealth] = [:]
        var agents: [NodeAgent] = []
        let sets = workloads.filter { $0.identity.kind == "DaemonSet" }
        for node in try readable("nodes", "nodes without an agent are not shown", &notes, linuxNodes) {
            // What the values leave out is not expected to have an agent.
            let left = Component.nodeAgents.filter { component in
                let own = sets.filter { $0.component == component }
                return !own.isEmpty
                    && !own.contains { $0.object["spec"]?["template"]?.allowsNode(node.labelTexts) ?? true }
            }
            if left.count < Component.nodeAgents.count {
                nodes[node.name] = NodeHealth(name: node.name, ready: [:], leftOut: Set(left))
            }
        }
        for workload in sets {
            for pod in try cluster.pods(of: workload) {
                guard let node = pod["spec"]?["nodeName"]?.string else { continue }
                if termination(of: pod) == nil {
                    agents.append(NodeAgent(component: workload.component, node: node, set: workload.identity))
                }
                // In the midst of a rollout a node has the old pod and the new one; one that is ready serves.
                let isReady = readiness(of: pod.withKind("Pod")).isReady
                let known = nodes[node]?.ready[workload.component] ?? false
                nodes[node, default: NodeHealth(name: node, ready: [:])].ready[workload.component] = isReady || known
            }
        }
        return (nodes.values.sorted { $0.name.precedesByBytes($1.name) }, agents)
    }

    /// The metadata of nodes that could run the mesh.
    private func linuxNodes() throws -> [ObjectMetadata] {
        let listing = try client.list(
            "/api/v1/nodes", Selection(labels: "kubernetes.io/os!=windows"), accept: Client.metadataOnly)
        return listing.items.map(\.metadata)
    }
}
