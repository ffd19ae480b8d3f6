import Istio
import Objects
import Planning
import Testing
import Values

@Suite struct PlanTests {
    private let identity = ObjectReference(apiVersion: "apps/v1", kind: "DaemonSet", namespace: "n", name: "ztunnel")

    private func daemonSet(_ image: String, version: String, managers: Value = []) -> Value {
        [
            "apiVersion": "apps/v1", "kind": "DaemonSet",
            "metadata": [
                "name": "ztunnel", "namespace": "n", "resourceVersion": .string(version),
                "annotations": ["deprecated.daemonset.template.generation": .string(version)],
                "managedFields": managers,
            ],
            "spec": ["template": ["spec": ["containers": [["name": "istio-proxy", "image": .string(image)]]]]],
            "status": ["desiredNumberScheduled": 3],
        ]
    }

    private func change(live: Value?, _ prediction: ObservedObject.Prediction) -> Change? {
        let object = daemonSet("b", version: "0")
        let snapshot = Snapshot(
            observations: [identity: ObservedObject(live: live, sent: object, prediction: prediction)])
        let release = ReleaseReference(name: "ztunnel", namespace: "n")
        return plan(
            [Desired(component: .ztunnel, identity: identity, object: object, release: release)], snapshot
        ).changes.first
    }

    @Test func whatOnlyTheServerCountsIsNoChange() {
        let change = change(live: daemonSet("a", version: "1"), .object(daemonSet("a", version: "2")))
        #expect(change?.action == .unchanged)
    }

    @Test func aNewImageRollsEveryNode() {
        let change = change(live: daemonSet("a", version: "1"), .object(daemonSet("b", version: "2")))
        #expect(change?.action == .change)
        #expect(change?.impact == .rollsZtunnel(nodes: 3))
    }

    @Test func anEarlierInstallersObjectIsTakenOver() {
        let helm: Value = [
            [
                "manager": "helm", "operation": "Update", "apiVersion": "apps/v1",
                "fieldsV1": ["f:spec": ["f:template": Value.map(Mapping())]],
            ]
        ]
        let change = change(
            live: daemonSet("a", version: "1", managers: helm), .object(daemonSet("a", version: "2")))
        #expect(change?.action == .takeOver)
        #expect(change?.takeover?.from == ["helm"])
    }

    @Test func aConflictIsNoChange() {
        let conflict = FieldConflict(manager: "kubectl-edit", field: ".spec.x")
        let change = change(live: daemonSet("a", version: "1"), .conflict([conflict]))
        #expect(change?.action == .conflict([conflict]))
    }

    @Test func whatIsNoLongerWantedGoesButNeverACustomResourceDefinition() {
        let gone = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "n", name: "old")
        let definition = ObjectReference(
            apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "x.istio.io")
        let snapshot = Snapshot(previous: [
            (component: .istiod, identity: gone, live: ["kind": "ConfigMap"]),
            (component: .base, identity: definition, live: ["kind": "CustomResourceDefinition"]),
        ])
        #expect(plan([], snapshot).changes.map(\.identity) == [gone])
    }

    @Test func fieldsThatIstiodTookOverAreNotSentAgain() {
        let desired: Value = [
            "kind": "ValidatingWebhookConfiguration",
            "webhooks": [["name": "rev.validation.istio.io", "failurePolicy": "Ignore", "sideEffects": "None"]],
        ]
        let live: Value = [
            "webhooks": [["name": "rev.validation.istio.io", "failurePolicy": "Fail"]],
            "metadata": [
                "managedFields": [
                    [
                        "manager": "pilot-discovery", "operation": "Update",
                        "fieldsV1": [
                            "f:webhooks": [
                                "k:{\"name\":\"rev.validation.istio.io\"}": [
                                    "f:failurePolicy": Value.map(Mapping())
                                ]
                            ]
                        ],
                    ]
                ]
            ],
        ]
        #expect(sent(desired, live: live)["webhooks"]?.list?.first?["failurePolicy"] == nil)
        #expect(sent(desired, live: live)["webhooks"]?.list?.first?["sideEffects"] == "None")
        #expect(sent(desired, live: nil) == desired)
    }

    @Test func secretsAreMasked() {
        let secret: Value = ["kind": "Secret", "data": ["token": "c2VjcmV0"]]
        #expect(masked(secret)["data"]?["token"] == "***")
    }

    @Test(arguments: [
        (["a", "b", "c"], ["a", "b", "c"], [DiffLine]()),
        (["a", "b", "c"], ["a", "x", "c"], [.same("a"), .removed("b"), .added("x"), .same("c")]),
        ([], ["a"], [.added("a")]),
        (
            ["1", "2", "3", "4", "5", "6"], ["1", "2", "3", "4", "5"],
            [.skipped(2), .same("3"), .same("4"), .same("5"), .removed("6")]
        ),
    ])
    func lineDiffShowsTheShortestEdit(old: [String], new: [String], lines: [DiffLine]) {
        #expect(lineDiff(old, new) == lines)
    }
}
