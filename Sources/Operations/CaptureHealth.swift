import Capture
import ClusterState
import Values

/// A workload with pods that should be captured and are not, with what to do.
package struct UncapturedWorkload: Sendable, Equatable {
    /// `Deployment shop/web`
    package var kind: String
    package var namespace: String
    package var name: String
    /// How many of its pods are not captured.
    package var pods: Int
    /// The command that makes its pods anew.
    package var command: String

    package var title: String { "\(kind) \(namespace)/\(name)" }

    /// `Deployment shop/web: 2 pods are enrolled and not captured; kubectl -n shop rollout restart deployment/web`
    package var complaint: String {
        "\(title): \(pods == 1 ? "1 pod is" : "\(pods) pods are") enrolled and not captured; \(command)"
    }
}

/// The workloads of these pods, each once. Pure.
func uncapturedWorkloads(_ pods: [UncapturedPod]) -> [UncapturedWorkload] {
    struct Key: Hashable {
        var namespace: String
        var owner: PodOwner?
        /// Pods of their own stand alone.
        var pod: String
    }
    let groups = Dictionary(grouping: pods) { pod in
        Key(namespace: pod.namespace, owner: pod.owner, pod: pod.owner == nil ? pod.name : "")
    }
    return groups.map { key, pods in workload(key.owner, pods) }.sorted { $0.title.precedesByBytes($1.title) }
}

private func workload(_ owner: PodOwner?, _ pods: [UncapturedPod]) -> UncapturedWorkload {
    let namespace = pods[0].namespace
    let names = pods.map(\.name)
    return UncapturedWorkload(
        kind: owner?.kind ?? "Pod", namespace: namespace, name: owner?.name ?? names[0], pods: names.count,
        command: PodOwner.restart(owner, names, in: namespace))
}
