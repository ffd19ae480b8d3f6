package import Values

/// Which pods the CNI agent redirects to ztunnel, as istio-cni decides with its default selectors.
package struct CaptureRule: Sendable {
    package static let mode = "istio.io/dataplane-mode"
    package static let redirection = "ambient.istio.io/redirection"

    /// The labels of each namespace, by name.
    private let namespaces: [String: Mapping]
    /// Namespaces that the agent leaves alone.
    private let excluded: Set<String>
    /// Nodes with a ready CNI agent, and those that have a ready ztunnel beside it.
    private let agents: Set<String>
    private let nodes: Set<String>

    /// `pods` are all of the cluster, `configuration` is the ConfigMap istio-cni-config.
    package init(namespaces: [Value], pods: some Sequence<Value>, configuration: Value?) {
        self.namespaces = Dictionary(namespaces.map { ($0.name, $0.labels) }) { first, _ in first }
        let listed = configuration?["data"]?["EXCLUDE_NAMESPACES"] ?? configuration?["data"]?["EXCLUDED_NAMESPACES"]
        excluded = Set((listed?.string ?? "").split { $0 == "," || $0 == " " }.map(String.init))
        var agents: Set<String> = []
        var proxies: Set<String> = []
        for pod in pods {
            let labels = pod.labels
            let isAgent = labels["k8s-app"] == "istio-cni-node"
            guard isAgent || labels["app"] == "ztunnel", CaptureRule.isReady(pod) else { continue }
            let node = pod[at: "spec", "nodeName"]?.string ?? ""
            if isAgent { agents.insert(node) } else { proxies.insert(node) }
        }
        self.agents = agents
        nodes = agents.intersection(proxies)
    }

    /// Whether any pod may change its state: without agents nothing does.
    package var hasAgents: Bool { !agents.isEmpty }

    /// The value that the agent gives the pod's annotation: `enabled` or none; `nil` where it changes nothing.
    package func change(of pod: Value) -> Value? {
        guard !pod.isBeingDeleted, agents.contains(pod[at: "spec", "nodeName"]?.string ?? "") else { return nil }
        let isMarked = pod[at: "metadata", "annotations", CaptureRule.redirection] == "enabled"
        let hasEnded = ["Succeeded", "Failed"].contains(pod[at: "status", "phase"]?.string ?? "")
        if hasEnded || !isWanted(pod) { return isMarked ? .null : nil }
        let canBeCaptured =
            pod[at: "status", "podIP"]?.string?.isEmpty == false
            && nodes.contains(pod[at: "spec", "nodeName"]?.string ?? "")
        return canBeCaptured && !isMarked ? "enabled" : nil
    }

    private func isWanted(_ pod: Value) -> Bool {
        let own = pod.labels[CaptureRule.mode]
        guard own == "ambient" || (own != "none" && namespaces[pod.namespace]?[CaptureRule.mode] == "ambient")
        else { return false }
        return !excluded.contains(pod.namespace) && pod[at: "spec", "hostNetwork"] != true
            && pod[at: "metadata", "annotations", "sidecar.istio.io/status"] == nil && pod.labels["app"] != "ztunnel"
    }

    private static func isReady(_ pod: Value) -> Bool {
        !pod.isBeingDeleted
            && pod[at: "status", "conditions"]?.list?.contains { $0["type"] == "Ready" && $0["status"] == "True" }
                == true
    }
}

extension World {
    /// The CNI agents: marks pods that are redirected, and takes the mark from those that no longer are.
    mutating func capture() {
        guard let pods = objects["pods"], let kind = kinds["pods"] else { return }
        let configuration = objects["configmaps"]?.values.first { $0.name == "istio-cni-config" }
        let rule = CaptureRule(
            namespaces: Array((objects["namespaces"] ?? [:]).values), pods: pods.values, configuration: configuration)
        guard rule.hasAgents else { return }
        let changes = pods.values.compactMap { pod in rule.change(of: pod).map { (pod, $0) } }
        for (pod, mark) in changes.sorted(by: { $0.0.name.precedesByBytes($1.0.name) })
        where !settings.isLeftUncaptured(pod.name) {
            let target = Target(kind: kind, version: "v1", namespace: pod.namespace, name: pod.name)
            let patch: Value = ["metadata": ["annotations": [CaptureRule.redirection: mark]]]
            _ = try? self.patch(target, WriteOptions(manager: "install-cni")) { (live, _) throws(Failure) in
                mergePatched(live, patch)
            }
        }
    }
}

extension SandboxSettings {
    func isLeftUncaptured(_ pod: String) -> Bool { uncaptured.map(pod.contains) ?? false }
    func isUnprogrammed(_ gateway: String) -> Bool { unprogrammed.map(gateway.contains) ?? false }
}
