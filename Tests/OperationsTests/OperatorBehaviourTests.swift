import Foundation
import HelmReleases
import Istio
import Kubernetes
import Operations
import TestSupport
import Testing
import Values

private let webhooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"

/// Behaviours of the operator that no other suite has. Numbers are those of its list.
@Suite struct OperatorBehaviourTests {
    // Behaviour 16.
    @Test func aPendingReleaseIsFollowedByADeployedOne() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        let path = "/api/v1/namespaces/istio-system/secrets/sh.helm.release.v1.default-istiod.v1"
        var record = try ReleaseRecord(secret: try #require(mesh.bench.object(path)))
        record.status = .pendingInstall
        _ = try mesh.bench.client.send(.delete(path))
        _ = try mesh.bench.client.send(
            .create("/api/v1/namespaces/istio-system/secrets", record.secret(now: 1, isNew: true)))
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        let newest = "/api/v1/namespaces/istio-system/secrets/sh.helm.release.v1.default-istiod.v2"
        #expect(mesh.bench.object(newest)?["metadata"]?["labels"]?["status"] == "deployed")
        #expect(mesh.state("Istio") == "Healthy")
    }

    // Behaviour 30.
    @Test func settingsOfGatewayClassesAreAConfigMap() throws {
        let mesh = try ResourceBench()
        let classes: Value = ["istio": ["deployment": ["spec": ["replicas": 2]]]]
        try mesh.createMesh(istio: ["values": ["gatewayClasses": classes]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        let map = mesh.bench.object("/api/v1/namespaces/istio-system/configmaps/istio-default-gatewayclass-istio")
        #expect(map?["metadata"]?["labels"]?["gateway.istio.io/defaults-for-class"] == "istio")
        #expect(map?["data"]?["deployment"]?.string?.contains("replicas: 2") == true)
    }

    // Behaviour 37.
    @Test func aFailurePolicyStaysWhereTheRestIsPutBack() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let run = ControllerBench(mesh)
        run.untilHealthy()
        run.untilQuiet()
        let validator = webhooks + "/istio-validator-istio-system"
        let before = mesh.bench.object(validator)?["webhooks"]?.list?.first
        let changes: [Value] = [
            ["op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Fail"],
            ["op": "replace", "path": "/webhooks/0/clientConfig/service/path", "value": "/other"],
        ]
        _ = try mesh.bench.client.send(.jsonPatch(validator, changes, manager: "pilot-discovery"))
        run.until("the path is put back") {
            mesh.bench.object(validator)?["webhooks"]?.list?.first?["clientConfig"] == before?["clientConfig"]
        }
        #expect(mesh.bench.object(validator)?["webhooks"]?.list?.first?["failurePolicy"] == "Fail")
    }

    // Behaviour 67, on every platform: the node agent counts unless the Istio says that there is none of it.
    @Test func aControlPlaneMayDoWithoutItsNodeAgent() throws {
        let mesh = try ResourceBench()
        let values: Value = ["pilot": ["cni": ["enabled": false]]]
        try mesh.create("Istio", ["version": "v1.30.3", "profile": "ambient", "values": values])
        try mesh.create("ZTunnel", ["version": "v1.30.3"])
        _ = try? mesh.reconcile()
        #expect(mesh.condition("Istio", "DependenciesHealthy").hasPrefix("False ZTunnelNotHealthy") == false)
        #expect(!mesh.condition("Istio", "DependenciesHealthy").contains("IstioCNI"))
        try mesh.patch("Istio", ["spec": ["values": ["pilot": ["cni": .null]]]])
        _ = try? mesh.reconcile()
        #expect(mesh.condition("Istio", "DependenciesHealthy").hasPrefix("False IstioCNINotFound"))
    }

    // Behaviour 70.
    @Test func podsThatFitNoNodeMakeTheControlPlaneUnhealthyUntilTheyFit() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let run = ControllerBench(mesh)
        run.untilHealthy()
        try mesh.patch("ZTunnel", ["spec": ["values": ["ztunnel": ["nodeSelector": ["disk": "none"]]]]])
        run.until("no pod is scheduled") { mesh.condition("ZTunnel", "Ready").hasPrefix("False DaemonSetNotReady") }
        run.until("the control plane says so") { mesh.state("Istio") == "ZTunnelNotHealthy" }
        try mesh.patch("ZTunnel", ["spec": ["values": .null]])
        run.untilHealthy()
    }

    // Behaviour 52: a value of the user's own stays.
    @Test func aResourcesOwnCryptographyStays() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh(ztunnel: ["values": ["ztunnel": ["env": ["TLS12_ENABLED": "false"]]]])
        #expect(try mesh.reconcile { $0.isFIPS = true } == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.environment(ztunnel, "TLS12_ENABLED") == "false")
        #expect(mesh.environment(istiod, "COMPLIANCE_POLICY") == "fips-140-2")
    }

    private func images(_ mesh: ResourceBench) -> [String] {
        [istiod, agent, ztunnel].map { mesh.container($0)?["image"]?.string ?? "" }
    }

    // What `sail install` left, of another variant than an operator's, stays until the version changes.
    @Test func theImagesOfAnInstalledMeshStayUntilTheVersionChanges() throws {
        let mesh = try ResourceBench()
        let code = try mesh.bench.run(.install) {
            $0.version = "v1.30.2"
            $0.componentNamespaces = [.cni: "istio-cni", .ztunnel: "ztunnel"]
        }
        #expect(code == 0, "\(mesh.bench.ui.text)")
        let before = images(mesh)
        #expect(before.allSatisfy { $0.hasSuffix(":1.30.2-distroless") }, "\(before)")
        try mesh.createMesh(version: "v1.30.2")
        for _ in 0..<2 {
            #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
            #expect(images(mesh) == before)
        }
        let run = ControllerBench(mesh)
        run.untilHealthy()
        run.untilQuiet()
        #expect(images(mesh) == before)
        for kind in ["Istio", "IstioCNI", "ZTunnel"] { try mesh.patch(kind, ["spec": ["version": "v1.30.3"]]) }
        run.until("it is upgraded") { images(mesh).allSatisfy { $0.hasSuffix(":1.30.3") } }
        run.untilHealthy()
    }

    // References that an operator was given, by digest or from another registry, are not the resources': they stay too.
    @Test func theImagesOfAnOperatorStayUntilTheVersionChanges() throws {
        let mesh = try ResourceBench()
        let digest = "registry.example.com/ossm/ztunnel@sha256:" + String(repeating: "0a", count: 32)
        let code = try mesh.bench.run(.install) {
            $0.version = "v1.30.2"
            $0.componentNamespaces = [.cni: "istio-cni", .ztunnel: "ztunnel"]
            $0.values.sets = [(.typed, "ztunnel.image=\(digest)")]
        }
        #expect(code == 0, "\(mesh.bench.ui.text)")
        for secret in try mesh.bench.client.list("/api/v1/secrets", Selection(labels: "owner=helm")).items {
            let metadata = secret["metadata"]
            _ = try mesh.bench.client.send(
                .delete(
                    "/api/v1/namespaces/\(metadata?["namespace"]?.string ?? "")/secrets/"
                        + (metadata?["name"]?.string ?? "")))
        }
        let label: Value = ["metadata": ["labels": ["managed-by": "sail-operator"]]]
        for path in [istiod, agent, ztunnel] {
            _ = try mesh.bench.client.send(.mergePatch(path, label, manager: "sail-operator"))
        }
        try mesh.createMesh(version: "v1.30.2")
        let before = images(mesh)
        let run = ControllerBench(mesh)
        run.untilHealthy()
        run.untilQuiet()
        #expect(images(mesh) == before)
        try mesh.patch("ZTunnel", ["spec": ["values": ["global": ["hub": "mine.example.com/x"]]]])
        run.until("the user's registry counts") { images(mesh)[2].hasPrefix("mine.example.com/x/ztunnel:1.30.2") }
    }
}
