import Values

/// How the parts of a value are owned and merged: OpenAPI's list and map types, from the built-in kinds' table or from
/// a custom resource's schema.
enum Shape: Sendable {
    /// A type of the table; the empty name is any type without exceptions.
    case builtIn(String)
    case schema(Value)
    /// Owned and replaced as a whole.
    case atomic

    enum ListForm: Equatable {
        case atomic
        case keyed([String])
        case set
    }

    func isAtomicMap() -> Bool {
        switch self {
        case .atomic: true
        case .builtIn: false
        case .schema(let schema): schema["x-kubernetes-map-type"]?.string == "atomic"
        }
    }

    /// Whether keys of the map are free: those are owned themselves, fields of a struct are not.
    func isFree(_ key: String) -> Bool {
        guard case .schema(let schema) = self else { return false }
        return schema["properties"]?[key] == nil
    }

    func field(_ name: String) -> Shape {
        switch self {
        case .atomic: return .atomic
        case .builtIn(let type):
            let row = types[type]?[name] ?? types["*"]?[name]
            guard let row else { return .builtIn("") }
            return row.form == nil && row.isAtomic ? .atomic : .builtIn(row.form == nil ? row.type : "\(type).\(name)")
        case .schema(let schema):
            if name == "metadata", schema["properties"]?["metadata"]?["properties"] == nil {
                return .builtIn("ObjectMeta")
            }
            return .schema(schema["properties"]?[name] ?? schema["additionalProperties"] ?? .empty)
        }
    }

    /// The form of a list of this shape, and its items' shape.
    var items: (form: ListForm, item: Shape) {
        switch self {
        case .atomic: return (.atomic, .atomic)
        case .builtIn(let name):
            guard let row = listRows[name], let form = row.form else { return (.atomic, .atomic) }
            return (form, row.isAtomic ? .atomic : .builtIn(row.type))
        case .schema(let schema):
            let item = Shape.schema(schema["items"] ?? .empty)
            switch schema["x-kubernetes-list-type"]?.string {
            case "map": return (.keyed((schema["x-kubernetes-list-map-keys"]?.list ?? []).compactMap(\.string)), item)
            case "set": return (.set, item)
            default: return (.atomic, item)
            }
        }
    }
}

private struct Row {
    var form: Shape.ListForm?
    var type: String
    var isAtomic: Bool
}

/// Fields that are not simply structs, scalars and atomic lists: `name!` atomic, `name:Type`, `name[key,key]:Type` a list
/// with keys, `name[*]` a set.
private let texts: [String: String] = [
    "*": "metadata:ObjectMeta status:Status selector:Selector",
    "ObjectMeta": "finalizers[*] ownerReferences[uid]!",
    "Selector": "",
    "Status": "conditions[type]",
    "Deployment": "spec:WorkloadSpec", "DaemonSet": "spec:WorkloadSpec", "ReplicaSet": "spec:WorkloadSpec",
    "StatefulSet": "spec:WorkloadSpec",
    "WorkloadSpec": "selector! template:PodTemplate",
    "PodTemplate": "spec:PodSpec",
    "Pod": "spec:PodSpec status:PodStatus",
    "PodStatus": "conditions[type] podIPs[ip] hostIPs[ip]!",
    "PodSpec": """
    containers[name]:Container initContainers[name]:Container ephemeralContainers[name]:Container
    volumes[name]:Volume imagePullSecrets[name]! nodeSelector! hostAliases[ip]: affinity:Affinity
    topologySpreadConstraints[topologyKey,whenUnsatisfiable]:Spread schedulingGates[name]:
    """,
    "Spread": "labelSelector!",
    "Affinity": "nodeAffinity:NodeAffinity",
    "NodeAffinity": "requiredDuringSchedulingIgnoredDuringExecution!",
    "Container": """
    env[name]:EnvVar ports[containerPort,protocol]: volumeMounts[mountPath]: volumeDevices[devicePath]:
    resources:Resources
    """,
    "Resources": "claims[name]:",
    "EnvVar": "valueFrom:EnvVarSource",
    "EnvVarSource": "fieldRef! configMapKeyRef! secretKeyRef! resourceFieldRef!",
    "Volume": "",
    "Service": "spec:ServiceSpec", "ServiceSpec": "ports[port,protocol]: selector!",
    "ServiceAccount": "secrets[name]: imagePullSecrets!",
    "MutatingWebhookConfiguration": "webhooks[name]:Webhook",
    "ValidatingWebhookConfiguration": "webhooks[name]:Webhook",
    "Webhook": "namespaceSelector! objectSelector! matchConditions[name]:",
    "ValidatingAdmissionPolicy": "spec:PolicySpec",
    "PolicySpec": "matchConstraints! paramKind! matchConditions[name]: variables[name]!",
    "ValidatingAdmissionPolicyBinding": "spec:BindingSpec",
    "BindingSpec": "matchResources! paramRef! validationActions[*]",
    "ClusterRoleBinding": "roleRef!", "RoleBinding": "roleRef!",
    "PodDisruptionBudget": "spec:DisruptionSpec", "DisruptionSpec": "selector!",
    "NetworkPolicy": "spec:NetworkSpec", "NetworkSpec": "podSelector!",
    "ResourceQuota": "spec:QuotaSpec", "QuotaSpec": "scopeSelector!",
    "Node": "status:NodeStatus", "NodeStatus": "conditions[type]: addresses[type]:",
    "Event": "involvedObject!", "ControllerRevision": "data!",
    "EndpointSlice": "",
]

private let types: [String: [String: Row]] = texts.mapValues { text in
    var rows: [String: Row] = [:]
    for word in text.split(whereSeparator: \.isWhitespace) {
        let name = word.prefix { $0 != "[" && $0 != ":" && $0 != "!" }
        var rest = word.dropFirst(name.count)
        var form: Shape.ListForm?
        if rest.first == "[", let end = rest.firstIndex(of: "]") {
            let keys = rest[rest.index(after: rest.startIndex)..<end].split(separator: ",").map(String.init)
            form = keys == ["*"] ? .set : .keyed(keys)
            rest = rest[rest.index(after: end)...]
        }
        rows[String(name)] = Row(
            form: form, type: String(rest.drop { $0 == ":" || $0 == "!" }), isAtomic: rest.contains("!"))
    }
    return rows
}

/// Lists by `Type.field`.
private let listRows: [String: Row] = {
    var result: [String: Row] = [:]
    for (type, rows) in types { for (name, row) in rows where row.form != nil { result["\(type).\(name)"] = row } }
    return result
}()

/// Values that a list's keys have where an item does not say: without them an item has no key.
let keyDefaults: [String: Value] = ["protocol": "TCP"]
