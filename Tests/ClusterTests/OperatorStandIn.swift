import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// What a Sail Operator does to a cluster, by the real helm: its IstioRevision, its releases, their names, namespaces and
/// values, its label and owners on every object.
final class OperatorStandIn {
    private let mesh: Mesh
    private let plugins: URL

    static let finalizer = "sailoperator.io/sail-operator"
    static let namespaces = ["istio-system": "Istio", "istio-cni": "IstioCNI", "ztunnel": "ZTunnel"]
    static let registry = "registry.istio.io/release"
    private static let group = "/apis/sailoperator.io/v1"
    static let revision = group + "/istiorevisions/default"

    /// Puts the owner and the label on every object of a chart.
    private static let script = """
        #!/bin/sh
        exec awk -v kind="$OWNER_KIND" -v uid="$OWNER_UID" '
        /^metadata:/ { print; print "  ownerReferences: [{apiVersion: sailoperator.io/v1, kind: " kind ", name: default, \
        uid: " uid ", controller: true, blockOwnerDeletion: true}]"; inside = 1; next }
        /^[^ ]/ { inside = 0 }
        inside && /^  labels:/ { print; print "    managed-by: sail-operator"; next }
        { print }'
        """
    private static let plugin = """
        apiVersion: v1
        type: postrenderer/v1
        name: owner
        version: 0.1.0
        runtime: subprocess
        runtimeConfig:
          platformCommand:
            - command: ${HELM_PLUGIN_DIR}/owner.sh
        """

    init(_ mesh: Mesh) throws {
        self.mesh = mesh
        plugins = FileManager.default.temporaryDirectory.appending(path: "helm-plugins-\(UUID().uuidString)")
        let folder = plugins.appending(path: "owner")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try OperatorStandIn.plugin.write(to: folder.appending(path: "plugin.yaml"), atomically: true, encoding: .utf8)
        let script = folder.appending(path: "owner.sh")
        try OperatorStandIn.script.write(to: script, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
        let namespace: Value = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "sail-operator"]]
        _ = try mesh.client.send(.create("/api/v1/namespaces", namespace, manager: "tester"))
    }

    deinit {
        try? FileManager.default.removeItem(at: plugins)
        _ = try? mesh.client.send(.delete("/api/v1/namespaces/sail-operator"))
        for _ in 0..<200 where (try? mesh.object("/api/v1/namespaces/sail-operator")) != nil { usleep(100_000) }
    }

    private func uid(_ path: String) throws -> Value { try mesh.object(path)[path: "metadata", "uid"] ?? .null }

    /// The values of a control plane, as the operator computes them.
    private static func values(_ version: String) -> Value {
        let proxy: Value = ["image": .string("\(registry)/proxyv2:\(version)")]
        return [
            "profile": "ambient", "revision": "",
            "global": [
                "istioNamespace": "istio-system", "configValidation": true, "proxy": proxy, "proxy_init": proxy,
            ],
            "pilot": ["image": .string("\(registry)/pilot:\(version)"), "trustedZtunnelNamespace": "ztunnel"],
        ]
    }

    /// A turn for all resources at a version (`1.30.2`): makes the mesh, upgrades it, or finds nothing to change.
    func reconcile(_ version: String) throws {
        for kind in ["istiocnis", "ztunnels"] {
            let patch: Value = ["metadata": ["finalizers": [.string(OperatorStandIn.finalizer)]]]
            _ = try mesh.client.send(
                .mergePatch("\(OperatorStandIn.group)/\(kind)/default", patch, manager: "sail-operator"))
        }
        let spec: Value = [
            "version": .string("v" + version), "namespace": "istio-system", "values": OperatorStandIn.values(version),
        ]
        if (try? mesh.object(OperatorStandIn.revision)) == nil {
            let owner: Value = [
                "apiVersion": "sailoperator.io/v1", "kind": "Istio", "name": "default", "controller": true,
                "uid": try uid("\(OperatorStandIn.group)/istios/default"), "blockOwnerDeletion": true,
            ]
            let object: Value = [
                "apiVersion": "sailoperator.io/v1", "kind": "IstioRevision", "spec": spec,
                "metadata": [
                    "name": "default", "finalizers": [.string(OperatorStandIn.finalizer)], "ownerReferences": [owner],
                ],
            ]
            _ = try mesh.client.send(
                .create("\(OperatorStandIn.group)/istiorevisions", object, manager: "sail-operator"))
        } else {
            let change: Value = ["op": "replace", "path": "/spec", "value": spec]
            _ = try mesh.client.send(.jsonPatch(OperatorStandIn.revision, [change], manager: "sail-operator"))
        }
        let registry = OperatorStandIn.registry
        try helm("IstioRevision", "default-base", "base", in: "sail-operator", version, [])
        try helm(
            "IstioRevision", "default-istiod", "istiod", in: "istio-system", version,
            [
                "pilot.image=\(registry)/pilot:\(version)", "global.proxy.image=\(registry)/proxyv2:\(version)",
                "global.proxy_init.image=\(registry)/proxyv2:\(version)", "pilot.trustedZtunnelNamespace=ztunnel",
            ])
        try helm(
            "IstioCNI", "istio-cni", "cni", in: "istio-cni", version, ["cni.image=\(registry)/install-cni:\(version)"])
        try helm(
            "ZTunnel", "ztunnel", "ztunnel", in: "ztunnel", version,
            ["ztunnel.image=\(registry)/ztunnel:\(version)"])
    }

    private func helm(
        _ kind: String, _ release: String, _ chart: String, in namespace: String, _ version: String, _ sets: [String]
    ) throws {
        let repository = Repository.root.path
        let owner = try uid("\(OperatorStandIn.group)/\(kind.lowercased())s/default").string ?? ""
        func run(_ line: String) throws -> Run {
            try Program(
                line.split(separator: " ").map(String.init), kubeconfig: mesh.cluster.kubeconfig, of: RealHelm.path,
                environment: ["HELM_PLUGINS": plugins.path, "OWNER_KIND": kind, "OWNER_UID": owner]
            ).end()
        }
        let isThere = try run("status \(release) -n \(namespace)").code == 0
        let values = (["istioVersion=\(version)", "global.istioNamespace=istio-system"] + sets).joined(separator: ",")
        let result = try run(
            "\(isThere ? "upgrade" : "install") \(release) \(repository)/charts/\(chart) -n \(namespace) --skip-crds "
                + "--server-side=false --post-renderer owner -f \(repository)/profiles/ambient.yaml --set \(values)")
        #expect(result.code == 0, "\(release): \(result.end)")
    }
}
