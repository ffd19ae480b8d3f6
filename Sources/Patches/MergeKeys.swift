import Objects
import Values

/// How a field is merged strategically, as the types of Kubernetes declare it.
///
/// A map that is not in the tables is merged key by key, and a list is replaced.
struct FieldMerge {
    /// The type of the field, or of the list's items; empty for one that declares nothing.
    var type = ""
    /// The key by which a list's items are told apart; `nil` where the list is no list of maps that is merged.
    var key: String?
    /// Whether it is a list of plain values that is a set.
    var isSet = false
    /// Whether the whole field is replaced, though it is a map.
    var isReplaced = false
}

/// The type of an object by its group and kind, or `nil` for one of a custom resource.
func mergeType(_ identity: ObjectReference) -> String? {
    // Kinds of apiextensions.k8s.io and of anyone else's group have no such types.
    builtInGroups.contains(identity.group) ? identity.kind : nil
}

private let builtInGroups: Set<String> = [
    "", "admissionregistration.k8s.io", "apps", "autoscaling", "batch", "certificates.k8s.io", "coordination.k8s.io",
    "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy",
    "rbac.authorization.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
]

/// How the field of a type is merged.
func fieldMerge(_ field: String, of type: String) -> FieldMerge {
    if field == "metadata" { return FieldMerge(type: "ObjectMeta") }
    return types[type]?[field] ?? FieldMerge()
}

private func list(of type: String = "", by key: String) -> FieldMerge { FieldMerge(type: type, key: key) }

private let template: [String: FieldMerge] = ["template": FieldMerge(type: "PodTemplate")]

private let types: [String: [String: FieldMerge]] = [
    "ObjectMeta": ["ownerReferences": list(by: "uid"), "finalizers": FieldMerge(isSet: true)],
    "Pod": ["spec": FieldMerge(type: "PodSpec")],
    "PodTemplate": ["spec": FieldMerge(type: "PodSpec")],
    "PodSpec": [
        "containers": list(of: "Container", by: "name"), "ephemeralContainers": list(of: "Container", by: "name"),
        "hostAliases": list(by: "ip"), "imagePullSecrets": list(by: "name"),
        "initContainers": list(of: "Container", by: "name"), "resourceClaims": list(by: "name"),
        "schedulingGates": list(by: "name"), "topologySpreadConstraints": list(by: "topologyKey"),
        "volumes": list(by: "name"),
    ],
    "Container": [
        "env": list(by: "name"), "ports": list(by: "containerPort"), "volumeDevices": list(by: "devicePath"),
        "volumeMounts": list(by: "mountPath"),
    ],
    "Deployment": ["spec": FieldMerge(type: "Workload")],
    "DaemonSet": ["spec": FieldMerge(type: "Workload")],
    "ReplicationController": ["spec": FieldMerge(type: "Workload")],
    "ReplicaSet": ["spec": FieldMerge(type: "Workload")],
    "StatefulSet": ["spec": FieldMerge(type: "Workload")],
    "Job": ["spec": FieldMerge(type: "Workload")],
    "Workload": template,
    "CronJob": ["spec": FieldMerge(type: "CronJobSpec")],
    "CronJobSpec": ["jobTemplate": FieldMerge(type: "Job")],
    "Service": ["spec": FieldMerge(type: "ServiceSpec")],
    "ServiceSpec": ["ports": list(by: "port")],
    "ServiceAccount": ["secrets": list(by: "name")],
    "PodDisruptionBudget": ["spec": FieldMerge(type: "PodDisruptionBudgetSpec")],
    "PodDisruptionBudgetSpec": ["selector": FieldMerge(isReplaced: true)],
    "MutatingWebhookConfiguration": ["webhooks": list(of: "Webhook", by: "name")],
    "ValidatingWebhookConfiguration": ["webhooks": list(of: "Webhook", by: "name")],
    "Webhook": ["matchConditions": list(by: "name")],
    "ValidatingAdmissionPolicy": ["spec": FieldMerge(type: "AdmissionPolicySpec")],
    "AdmissionPolicySpec": ["matchConditions": list(by: "name"), "variables": list(by: "name")],
    "MutatingAdmissionPolicy": ["spec": FieldMerge(type: "Webhook")],
]
