import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// What kubectl and helm ask of a server beside the objects, on the sandbox and on a real one.
@Suite struct OpenAPITests {
    @Test(arguments: ClusterKind.available)
    func documentsNameTheKindsAndTheirFields(kind: ClusterKind) throws {
        let cluster = try TestCluster(kind)
        defer { withExtendedLifetime(cluster) {} }
        let client = try cluster.client()
        let index = try client.send(.get("/openapi/v3"))
        let path = try #require(index["paths"]?["apis/apps/v1"]?["serverRelativeURL"]?.string)
        #expect(path.hasPrefix("/openapi/v3/apis/apps/v1?hash="))
        let document = try client.send(.get("/openapi/v3/apis/apps/v1"))
        let schemas = try #require(document["components"]?["schemas"]?.map)
        let set = try #require(schemas.first { $0.key.hasSuffix(".DaemonSetSpec") }?.value)
        #expect(
            Set(set["properties"]?.map?.keys ?? []) == [
                "minReadySeconds", "revisionHistoryLimit", "selector", "template", "updateStrategy",
            ])
        #expect(set["required"] == ["selector", "template"])
        let patch = document["paths"]?["/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}"]?["patch"]
        #expect(patch?["parameters"]?.list?.contains { $0["name"] == "fieldValidation" } == true)
        #expect(patch?["x-kubernetes-group-version-kind"]?["kind"] == "DaemonSet" || kind == .live)
    }

    @Test(arguments: ClusterKind.available)
    func strictValidationNamesUnknownFields(kind: ClusterKind) throws {
        let scene = try Scene(kind, "strict")
        var object = scene.configMap(["a": "b"])
        object = .map(Mapping((object.map ?? Mapping()).sorted + [(key: "dada", value: ["a": "b"])]))
        let failure = scene.failure {
            var request = APIRequest.create(scene.path("configmaps"), object)
            request.query.append((name: "fieldValidation", value: "Strict"))
            return try scene.client.send(request)
        }
        #expect(failure?.code == 400)
        #expect(
            failure?.message
                == "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field "
                + "\"dada\"")
    }

    @Test(
        "The table of field types is what the script writes from the server's own documents",
        arguments: ClusterKind.available.filter { $0 == .live })
    func tableIsTheServers(kind: ClusterKind) throws {
        guard LiveCluster.path(of: "kubectl") != nil else { return }
        let cluster = try TestCluster(kind)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = Repository.root.appending(path: "scripts/kubernetes-types").path
        process.arguments = ["python3", script, "--check", cluster.kubeconfig]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
