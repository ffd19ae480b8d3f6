import Istio
import Objects
import Planning
import Preflight
import Testing
import Values

private let istiod = Desired(
    component: .istiod,
    identity: ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "mesh", name: "istiod"),
    object: [
        "kind": "Deployment", "metadata": ["labels": ["app": "istiod"]],
        "spec": [
            "template": [
                "spec": ["containers": [["env": [["name": "PILOT_ENABLE_AMBIENT", "value": "true"]]]]]
            ]
        ],
    ])

private func configuration(_ changes: Mapping, rule: Mapping = [:]) -> Value {
    var rules: Mapping = ["apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"], "operations": ["CREATE"]]
    for (key, value) in rule { rules[key] = value }
    var hook: Mapping = [
        "name": "check.example.com", "failurePolicy": "Fail",
        "clientConfig": ["service": ["name": "policy", "namespace": "ops"]], "rules": [.map(rules)],
    ]
    for (key, value) in changes { hook[key] = value }
    return [
        "kind": "ValidatingWebhookConfiguration", "metadata": ["name": "engine"], "webhooks": [.map(hook)],
    ]
}

private func severities(_ webhook: Value, isRemoval: Bool = false, isDead: Bool = true) -> [Finding.Severity] {
    var facts = ClusterFacts()
    facts.webhooks = [webhook]
    if isDead { facts.deadServices = ["ops/policy": "Service ops/policy does not exist"] }
    let mesh = DesiredMesh(desired: [istiod], isRemoval: isRemoval)
    return preflight(mesh, facts, for: isRemoval ? .uninstall : .upgrade, about: .webhooks).filter {
        $0.check == "webhook"
    }
    .map(\.severity)
}

@Suite struct WebhookTests {
    @Test func aDeadWebhookIsNamedWithTheRemedy() {
        var facts = ClusterFacts()
        facts.webhooks = [configuration([:])]
        facts.deadServices = ["ops/policy": "Service ops/policy does not exist"]
        let found = preflight(DesiredMesh(desired: [istiod]), facts, for: .install)
        #expect(
            found.map(\.message) == [
                "ValidatingWebhookConfiguration engine: webhook check.example.com refuses what it cannot check, and Service "
                    + "ops/policy does not exist"
            ])
        #expect(
            found.map(\.remedy) == [
                "restore ops/policy, or remove the webhook: kubectl delete validatingwebhookconfiguration engine"
            ])
    }

    @Test(
        "It blocks what it is asked about, by rules and selectors",
        arguments: [
            (configuration([:]), [.blocking]), (configuration(["failurePolicy": "Ignore"]), []),
            (configuration([:], rule: ["operations": ["DELETE"]]), []),
            (configuration([:], rule: ["operations": ["*"], "resources": ["pods"], "apiGroups": [""]]), [.blocking]),
            (configuration([:], rule: ["resources": ["deployments/*"], "apiGroups": ["apps"]]), [.blocking]),
            (configuration([:], rule: ["resources": ["ingresses"], "apiGroups": ["networking.k8s.io"]]), []),
            (configuration([:], rule: ["scope": "Cluster"]), []),
            (
                configuration(["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "mesh"]]]),
                [.blocking]
            ),
            (
                configuration([
                    "namespaceSelector": [
                        "matchExpressions": [
                            ["key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["mesh"]]
                        ]
                    ]
                ]), []
            ),
            (configuration(["matchConditions": [["name": "a", "expression": "true"]]]), [.warning]),
            (configuration(["clientConfig": ["url": "https://ops.example.com/"]]), []),
        ] as [(Value, [Finding.Severity])])
    func matching(webhook: Value, expected: [Finding.Severity]) {
        #expect(severities(webhook) == expected)
        #expect(severities(webhook, isDead: false) == [])
    }

    @Test func deletionsAreWritesToo() {
        #expect(severities(configuration([:], rule: ["operations": ["DELETE"]]), isRemoval: true) == [.blocking])
        #expect(severities(configuration([:]), isRemoval: true) == [])
    }

    @Test func theFailureOfAWriteNamesItsWebhook() {
        let message =
            "Internal error occurred: failed calling webhook \"check.example.com\": failed to call webhook: Post …"
        let found = webhookFinding(for: message, among: [configuration([:])])
        #expect(found?.message.contains("ValidatingWebhookConfiguration engine: webhook check.example.com") == true)
        #expect(webhookFinding(for: message, among: []) == nil)
        #expect(failedWebhook(in: "failed calling webhook \"unended") == nil)
        #expect(failedWebhook(in: "admission webhook \"x\" denied the request") == nil)
    }

    @Test func whatCannotBeReadIsAFindingAndTheOtherChecksGoOn() {
        var facts = ClusterFacts()
        facts.version = "1.20"
        facts.unreadable = [.webhooks: "forbidden", .workloads: "the server is down"]
        let mesh = DesiredMesh(minor: "1.30", kubernetes: ("1.32", "1.36"), desired: [istiod])
        #expect(
            preflight(mesh, facts).map { "\($0.severity.rawValue) \($0.check)" } == [
                "blocking kubernetes version", "warning unchecked", "warning unchecked",
            ])
        #expect(
            preflight(mesh, facts).map(\.message).last
                == "webhook configurations could not be read (forbidden); not checked: webhook, leftovers")
        // A run does not go on without knowing what runs.
        #expect(
            preflight(DesiredMesh(desired: [istiod]), facts, for: .upgrade).map {
                "\($0.severity.rawValue) \($0.check)"
            } == [
                "blocking unchecked"
            ])
    }
}
