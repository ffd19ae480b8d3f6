import Kubernetes
import TestSupport
import Testing
import Values

/// Creates, patches and deletions, the same on the sandbox and on a real API server.
@Suite struct WritingTests {
    @Test(arguments: ClusterKind.available)
    func errorsAreWordedAsTheServerWordsThem(kind: ClusterKind) throws {
        let scene = try Scene(kind, "write-errors")
        let configMaps = scene.path("configmaps")
        _ = try scene.client.send(.create(configMaps, scene.configMap(["a": "1"])))
        let calls: [(APIRequest, Int, String)] = [
            (.get(configMaps + "/none"), 404, #"configmaps "none" not found"#),
            (.get(scene.path("daemonsets", "none")), 404, #"daemonsets.apps "none" not found"#),
            (.create(configMaps, scene.configMap([:])), 409, #"configmaps "c" already exists"#),
            (
                .create("/api/v1/namespaces/no-such/configmaps", scene.configMap([:])), 404,
                #"namespaces "no-such" not found"#
            ),
            (
                .update(configMaps + "/c", ["metadata": ["name": "c", "resourceVersion": "1"]]), 409,
                #"Operation cannot be fulfilled on configmaps "c": the object has been modified; "#
                    + "please apply your changes to the latest version and try again"
            ),
            (
                .jsonPatch(configMaps + "/c", [["op": "test", "path": "/data/a", "value": "2"]]), 422,
                "the server rejected our request due to an error in our request"
            ),
        ]
        for (call, code, message) in calls {
            let status = scene.failure { try scene.client.send(call) }
            #expect(status?.code == code)
            #expect(status?.message == message)
        }
        let status = scene.failure { try scene.client.send(.delete(configMaps + "/c", uid: "other")) }
        #expect(
            status?.message.contains("the UID in the precondition (other) does not match the UID in record") == true)
    }

    @Test(arguments: ClusterKind.available)
    func patchesThatChangeNothingWriteNothing(kind: ClusterKind) throws {
        let scene = try Scene(kind, "write-nothing")
        let path = scene.path("configmaps", "c")
        let made = try scene.client.send(.create(scene.path("configmaps"), scene.configMap(["a": "1"])))
        #expect(try scene.client.send(.mergePatch(path, ["data": ["a": "1"]])).version == made.version)
        #expect(
            try scene.client.send(.jsonPatch(path, [["op": "add", "path": "/data/a", "value": "1"]])).version
                == made.version)
    }

    @Test(arguments: ClusterKind.available)
    func aFinalizerHoldsAnObjectThatIsDeleted(kind: ClusterKind) throws {
        let scene = try Scene(kind, "write-finalizer")
        let path = scene.path("configmaps", "c")
        let object: Value = ["metadata": ["name": "c", "finalizers": ["example.com/hold"]]]
        _ = try scene.client.send(.create(scene.path("configmaps"), object))
        #expect(try scene.client.send(.delete(path))["metadata"]?["deletionTimestamp"] != nil)
        _ = try scene.client.send(.mergePatch(path, ["metadata": ["finalizers": .null]]))
        #expect(scene.failure { try scene.client.send(.get(path)) }?.code == 404)
    }

    @Test(arguments: ClusterKind.available)
    func aDefinitionIsServedOnceEstablished(kind: ClusterKind) throws {
        let scene = try Scene(kind, "write-crd")
        let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        let schema: Value = [
            "type": "object",
            "properties": ["spec": ["type": "object", "properties": ["a": ["type": "string", "default": "q"]]]],
        ]
        let definition: Value = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "tests.write.example.com"],
            "spec": [
                "group": "write.example.com", "scope": "Namespaced", "names": ["plural": "tests", "kind": "Test"],
                "versions": [["name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema]]],
            ],
        ]
        _ = try scene.client.send(.create(definitions, definition))
        let path = definitions + "/tests.write.example.com"
        #expect(
            try scene.eventually(path) { object in
                (object["status"]?["conditions"]?.list ?? []).contains {
                    $0["type"] == "Established" && $0["status"] == "True"
                }
            })
        let own = "/apis/write.example.com/v1/namespaces/\(scene.namespace)/tests/t"
        let object: Value = [
            "apiVersion": "write.example.com/v1", "kind": "Test", "metadata": ["name": "t"],
            "spec": .map(Mapping()),
        ]
        for _ in 0..<50 where (try? scene.client.send(.apply(own, object, manager: "one"))) == nil {
            wait(milliseconds: 100)
        }
        #expect(try scene.client.send(.get(own))["spec"] == ["a": "q"])
        _ = try scene.client.send(.delete(path))
        var isGone = false
        for _ in 0..<100 where !isGone {
            isGone = scene.failure { try scene.client.send(.get(path)) }?.code == 404
            wait(milliseconds: 50)
        }
        #expect(isGone)
    }

    @Test(arguments: ClusterKind.available)
    func aDaemonSetBringsAPodToEachNodeAndRollsThem(kind: ClusterKind) throws {
        let scene = try Scene(kind, "write-daemons")
        let path = scene.path("daemonsets", "w")
        _ = try scene.apply(scene.workload("DaemonSet", "good:1"), by: "one")
        #expect(try scene.eventually(path) { $0["status"]?["numberAvailable"] == 3 })
        scene.cluster.breakImages("broken-daemon")
        _ = try scene.apply(scene.workload("DaemonSet", "broken-daemon:1"), by: "one")
        #expect(
            try scene.eventually(path) {
                $0["status"]?["updatedNumberScheduled"] == 1 && $0["status"]?["numberAvailable"] == 2
            })
        scene.cluster.breakImages(nil)
        _ = try scene.apply(scene.workload("DaemonSet", "good:2"), by: "one")
        #expect(
            try scene.eventually(path) {
                $0["status"]?["updatedNumberScheduled"] == 3 && $0["status"]?["numberAvailable"] == 3
            })
        _ = try scene.client.send(.delete(path, propagation: "Foreground"))
        #expect(try scene.eventually(scene.path("pods")) { $0["items"]?.list?.isEmpty == true })
    }

    @Test(arguments: ClusterKind.available)
    func aDeploymentIsAvailableWhenItsPodsAre(kind: ClusterKind) throws {
        let scene = try Scene(kind, "write-deployment")
        _ = try scene.apply(scene.workload("Deployment", "good:1"), by: "one")
        #expect(try scene.eventually(scene.path("deployments", "w")) { $0["status"]?["availableReplicas"] == 1 })
    }
}
