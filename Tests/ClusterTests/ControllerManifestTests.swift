import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values
import YAML

/// `sail reconcile --manifest`: what runs the controller in a cluster.
@Suite struct ControllerManifestTests {
    private func objects(_ flags: [String] = []) throws -> [Value] {
        let run = try Program(
            ["reconcile", "--manifest", "--image", "registry.example.com/sail:1"] + flags, kubeconfig: "/none"
        )
        .end()
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages == "")
        return try run.output.components(separatedBy: "---\n").filter { !$0.isEmpty }.map {
            try Value(yaml: $0, numbers: .native)
        }
    }

    @Test func aPodOfAnOrdinaryUserRunsIt() throws {
        let objects = try objects(["--fips", "--platform", "gke", "--controller-namespace", "mesh-tools"])
        #expect(
            objects.compactMap { $0["kind"]?.string } == [
                "Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding",
                "ClusterRole",
                "Service", "Deployment",
            ])
        let deployment = try #require(objects.last)
        #expect(deployment[path: "metadata", "namespace"] == "mesh-tools")
        let pod = deployment[path: "spec", "template", "spec"]
        #expect(pod?["securityContext"]?["runAsNonRoot"] == true)
        let container = try #require(pod?["containers"]?.list?.first)
        #expect(container["image"] == "registry.example.com/sail:1")
        #expect(container["securityContext"]?["readOnlyRootFilesystem"] == true)
        let arguments = container["args"]?.list?.compactMap(\.string) ?? []
        #expect(arguments.suffix(2) == ["--fips", "--platform=gke"])
        #expect(container["livenessProbe"]?["httpGet"]?["path"] == "/healthz")
        #expect(container["readinessProbe"]?["httpGet"]?["path"] == "/readyz")
        // What it prints as arguments is what the program takes.
        #expect(try Program(arguments + ["--help"], kubeconfig: "/none").end().code == 0)
    }

    @Test func withoutAnImageThePlaceholderIsNamed() throws {
        let run = try Program(["reconcile", "--manifest"], kubeconfig: "/none").end()
        #expect(run.code == 0)
        #expect(run.messages.contains("give yours with --image"))
        for line in ["reconcile --manifest --watch", "reconcile --image a", "reconcile --health-addr :1"] {
            #expect(try Program(line.split(separator: " ").map(String.init), kubeconfig: "/none").end().code == 2)
        }
        let bad = try Program(["reconcile", "--manifest", "--controller-namespace", "A/b"], kubeconfig: "/none").end()
        #expect(bad.code == 2)
    }

    // The server takes it strictly, and the controller needs no more than it grants, from the first object to the last.
    @Test(.enabled(if: ClusterKind.available.contains(.live))) func itsPermissionsAreEnough() throws {
        let resources = try Resources(.live)
        let mesh = resources.mesh
        var created: [String] = []
        defer { for path in created.reversed() { _ = try? mesh.client.send(.delete(path, uid: nil)) } }
        for object in try objects() {
            let path = try #require(Self.path(of: object))
            let call = APIRequest(
                .patch, path, query: [("fieldManager", "test"), ("fieldValidation", "Strict"), ("force", "true")],
                body: Array(try object.json().utf8), contentType: "application/apply-patch+yaml")
            _ = try mesh.client.send(call)
            created.append(path)
        }
        let program = try Program(
            ["reconcile", "--watch", "--as", "system:serviceaccount:sail-operator:sail"],
            kubeconfig: mesh.cluster.kubeconfig)
        for kind in ["ZTunnel", "IstioCNI", "Istio"] {
            let profile: Mapping = kind == "ZTunnel" ? [:] : ["profile": "ambient"]
            var spec: Mapping = ["version": .string(Mesh.new)]
            for (key, value) in profile { spec[key] = value }
            try resources.create(kind, .map(spec))
        }
        let all = ["Istio", "IstioCNI", "ZTunnel"]
        try resources.wait { try all.allSatisfy { try resources.state($0) == "Healthy" } }
        for kind in all.reversed() { _ = try mesh.client.send(.delete(resources.path(kind))) }
        try resources.wait { all.allSatisfy { (try? mesh.object(resources.path($0))) == nil } }
        program.signal(SIGTERM)
        let run = program.end()
        #expect(run.code == 0, "\(run.messages)")
        #expect(!run.messages.lowercased().contains("forbidden"), "\(run.messages)")
        #expect(!run.messages.contains("cannot be watched"), "\(run.messages)")
        #expect(!run.messages.contains("error: "), "\(run.messages)")
        #expect(
            try mesh.client.list("/api/v1/namespaces/default/events").items.contains {
                $0["source"]?["component"] == "sail"
            })
    }

    private static let collections = [
        "Namespace": "/api/v1/namespaces", "ServiceAccount": "/api/v1/namespaces/NS/serviceaccounts",
        "Service": "/api/v1/namespaces/NS/services", "Deployment": "/apis/apps/v1/namespaces/NS/deployments",
        "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles",
        "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings",
    ]

    private static func path(of object: Value) -> String? {
        guard let collection = collections[object["kind"]?.string ?? ""],
            let name = object[path: "metadata", "name"]?.string
        else { return nil }
        return collection.replacingOccurrences(
            of: "/NS/", with: "/\(object[path: "metadata", "namespace"]?.string ?? "")/")
            + "/" + name
    }
}
