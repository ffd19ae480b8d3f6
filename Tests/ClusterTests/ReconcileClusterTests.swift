import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// A cluster with the definitions that `sail crds` prints, and resources on it; both are removed in the end.
final class Resources {
    let mesh: Mesh
    private let kind: ClusterKind

    private static let plurals = [
        "Istio": "istios", "IstioCNI": "istiocnis", "ZTunnel": "ztunnels", "IstioRevision": "istiorevisions",
        "IstioRevisionTag": "istiorevisiontags",
    ]
    private static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    private static let namespaces = ["istio-system", "istio-cni", "ztunnel"]

    init(_ kind: ClusterKind) throws {
        self.kind = kind
        mesh = try Mesh(kind)
        let printed = try mesh.sail("crds -o json")
        let list = try Value(json: printed.output, numbers: .native)
        for definition in list["items"]?.list ?? [] {
            _ = try mesh.client.send(.create(Resources.definitions, definition, manager: "test"))
        }
        for name in Resources.namespaces {
            let namespace: Value = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
            // One of another test may still be on its way out.
            try wait {
                _ = try? mesh.client.send(.create("/api/v1/namespaces", namespace))
                return (try? mesh.object("/api/v1/namespaces/" + name))?[path: "status", "phase"] == "Active"
            }
        }
        for name in definitionNames { try wait { try self.isEstablished(name) } }
    }

    deinit {
        for kind in Resources.plurals.keys {
            let patch: Value = ["metadata": ["finalizers": .null]]
            _ = try? mesh.client.send(.mergePatch(path(kind), patch, manager: "test"))
        }
        for name in definitionNames {
            _ = try? mesh.client.send(.delete(Resources.definitions + "/" + name, uid: nil))
        }
        _ = try? mesh.sail("uninstall --yes")
        for name in Resources.namespaces where name != "istio-system" {
            _ = try? mesh.client.send(.delete("/api/v1/namespaces/" + name, uid: nil))
        }
        try? wait {
            try Resources.namespaces.dropFirst().allSatisfy { try self.isMissing("/api/v1/namespaces/" + $0) }
        }
    }

    private var definitionNames: [String] { Resources.plurals.values.map { $0 + ".sailoperator.io" } }

    private func isEstablished(_ name: String) throws -> Bool {
        let definition = try mesh.client.send(.get(Resources.definitions + "/" + name))
        return definition[path: "status", "conditions"]?.list?.contains {
            $0["type"] == "Established" && $0["status"] == "True"
        } ?? false
    }

    private func isMissing(_ path: String) throws -> Bool {
        do {
            _ = try mesh.client.send(.get(path))
            return false
        } catch {
            return error.isNotFound
        }
    }

    func wait(_ condition: () throws -> Bool) throws {
        for _ in 0..<300 {
            if try condition() { return }
            usleep(100_000)
        }
        Issue.record("waited for 30 s in vain")
    }

    func path(_ kind: String, _ name: String = "default") -> String {
        "/apis/sailoperator.io/v1/\(Resources.plurals[kind] ?? "")/\(name)"
    }

    /// Creates a resource; answers what the server says against it.
    @discardableResult
    func create(_ kind: String, _ spec: Value, name: String = "default") throws -> String? {
        let collection = String(path(kind).dropLast("/default".count))
        let resource: Value = [
            "apiVersion": "sailoperator.io/v1", "kind": .string(kind), "metadata": ["name": .string(name)],
            "spec": spec,
        ]
        do {
            _ = try mesh.client.send(.create(collection, resource, manager: "test"))
            return nil
        } catch {
            return "\(error)"
        }
    }

    func patch(_ kind: String, _ patch: Value) -> String? {
        do {
            _ = try mesh.client.send(.mergePatch(path(kind), patch, manager: "test"))
            return nil
        } catch {
            return "\(error)"
        }
    }

    func state(_ kind: String) throws -> String? { try mesh.object(path(kind))[path: "status", "state"]?.string }
}

/// `sail crds` and `sail reconcile` on clusters in memory and real ones. Numbers are those of the operator's behaviours.
@Suite struct ReconcileClusterTests {
    private static let ztunnel = "/apis/apps/v1/namespaces/ztunnel/daemonsets/ztunnel"

    // Behaviours 1, 2, 4, 13, 42, 63, 71, 72 and 73.
    @Test(arguments: ClusterKind.available) func resourcesMakeUpgradeAndEndAMesh(kind: ClusterKind) throws {
        let resources = try Resources(kind)
        let mesh = resources.mesh
        try resources.create("ZTunnel", ["version": "v1.29.6"])
        try resources.create("IstioCNI", ["version": "v1.29.6", "profile": "ambient"])
        try resources.create("Istio", ["version": "v1.29.6", "profile": "ambient"])
        let run = try mesh.sail("reconcile --yes --allow-end-of-life")
        #expect(run.code == 0, "\(run.end)")
        for kind in ["Istio", "IstioCNI", "ZTunnel"] {
            #expect(try resources.state(kind) == "Healthy")
            let resource = try mesh.object(resources.path(kind))
            #expect(resource[path: "status", "observedGeneration"] == resource[path: "metadata", "generation"])
        }
        let before = try ["Istio", "IstioCNI", "ZTunnel"].map { try mesh.object(resources.path($0)) }
        let again = try mesh.sail("reconcile --allow-end-of-life")
        #expect(again.code == 0, "\(again.end)")
        #expect(try ["Istio", "IstioCNI", "ZTunnel"].map { try mesh.object(resources.path($0)) } == before)

        for kind in ["Istio", "IstioCNI", "ZTunnel"] {
            #expect(resources.patch(kind, ["spec": ["version": "v1.30.3"]]) == nil)
            let upgrade = try mesh.sail("reconcile --yes")
            #expect(upgrade.code == 0, "\(upgrade.end)")
            #expect(try resources.state(kind) == "Healthy")
        }
        let image = try mesh.object(ReconcileClusterTests.ztunnel)[path: "spec", "template", "spec", "containers"]?
            .list?
            .first?["image"]?.string
        #expect(image?.contains(":1.30.3") == true)
        if kind == .live { try KubectlUser(mesh)?.looksAtResources() }

        #expect(resources.patch("ZTunnel", ["metadata": ["finalizers": ["sailoperator.io/sail-operator"]]]) == nil)
        _ = try mesh.client.send(.delete(resources.path("ZTunnel"), uid: nil))
        // The control plane misses ztunnel now.
        let end = try mesh.sail("reconcile --yes")
        #expect(end.code == 1)
        #expect(throws: (any Error).self) { try mesh.object(ReconcileClusterTests.ztunnel) }
        #expect(throws: (any Error).self) { try mesh.object(resources.path("ZTunnel")) }
        #expect(try resources.state("Istio") == "ZTunnelNotFound")
    }

    // Behaviours 3, 5 to 11: what a real API server says by our definitions; the sandbox evaluates no rules.
    @Test(.enabled(if: ClusterKind.available.contains(.live))) func theServerRefusesWhatTheDefinitionsRefuse() throws {
        let resources = try Resources(.live)
        func refusal(_ kind: String, _ spec: Value, name: String = "default") throws -> String {
            try resources.create(kind, spec, name: name) ?? "accepted"
        }
        #expect(try refusal("IstioCNI", [:], name: "other").contains("metadata.name must be 'default'"))
        #expect(try refusal("ZTunnel", [:], name: "other").contains("metadata.name must be 'default'"))
        #expect(try refusal("Istio", ["version": "1.30.3"]).contains("spec.version"))
        #expect(
            try refusal("Istio", ["values": ["global": ["istioNamespace": "other"]]]).contains(
                "spec.values.global.istioNamespace must match spec.namespace"))
        let revision: Value = [
            "version": "v1.30.3", "namespace": "a", "values": ["revision": "x", "global": ["istioNamespace": "a"]],
        ]
        #expect(try refusal("IstioRevision", revision).contains("spec.values.revision must match metadata.name"))
        #expect(try refusal("Istio", ["version": "v1.27.9", "updateStrategy": [:]]) == "accepted")
        let spec = try resources.mesh.object(resources.path("Istio"))["spec"]
        #expect(spec?["namespace"] == "istio-system")
        #expect(spec?["updateStrategy"] == ["type": "InPlace"])
        #expect(try refusal("IstioCNI", [:]) == "accepted")
        for kind in ["Istio", "IstioCNI"] {
            #expect(resources.patch(kind, ["spec": ["namespace": "elsewhere"]])?.contains("Value is immutable") == true)
        }
    }
}

/// Somebody who looks at the resources with the real kubectl, where that is on PATH.
private struct KubectlUser {
    private let kubectl: String
    private let kubeconfig: String

    init?(_ mesh: Mesh) {
        guard let kubectl = LiveCluster.path(of: "kubectl") else { return nil }
        (self.kubectl, kubeconfig) = (kubectl, mesh.cluster.kubeconfig)
    }

    private func run(_ words: [String]) throws -> Run { try Program(words, kubeconfig: kubeconfig, of: kubectl).end() }

    func looksAtResources() throws {
        for kind in ["istio", "istiocni", "ztunnel"] {
            let waited = try run([
                "wait", "--for=jsonpath={.status.state}=Healthy", "\(kind)/default", "--timeout=20s",
            ])
            #expect(waited.code == 0, "\(waited.end)")
        }
        let words = try run(["get", "istio,istiocni,ztunnel"]).output.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        let heads = words.filter { $0.first == "NAME" }
        #expect(heads.count == 3 && heads.allSatisfy { $0.contains("STATUS") && $0.contains("VERSION") }, "\(words)")
        let rows = words.filter { $0.first?.hasSuffix("/default") == true }
        #expect(rows.count == 3 && rows.allSatisfy { $0.contains("Healthy") && $0.contains("v1.30.3") }, "\(words)")
        let explained = try run(["explain", "ztunnel.spec"]).output
        for field in ["version", "namespace", "targetRef", "values"] {
            #expect(explained.contains("  \(field)\t<"), "\(explained)")
        }
    }
}
