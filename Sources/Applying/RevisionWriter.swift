package import ClusterState
package import Kubernetes
package import Objects
package import Values

/// Writes the resource that a controller keeps of another one: an IstioRevision of an Istio.
package struct RevisionWriter {
    private let cluster: Cluster

    package init(_ cluster: Cluster) { self.cluster = cluster }

    /// Creates it; answers it as the server has it.
    package func create(_ identity: ObjectReference, metadata: Mapping, spec: Mapping) throws(APIError) -> Value? {
        guard let resource = cluster.discovery.resource(apiVersion: identity.apiVersion, kind: identity.kind) else {
            return nil
        }
        var metadata = metadata
        metadata["name"] = .string(identity.name)
        let object: Value = [
            "apiVersion": .string(identity.apiVersion), "kind": .string(identity.kind), "metadata": .map(metadata),
            "spec": .map(spec),
        ]
        return try cluster.client.send(.create(resource.path(), object, manager: "sail"))
    }

    /// Writes the spec where it is another one, if the resource is still the one that was read; answers it as it is then.
    package func write(_ spec: Mapping, of identity: ObjectReference, live: Value) throws(APIError) -> Value {
        guard live["spec"] != .map(spec), let path = cluster.path(of: identity) else { return live }
        let version = live.metadata.resourceVersion.map(Value.string) ?? .null
        return try cluster.client.send(
            .jsonPatch(
                path,
                [
                    ["op": "test", "path": "/metadata/resourceVersion", "value": version],
                    ["op": "replace", "path": "/spec", "value": .map(spec)],
                ], manager: "sail"))
    }

    /// Deletes it, if it is still the one that was read; what it owns is the server's to delete.
    package func delete(_ identity: ObjectReference, live: Value) throws(APIError) {
        guard let path = cluster.path(of: identity) else { return }
        do throws(APIError) { _ = try cluster.client.send(.delete(path, uid: live.metadata.uid)) } catch {
            guard error.isNotFound else { throw error }
        }
    }
}
