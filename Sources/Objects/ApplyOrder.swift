/// Where kinds stand in an order that is safe to apply from first to last: what others need comes first.
///
/// Helm's InstallOrder, with webhook configurations last: they call a Service whose pods must run.
package func applyRank(ofKind kind: String) -> Int {
    ranks[kind] ?? kindsFirst.count
}

private let ranks: [String: Int] = {
    var ranks: [String: Int] = [:]
    for (rank, kind) in kindsFirst.enumerated() { ranks[kind] = rank }
    for (rank, kind) in kindsLast.enumerated() { ranks[kind] = kindsFirst.count + 1 + rank }
    return ranks
}()

private let kindsFirst = [
    "PriorityClass", "Namespace", "CustomResourceDefinition", "NetworkPolicy", "ResourceQuota", "LimitRange",
    "PodSecurityPolicy", "PodDisruptionBudget", "ServiceAccount", "Secret", "ConfigMap", "StorageClass",
    "PersistentVolume", "PersistentVolumeClaim", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding",
    "Service", "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler",
    "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService",
]

private let kindsLast = [
    "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
]

extension Sequence {
    /// The elements by the rank of their objects' kinds, kinds without a rank by name; those of one kind keep their order.
    package func inApplyOrder(_ identity: (Element) -> ObjectReference) -> [Element] {
        enumerated()
            .map { position, element in
                let kind = identity(element).kind
                let rank = applyRank(ofKind: kind)
                return (rank: rank, kind: rank == kindsFirst.count ? kind : "", position: position, element: element)
            }
            .sorted { ($0.rank, $0.kind, $0.position) < ($1.rank, $1.kind, $1.position) }
            .map(\.element)
    }
}
