import Istio
import Objects
import Planning
import Preflight
import Testing
import Values

/// What the plan itself shows to be in the way.
@Suite struct PlanCheckTests {
    private func facts(_ actions: [(name: String, action: Action)]) -> ClusterFacts {
        var facts = ClusterFacts()
        facts.plan = Plan(
            actions.map { name, action in
                Change(
                    component: .istiod,
                    identity: ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "m", name: name),
                    action: action)
            })
        return facts
    }

    private func found(_ actions: [(name: String, action: Action)], _ kind: RunKind) -> [Finding] {
        preflight(DesiredMesh(), facts(actions), for: kind, about: .plan).folded
    }

    @Test(arguments: [RunKind.install, .upgrade, .adopt, .rollback])
    func objectsOfOtherReleasesBlock(_ kind: RunKind) {
        let owner = ReleaseReference(name: "other", namespace: "x")
        let findings = found([("a", .owned(by: owner)), ("b", .create)], kind)
        #expect(findings.map(\.check) == ["ownership"])
        #expect(
            findings[0].message
                == "ConfigMap m/a: belongs to release other in namespace x, by its annotations")
        #expect(findings[0].remedy.hasSuffix("--take-ownership"))
        #expect(found([("a", .owned(by: owner))], .uninstall) == [])
    }

    @Test func conflictsShowBothValuesAndTheWayOut() {
        let fields = (0..<10).map { FieldConflict(manager: $0 == 0 ? "kubectl" : "argo", field: ".data.\($0)") }
        #expect(
            found([("a", .conflict(fields))], .install)[0].message.hasSuffix(
                ".data.7 is managed by \"argo\"; and 2 more fields, which sail diff lists"))
        let long = String(repeating: "x", count: 60)
        let values = FieldConflict.Values(live: .string(long + "a"), wanted: .string(long + "b"))
        let conflict = FieldConflict(manager: "kubectl", field: ".data.a", values: values)
        let finding = found([("a", .conflict([conflict]))], .upgrade)[0]
        #expect(finding.message.contains("xa\" there, …"))
        #expect(finding.message.hasSuffix("xb\" wanted"))
        #expect(finding.remedy.hasPrefix("to leave a field to its owner, give the value that is there"))
        #expect(
            found([("a", .conflict([fields[0]]))], .install).map(\.message)
                == ["ConfigMap m/a: .data.0 is managed by \"kubectl\""])
    }

    @Test func rolesThatGrantTooMuchShareAFinding() {
        let message = "x is forbidden: user \"d\" is attempting to grant RBAC permissions not currently held: y"
        let findings = found([("a", .refused(message)), ("b", .refused(message)), ("c", .refused("no"))], .install)
        #expect(findings.count == 2)
        #expect(findings[0].message == "ConfigMap m/c: no")
        #expect(findings[1].message.hasSuffix("as these do: ConfigMap m/a, ConfigMap m/b"))
        #expect(findings[1].remedy.contains("escalate and bind"))
    }

    @Test func aWebhookThatDoesNotAnswerIsNamedOnce() {
        let message = "failed calling webhook \"check.example.com\": no answer"
        var facts = facts([("a", .refused(message)), ("b", .refused(message))])
        facts.webhooks = [
            [
                "kind": "ValidatingWebhookConfiguration", "metadata": ["name": "w"],
                "webhooks": [
                    [
                        "name": "check.example.com",
                        "clientConfig": ["service": ["name": "s", "namespace": "n"]],
                    ]
                ],
            ]
        ]
        let findings = preflight(DesiredMesh(), facts, for: .install, about: .plan).folded
        #expect(findings.map(\.check) == ["webhook"])
        #expect(findings[0].remedy.contains("kubectl delete validatingwebhookconfiguration w"))
    }

    @Test func aPlanThatIsNotMadeYetIsNotJudged() {
        var facts = ClusterFacts()
        facts.pending = preflightNeeds(.install)
        #expect(preflight(DesiredMesh(), facts, for: .install, about: .plan) == [])
        facts.pending = []
        facts.unreadable[.plan] = "no"
        let unchecked = preflight(DesiredMesh(), facts).filter { $0.check == "unchecked" }
        #expect(
            unchecked.map(\.message).contains { $0.hasSuffix("not checked: ownership, conflict, admission, deletion") })
    }
}
