package import ClusterState
internal import Glibc
internal import Istio
package import Kubernetes
package import Objects
package import Planning
internal import System
internal import Values

/// One of a DaemonSet's pods, as a rollout in batches sees it.
package struct NodePod: Sendable, Equatable {
    package var node: String
    package var name: String
    package var uid: String
    package var isCurrent: Bool
    package var isReady: Bool

    package init(node: String, name: String, uid: String = "", isCurrent: Bool, isReady: Bool) {
        self.node = node
        self.name = name
        self.uid = uid
        self.isCurrent = isCurrent
        self.isReady = isReady
    }
}

/// Pods of old revisions in batches of so many nodes, nodes that serve nothing first, then by name; `nodes` of `nil`
/// means all. Nodes without an old pod are in no batch: this is how an interrupted rollout goes on.
///
/// A node's old pods go together. After a rolling update that stalled it has two, the one that serves and the one that
/// never came up; the controller makes no new one while either is there.
package func batches(_ pods: [NodePod], nodes: Set<String>?, size: Int) -> [[NodePod]] {
    var old: [String: [NodePod]] = [:]
    for pod in pods where !pod.isCurrent && !pod.node.isEmpty && nodes?.contains(pod.node) != false {
        old[pod.node, default: []].append(pod)
    }
    let serving = Set(pods.filter(\.isReady).map(\.node))
    let order = old.keys.sorted { (serving.contains($0) ? 1 : 0, $0) < (serving.contains($1) ? 1 : 0, $1) }
    return stride(from: 0, to: order.count, by: size).map { start in
        order[start..<min(start + size, order.count)].flatMap { (old[$0] ?? []).sorted { $0.name < $1.name } }
    }
}

/// Nodes that have the current revision and nothing else, not ready: what an interrupted rollout waits for first.
package func comingBack(_ pods: [NodePod], nodes: Set<String>?) -> Set<String> {
    let ready = Set(pods.filter { $0.isReady && $0.isCurrent }.map(\.node))
    let old = Set(pods.filter { !$0.isCurrent }.map(\.node))
    return Set(pods.filter { $0.isCurrent && nodes?.contains($0.node) != false }.map(\.node))
        .subtracting(ready).subtracting(old)
}

extension Cluster {
    /// How many of the nodes that the options select have a pod of an old revision.
    package func outdatedNodes(of identity: ObjectReference, _ options: ApplyOptions) throws(APIError) -> Int {
        let rollout = ZtunnelRollout(self, identity, options, size: 1) { _ in }
        return try rollout.outdated()
    }
}

/// Brings a DaemonSet's pods to its current revision node by node, and halts at the first that does not come back.
struct ZtunnelRollout {
    private let cluster: Cluster
    private let identity: ObjectReference
    private let options: ApplyOptions
    private let size: Int
    private let note: (String) -> Void
    /// The user's own check after each batch.
    var check: RunCheck?

    init(
        _ cluster: Cluster, _ identity: ObjectReference, _ options: ApplyOptions, size: Int,
        note: @escaping (String) -> Void
    ) {
        self.cluster = cluster
        self.identity = identity
        self.options = options
        self.size = size
        self.note = note
    }

    /// Pods that come back with an old revision while their batch is replaced, such as by a controller that is late,
    /// have another turn.
    private static let rounds = 3

    /// Answers what stopped it; `nil` where every selected node has the current revision, ready.
    func run() throws(APIError) -> Failure? {
        guard let set = try observed() else {
            return Failure(
                identity, "its controller has not seen the change in time; see whether kube-controller-manager runs")
        }
        let nodes = try selectedNodes()
        let hash = try currentHash(set)
        var pods = try pods(set, hash)
        for _ in 0..<ZtunnelRollout.rounds {
            if let stop = try replace(pods, nodes, set, hash) { return stop }
            pods = try self.pods(set, hash)
            if batches(pods, nodes: nodes, size: size).isEmpty { break }
        }
        let others = Set(pods.filter { !$0.isCurrent }.map(\.node)).count
        note(
            others == 0
                ? "all nodes have the new revision"
                : "\(others) other \(others == 1 ? "node keeps" : "nodes keep") the old revision")
        return nil
    }

    /// How many selected nodes have a pod of an old revision.
    func outdated() throws(APIError) -> Int {
        guard let set = try cluster.get([identity]).first ?? nil else { return 0 }
        let nodes = try selectedNodes()
        return batches(try pods(set, currentHash(set)), nodes: nodes, size: 1).count
    }

    private func replace(
        _ pods: [NodePod], _ nodes: Set<String>?, _ set: Value, _ hash: String
    ) throws(APIError) -> Failure? {
        let plan = batches(pods, nodes: nodes, size: size)
        if let stop = try wait(for: comingBack(pods, nodes: nodes), set, hash, left: plan.joined().count) {
            return stop
        }
        for (index, batch) in plan.enumerated() {
            let names = Set(batch.map(\.node)).sorted()
            note("batch \(index + 1) of \(plan.count): \(shown(names))")
            try delete(batch)
            let left = plan[(index + 1)...].joined().count
            if let stop = try wait(for: Set(names), set, hash, left: left) { return stop }
            if let stop = try checkBatch(names, (index + 1, plan.count), left: left) { return stop }
            if index + 1 < plan.count { pause() }
            if cluster.client.isInterrupted() { throw .interrupted }
        }
        return nil
    }

    private func checkBatch(
        _ nodes: [String], _ batch: (number: Int, count: Int), left: Int
    ) throws(APIError) -> Failure? {
        guard let check else { return nil }
        switch check(CheckPoint(component: .ztunnel, nodes: nodes, batch: batch, remaining: options.timeout)) {
        case .passed: return nil
        case .interrupted: throw .interrupted
        case .failed(var failure):
            if left > 0 { failure.message += "\n  \(left) \(left == 1 ? "pod keeps" : "pods keep") the old revision" }
            return failure
        }
    }

    private var podsPath: String { "/api/v1/namespaces/\(identity.namespace)/pods" }

    private func shown(_ names: [String]) -> String { names.joined(most: 5) }

    /// The DaemonSet once its controller knows the new template.
    private func observed() throws(APIError) -> Value? {
        let end = SystemClock.monotonic() + options.timeout
        while true {
            guard let set = try cluster.get([identity]).first ?? nil else { return nil }
            let generation = set.metadata.generation ?? 0
            if set["status"]?["observedGeneration"]?.int ?? 0 >= generation { return set }
            if cluster.client.isInterrupted() { throw .interrupted }
            guard SystemClock.monotonic() < end else { return nil }
            usleep(300_000)
        }
    }

    private func selectedNodes() throws(APIError) -> Set<String>? {
        guard let selector = options.rolloutNodes else { return nil }
        let nodes = try cluster.client.list("/api/v1/nodes", Selection(labels: selector)).items
        return Set(nodes.map(\.metadata.name))
    }

    /// The label of pods of the newest ControllerRevision.
    private func currentHash(_ set: Value) throws(APIError) -> String {
        let path = "/apis/apps/v1/namespaces/\(identity.namespace)/controllerrevisions"
        let uid = set.metadata.uid ?? ""
        let own = try cluster.client.list(path, Selection(labels: Cluster.podSelector(set))).items.filter { item in
            item.metadata.isOwned(byUID: uid)
        }
        let newest = own.max { $0["revision"]?.int ?? 0 < $1["revision"]?.int ?? 0 }
        guard let hash = newest?.metadata.label(ZtunnelRollout.hashLabel), !hash.isEmpty else {
            throw .unexpectedAnswer(
                request: "GET \(path)",
                reason: "a ControllerRevision of \(identity) was expected, which distinguishes old pods from new ones")
        }
        return hash
    }

    private static let hashLabel = "controller-revision-hash"

    private func pods(_ set: Value, _ hash: String) throws(APIError) -> [NodePod] {
        try cluster.client.list(podsPath, Selection(labels: Cluster.podSelector(set))).items.filter { !isGoing($0) }
            .map { nodePod($0, hash) }
    }

    /// A pod that is being deleted serves no longer, though it may still say that it is ready.
    private func isGoing(_ pod: Value) -> Bool { pod.metadata.isBeingDeleted }

    private func nodePod(_ pod: Value, _ hash: String) -> NodePod {
        NodePod(
            node: pod["spec"]?["nodeName"]?.string ?? "", name: pod.metadata.name,
            uid: pod.metadata.uid ?? "",
            isCurrent: pod.metadata.label(ZtunnelRollout.hashLabel) == hash,
            isReady: readiness(of: pod.withKind("Pod")).isReady)
    }

    private func delete(_ batch: [NodePod]) throws(APIError) {
        for answer in cluster.client.send(batch.map { APIRequest.delete(podsPath + "/" + $0.name, uid: $0.uid) }) {
            if case .failure(let error) = answer, !error.isNotFound, !error.isConflict { throw error }
        }
    }

    /// Follows the pods of the new revision until each of the nodes has a ready one; one watch, however many nodes.
    private func wait(
        for nodes: Set<String>, _ set: Value, _ hash: String, left: Int
    ) throws(APIError) -> Failure? {
        guard !nodes.isEmpty else { return nil }
        let selection = Selection(labels: Cluster.podSelector(set) + ",\(ZtunnelRollout.hashLabel)=\(hash)")
        let start = try cluster.client.list(podsPath, selection)
        var pending = nodes
        let take = { (object: Value) in
            let pod = nodePod(object, hash)
            if pod.isReady, !isGoing(object) { pending.remove(pod.node) }
        }
        for item in start.items { take(item) }
        if pending.isEmpty { return nil }
        _ = try cluster.client.watch(podsPath, selection, from: start, milliseconds: options.timeout) { event in
            if event.kind != .deleted { take(event.object) }
            return !pending.isEmpty
        }
        if cluster.client.isInterrupted() { throw .interrupted }
        guard !pending.isEmpty else { return nil }
        return try halt(pending.sorted(), left)
    }

    private func halt(_ nodes: [String], _ left: Int) throws(APIError) -> Failure {
        let reason = try Diagnosis(cluster).explain(identity)
        let which = nodes.count == 1 ? "node \(nodes[0])" : "nodes \(shown(nodes))"
        let rest = left == 0 ? "" : ", \(left) \(left == 1 ? "pod keeps" : "pods keep") the old revision"
        return Failure(
            identity,
            "\(which) did not come back in time: halted\(rest); raise --timeout if it only needs longer"
                + (reason.isEmpty ? "" : "\n" + reason))
    }

    private func pause() {
        let end = SystemClock.monotonic() + options.rolloutPause
        while SystemClock.monotonic() < end, !cluster.client.isInterrupted() {
            cluster.client.heartbeat?()
            usleep(UInt32(min(200, max(1, end - SystemClock.monotonic()))) * 1000)
        }
    }
}
