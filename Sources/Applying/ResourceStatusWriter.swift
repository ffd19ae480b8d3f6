package import ClusterState
package import Kubernetes
package import Objects
package import Values

/// Writes what a run found into the status of a resource; puts on the finalizer of one that is worked on, and takes it off
/// when the work is done.
package struct ResourceStatusWriter {
    private let cluster: Cluster

    package init(_ cluster: Cluster) { self.cluster = cluster }

    /// Writes a status where it is another one; answers the resource as it is then.
    package func write(_ status: Value, of identity: ObjectReference, live: Value) throws(APIError) -> Value {
        guard live["status"] != status, let path = cluster.path(of: identity) else { return live }
        // `add` replaces a status that is there.
        let operation: Value = ["op": "add", "path": "/status", "value": status]
        return try cluster.client.send(.jsonPatch(path + "/status", [operation], manager: "sail"))
    }

    /// Puts on a finalizer, if the resource is still the one that was read; answers the resource as it is then.
    package func claim(_ identity: ObjectReference, live: Value, with finalizer: String) throws(APIError) -> Value {
        let own = live.metadata.finalizers
        guard let path = cluster.path(of: identity), !own.contains(where: { $0.hasSameBytes(as: finalizer) }) else {
            return live
        }
        let patch: Value = [
            "metadata": [
                "finalizers": .list((own + [finalizer]).map { .string($0) }),
                "resourceVersion": live.metadata.resourceVersion.map(Value.string) ?? .null,
            ]
        ]
        return try cluster.client.send(.mergePatch(path, patch, manager: "sail"))
    }

    /// Takes off a finalizer, if the resource is still the one that was read; one that is deleted already is fine.
    package func release(_ identity: ObjectReference, live: Value, from finalizer: String) throws(APIError) {
        guard let path = cluster.path(of: identity) else { return }
        let rest = live.metadata.finalizers.filter { !$0.hasSameBytes(as: finalizer) }
        guard rest.count < live.metadata.finalizers.count else { return }
        let patch: Value = [
            "metadata": [
                "finalizers": .list(rest.map { .string($0) }),
                "resourceVersion": live.metadata.resourceVersion.map(Value.string) ?? .null,
            ]
        ]
        do throws(APIError) { _ = try cluster.client.send(.mergePatch(path, patch, manager: "sail")) } catch {
            guard error.isNotFound else { throw error }
        }
    }
}
