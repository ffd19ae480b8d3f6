import Glibc
import Values

/// All state of the sandbox: kinds, objects and what happened to them. One value behind one lock.
struct World: Sendable {
    /// A write, for watches.
    struct Change: Sendable {
        var version: Int
        var resource: String
        var old: Value?
        var new: Value?
        /// The object as watches report it: a deleted one with the version of its deletion.
        var object: Value
    }

    /// By resource, `deployments.apps`.
    var kinds: [String: Kind]
    /// By resource, then by `namespace/name`.
    private(set) var objects: [String: [String: Value]] = [:]
    private(set) var version = 100
    private(set) var changes: [Change] = []
    /// Watches from before this version are too old.
    var oldestWatch = 0
    /// Lists from before this version cannot be continued.
    var oldestList = 0
    var settings: SandboxSettings
    var pods = PodClock()
    /// When CRDs become Established, seconds of the monotonic clock.
    var crdTimes: [String: Double] = [:]
    /// Whether something waits for its end that is no pod.
    var hasDeletions = false
    private var addresses = 1
    private var names = 0

    private static let keptChanges = 50_000

    init(_ settings: SandboxSettings) {
        self.settings = settings
        kinds = Dictionary(uniqueKeysWithValues: builtInKinds.map { ($0.resource, $0) })
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] { addNamespace(name) }
        for number in 0..<settings.nodes { addNode("n\(number + 1)") }
        if let bundle = settings.gatewayAPI { addGatewayAPI(bundle) }
    }

    func object(_ target: Target) -> Value? { objects[target.kind.resource]?[target.key] }

    func object(_ resource: String, _ namespace: String, _ name: String) -> Value? {
        objects[resource]?["\(namespace)/\(name)"]
    }

    /// Objects of a kind, sorted by namespace and name.
    func all(_ resource: String, namespace: String = "") -> [Value] {
        let entries = objects[resource] ?? [:]
        let own = namespace.isEmpty ? Array(entries) : entries.filter { $0.key.hasPrefix(namespace + "/") }
        return own.sorted { $0.key.precedesByBytes($1.key) }.map(\.value)
    }

    /// Writes an object, or takes it away, and tells the watches.
    @discardableResult
    mutating func commit(_ resource: String, _ new: Value?, replacing old: Value?) -> Value {
        version += 1
        var told = new ?? old ?? .null
        told[at: "metadata", "resourceVersion"] = .string(String(version))
        let key = "\(told.namespace)/\(told.name)"
        objects[resource, default: [:]][key] = new == nil ? nil : told
        changes.append(
            Change(version: version, resource: resource, old: old, new: new == nil ? nil : told, object: told))
        if changes.count > World.keptChanges {
            oldestWatch = changes[changes.count / 2].version
            changes.removeFirst(changes.count / 2)
        }
        return told
    }

    /// What happened after a version.
    func changes(after version: Int) -> ArraySlice<Change> {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].version > version { high = middle } else { low = middle + 1 }
        }
        return changes[low...]
    }

    mutating func nextAddress() -> String {
        addresses += 1
        return "10.\(addresses >> 16 & 255).\(addresses >> 8 & 255).\(addresses & 255)"
    }

    /// Five letters that no other name got.
    mutating func nextSuffix() -> String {
        names += 1
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        var rest = names &* 7919 &+ 104_729
        return String(
            (0..<5).map { _ in
                defer { rest /= letters.count }
                return letters[rest % letters.count]
            })
    }
}

/// The time now as Kubernetes writes it.
func now() -> String { timestamp(time(nil)) }

func timestamp(_ seconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Seconds of a clock that only goes forward.
func monotonic() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func newUID() -> String {
    let digits = (0..<32).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
    let text = Array(digits)
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }.joined(separator: "-")
}
