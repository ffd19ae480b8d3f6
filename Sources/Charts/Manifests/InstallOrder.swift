import Values

/// The kinds in the order in which Helm installs them; unknown kinds come last, by name.
private let orderedKinds = [
    "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy",
    "PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
    "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
    "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
    "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
    "IngressClass", "Ingress", "APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
]

private let positions = Dictionary(uniqueKeysWithValues: orderedKinds.enumerated().map { ($1, $0) })

/// The elements by their kinds in Helm's order of installation; those of one kind stay in the order they had.
func installOrder<Element>(_ elements: [Element], _ kind: (Element) -> String) -> [Element] {
    let keyed = elements.enumerated().map { index, element in
        let kind = kind(element)
        return (position: positions[kind] ?? orderedKinds.count, kind: kind, index: index)
    }
    let sorted = keyed.sorted { first, second in
        if first.position != second.position { return first.position < second.position }
        if first.position == orderedKinds.count, !first.kind.hasSameBytes(as: second.kind) {
            return first.kind.precedesByBytes(second.kind)
        }
        return first.index < second.index
    }
    return sorted.map { elements[$0.index] }
}
