internal import Objects
package import Values

/// A pod as policies select it.
struct PolicyTarget {
    var title: String
    var labels: [String: String]
    /// TCP ports of its probes by the kubelet, with the names that the pod gives them.
    var probePorts: [Int: Set<String>]
    var hasIPv4: Bool
    var hasIPv6: Bool

    init(_ pod: Value) {
        let metadata = pod.metadata
        let owner = PodOwner(of: metadata)
        title = owner.map { "\($0.kind) \($0.name)" } ?? "Pod \(metadata.name)"
        labels = metadata.labelTexts
        let listed = (pod["status"]?["podIPs"]?.list ?? []).compactMap { $0["ip"]?.string }
        let addresses = (listed + [pod["status"]?["podIP"]?.string ?? ""]).compactMap { IPAddress($0) }
        hasIPv6 = addresses.contains(where: \.isIPv6)
        hasIPv4 = !hasIPv6 || addresses.contains { !$0.isIPv6 }
        probePorts = PolicyTarget.probePorts(pod)
    }

    private static func probePorts(_ pod: Value) -> [Int: Set<String>] {
        let spec = pod["spec"]
        let sidecars = (spec?["initContainers"]?.list ?? []).filter { $0["restartPolicy"]?.string == "Always" }
        let containers = (spec?["containers"]?.list ?? []) + sidecars
        var names: [String: Int] = [:]
        for port in containers.flatMap({ $0["ports"]?.list ?? [] }) {
            if let name = port["name"]?.string, let number = port["containerPort"]?.int { names[name] = number }
        }
        var found: [Int: Set<String>] = [:]
        for container in containers {
            for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
                for kind in ["httpGet", "tcpSocket", "grpc"] {
                    guard let port = container[probe]?[kind]?["port"],
                        let number = port.int ?? names[port.string ?? ""]
                    else { continue }
                    found[number] = Set(names.filter { $0.value == number }.keys)
                }
            }
        }
        return found
    }
}

/// Ports and addresses of ambient mode that NetworkPolicies have to admit.
package enum AmbientTraffic {
    /// Captured pods talk to each other by this TCP port.
    package static let port = 15_008
    /// The kubelet's probes of captured pods come from these addresses.
    package static let probeAddresses = ["169.254.7.127", "fd16:9254:7127:1337:ffff:ffff:ffff:ffff"]
}

/// What NetworkPolicies of a namespace will no longer let through to and from pods once these are captured.
package func networkPolicyHazards(_ policies: [Value], of pods: [Value]) -> [CaptureHazard] {
    var ports = HazardList()
    var probes = HazardList()
    // Pods of one workload are alike.
    var seen: Set<String> = []
    for target in pods.map(PolicyTarget.init) {
        guard seen.insert(target.title + "\(target.labels.sorted { $0.key < $1.key })").inserted else { continue }
        let own = policies.filter { ($0["spec"]?["podSelector"] ?? .null).selects(target.labels, unknownFits: false) }
        for direction in PolicyDirection.allCases {
            for rule in closedRules(own, direction) { ports.add(rule.policy, rule, target.title) }
        }
        guard let policy = own.first(where: { NetworkRule.restricts($0, .ingress) }) else { continue }
        for address in closedProbes(target, own) { probes.add(policy, nil, target.title, address: address) }
    }
    return ports.entries.map(\.portHazard) + probes.entries.map(\.probeHazard)
}

/// Rules that admit pods by TCP, and no rule beside them admits the same pods by ambient mode's port.
private func closedRules(_ policies: [Value], _ direction: PolicyDirection) -> [NetworkRule] {
    let rules = NetworkRule.rules(of: policies, direction)
    let open = rules.filter { $0.admits(port: AmbientTraffic.port) }
    return rules.filter { rule in
        rule.isForPods && rule.isForTCP && !rule.admits(port: AmbientTraffic.port)
            && !open.contains { $0.covers(peersOf: rule) }
    }
}

/// Addresses of probes that no rule admits.
private func closedProbes(_ target: PolicyTarget, _ policies: [Value]) -> [String] {
    let rules = NetworkRule.rules(of: policies, .ingress)
    return AmbientTraffic.probeAddresses.filter { text in
        guard let address = IPAddress(text), address.isIPv6 ? target.hasIPv6 : target.hasIPv4 else { return false }
        return target.probePorts.contains { port, names in
            !rules.contains { $0.admits(port: port, names: names) && $0.admits(address: address) }
        }
    }
}

/// Hazards of the same policy, with all workloads that they are about.
private struct HazardList {
    struct Entry {
        var policy: Value
        var rule: NetworkRule?
        var address: String?
        var workloads: [String]
    }

    private(set) var entries: [Entry] = []

    mutating func add(_ policy: Value, _ rule: NetworkRule?, _ workload: String, address: String? = nil) {
        let same = entries.firstIndex { entry in
            entry.policy.metadata.name.hasSameBytes(as: policy.metadata.name) && entry.address == address
                && entry.rule?.direction == rule?.direction && entry.rule?.index == rule?.index
        }
        guard let same else {
            entries.append(Entry(policy: policy, rule: rule, address: address, workloads: [workload]))
            return
        }
        if !entries[same].workloads.contains(workload) { entries[same].workloads.append(workload) }
    }
}

extension HazardList.Entry {
    private var object: ObjectReference {
        ObjectReference(apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", item: policy)
    }

    private func patch(_ operation: String) -> String {
        let metadata = policy.metadata
        return "kubectl -n \(metadata.namespace) patch networkpolicy \(metadata.name) --type json -p '[\(operation)]'"
    }

    var portHazard: CaptureHazard {
        let direction = rule?.direction ?? .ingress
        let port = AmbientTraffic.port
        let message =
            direction == .ingress
            ? "does not admit TCP \(port) to \(workloads.joined(most: 5)), by which captured clients connect"
            : "does not admit TCP \(port) from \(workloads.joined(most: 5)), by which captured pods connect"
        let operation =
            #"{"op":"add","path":"/spec/\#(direction.field)/\#(rule?.index ?? 0)/ports/-","value":{"port":\#(port),"#
            + #""protocol":"TCP"}}"#
        return CaptureHazard(.networkPolicy, object, message, remedy: patch(operation))
    }

    var probeHazard: CaptureHazard {
        let address = address ?? ""
        let isListed = policy["spec"]?["ingress"]?.list?.isEmpty == false
        let rule = #"{"from":[{"ipBlock":{"cidr":"\#(address)/\#(address.contains(":") ? 128 : 32)"}}]}"#
        let operation =
            isListed
            ? #"{"op":"add","path":"/spec/ingress/-","value":\#(rule)}"#
            : #"{"op":"add","path":"/spec/ingress","value":[\#(rule)]}"#
        return CaptureHazard(
            .probes, object,
            "does not admit the kubelet's probes of \(workloads.joined(most: 5)), which come from \(address)",
            remedy: patch(operation))
    }
}
