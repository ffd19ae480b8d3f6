package import ClusterState
internal import Kubernetes
package import Objects
package import Planning
package import Values

/// Removes resources of a controller that is no more, and leaves what they own.
package struct ResourceRelease {
    private let cluster: Cluster

    package init(_ cluster: Cluster) {
        self.cluster = cluster
    }

    /// Answers what went wrong. Without its finalizers a resource goes although no controller is there; what it owns
    /// stays.
    package func run(_ resources: [(identity: ObjectReference, live: Value)]) -> [Failure] {
        var failures: [Failure] = []
        for (identity, live) in resources {
            guard let path = cluster.path(of: identity) else { continue }
            var calls = [APIRequest.delete(path, uid: live.metadata.uid, propagation: "Orphan")]
            if !live.metadata.finalizers.isEmpty {
                calls.insert(.mergePatch(path, ["metadata": ["finalizers": .null]], manager: "sail"), at: 0)
            }
            for call in calls {
                do throws(APIError) {
                    _ = try cluster.client.send(call)
                } catch {
                    if !error.isNotFound { failures.append(Failure(identity, "\(error)")) }
                }
            }
        }
        return failures
    }
}
