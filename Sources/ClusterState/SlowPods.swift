internal import Kubernetes
package import Objects
package import Planning
internal import System
package import Values

extension Cluster {
    /// Pods of more nodes than these are not all read while a rollout is waited for.
    private static let mostNodes = 200

    /// The pod of a DaemonSet that has been behind for the longest; `nil` where none is, or where they cannot be read.
    package func slowestPod(of set: Value, _ identity: ObjectReference) -> SlowPod? {
        guard set["status"]?["desiredNumberScheduled"]?.int ?? 0 <= Cluster.mostNodes,
            let pods = try? pods(selectedBy: set, in: identity.namespace)
        else { return nil }
        return slowest(pods, now: SystemClock.now())
    }
}

/// Of pods, the one that has been on its way for the longest: being deleted, or not ready.
func slowest(_ pods: [Value], now: Int) -> SlowPod? {
    let late = pods.compactMap { pod -> SlowPod? in
        let metadata = pod.metadata
        let node = pod["spec"]?["nodeName"]?.string ?? ""
        let isReady = readiness(of: pod.withKind("Pod")).isReady
        guard metadata.isBeingDeleted || !isReady else { return nil }
        let start = metadata.isBeingDeleted ? metadata.deletionTimestamp : metadata.creationTimestamp
        let reason = metadata.isBeingDeleted ? "terminating" : waitingReason(pod) ?? "not ready"
        return SlowPod(
            node: node.isEmpty ? "no node" : node, reason: reason, since: start.flatMap(RFC3339.seconds), now: now)
    }
    return late.min { ($0.since ?? now, $0.node) < ($1.since ?? now, $1.node) }
}

/// `ContainerCreating`, as the kubelet says it of the first container that waits.
private func waitingReason(_ pod: Value) -> String? {
    let statuses = ["initContainerStatuses", "containerStatuses"].flatMap { pod["status"]?[$0]?.list ?? [] }
    return statuses.lazy.compactMap { $0[path: "state", "waiting", "reason"]?.string }.first
}
