import Glibc
import System
import Values

/// The columns of built-in kinds, the name's aside, with the texts that kubectl's users know.
enum Columns {
    static let age = Column(name: "Age") { age($0[at: "metadata", "creationTimestamp"]?.string) }
    private static let created = Column(name: "Created At") { $0[at: "metadata", "creationTimestamp"] ?? .null }

    static let byKind: [String: [Column]] = [
        "Pod": pod,
        "Deployment": [
            Column(name: "Ready") {
                .string("\(count($0, "status", "readyReplicas"))/\(count($0, "spec", "replicas"))")
            },
            number("Up-to-date", "status", "updatedReplicas"), number("Available", "status", "availableReplicas"), age,
        ] + workload,
        "DaemonSet": [
            number("Desired", "status", "desiredNumberScheduled"),
            number("Current", "status", "currentNumberScheduled"),
            number("Ready", "status", "numberReady"), number("Up-to-date", "status", "updatedNumberScheduled"),
            number("Available", "status", "numberAvailable"),
            Column(name: "Node Selector") { pairs($0[at: "spec", "template", "spec", "nodeSelector"]) }, age,
        ] + workload,
        "ReplicaSet": [
            number("Desired", "spec", "replicas"), number("Current", "status", "replicas"),
            number("Ready", "status", "readyReplicas"), age,
        ] + workload,
        "Node": node,
        "Service": service,
        "Namespace": [text("Status", "status", "phase"), age],
        "ConfigMap": [Column(name: "Data", type: "integer") { keys($0["data"], $0["binaryData"]) }, age],
        "Secret": [text("Type", "type"), Column(name: "Data", type: "integer") { keys($0["data"]) }, age],
        "ServiceAccount": [Column(name: "Secrets", type: "integer") { .int($0["secrets"]?.list?.count ?? 0) }, age],
        "CustomResourceDefinition": [created], "ClusterRole": [created], "Role": [created],
        "ClusterRoleBinding": [role, age], "RoleBinding": [role, age],
        "MutatingWebhookConfiguration": [webhooks, age], "ValidatingWebhookConfiguration": [webhooks, age],
        "Lease": [text("Holder", "spec", "holderIdentity"), age],
        "HorizontalPodAutoscaler": [
            Column(name: "Reference") {
                .string(
                    "\(string($0, "spec", "scaleTargetRef", "kind"))/\(string($0, "spec", "scaleTargetRef", "name"))")
            },
            Column(name: "Targets") { _ in "<unknown>" }, number("MinPods", "spec", "minReplicas"),
            number("MaxPods", "spec", "maxReplicas"), number("Replicas", "status", "currentReplicas"), age,
        ],
        "PodDisruptionBudget": [
            orNone("Min Available", "spec", "minAvailable"), orNone("Max Unavailable", "spec", "maxUnavailable"),
            number("Allowed Disruptions", "status", "disruptionsAllowed"), age,
        ],
        "NetworkPolicy": [
            Column(name: "Pod-Selector") { pairs($0[at: "spec", "podSelector", "matchLabels"]) }, age,
        ],
        "Event": [
            Column(name: "Type") { $0["type"] ?? "" }, Column(name: "Reason") { $0["reason"] ?? "" },
            Column(name: "Object") {
                let object = $0["involvedObject"] ?? $0["regarding"] ?? .null
                return .string("\((object["kind"]?.string ?? "").lowercased())/\(object["name"]?.string ?? "")")
            },
            Column(name: "Message") { $0["message"] ?? $0["note"] ?? "" },
        ],
    ]

    private static let role = Column(name: "Role") {
        .string("\(string($0, "roleRef", "kind"))/\(string($0, "roleRef", "name"))")
    }
    private static let webhooks = Column(name: "Webhooks", type: "integer") { .int($0["webhooks"]?.list?.count ?? 0) }

    private static let workload = [
        Column(name: "Containers", priority: 1) { names($0, "name") },
        Column(name: "Images", priority: 1) { names($0, "image") },
        Column(name: "Selector", priority: 1) { pairs($0[at: "spec", "selector", "matchLabels"]) },
    ]

    private static let pod = [
        Column(name: "Ready") { pod in
            let states = pod[at: "status", "containerStatuses"]?.list ?? []
            let wanted = pod[at: "spec", "containers"]?.list?.count ?? 0
            return .string("\(states.count { $0["ready"]?.bool == true })/\(wanted)")
        },
        Column(name: "Status") { pod in
            if pod.isBeingDeleted { return "Terminating" }
            let states = pod[at: "status", "containerStatuses"]?.list ?? []
            let waiting = states.lazy.compactMap { $0[at: "state", "waiting", "reason"] }.first
            return waiting ?? pod[at: "status", "phase"] ?? "Unknown"
        },
        Column(name: "Restarts") { pod in
            let states = pod[at: "status", "containerStatuses"]?.list ?? []
            return .string(String(states.compactMap { $0["restartCount"]?.int }.max() ?? 0))
        },
        age,
        orNone("IP", "status", "podIP", priority: 1), orNone("Node", "spec", "nodeName", priority: 1),
        orNone("Nominated Node", "status", "nominatedNodeName", priority: 1),
        Column(name: "Readiness Gates", priority: 1) { _ in "<none>" },
    ]

    private static let node = [
        Column(name: "Status") { node in
            let conditions = node[at: "status", "conditions"]?.list ?? []
            let isReady = conditions.contains { $0["type"] == "Ready" && $0["status"] == "True" }
            let isClosed = node[at: "spec", "unschedulable"]?.bool == true
            return .string((isReady ? "Ready" : "NotReady") + (isClosed ? ",SchedulingDisabled" : ""))
        },
        Column(name: "Roles") { _ in "<none>" }, age, text("Version", "status", "nodeInfo", "kubeletVersion"),
        Column(name: "Internal-IP", priority: 1) { node in
            let addresses = node[at: "status", "addresses"]?.list ?? []
            return addresses.first { $0["type"] == "InternalIP" }?["address"] ?? "<none>"
        },
        text("OS-Image", "status", "nodeInfo", "osImage", priority: 1),
        text("Kernel-Version", "status", "nodeInfo", "kernelVersion", priority: 1),
        text("Container-Runtime", "status", "nodeInfo", "containerRuntimeVersion", priority: 1),
    ]

    private static let service = [
        text("Type", "spec", "type"), orNone("Cluster-IP", "spec", "clusterIP"),
        Column(name: "External-IP") { service in
            let addresses = service[at: "status", "loadBalancer", "ingress"]?.list ?? []
            let texts = addresses.compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }
            let isPending = service[at: "spec", "type"] == "LoadBalancer"
            return .string(texts.isEmpty ? (isPending ? "<pending>" : "<none>") : texts.joined(separator: ","))
        },
        Column(name: "Port(s)") { service in
            let ports = service[at: "spec", "ports"]?.list ?? []
            let texts = ports.map { port -> String in
                let node = port["nodePort"]?.int.map { ":\($0)" } ?? ""
                return "\(port["port"]?.int ?? 0)\(node)/\(port["protocol"]?.string ?? "TCP")"
            }
            return .string(texts.joined(separator: ","))
        },
        age, Column(name: "Selector", priority: 1) { pairs($0[at: "spec", "selector"]) },
    ]

    // MARK: Cells

    private static func text(_ name: String, _ path: String..., priority: Int = 0) -> Column {
        Column(name: name, priority: priority) { $0[along: path[...]] ?? "" }
    }

    private static func orNone(_ name: String, _ path: String..., priority: Int = 0) -> Column {
        Column(name: name, priority: priority) { object in
            guard let found = object[along: path[...]] else { return "<none>" }
            return found.int.map { .string(String($0)) } ?? found
        }
    }

    private static func number(_ name: String, _ path: String...) -> Column {
        Column(name: name, type: "integer") { .int($0[along: path[...]]?.int ?? 0) }
    }

    private static func count(_ object: Value, _ path: String...) -> Int { object[along: path[...]]?.int ?? 0 }

    private static func string(_ object: Value, _ path: String...) -> String { object[along: path[...]]?.string ?? "" }

    private static func keys(_ maps: Value?...) -> Value { .int(maps.reduce(0) { $0 + ($1?.map?.count ?? 0) }) }

    private static func names(_ object: Value, _ key: String) -> Value {
        let containers = object[at: "spec", "template", "spec", "containers"]?.list ?? []
        return .string(containers.compactMap { $0[key]?.string }.joined(separator: ","))
    }

    private static func pairs(_ map: Value?) -> Value {
        let texts = (map?.map ?? Mapping()).sorted.map { "\($0.key)=\($0.value.string ?? "")" }
        return .string(texts.isEmpty ? "<none>" : texts.joined(separator: ","))
    }

    /// How long ago a time was, in the two largest units.
    static func age(_ time: String?) -> Value {
        guard let time, let start = RFC3339.seconds(time) else { return "<unknown>" }
        let seconds = max(0, Glibc.time(nil) - start)
        func two(_ first: Int, _ unit: String, _ second: Int, _ smaller: String) -> Value {
            .string("\(first)\(unit)" + (second == 0 ? "" : "\(second)\(smaller)"))
        }
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400)
        if seconds < 120 { return .string("\(seconds)s") }
        if minutes < 10 { return two(minutes, "m", seconds % 60, "s") }
        if hours < 3 { return .string("\(minutes)m") }
        if hours < 8 { return two(hours, "h", minutes % 60, "m") }
        if hours < 48 { return .string("\(hours)h") }
        return days < 8 ? two(days, "d", hours % 24, "h") : .string("\(days)d")
    }

    /// What a column's path finds: keys, and an item of a list by one of its fields.
    static func find(_ path: String, in object: Value) -> Value? {
        var value: Value? = object
        var rest = path.drop { $0 == "." }
        while !rest.isEmpty, let current = value {
            if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
                let inside = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...].drop { $0 == "." }
                value = item(inside, of: current.list ?? [])
            } else {
                let key = rest.prefix { $0 != "." && $0 != "[" }
                rest = rest.dropFirst(key.count)
                if rest.hasPrefix(".") { rest = rest.dropFirst() }
                value = current[String(key)]
            }
        }
        return value
    }

    private static func item(_ text: Substring, of items: [Value]) -> Value? {
        if let index = Int(text) { return items.indices.contains(index) ? items[index] : nil }
        let words = text.split { "?()@.=\"' ".contains($0) }.map(String.init)
        guard words.count == 2 else { return nil }
        return items.first { $0[words[0]]?.string == words[1] }
    }
}
