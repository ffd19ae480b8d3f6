package import Objects
internal import Values

/// A workload as its pods name it: a Deployment by its ReplicaSet.
package struct PodOwner: Sendable, Hashable {
    package var kind: String
    package var name: String

    package init?(of pod: ObjectMetadata) {
        guard
            let owner = pod.ownerReferences.first(where: { $0["controller"]?.bool == true })
                ?? pod.ownerReferences.first,
            let kind = owner["kind"]?.string, let name = owner["name"]?.string
        else { return nil }
        (self.kind, self.name) = (kind, name)
        if kind == "ReplicaSet", let hash = pod.label("pod-template-hash"), !hash.isEmpty, name.hasSuffix("-" + hash) {
            self.kind = "Deployment"
            self.name = String(name.dropLast(hash.count + 1))
        }
    }

    /// Whether `kubectl rollout restart` makes its pods anew.
    package var canRestart: Bool { ["Deployment", "DaemonSet", "StatefulSet"].contains(kind) }

    /// The command that makes the pods anew; `pods` are named where the workload cannot be restarted.
    package static func restart(_ owner: PodOwner?, _ pods: [String], in namespace: String) -> String {
        guard let owner else {
            let name = pods.first ?? ""
            return "delete it and create it again: kubectl -n \(namespace) delete pod \(name)"
        }
        if owner.canRestart {
            return "kubectl -n \(namespace) rollout restart \(owner.kind.lowercased())/\(owner.name)"
        }
        let names = pods.prefix(5).map { $0 }.sorted { $0.precedesByBytes($1) }.joined(separator: " ")
        let rest = pods.count > 5 ? " and \(pods.count - 5) more" : ""
        return "kubectl -n \(namespace) delete pod \(names)\(rest)"
    }
}
