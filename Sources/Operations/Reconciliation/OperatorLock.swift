import Applying
import ClusterState
import Kubernetes
import Objects
import Preflight
import Values

/// The Lease by which a Sail Operator and sail exclude each other while one of them works on the resources.
extension ClusterSession {
    /// Where that Lease is: where it has been, in the operator's own namespace, or in the mesh's.
    func operatorLockNamespace(mesh: String) throws(APIError) -> String {
        let leases = try client.list("/apis/coordination.k8s.io/v1/leases").items
        if let known = leases.first(where: { $0.metadata.name.hasSameBytes(as: MeshManager.leaseName) }) {
            return known.metadata.namespace
        }
        for name in ["sail-operator", mesh] {
            let identity = ObjectReference(apiVersion: "v1", kind: "Namespace", name: name)
            if try cluster.get([identity]).first ?? nil != nil { return name }
        }
        return "kube-system"
    }

    /// Runs the body while no other run and no operator works on the mesh; throws who does. For writes outside a run of
    /// their own.
    func whileLocked(mesh: String, _ body: () throws -> Void) throws {
        // The controller holds that Lease all the time.
        guard options.controller == nil else { return try body() }
        let namespace = try operatorLockNamespace(mesh: mesh)
        let lock = LeaseLock(client, namespace: namespace, name: MeshManager.leaseName)
        if let holder = try lock.take() { throw holder }
        defer { lock.release() }
        try body()
    }

    /// The same run with other options.
    func with(_ options: OperationOptions) -> ClusterSession { ClusterSession(options, cluster) }
}
