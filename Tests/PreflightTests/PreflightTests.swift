import Istio
import Objects
import Planning
import Preflight
import Testing
import Values

/// What one fact about a cluster leads to: the finding's severity and check, or nothing.
private struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var mesh: DesiredMesh
    var facts: ClusterFacts
    var expected: [String]

    init(_ title: String, _ expected: [String], _ change: (inout DesiredMesh, inout ClusterFacts) -> Void) {
        testDescription = title
        var mesh = DesiredMesh(
            minor: "1.30", kubernetes: ("1.31", "1.35"), knownPlatforms: ["gke", "k3s"], desired: [ztunnel])
        var facts = ClusterFacts()
        facts.version = "1.33"
        change(&mesh, &facts)
        self.mesh = mesh
        self.facts = facts
        self.expected = expected
    }
}

private let ztunnel = Desired(
    component: .ztunnel,
    identity: ObjectReference(apiVersion: "apps/v1", kind: "DaemonSet", namespace: "mesh", name: "ztunnel"),
    object: ["kind": "DaemonSet", "spec": ["template": ["spec": ["priorityClassName": "system-node-critical"]]]])

private func namespace(_ labels: Value) -> Value {
    ["metadata": ["name": "mesh", "labels": labels], "status": ["phase": "Active"]]
}

private func ending(_ finalizers: Value) -> Value {
    [
        "metadata": ["name": "mesh", "deletionTimestamp": "2026-11-26T10:00:00Z", "finalizers": finalizers],
        "status": ["phase": "Terminating"],
    ]
}

private func quota(used: Value, _ scope: Value = [:]) -> Value {
    [
        "metadata": ["name": "q", "namespace": "mesh"], "spec": scope,
        "status": ["hard": ["pods": "5"], "used": ["pods": used]],
    ]
}

private func webhook(_ policy: Value) -> Value {
    [
        "kind": "ValidatingWebhookConfiguration", "metadata": ["name": "istio-validator-old"],
        "webhooks": [
            ["failurePolicy": policy, "clientConfig": ["service": ["name": "istiod", "namespace": "old"]]]
        ],
    ]
}

private let cases: [Case] = [
    Case("A cluster as it should be", []) { _, _ in },
    Case("Kubernetes too old", ["blocking kubernetes version"]) { $1.version = "1.30" },
    Case("Kubernetes newer than tested", ["warning kubernetes version"]) { $1.version = "1.36" },
    Case("Another platform with settings of its own", ["blocking platform"]) {
        $0.platform = "k3s"
        $1.platform = DetectedPlatform(name: "gke", sign: "kubelet v1.33.1-gke.1")
        $1.quotas = [
            quota(
                used: "1",
                ["scopeSelector": ["matchExpressions": [["scopeName": "PriorityClass", "operator": "Exists"]]]])
        ]
    },
    Case("A platform without settings is worth a word", ["warning platform"]) {
        $0.platform = "k3s"
        $1.platform = DetectedPlatform(name: "talos", sign: "node image Talos (v1.10)")
    },
    Case("PodSecurity baseline where ztunnel goes", ["blocking pod security"]) {
        $1.namespaces = [namespace(["pod-security.kubernetes.io/enforce": "baseline"])]
    },
    Case("PodSecurity privileged", []) {
        $1.namespaces = [namespace(["pod-security.kubernetes.io/enforce": "privileged"])]
    },
    Case("A namespace on its way out", ["warning namespace"]) { $1.namespaces = [ending([])] },
    Case("A namespace that a finalizer holds", ["blocking namespace"]) {
        $1.namespaces = [ending(["example.com/hold"])]
    },
    Case("A second ztunnel in another namespace", ["blocking component"]) { mesh, _ in
        mesh.places = [ReleasePlace(component: .ztunnel, namespace: "elsewhere")]
    },
    Case("GKE without a quota for critical pods", ["blocking quota"]) {
        $1.platform = DetectedPlatform(name: "gke", sign: "kubelet v1.33.1-gke.1")
    },
    Case("A quota that is used up", ["blocking quota"]) { $1.quotas = [quota(used: "5")] },
    Case("A quota with room", []) { $1.quotas = [quota(used: "4")] },
    Case("Cilium alone on the node", ["blocking cilium"]) { $1.cilium = ["data": ["cni-exclusive": "true"]] },
    Case("Cilium's socket balancing in all namespaces", ["warning cilium"]) {
        $1.cilium = ["data": ["cni-exclusive": "false", "kube-proxy-replacement": "true"]]
    },
    Case("Cilium as Istio's documentation asks", []) {
        $1.cilium = [
            "data": [
                "cni-exclusive": "false", "kube-proxy-replacement": "true", "bpf-lb-sock-hostns-only": "true",
                "enable-bpf-masquerade": "false",
            ]
        ]
    },
    Case("Calico's eBPF with connect-time balancing", ["warning calico"]) { $1.felix = ["spec": ["bpfEnabled": true]] },
    Case("Calico without eBPF", []) { $1.felix = ["spec": [:]] },
    Case("Sidecar injection", ["warning sidecar injection"]) {
        $1.namespaces = [namespace(["istio-injection": "enabled"])]
    },
    Case("A webhook that refuses everything", ["blocking leftovers"]) { $1.webhooks = [webhook("Fail")] },
    Case("A webhook that is ignored", ["warning leftovers"]) { $1.webhooks = [webhook("Ignore")] },
    Case("CRDs of an earlier mesh", ["warning leftovers"]) { $1.definitions = ["Gateway", "Sidecar"] },
    Case("No Gateway API", ["warning gateway API"]) { $1.servesGatewayAPI = false },
    Case("What could not be looked at", ["warning unchecked"]) { $1.unreadable[.namespaces] = "no" },
]

@Suite struct PrecheckTests {
    @Test("Each fact leads to its finding", arguments: cases)
    private func finding(_ sample: Case) {
        let found = preflight(sample.mesh, sample.facts).map { "\($0.severity.rawValue) \($0.check)" }
        #expect(found == sample.expected)
    }
}
