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
        "A Lease is renewed or expired where no difference of clocks explains it, whatever numbers it has",
        arguments: [
            (9_990, Value.int(15), MeshManager.LeaseState.renewed), (9_985, .int(15), .renewed),
            (9_984, .int(15), .doubtful(seconds: 15)), (10_200, .int(15), .doubtful(seconds: 15)),
            (2_900, .int(15), .doubtful(seconds: 15)), (2_700, .int(15), .expired),
            (9_000, .int(Int.max), .doubtful(seconds: 30)), (Int.min, .int(Int.max), .expired),
            (Int.max, .int(15), .doubtful(seconds: 15)), (9_999, .int(-5), .renewed), (9_990, .string("15"), .renewed),
        ])
    func leases(renewed: Int, duration: Value, state: MeshManager.LeaseState) {
        let lease: Value = [
            "metadata": ["name": "sail-operator-lock", "namespace": "ops"],
            "spec": ["holderIdentity": "pod-1", "renewTime": "t", "leaseDurationSeconds": duration],
        ]
        #expect(MeshManager.state(ofLease: lease, now: 10_000) { _ in renewed } == state)
        #expect(MeshManager(lease: lease)?.sign == "Lease ops/sail-operator-lock, held by pod-1")
        #expect(MeshManager(lease: ["metadata": ["name": "other"], "spec": ["holderIdentity": "a"]]) == nil)
        #expect(
            MeshManager(lease: ["metadata": ["name": "sail-operator-lock"], "spec": ["holderIdentity": ""]]) == nil)
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
        // Waypoints and the Gateway API are nobody's but a repository's, which their own runs look for.
        let kinds = RunKind.allCases.filter { ![.waypointApply, .waypointDelete, .gatewayAPI].contains($0) }
        for kind in kinds {
            #expect(preflight(DesiredMesh(), facts, for: kind).isBlocking, "\(kind)")
            let findings = preflight(DesiredMesh(allowsManaged: true), facts, for: kind)
            #expect(findings.map(\.severity) == [.warning], "\(kind)")
        }
        facts.managers = [MeshManager(kind: .gitOps, namespace: "", sign: "Argo CD application mesh")]
        for kind in kinds {
            #expect(preflight(DesiredMesh(), facts, for: kind, about: .objects).isBlocking == (kind != .adopt))
        }
        #expect(
            preflight(DesiredMesh(), facts).first?.remedy.hasSuffix(
                "then take the mesh over with sail adopt, or continue with --allow-managed") == true)
    }
}
