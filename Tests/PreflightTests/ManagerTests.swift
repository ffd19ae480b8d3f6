import Objects
import Planning
import Preflight
import Testing
import Values

private func deployment(
    _ name: String, labels: Value = [:], image: String = "example.com/app:1", args: Value = [], replicas: Int = 1
) -> Value {
    [
        "metadata": ["name": .string(name), "namespace": "ops", "labels": labels],
        "spec": [
            "replicas": .int(replicas),
            "template": ["spec": ["containers": [["image": .string(image), "args": args]]]],
        ],
    ]
}

@Suite struct ManagerTests {
    @Test(
        "An operator is known by its name, a label or its image",
        arguments: [
            deployment("sail-operator"), deployment("servicemesh-operator3"), deployment("istio-operator-1-20"),
            deployment("renamed", labels: ["control-plane": "sail-operator"]),
            deployment("renamed", labels: ["app.kubernetes.io/created-by": "sailoperator"]),
            deployment("renamed", image: "quay.io/sail-dev/sail-operator:1.30"),
            deployment(
                "renamed",
                image: "registry.example.com:5000/mirror/istio-sail-operator-rhel9@sha256:"
                    + String(repeating: "ab", count: 32)),
            deployment("renamed", image: "docker.io/istio/operator:1.22.0"),
            deployment("mesh", image: "ghcr.io/example/sail:v1", args: ["reconcile", "--watch"]),
        ])
    func operators(deployment: Value) {
        #expect(MeshManager(deployment: deployment) != nil)
    }

    @Test(
        "Other Deployments, and operators scaled to 0, are none",
        arguments: [
            deployment("istiod"), deployment("sail-operator", replicas: 0),
            deployment("app", image: "example.com/other/operator:1"),
            deployment("app", image: "ghcr.io/example/sail:v1"),
        ])
    func others(deployment: Value) {
        #expect(MeshManager(deployment: deployment) == nil)
    }

    @Test(
        "A Lease counts while it is renewed, whatever numbers it has",
        arguments: [
            (90, Value.int(15), true), (85, .int(15), true), (84, .int(15), false), (200, .int(15), true),
            (0, .int(Int.max), true), (Int.min, .int(Int.max), false), (99, .int(-5), true), (90, .string("15"), true),
        ])
    func leases(renewed: Int, duration: Value, isAtWork: Bool) {
        let lease: Value = [
            "metadata": ["name": "sail-operator-lock", "namespace": "ops"],
            "spec": ["holderIdentity": "pod-1", "renewTime": "t", "leaseDurationSeconds": duration],
        ]
        #expect((MeshManager(lease: lease, now: 100) { _ in renewed } != nil) == isAtWork)
        #expect(MeshManager(lease: ["metadata": ["name": "other"]], now: 100) { _ in renewed } == nil)
    }

    @Test(
        "Argo CD and Flux are known by labels, annotations and managers",
        arguments: [
            (
                ["annotations": ["argocd.argoproj.io/tracking-id": "mesh:apps/Deployment:istio-system/istiod"]],
                "Argo CD application mesh"
            ),
            (["labels": ["argocd.argoproj.io/instance": "mesh"]], "Argo CD application mesh"),
            (
                [
                    "labels": ["app.kubernetes.io/instance": "mesh"],
                    "managedFields": [["manager": "argocd-controller", "operation": "Apply"]],
                ],
                "Argo CD application mesh"
            ),
            (["managedFields": [["manager": "argocd-application-controller", "operation": "Update"]]], "Argo CD"),
            (
                [
                    "labels": [
                        "kustomize.toolkit.fluxcd.io/name": "infra",
                        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
                    ]
                ],
                "Flux Kustomization flux-system/infra"
            ),
            (
                ["labels": ["helm.toolkit.fluxcd.io/name": "istiod", "helm.toolkit.fluxcd.io/namespace": "flux"]],
                "Flux HelmRelease flux/istiod"
            ),
            (["managedFields": [["manager": "helm-controller", "operation": "Apply"]]], "Flux (helm-controller)"),
            (
                [
                    "labels": ["app.kubernetes.io/instance": "istiod"],
                    "managedFields": [["manager": "helm", "operation": "Apply"]],
                ], nil
            ),
            (["managedFields": [["manager": "helm-controller", "operation": "Update", "subresource": "status"]]], nil),
        ] as [(Value, String?)])
    func gitOps(metadata: Value, sign: String?) {
        #expect(MeshManager(object: ["metadata": metadata])?.sign == sign)
    }

    @Test("Every writing command stops at an operator, and at Argo CD all but adopt; --allow-managed goes on")
    func whoStops() {
        let manager = MeshManager(deployment: deployment("sail-operator"))
        var facts = ClusterFacts()
        facts.managers = [manager].compactMap { $0 }
        for kind in RunKind.allCases {
            #expect(preflight(DesiredMesh(), facts, for: kind).isBlocking, "\(kind)")
            let findings = preflight(DesiredMesh(allowsManaged: true), facts, for: kind)
            #expect(findings.map(\.severity) == [.warning], "\(kind)")
        }
        facts.managers = [MeshManager(kind: .gitOps, namespace: "", sign: "Argo CD application mesh")]
        for kind in RunKind.allCases {
            #expect(preflight(DesiredMesh(), facts, for: kind, about: .objects).isBlocking == (kind != .adopt))
        }
        #expect(
            preflight(DesiredMesh(), facts).first?.remedy.hasSuffix(
                "then take the mesh over with sail adopt, or continue with --allow-managed") == true)
    }
}
