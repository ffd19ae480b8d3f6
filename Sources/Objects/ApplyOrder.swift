/// The place of kinds in an order that is safe to apply from first to last: what others need is first.
///
/// Helm's InstallOrder, with webhook configurations last: they call a Service whose pods must run.
package func applyRank(ofKind kind: String) -> Int {
    ranks[kind] ?? kindsFirst.count
}

/// The step in which objects of a kind are sent: those of one step need nothing of each other, and are sent together.
package func applyStep(ofKind kind: String) -> Int {
    steps[kind] ?? first.count
}

private let ranks: [String: Int] = {
    var ranks: [String: Int] = [:]
    for (rank, kind) in kindsFirst.enumerated() { ranks[kind] = rank }
    for (rank, kind) in last.joined().enumerated() { ranks[kind] = kindsFirst.count + 1 + rank }
    return ranks
}()

private let steps: [String: Int] = {
    var steps: [String: Int] = [:]
    for (step, kinds) in first.enumerated() { for kind in kinds { steps[kind] = step } }
    for (step, kinds) in last.enumerated() { for kind in kinds { steps[kind] = first.count + 1 + step } }
    return steps
}()

private let kindsFirst = Array(first.joined())

/// Helm's order in steps: quotas and limits before pods, roles before what binds them.
private let first = [
    ["PriorityClass"], ["Namespace"], ["CustomResourceDefinition"],
    [
        "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget", "ServiceAccount",
        "Secret", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim", "ClusterRole",
    ],
    ["ClusterRoleBinding", "Role"], ["RoleBinding", "Service"],
    [
        "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler",
        "StatefulSet", "Job", "CronJob",
    ],
    ["IngressClass"], ["Ingress"], ["APIService"],
]

private let last = [
    ["ValidatingAdmissionPolicy"], ["ValidatingAdmissionPolicyBinding"],
    ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
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
