import Kubernetes
import TestSupport
import Testing
import Values

/// Server-side apply, the same on the sandbox and on a real API server.
@Suite struct ApplyTests {
    @Test(arguments: ClusterKind.available)
    func anApplierOwnsWhatItSends(kind: ClusterKind) throws {
        let scene = try Scene(kind, "apply-owns")
        let made = try scene.apply(scene.configMap(["a": "1"], ["l": "x"]), by: "one")
        #expect(made.owners == [#"one {"f:data":{"f:a":{}},"f:metadata":{"f:labels":{"f:l":{}}}}"#])
    }

    @Test(arguments: ClusterKind.available)
    func theSameAgainWritesNothing(kind: ClusterKind) throws {
        let scene = try Scene(kind, "apply-again")
        let first = try scene.apply(scene.configMap(["a": "1"]), by: "one")
        #expect(try scene.apply(scene.configMap(["a": "1"]), by: "one").version == first.version)
        let dry = try scene.apply(scene.configMap(["a": "2"]), by: "one", isDryRun: true)
        #expect(dry["data"] == ["a": "2"])
        #expect(try scene.client.send(.get(scene.path("configmaps", "c"))) == first)
    }

    @Test(arguments: ClusterKind.available)
    func fieldsNoLongerSentGoUnlessAnotherOwnsThem(kind: ClusterKind) throws {
        let scene = try Scene(kind, "apply-removes")
        _ = try scene.apply(scene.configMap(["a": "1", "b": "2", "c": "3"]), by: "one")
        _ = try scene.apply(scene.configMap(["b": "2"]), by: "two")
        let rest = try scene.apply(scene.configMap(["c": "3"]), by: "one")
        #expect(rest["data"] == ["b": "2", "c": "3"])
        #expect(rest.owners == [#"one {"f:data":{"f:c":{}}}"#, #"two {"f:data":{"f:b":{}}}"#])
    }

    @Test(arguments: ClusterKind.available)
    func aForeignValueIsAConflictUntilForced(kind: ClusterKind) throws {
        let scene = try Scene(kind, "apply-conflict")
        _ = try scene.apply(scene.configMap(["a": "1"]), by: "one")
        let conflict = scene.failure { try scene.apply(scene.configMap(["a": "2"]), by: "two") }
        #expect(conflict?.code == 409)
        #expect(conflict?.message == #"Apply failed with 1 conflict: conflict with "one": .data.a"#)
        #expect(conflict?.causes.map(\.field) == [".data.a"])
        #expect(conflict?.causes.map(\.reason) == ["FieldManagerConflict"])
        #expect(conflict?.causes.map(\.message) == [#"conflict with "one""#])
        let forced = try scene.apply(scene.configMap(["a": "2"]), by: "two", force: true)
        #expect(forced["data"] == ["a": "2"])
        #expect(forced.owners == [#"two {"f:data":{"f:a":{}}}"#])
    }

    @Test(arguments: ClusterKind.available)
    func conflictsWithUpdatersNameTheirVersion(kind: ClusterKind) throws {
        let scene = try Scene(kind, "apply-updater")
        _ = try scene.apply(scene.workload("Deployment", "i:1"), by: "one")
        let edit: Value = ["spec": ["replicas": 2, "template": ["metadata": ["labels": ["x": "y"]]]]]
        _ = try scene.client.send(.mergePatch(scene.path("deployments", "w"), edit, manager: "ed"))
        let wanted: Value = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "w"],
            "spec": ["replicas": 3, "template": ["metadata": ["labels": ["x": "z"]]]],
        ]
        let conflict = scene.failure { try scene.apply(wanted, by: "two") }
        #expect(
            conflict?.message
                == "Apply failed with 2 conflicts: conflicts with \"ed\" using apps/v1: "
                + "- .spec.replicas - .spec.template.metadata.labels.x")
    }

    @Test(arguments: ClusterKind.available)
    func itemsOfKeyedListsAreOwnedOneByOne(kind: ClusterKind) throws {
        let scene = try Scene(kind, "apply-lists")
        let service: (Value) -> Value = { ports in
            ["apiVersion": "v1", "kind": "Service", "metadata": ["name": "s"], "spec": ["ports": ports]]
        }
        _ = try scene.apply(service([["port": 80, "name": "a"]]), by: "one")
        let both = try scene.apply(service([["port": 81, "name": "b"]]), by: "two")
        #expect(both["spec"]?["ports"]?.list?.map { $0["port"] } == [80, 81])
        #expect(
            both.owners == [
                #"one {"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":"#
                    + #"{".":{},"f:name":{},"f:port":{}}}}}"#,
                #"two {"f:spec":{"f:ports":{"k:{\"port\":81,\"protocol\":\"TCP\"}":"#
                    + #"{".":{},"f:name":{},"f:port":{}}}}}"#,
            ])
    }

    @Test(arguments: ClusterKind.available)
    func managedFieldsCanBeGivenOrWiped(kind: ClusterKind) throws {
        let scene = try Scene(kind, "apply-given")
        let path = scene.path("configmaps", "c")
        _ = try scene.apply(scene.configMap(["a": "1"]), by: "one")
        let entry: Value = [
            "manager": "sail", "operation": "Apply", "apiVersion": "v1", "time": "2026-01-01T00:00:00Z",
            "fieldsType": "FieldsV1", "fieldsV1": ["f:data": ["f:a": .map(Mapping())]],
        ]
        let given = try scene.client.send(
            .jsonPatch(path, [["op": "replace", "path": "/metadata/managedFields", "value": [entry]]]))
        #expect(given.owners == [#"sail {"f:data":{"f:a":{}}}"#])
        let wiped = try scene.client.send(.mergePatch(path, ["metadata": ["managedFields": [.map(Mapping())]]]))
        #expect(wiped["metadata"]?["managedFields"] == nil)
        let conflict = scene.failure { try scene.apply(scene.configMap(["a": "2"]), by: "two") }
        #expect(
            conflict?.message
                == #"Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a"#)
    }
}
