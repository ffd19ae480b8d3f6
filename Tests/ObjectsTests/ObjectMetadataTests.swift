import Objects
import Testing
import Values

@Suite struct ObjectMetadataTests {
    private let pod: Value = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": [
            "name": "web", "namespace": "app", "uid": "u1", "resourceVersion": "7", "generation": 3,
            "creationTimestamp": "2026-11-26T00:00:00Z", "deletionTimestamp": "2026-11-26T01:00:00Z",
            "labels": ["app": "web"], "annotations": ["note": "x"], "finalizers": ["example.com/hold", 3],
            "ownerReferences": [["kind": "ReplicaSet", "name": "web-1", "uid": "u0"]],
            "managedFields": [["manager": "kubectl"]],
        ],
    ]

    @Test func everyFieldIsRead() {
        let metadata = pod.metadata
        #expect(metadata.name == "web")
        #expect(metadata.namespace == "app")
        #expect(metadata.title == "app/web")
        #expect(metadata.uid == "u1")
        #expect(metadata.resourceVersion == "7")
        #expect(metadata.generation == 3)
        #expect(metadata.creationTimestamp == "2026-11-26T00:00:00Z")
        #expect(metadata.deletionTimestamp == "2026-11-26T01:00:00Z")
        #expect(metadata.isBeingDeleted)
        #expect(metadata.label("app") == "web")
        #expect(metadata.annotation("note") == "x")
        #expect(metadata.labels == ["app": "web"])
        #expect(metadata.annotations == ["note": "x"])
        #expect(metadata.finalizers == ["example.com/hold"])
        #expect(metadata.managedFields.count == 1)
        #expect(metadata.isOwned(byUID: "u0"))
        #expect(!metadata.isOwned(byUID: "u1"))
        #expect(ObjectReference(of: pod)?.description == "Pod app/web")
    }

    @Test(arguments: [Value.null, "text", ["metadata": "text"], ["metadata": ["name": 3, "labels": "x"]], [:]])
    func whatIsNoMetadataIsEmpty(object: Value) {
        let metadata = object.metadata
        #expect(metadata.name.isEmpty && metadata.namespace.isEmpty && metadata.title.isEmpty)
        #expect(metadata.uid == nil && metadata.generation == nil && metadata.label("app") == nil)
        #expect(metadata.labels.isEmpty && metadata.finalizers.isEmpty && !metadata.isBeingDeleted)
        #expect(ObjectReference(of: object) == nil)
    }

    @Test func anItemOfAListIsNamedByTheList() {
        let item: Value = ["metadata": ["name": "istiod", "namespace": "istio-system"]]
        let reference = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", item: item)
        #expect(reference.description == "Deployment istio-system/istiod")
        #expect(reference.group == "apps" && reference.hasRollout)
        #expect(item.withKind("Deployment").kind == "Deployment")
        #expect(Value.string("x").withKind("Deployment") == "x")
    }

    /// The identity rule: two versions of a group name the same object, two groups do not.
    @Test func versionsOfAGroupNameTheSameObject() {
        let one = ObjectReference(apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler", name: "a")
        let two = ObjectReference(apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name: "a")
        #expect(one != two && one.withoutVersion == two.withoutVersion)
        #expect(one.withoutVersion != ObjectReference(apiVersion: "v1", kind: "HorizontalPodAutoscaler", name: "a"))
    }

    @Test func aManifestsObjectsAreNamed() {
        let manifest = """
            ---
            # a comment
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: plain
            ---
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "json", "namespace": "n"}}
            ---
            just: text
            ---
            broken: [
            """
        #expect(identified(manifest).map(\.identity.description) == ["ConfigMap plain", "Secret n/json"])
    }
}
