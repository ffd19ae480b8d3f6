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
    func found(_ kind: String, _ name: String, _ command: String) -> UncapturedWorkload {
        UncapturedWorkload(kind: kind, namespace: namespace, name: name, pods: pods.count, command: command)
    }
    guard let owner else {
        let name = pods[0].name
        return found("Pod", name, "delete it and create it again: kubectl -n \(namespace) delete pod \(name)")
    }
    if ["Deployment", "DaemonSet", "StatefulSet"].contains(owner.kind) {
        let target = "\(owner.kind.lowercased())/\(owner.name)"
        return found(owner.kind, owner.name, "kubectl -n \(namespace) rollout restart \(target)")
    }
    let names = pods.prefix(5).map(\.name).sorted { $0.precedesByBytes($1) }.joined(separator: " ")
    let rest = pods.count > 5 ? " and \(pods.count - 5) more" : ""
    return found(owner.kind, owner.name, "kubectl -n \(namespace) delete pod \(names)\(rest)")
}
