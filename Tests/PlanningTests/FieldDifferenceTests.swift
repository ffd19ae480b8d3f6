import Istio
import Objects
import Planning
import Testing
import Values
import YAML

@Suite struct FieldDifferenceTests {
    private func value(_ yaml: String) throws -> Value { try Value(yaml: Array(yaml.utf8), numbers: .native) }

    private func places(_ old: String, _ new: String) throws -> [String] {
        fieldDifferences(try value(old), try value(new)).map(\.place)
    }

    @Test func elementsAreToldApartByTheirNames() throws {
        let old = "{spec: {containers: [{name: a, image: x:1}, {name: b, image: y:1}]}}"
        let new = "{spec: {containers: [{name: b, image: y:1}, {name: a, image: x:2}]}}"
        #expect(try places(old, new) == ["spec.containers[a].image"])
        #expect(try places(old, "{spec: {containers: [{name: b, image: y:1}]}}") == ["spec.containers[a]"])
    }

    @Test func anotherOrderIsADifference() throws {
        let found = fieldDifferences(
            try value("{env: [{name: a}, {name: b}]}"), try value("{env: [{name: b}, {name: a}]}"))
        #expect(found == [FieldDifference(path: [.key("env")], old: ["a", "b"], new: ["b", "a"])])
    }

    @Test func elementsWithoutNamesAreLaidSideBySide() throws {
        let old = "{rules: [{verbs: [get], r: [a]}, {verbs: [get], r: [b]}]}"
        #expect(
            try places(old, "{rules: [{verbs: [get], r: [a]}, {verbs: [get, list], r: [b]}]}") == ["rules[1].verbs"])
        #expect(try places(old, "{rules: [{verbs: [get], r: [b]}]}") == ["rules[0]"])
        #expect(try places(old, "{rules: [{verbs: [get], r: [a]}, {x: y}, {verbs: [get], r: [b]}]}") == ["rules[1]"])
    }

    @Test(arguments: [
        ("{a: [1]}", "{a: {b: 1}}", ["a"]), ("{a: '1'}", "{a: 1}", ["a"]), ("{a: null}", "{}", ["a"]),
        ("{'x/y.z': 1}", "{'x/y.z': 2}", ["[x/y.z]"]), ("{a: []}", "{a: [{name: b}]}", ["a[b]"]),
        ("{metadata: {}}", "{metadata: {labels: {a: b, c: d}}}", ["metadata.labels.a", "metadata.labels.c"]),
        ("[]", "{}", [""]), ("{a: [{name: b}, {name: b}]}", "{a: [{name: b}]}", ["a[1]"]),
    ])
    func everyShapeIsCompared(_ old: String, _ new: String, _ expected: [String]) throws {
        #expect(try places(old, new) == expected)
    }

    @Test(arguments: [
        ("app.kubernetes.io/version", "1.29.6", "1.30.3", true), ("helm.sh/chart", "base-1.29.6", "base-1.30.3", true),
        ("operator.istio.io/version", "1.29.6", "1.30.3", true), ("istio.io/rev", "1.29.6", "1.30.3", false),
        ("example.istio.io/note", "1.29.6", "1.30.3", true), ("example.istio.io/note", "a", "b", false),
        ("app", "1.29.6", "1.30.3", false), ("app.kubernetes.io/name", "a", "b", false),
    ])
    func labelsOfVersionsAreKnown(_ key: String, _ old: String, _ new: String, _ isVersion: Bool) {
        for place in [["metadata"], ["spec", "template", "metadata"]] {
            for kind in ["labels", "annotations"] {
                let path = (place + [kind, key]).map(FieldDifference.Step.key)
                let difference = FieldDifference(path: path, old: .string(old), new: .string(new))
                #expect(difference.isVersionLabel == isVersion, "\(difference.place)")
            }
        }
        let selector = ["spec", "selector", "matchLabels", key].map(FieldDifference.Step.key)
        #expect(!FieldDifference(path: selector, old: .string(old), new: .string(new)).isVersionLabel)
    }
}

@Suite struct PlanDigestTests {
    private func change(_ name: String, _ old: Value, _ new: Value, _ impact: Impact = .none, kind: String = "Role")
        -> Change
    {
        let identity = ObjectReference(apiVersion: "v1", kind: kind, namespace: "n", name: name)
        return Change(
            component: .istiod, identity: identity, action: .change, live: old, predicted: new, impact: impact)
    }

    private func labelled(_ version: String, _ more: Value = .null) -> Value {
        ["metadata": ["labels": ["app.kubernetes.io/version": .string(version)]], "data": more]
    }

    @Test func objectsThatDifferInVersionLabelsAloneStandApart() {
        let digest = PlanDigest(
            Plan([
                change("a", labelled("1.29.6"), labelled("1.30.3")),
                change("b", labelled("1.29.6", "x"), labelled("1.30.3", "y")),
                change("c", labelled("1.29.6"), labelled("1.30.3"), .restartsControlPlane),
                change("d", labelled("1.28.1"), labelled("1.30.3")),
            ]))
        #expect(digest.rows(.content).map(\.change.identity.name) == ["c", "b"])
        #expect(digest.rows(.relabelled).map(\.change.identity.name) == ["a", "d"])
        #expect(
            digest.versionLabels.map(\.description) == [
                "version labels 1.29.6 → 1.30.3 on 3 objects", "version labels 1.28.1 → 1.30.3 on 1 object",
            ])
        #expect(digest.summary == "2 of 4 objects, 2 relabelled")
        #expect(digest.rows(.content)[1].contents.map(\.place) == ["data"])
    }

    @Test func anObjectThatOnlyChangesItsOwnerIsTakenOver() {
        let old: Value = ["metadata": ["annotations": ["kubectl.kubernetes.io/last-applied-configuration": "{…}"]]]
        let new: Value = [
            "metadata": [
                "annotations": [
                    "kubectl.kubernetes.io/last-applied-configuration": "{…}", "meta.helm.sh/release-name": "istiod",
                    "meta.helm.sh/release-namespace": "n",
                ], "labels": ["app.kubernetes.io/managed-by": "Helm"],
            ]
        ]
        let digest = PlanDigest(Plan([change("a", old, new)]))
        #expect(digest.count(.takenOver) == 1)
        #expect(digest.summary == "0 of 1 object, 1 taken over")
        let places = digest.rows[0].differences.map(\.place)
        #expect(!places.contains { $0.contains("last-applied") })
        #expect(readable(old)["metadata"]?["annotations"] == nil)
        let copied = PlanDigest(Plan([change("a", old, ["metadata": [:]])]))
        #expect(copied.count(.takenOver) == 1)
        #expect(copied.rows[0].differences == [])
    }

    @Test func nothingOfASecretIsShown() {
        let digest = PlanDigest(
            Plan([change("s", ["data": ["a": "c2VjcmV0"]], ["data": ["a": "b3RoZXI="]], kind: "Secret")]))
        #expect(
            digest.rows[0].contents == [
                FieldDifference(path: [.key("data"), .key("a")], old: "*** (before)", new: "*** (after)")
            ])
    }

    @Test(arguments: [
        (Impact.rollsZtunnel(nodes: 3), RolloutMode.rolling, "ztunnel rolls on 3 nodes: long TCP connections reset"),
        (.rollsNodeAgent(nodes: 1), .rolling, "CNI agent rolls on 1 node: new pods wait"),
        (.restartsControlPlane, .rolling, "istiod restarts"),
        (.awaitsDeletion(nodes: 4), .onDelete, "z changes on 4 nodes when its pods are deleted (OnDelete)"),
        (
            .scales(workload: "istiod", from: 1, to: 2, restarting: true), .rolling, "z restarts and scales from 1 to 2"
        ),
    ])
    func effectsAreSummedUp(_ impact: Impact, _ rollout: RolloutMode, _ text: String) {
        #expect(change("z", .null, .null, impact).impactSummary(rollout)?.text == text)
        #expect(change("z", .null, .null).impactSummary(rollout) == nil)
    }
}
