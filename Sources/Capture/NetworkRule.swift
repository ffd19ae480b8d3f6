internal import Objects
internal import Values

/// One direction of a NetworkPolicy.
enum PolicyDirection: String, CaseIterable {
    case ingress = "Ingress"
    case egress = "Egress"

    /// The field of a rule that names the other side.
    var peers: String { self == .ingress ? "from" : "to" }
    var field: String { self == .ingress ? "ingress" : "egress" }
}

/// A NetworkPolicy as its rules are read.
struct NetworkRule {
    let policy: Value
    let direction: PolicyDirection
    /// Its place in the policy's list.
    let index: Int
    let rule: Value

    /// The rules of a direction in policies; policies that do not restrict the direction have none.
    static func rules(of policies: [Value], _ direction: PolicyDirection) -> [NetworkRule] {
        policies.filter { restricts($0, direction) }.flatMap { policy in
            (policy["spec"]?[direction.field]?.list ?? []).enumerated().map {
                NetworkRule(policy: policy, direction: direction, index: $0.offset, rule: $0.element)
            }
        }
    }

    static func restricts(_ policy: Value, _ direction: PolicyDirection) -> Bool {
        let spec = policy["spec"]
        guard let types = spec?["policyTypes"]?.list, !types.isEmpty else {
            return direction == .ingress || spec?["egress"] != nil
        }
        return types.contains { $0.string == direction.rawValue }
    }

    private var peers: [Value] { rule[direction.peers]?.list ?? [] }
    private var ports: [Value] { rule["ports"]?.list ?? [] }

    /// Whether it admits everybody, or at least all whom `other` admits.
    func covers(peersOf other: NetworkRule) -> Bool {
        peers.isEmpty || (!other.peers.isEmpty && other.peers.allSatisfy(peers.contains))
    }

    /// Whether the other side can be a pod: what is outside the cluster is not captured.
    var isForPods: Bool { peers.isEmpty || peers.contains { $0["ipBlock"] == nil } }

    /// Whether it is about TCP at all.
    var isForTCP: Bool { ports.isEmpty || ports.contains { ($0["protocol"]?.string ?? "TCP") == "TCP" } }

    /// Whether it admits a TCP port; `names` are what the pod calls this port.
    func admits(port: Int, names: Set<String> = []) -> Bool {
        ports.isEmpty
            || ports.contains { item in
                guard (item["protocol"]?.string ?? "TCP") == "TCP" else { return false }
                guard let wanted = item["port"], !wanted.isNull else { return true }
                if let name = wanted.string { return names.contains(name) }
                guard let first = wanted.int else { return false }
                guard let last = item["endPort"]?.int else { return first == port }
                return first <= port && port <= last
            }
    }

    /// Whether it admits an address that is no pod's.
    func admits(address: IPAddress) -> Bool {
        peers.isEmpty
            || peers.contains { peer in
                guard let block = peer["ipBlock"], address.isIn(range: block["cidr"]?.string ?? "") else {
                    return false
                }
                return !(block["except"]?.list ?? []).contains { address.isIn(range: $0.string ?? "") }
            }
    }
}
