internal import Objects
package import Planning
package import Values

/// What a mesh would ask of a cluster, as the checks read it.
package struct Intention: Sendable {
    /// Istio's minor and the Kubernetes minors it is tested with: `1.30`, `1.31`, `1.35`; empty where not known.
    package var minor: String
    package var kubernetes: (least: String, most: String)
    /// The platform given or remembered, `nil` where none was.
    package var platform: String?
    /// Platforms that this version has settings for.
    package var knownPlatforms: [String]
    package var desired: [Desired]

    package init(
        minor: String = "", kubernetes: (least: String, most: String) = ("", ""), platform: String? = nil,
        knownPlatforms: [String] = [], desired: [Desired] = []
    ) {
        self.minor = minor
        self.kubernetes = kubernetes
        self.platform = platform
        self.knownPlatforms = knownPlatforms
        self.desired = desired
    }
}

/// What the cluster shows of itself. A list that could not be read is empty, and named in `unreadable`.
package struct ClusterFacts: Sendable {
    /// `1.36`
    package var version = ""
    package var platform: DetectedPlatform?
    package var servesGatewayAPI = true
    package var namespaces: [Value] = []
    package var quotas: [Value] = []
    /// ConfigMap kube-system/cilium-config.
    package var cilium: Value?
    /// FelixConfiguration default of Calico.
    package var felix: Value?
    package var workloads: [Workload] = []
    package var hasRecords = false
    /// Admission webhooks of both kinds.
    package var webhooks: [Value] = []
    /// Istio's CRDs by name.
    package var definitions: [String] = []
    package var unreadable: [String] = []

    package init() {}

    static let workloadsName = "deployments and daemonsets"
    /// Whether `workloads` is all there is: only then does an empty list say that nothing runs.
    var knowsWorkloads: Bool { !unreadable.contains(ClusterFacts.workloadsName) }
}

/// Everything that the facts say against the mesh, blocking ones first. Pure.
package func precheck(_ intention: Intention, _ facts: ClusterFacts) -> [Finding] {
    precheckRules.flatMap { $0(intention, facts) }.ordered
}

private let precheckRules: [@Sendable (Intention, ClusterFacts) -> [Finding]] = [
    kubernetesVersion, platform, namespaceStates, podSecurity, priorityQuota, podQuota, ciliumSettings, calicoSettings,
    otherControlPlanes, injectionLabels, deadWebhooks, leftovers, gatewayAPI, unreadable,
]

private func kubernetesVersion(_ intention: Intention, _ facts: ClusterFacts) -> [Finding] {
    guard let live = minorNumber(facts.version) else { return [] }
    if let least = minorNumber(intention.kubernetes.least), live < least {
        return [
            Finding(
                .blocking, "kubernetes version",
                "Istio \(intention.minor) needs Kubernetes \(intention.kubernetes.least), this is \(facts.version)",
                remedy: "upgrade the cluster, or choose an older --version")
        ]
    }
    if let most = minorNumber(intention.kubernetes.most), live > most {
        return [
            Finding(
                .warning, "kubernetes version",
                "Istio \(intention.minor) is tested up to Kubernetes \(intention.kubernetes.most), "
                    + "this is \(facts.version)",
                remedy: "choose a newer --version where there is one")
        ]
    }
    return []
}

private func platform(_ intention: Intention, _ facts: ClusterFacts) -> [Finding] {
    guard let found = facts.platform, let given = intention.platform, given != found.name else { return [] }
    let isKnown = intention.knownPlatforms.contains(found.name)
    return [
        Finding(
            isKnown ? .blocking : .warning, "platform",
            "the platform is set to \(given), the cluster looks like \(found.name) (\(found.sign))",
            remedy: isKnown
                ? "give --platform \(found.name), or leave it out: sail finds it by itself"
                : "leave the platform out where \(given) is not meant")
    ]
}

// MARK: - Namespaces

private func namespaceStates(_ intention: Intention, _ facts: ClusterFacts) -> [Finding] {
    let used = Set(intention.desired.map(\.identity.namespace))
    return facts.namespaces.filter { used.contains($0.name) && $0["status"]?["phase"]?.string == "Terminating" }.map {
        Finding(
            .blocking, "namespace", "namespace \($0.name) is being deleted",
            remedy: "wait until it is gone; see its status.conditions for what holds it")
    }
}

/// ztunnel and the node agent use host paths, the network's capabilities and the host's namespaces.
private func podSecurity(_ intention: Intention, _ facts: ClusterFacts) -> [Finding] {
    facts.namespaces.compactMap { namespace in
        let names = nodeAgents(intention).filter { $0.namespace == namespace.name }.map(\.name)
        let label = "pod-security.kubernetes.io/enforce"
        guard !names.isEmpty, let level = namespace["metadata"]?["labels"]?[label]?.string, level != "privileged"
        else { return nil }
        return Finding(
            .blocking, "pod security",
            "namespace \(namespace.name) enforces the level \(level); \(names.joined(separator: " and ")) need privileged",
            remedy: "kubectl label namespace \(namespace.name) --overwrite \(label)=privileged")
    }
}

private func nodeAgents(_ intention: Intention) -> [Identity] {
    intention.desired.map(\.identity).filter { $0.kind == "DaemonSet" }
}

// MARK: - Quotas

/// GKE lets critical pods into a namespace beside kube-system only where a quota allows their priority class.
private func priorityQuota(_ intention: Intention, _ facts: ClusterFacts) -> [Finding] {
    guard (facts.platform?.name ?? intention.platform) == "gke" else { return [] }
    let quotas = facts.quotas + intention.desired.map(\.object).filter { $0["kind"]?.string == "ResourceQuota" }
    var seen: Set<String> = []
    return intention.desired.compactMap { item in
        let spec = item.object[path: "spec", "template", "spec"]
        guard let name = spec?["priorityClassName"]?.string, name.hasPrefix("system-"),
            item.identity.namespace != "kube-system",
            !quotas.contains(where: { $0.namespace == item.identity.namespace && $0.scopes(priority: name) }),
            seen.insert(item.identity.namespace + name).inserted
        else { return nil }
        return Finding(
            .blocking, "quota",
            "namespace \(item.identity.namespace) has no ResourceQuota for priority class \(name), which GKE asks for",
            remedy: "set --platform gke, which brings the quota, or make one in that namespace")
    }
}

/// Quotas that have no room for one more pod.
private func podQuota(_ intention: Intention, _ facts: ClusterFacts) -> [Finding] {
    let missing = Set(intention.desired.map(\.identity)).subtracting(facts.workloads.map(\.identity))
        .filter { $0.kind == "DaemonSet" || $0.kind == "Deployment" }
    return facts.quotas.compactMap { quota in
        guard missing.contains(where: { $0.namespace == quota.namespace }) else { return nil }
        for key in ["pods", "count/pods"] {
            guard let hard = quota.quantity("hard", key), let used = quota.quantity("used", key), used >= hard else {
                continue
            }
            return Finding(
                .blocking, "quota",
                "ResourceQuota \(quota.namespace)/\(quota.name) is used up: \(used) of \(hard) pods",
                remedy: "raise its \(key) by one pod per node for each DaemonSet")
        }
        return nil
    }
}

extension Value {
    fileprivate var name: String { self["metadata"]?["name"]?.string ?? "" }
    fileprivate var namespace: String { self["metadata"]?["namespace"]?.string ?? "" }

    fileprivate func scopes(priority name: String) -> Bool {
        (self[path: "spec", "scopeSelector", "matchExpressions"]?.list ?? []).contains { expression in
            expression["scopeName"]?.string == "PriorityClass"
                && (expression["operator"]?.string == "Exists"
                    || expression["values"]?.list?.contains(.string(name)) == true)
        }
    }

    fileprivate func quantity(_ part: String, _ key: String) -> Int? {
        let value = self["status"]?[part]?[key]
        return value?.int ?? value?.string.flatMap { Int($0) }
    }
}

// MARK: - The cluster itself

private func gatewayAPI(_ intention: Intention, _ facts: ClusterFacts) -> [Finding] {
    guard !facts.servesGatewayAPI else { return [] }
    return [
        Finding(
            .warning, "gateway API", "the cluster has no Gateway API: waypoints and gateways cannot be made",
            remedy: "install the standard channel of gateway-api.sigs.k8s.io when you need them")
    ]
}

private func unreadable(_ intention: Intention, _ facts: ClusterFacts) -> [Finding] {
    guard !facts.unreadable.isEmpty else { return [] }
    return [
        Finding(
            .warning, "rights",
            "could not look at \(facts.unreadable.joined(separator: ", ")): checks of them are left out",
            remedy: "run precheck as a user who may list them")
    ]
}

/// `30` of `1.30` or `v1.30.3`; `nil` where it is no version.
package func minorNumber(_ version: String) -> Int? {
    let parts = version.split(separator: ".")
    return parts.count > 1 ? Int(parts[1].prefix { $0.isNumber }) : nil
}
