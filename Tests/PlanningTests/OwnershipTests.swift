import Istio
import Objects
import Planning
import Testing
import Values

private let nothing = Value.map(Mapping())

/// An entry of managedFields.
private func entry(_ manager: String, _ operation: String, _ fields: Value, subresource: String? = nil) -> Value {
    var map: Mapping = [
        "manager": .string(manager), "operation": .string(operation), "apiVersion": "v1", "fieldsV1": fields,
    ]
    map["subresource"] = subresource.map(Value.string)
    return .map(map)
}

/// Whose a field is, and what is sent of it.
@Suite struct OwnershipTests {
    private static let policy: Value = ["f:webhooks": ["k:{\"name\":\"v\"}": ["f:failurePolicy": nothing]]]
    private static let other: Value = ["f:webhooks": ["k:{\"name\":\"v\"}": ["f:sideEffects": nothing]]]

    private func webhook(_ policy: String?, managers: [Value] = [], caBundle: String? = nil) -> Value {
        var webhook: Mapping = ["name": "v", "sideEffects": "None", "clientConfig": ["url": "u"]]
        webhook["failurePolicy"] = policy.map(Value.string)
        if let caBundle { webhook["clientConfig"] = ["url": "u", "caBundle": .string(caBundle)] }
        return [
            "kind": "ValidatingWebhookConfiguration", "metadata": ["managedFields": .list(managers)],
            "webhooks": [.map(webhook)],
        ]
    }

    /// Each row: what is wanted, what lives, who owns it, what is sent.
    @Test(arguments: [
        ("Ignore", "Fail", entry("helm", "Apply", policy), "Fail"),
        ("Ignore", "Fail", entry("sail", "Apply", policy), "Fail"),
        ("Ignore", "Fail", entry("sail-operator", "Update", policy), "Fail"),
        ("Ignore", "Fail", entry("helm", "Apply", other), nil),
        ("Ignore", "Fail", entry("pilot-discovery", "Update", policy), nil),
        ("Ignore", "Ignore", entry("helm", "Apply", policy), "Ignore"),
        (nil, "Ignore", entry("helm", "Apply", policy), "Ignore"),
        (nil, "Fail", entry("helm", "Apply", other), nil),
        ("Fail", "Ignore", entry("helm", "Apply", policy), "Fail"),
        ("Fail", "Ignore", entry("helm", "Apply", other), "Fail"),
        ("Fail", "Ignore", entry("kubectl-edit", "Update", policy), nil),
    ])
    func aFailurePolicyIsNeverLowered(wanted: String?, live: String, owner: Value, sends: String?) {
        let sent = sent(webhook(wanted), live: webhook(live, managers: [owner]))
        #expect(sent["webhooks"]?.list?.first?["failurePolicy"]?.string == sends)
    }

    @Test func aWebhookOfARecordStartsOpen() {
        #expect(sent(webhook(nil), live: nil)["webhooks"]?.list?.first?["failurePolicy"] == "Ignore")
        #expect(sent(webhook(nil, caBundle: "Q0E="), live: nil)["webhooks"]?.list?.first?["failurePolicy"] == nil)
        #expect(sent(webhook("Fail"), live: nil)["webhooks"]?.list?.first?["failurePolicy"] == "Fail")
    }

    private static let replicas: Value = ["f:spec": ["f:replicas": nothing]]

    private func deployment(_ replicas: Int?, managers: [Value] = []) -> Value {
        var spec: Mapping = ["paused": false]
        spec["replicas"] = replicas.map(Value.int)
        return ["kind": "Deployment", "metadata": ["managedFields": .list(managers)], "spec": .map(spec)]
    }

    /// Each row: what is wanted, the owner of the live 3, whether an autoscaler is at work, what is sent.
    @Test(arguments: [
        (nil, entry("helm", "Apply", replicas), true, 3),
        (nil, entry("kubectl-client-side-apply", "Update", replicas), true, 3),
        (nil, entry("kube-controller-manager", "Update", replicas, subresource: "scale"), true, nil),
        (2, entry("kube-controller-manager", "Update", replicas, subresource: "scale"), true, nil),
        (2, entry("kube-controller-manager", "Update", replicas, subresource: "scale"), false, 2),
        (2, entry("kubectl", "Update", replicas, subresource: "scale"), false, 2),
        (2, entry("helm", "Apply", replicas), false, 2),
    ])
    func replicasAreAnAutoscalersWhileThereIsOne(wanted: Int?, owner: Value, isAutoscaled: Bool, sends: Int?) {
        let sent = sent(deployment(wanted), live: deployment(3, managers: [owner]), isAutoscaled: isAutoscaled)
        #expect(sent["spec"]?["replicas"]?.int == sends)
    }

    @Test func aScalingThatIsOverIsTakenOverWithTheNumber() throws {
        let scale = entry("kubectl", "Update", OwnershipTests.replicas, subresource: "scale")
        let foreign = entry("keda", "Update", OwnershipTests.replicas, subresource: "scale")
        let live = deployment(5, managers: [entry("helm", "Apply", ["f:spec": ["f:paused": nothing]]), scale, foreign])
        let takeover = try #require(Takeover(live: live, sending: deployment(3), by: .helm))
        #expect(takeover.from == ["kubectl"])
        #expect(takeover.managedFields.list?.map { $0["manager"] } == ["keda", "helm"])
        #expect(Takeover(live: live, sending: deployment(nil), by: .helm) == nil)
    }

    @Test func aChangeOfReplicasIsAnEffect() {
        let identity = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "n", name: "istiod")
        let observation = ObservedObject(live: deployment(3), sent: deployment(1), prediction: .object(deployment(1)))
        let desired = Desired(component: .istiod, identity: identity, object: deployment(1), release: release)
        let change = plan([desired], Snapshot(observations: [identity: observation])).changes.first
        #expect(change.map { "\($0.impact)" } == "scales istiod from 3 to 1")
    }

    // MARK: - Managers

    @Test func whatAnEarlierSailAppliedBecomesHelms() throws {
        let old = entry("sail", "Apply", ["f:data": ["f:a": nothing, "f:gone": nothing]])
        let live: Value = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["managedFields": [old]]]
        let takeover = try #require(Takeover(live: live, sending: live, by: .helm))
        let entries = try #require(takeover.managedFields.list)
        #expect(entries.map { $0["manager"] } == ["helm"])
        #expect(entries.first?["operation"] == "Apply")
        #expect(entries.first?["fieldsV1"] == ["f:data": ["f:a": nothing, "f:gone": nothing]])
        #expect(Takeover(live: live, sending: live, by: .sail) == nil)
    }

    @Test(arguments: [
        ("kubectl", "Apply", true), ("istio-operator", "Apply", true), ("sail-operator", "Update", true),
        ("argocd-controller", "Apply", true), ("helm", "Update", true), ("helm", "Apply", false),
        ("kubectl-edit", "Update", false), ("pilot-discovery", "Update", false),
    ])
    func otherInstallersAreTakenOver(name: String, operation: String, isTaken: Bool) {
        let live: Value = [
            "kind": "ConfigMap", "metadata": ["managedFields": [entry(name, operation, ["f:data": ["f:a": nothing]])]],
        ]
        #expect((Takeover(live: live, sending: live, by: .helm) != nil) == isTaken)
    }

    /// `kubectl annotate` marks an object for a release; who owns more than the marks keeps the rest.
    @Test(arguments: [
        (["f:meta.helm.sh/release-namespace"], true), (["f:meta.helm.sh/release-namespace", "f:team"], false),
    ])
    func whoOwnsTheMarksOfAReleaseOnlyIsTakenOver(keys: [String], isTaken: Bool) {
        let annotations = Value.map(Mapping(keys.map { (key: $0, value: nothing) }))
        let marks = entry("kubectl-annotate", "Update", ["f:metadata": ["f:annotations": annotations]])
        let live: Value = ["kind": "ConfigMap", "metadata": ["managedFields": [marks]]]
        #expect((Takeover(live: live, sending: live, by: .helm) != nil) == isTaken)
    }

    // MARK: - Releases

    private let release = ReleaseReference(name: "istiod", namespace: "istio-system")

    private func map(_ release: ReleaseReference?, labels: Value = ["app": "istiod"]) -> Value {
        var metadata: Mapping = ["name": "istio", "labels": labels]
        if let release {
            metadata["annotations"] = [
                "meta.helm.sh/release-name": .string(release.name),
                "meta.helm.sh/release-namespace": .string(release.namespace),
            ]
        }
        return ["kind": "ConfigMap", "metadata": .map(metadata)]
    }

    @Test func whatIsNewSaysWhoseItIsAndWhatIsThereKeepsItsWay() {
        let labelled: Value = ["app": "istiod", "app.kubernetes.io/managed-by": "Helm"]
        #expect(sent(map(nil), live: nil, release: release) == map(release, labels: labelled))
        #expect(sent(map(nil), live: map(nil), release: release) == map(nil))
        let other = ReleaseReference(name: "extras", namespace: "default")
        #expect(sent(map(nil), live: map(other), release: release) == map(release, labels: labelled))
        let definition: Value = ["kind": "CustomResourceDefinition", "metadata": ["name": "x"]]
        #expect(sent(definition, live: nil, release: release) == definition)
    }

    @Test(arguments: [
        (ReleaseReference?.none, false, false),
        (ReleaseReference(name: "istiod", namespace: "istio-system"), false, false),
        (ReleaseReference(name: "default-base", namespace: "sail-operator"), false, false),
        (ReleaseReference(name: "extras", namespace: "default"), false, true),
        (ReleaseReference(name: "istiod", namespace: "default"), false, true),
        (ReleaseReference(name: "extras", namespace: "default"), true, false),
    ])
    func objectsOfAnotherReleaseAreRefused(owner: ReleaseReference?, takes: Bool, isRefused: Bool) {
        let identity = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "istio-system", name: "istio")
        let observation = ObservedObject(live: map(owner), sent: map(nil), prediction: .object(map(nil)))
        var snapshot = Snapshot(observations: [identity: observation])
        snapshot.releases = [release, ReleaseReference(name: "default-base", namespace: "sail-operator")]
        snapshot.takesOwnership = takes
        let desired = Desired(component: .istiod, identity: identity, object: map(nil), release: release)
        #expect(plan([desired], snapshot).foreign.isEmpty != isRefused)
    }

    // MARK: - Paths of conflicts

    private static let object: Value = [
        "metadata": ["labels": ["app.kubernetes.io/name": "z", "app": "a"], "finalizers": ["x/y", "z"]],
        "spec": [
            "ports": [["port": 80, "name": "http"], ["port": 443, "protocol": "TCP", "name": "https"]],
            "containers": [["name": "a\"].b", "resources": ["requests": ["cpu": "1"]]]],
        ],
    ]

    @Test(arguments: [
        (".metadata.labels.app.kubernetes.io/name", "\"z\""), (".metadata.labels.app", "\"a\""),
        (".metadata.finalizers[=\"z\"]", "\"z\""), (".spec.ports[port=80,protocol=\"TCP\"].name", "\"http\""),
        (".spec.ports[port=443,protocol=\"TCP\"].name", "\"https\""),
        (".spec.containers[name=\"a\\\"].b\"].resources.requests.cpu", "\"1\""), (".spec.absent.far", nil),
    ])
    func aConflictsPathLeadsToItsField(path: String, json: String?) throws {
        let path = try #require(FieldPath(path, guides: [OwnershipTests.object]))
        #expect(try path.value(in: OwnershipTests.object)?.json() == json)
        #expect(
            path.replacing(in: OwnershipTests.object, with: path.value(in: OwnershipTests.object))
                == OwnershipTests.object)
        guard json != nil else { return }
        let changed = path.replacing(in: OwnershipTests.object, with: nil)
        #expect(changed != OwnershipTests.object)
        #expect(path.value(in: changed) == nil)
    }

    @Test(arguments: ["", "x", "[", ".a[", ".a[=", ".a[b=]", ".a[b=\"]", "..", "."])
    func whatIsNoPathIsNone(path: String) {
        #expect((FieldPath(path, guides: []) == nil) == !path.isEmpty)
    }
}

/// What is left as it is although our chart would have it otherwise.
@Suite struct LeftAloneTests {
    private let identity = ObjectReference(
        apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "x.istio.io")

    private func definition(_ text: String, type: String = "string", labels: Value = ["app": "istio"]) -> Value {
        let property: Value = ["type": .string(type), "description": .string(text)]
        // A property may have that name too.
        let schema: Value = ["properties": ["host": property, "description": ["type": "string"]]]
        return [
            "kind": "CustomResourceDefinition", "metadata": ["name": "x.istio.io", "labels": labels],
            "spec": ["versions": [["name": "v1", "schema": ["openAPIV3Schema": schema]]]],
        ]
    }

    private func action(live: Value, _ prediction: ObservedObject.Prediction) -> Action? {
        let desired = Desired(
            component: .base, identity: identity, object: definition("ours"),
            release: ReleaseReference(name: "istio-base", namespace: "istio-system"))
        let observation = ObservedObject(live: live, sent: definition("ours"), prediction: prediction)
        return plan([desired], Snapshot(observations: [identity: observation])).changes.first?.action
    }

    @Test func aDefinitionThatDiffersInDescriptionsOnlyStays() {
        #expect(action(live: definition("theirs"), .object(definition("ours"))) == .unchanged)
        #expect(action(live: definition("theirs", type: "integer"), .object(definition("ours"))) == .change)
        var other = definition("ours").withoutDescriptions.map ?? Mapping()
        other["spec"] = [
            "versions": [["name": "v1", "schema": ["openAPIV3Schema": ["properties": Value.map(Mapping())]]]]
        ]
        #expect(action(live: .map(other), .object(definition("ours"))) == .change)
    }

    /// One of the same specification has nothing to keep: its owner and labels follow as those of any object.
    @Test func aDefinitionOfTheSameSpecificationIsTakenOver() {
        var live = definition("ours").map ?? Mapping()
        let fields: Value = ["f:spec": ["f:versions": nothing]]
        live["metadata"] = [
            "name": "x.istio.io", "labels": ["app": "istio"],
            "annotations": ["kubectl.kubernetes.io/last-applied-configuration": "{}"],
            "managedFields": [entry("kubectl-client-side-apply", "Update", fields)],
        ]
        #expect(action(live: .map(live), .object(.map(live))) == .takeOver)
        #expect(action(live: .map(live), .object(definition("ours"))) == .change)
    }

    @Test func aDefinitionOfTheLifecycleManagerStays() {
        let live = definition("theirs", type: "integer", labels: ["olm.managed": "true"])
        #expect(action(live: live, .object(definition("ours"))) == .unchanged)
        let conflict = FieldConflict(manager: "catalog", field: ".spec.versions")
        #expect(action(live: live, .conflict([conflict])) == .unchanged)
    }

    private func deployment(_ image: String, labels: Value, owner: String = "helm") -> Value {
        let owned: Value = [
            "f:spec": [
                "f:template": [
                    "f:metadata": [
                        "f:labels": [
                            "f:install.operator.istio.io/owning-resource": .map(Mapping()), "f:team": .map(Mapping()),
                        ]
                    ]
                ]
            ]
        ]
        return [
            "kind": "Deployment", "metadata": ["managedFields": [entry(owner, "Apply", owned)]],
            "spec": [
                "template": [
                    "metadata": ["labels": labels],
                    "spec": ["containers": [["name": "discovery", "image": .string(image)]]],
                ]
            ],
        ]
    }

    /// Istio's own charts label istiod's pods with what ours do not: not a reason to restart them.
    @Test(arguments: [("pilot:1", "helm", true), ("pilot:2", "helm", false), ("pilot:1", "somebody", false)])
    func aLabelOfAnInstallerStaysUntilTheVersionChanges(image: String, owner: String, stays: Bool) {
        let labels: Value = [
            "app": "istiod", "install.operator.istio.io/owning-resource": "unknown", "team": "mesh",
        ]
        let live = deployment("pilot:1", labels: labels, owner: owner)
        let sent = sent(deployment(image, labels: ["app": "istiod"]), live: live)
        let kept = sent["spec"]?["template"]?["metadata"]?["labels"]
        #expect((kept?["install.operator.istio.io/owning-resource"] == "unknown") == stays)
        #expect(kept?["team"] == nil)
        #expect(kept?["app"] == "istiod")
    }
}
