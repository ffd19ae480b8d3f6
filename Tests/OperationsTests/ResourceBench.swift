import Kubernetes
import Operations
import Sandbox
import TestSupport
import Values

/// Paths of the workloads, in the namespaces that the definitions say.
let istiod = "/apis/apps/v1/namespaces/istio-system/deployments/istiod"
let agent = "/apis/apps/v1/namespaces/istio-cni/daemonsets/istio-cni-node"
let ztunnel = "/apis/apps/v1/namespaces/ztunnel/daemonsets/ztunnel"

/// A cluster in memory with the definitions of the resources, and a mesh that is asked for by them.
final class ResourceBench {
    let bench: Bench

    init(
        namespaces: [String] = ["istio-system", "istio-cni", "ztunnel"],
        _ change: (inout SandboxSettings) -> Void = { _ in }
    ) throws {
        bench = try Bench(change)
        for name in namespaces { try create(namespace: name) }
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        for definition in try bench.options().resourceDefinitions([]) {
            _ = try bench.client.send(.create(path, definition, manager: "test"))
        }
    }

    private static let plurals = [
        "Istio": "istios", "IstioCNI": "istiocnis", "ZTunnel": "ztunnels", "IstioRevision": "istiorevisions",
        "IstioRevisionTag": "istiorevisiontags",
    ]

    func path(_ kind: String, _ version: String = "v1") -> String {
        "/apis/sailoperator.io/\(version)/\(ResourceBench.plurals[kind] ?? "")"
    }

    func create(namespace: String) throws {
        _ = try bench.client.send(
            .create(
                "/api/v1/namespaces",
                ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]]))
    }

    func create(_ kind: String, _ spec: Value, name: String = "default", version: String = "v1") throws {
        let resource: Value = [
            "apiVersion": .string("sailoperator.io/\(version)"), "kind": .string(kind),
            "metadata": ["name": .string(name)], "spec": spec,
        ]
        _ = try bench.client.send(.create(path(kind, version), resource, manager: "test"))
    }

    func patch(_ kind: String, _ patch: Value, name: String = "default") throws {
        _ = try bench.client.send(.mergePatch(path(kind) + "/" + name, patch, manager: "test"))
    }

    /// The three resources of an ambient mesh, in the wrong order.
    func createMesh(version: String = Bench.new, istio: Mapping = [:], cni: Mapping = [:], ztunnel: Mapping = [:])
        throws
    {
        func spec(_ base: Mapping, _ more: Mapping) -> Value {
            var spec = base
            for (key, value) in more { spec[key] = value }
            return .map(spec)
        }
        let own: Mapping = ["version": .string(version)]
        var ambient = own
        ambient["profile"] = "ambient"
        try create("ZTunnel", spec(own, ztunnel))
        try create("IstioCNI", spec(ambient, cni))
        try create("Istio", spec(ambient, istio))
    }

    @discardableResult func reconcile(_ change: (inout OperationOptions) -> Void = { _ in }) throws -> Int32 {
        try bench.run(.reconcile) {
            $0.version = nil
            change(&$0)
        }
    }

    func failure(_ change: (inout OperationOptions) -> Void = { _ in }) -> String {
        bench.failure(.reconcile) {
            $0.version = nil
            change(&$0)
        }
    }

    func status(_ kind: String, name: String = "default") -> Value { resource(kind, name: name)?["status"] ?? .null }

    func resource(_ kind: String, name: String = "default") -> Value? { bench.object(path(kind) + "/" + name) }

    func state(_ kind: String) -> String? { status(kind)["state"]?.string }

    /// `False DaemonSetNotReady no ztunnel pods are currently scheduled`
    func condition(_ kind: String, _ type: String, name: String = "default") -> String {
        let found = status(kind, name: name)["conditions"]?.list?.first { $0["type"]?.string == type }
        return ["status", "reason", "message"].compactMap { found?[$0]?.string }.filter { !$0.isEmpty }.joined(
            separator: " ")
    }

    func container(_ path: String) -> Value? {
        bench.object(path)?[path: "spec", "template", "spec", "containers"]?.list?.first
    }

    func environment(_ path: String, _ name: String) -> String? {
        container(path)?["env"]?.list?.first { $0["name"]?.string == name }?["value"]?.string
    }

    func tag(_ path: String) -> String? {
        container(path)?["image"]?.string?.split(separator: ":").last.map { String($0.prefix { $0 != "-" }) }
    }
}
