import Istio
import Objects
import Planning
import Testing
import Values

/// A plan is made again from its written inputs.
@Suite struct PlanInputsTests {
    private func configMap(_ name: String, _ text: String) -> Value {
        [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "namespace": "n"],
            "data": ["key": .string(text)],
        ]
    }

    private func inputs() -> PlanInputs {
        let release = ReleaseReference(name: "istiod", namespace: "n")
        let conflict = FieldConflict(
            manager: "kubectl", field: ".data.key", values: .init(live: "theirs", wanted: "ours"))
        let predictions: [(String, ObservedObject.Prediction)] = [
            ("changed", .object(configMap("changed", "new"))), ("conflicting", .conflict([conflict])),
            ("refused", .refused("denied by a webhook")), ("new", .unknown), ("settled", .settled),
            ("ending", .terminating(Termination(holders: ["finalizer example.com/hold"]))),
        ]
        var desired: [Desired] = []
        var snapshot = Snapshot()
        for (name, prediction) in predictions {
            let object = configMap(name, "new")
            let reference = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "n", name: name)
            desired.append(Desired(component: .istiod, identity: reference, object: object, release: release))
            snapshot.observations[reference] = ObservedObject(
                live: name == "new" ? nil : configMap(name, "old"), sent: object, prediction: prediction)
        }
        let old = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "n", name: "obsolete")
        snapshot.previous = [(.cni, old, configMap("obsolete", "old"))]
        snapshot.releases = [release]
        return PlanInputs(desired, snapshot)
    }

    @Test func theWrittenInputsMakeTheSamePlan() throws {
        let inputs = inputs()
        let text = try inputs.value.json()
        let plan = try #require(PlanInputs(Value(json: text))).plan
        #expect(plan.changes.map(\.action) == inputs.plan.changes.map(\.action))
        #expect(plan.changes.map(\.identity) == inputs.plan.changes.map(\.identity))
        #expect(
            plan.changes.map(\.action) == [
                .change,
                .conflict([
                    FieldConflict(manager: "kubectl", field: ".data.key", values: .init(live: "theirs", wanted: "ours"))
                ]),
                .refused("denied by a webhook"), .create, .unchanged,
                .terminating(Termination(holders: ["finalizer example.com/hold"])), .delete,
            ])
    }

    @Test func theDataOfSecretsIsNotWritten() throws {
        let reference = ObjectReference(apiVersion: "v1", kind: "Secret", namespace: "n", name: "s")
        let secret: Value = [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s", "namespace": "n"],
            "data": ["token": "c2VjcmV0"],
        ]
        let snapshot = Snapshot(
            observations: [reference: ObservedObject(live: secret, sent: secret, prediction: .object(secret))])
        let inputs = PlanInputs([Desired(component: .istiod, identity: reference, object: secret)], snapshot)
        #expect(!(try inputs.value.json()).contains("c2VjcmV0"))
    }

    @Test func aFileWithoutItsPartsIsNoInput() {
        for value: Value in [[:], ["desired": []], ["desired": [[:]], "observed": [], "previous": []]] {
            #expect(PlanInputs(value) == nil)
        }
    }
}
