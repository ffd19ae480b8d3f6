import Foundation
import Istio
import Kubernetes
import Objects
import Operations
import Planning
import Sandbox
import TestSupport
import Testing
import Values

/// The resources of the Sail Operator, reconciled once. Numbers are those of the operator's behaviours.
@Suite struct ReconcileTests {
    // Behaviours 13, 21, 32, 44, 50, 61, 69 and 71.
    @Test func threeResourcesInTheWrongOrderBecomeAMesh() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh(istio: ["values": ["pilot": ["trustedZtunnelNamespace": "ztunnel"]]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.bench.ui.questions == ["Install v1.30.3 on \(mesh.bench.client.connection.name)?"])
        for kind in ["Istio", "IstioCNI", "ZTunnel"] {
            #expect(mesh.state(kind) == "Healthy", "\(mesh.status(kind))")
            #expect(mesh.condition(kind, "Reconciled") == "True Reconciled")
            #expect(mesh.condition(kind, "Ready") == "True Ready")
            #expect(mesh.condition(kind, "Upgrading") == "False RolledOut")
            #expect(mesh.status(kind)["observedGeneration"] == mesh.resource(kind)?["metadata"]?["generation"])
        }
        #expect(mesh.condition("Istio", "DependenciesHealthy") == "True DependenciesHealthy")
        #expect(mesh.status("Istio")["activeRevisionName"] == "default")
        #expect(mesh.status("Istio")["revisions"] == ["total": 1, "ready": 1, "inUse": 0])
        #expect(mesh.environment(istiod, "CA_TRUSTED_NODE_ACCOUNTS") == "ztunnel/ztunnel")
        #expect(mesh.environment(ztunnel, "XDS_ADDRESS") == "istiod.istio-system.svc:15012")
        #expect(mesh.bench.object(agent) != nil)
        let validator = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/istiod-default-validator"
        #expect(mesh.bench.object(validator) != nil)
        // One shot marks nothing as its own.
        #expect(mesh.resource("ZTunnel")?["metadata"]?["finalizers"] == nil)
        #expect(mesh.bench.object(ztunnel)?["metadata"]?["ownerReferences"] == nil)
    }

    // Behaviours 42 and 83.
    @Test func aSecondRunWritesNothing() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        mesh.bench.sandbox.forgetRequests()
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.bench.writes() == [])
        #expect(mesh.bench.ui.questions == [])
    }

    @Test func aDryRunShowsThePlanAndWritesNothing() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        mesh.bench.sandbox.forgetRequests()
        #expect(try mesh.reconcile { $0.cluster.dryRun = .server } == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.bench.ui.plans.map(\.form) == [.result])
        #expect(mesh.bench.writes() == [])
        #expect(mesh.status("Istio").isNull)
    }

    @Test func aNoLeavesTheStatusesAsTheyAre() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let options = mesh.bench.options { $0.version = nil }
        mesh.bench.ui.answers = [false]
        #expect(try Pipeline.run(.reconcile, options) == 1)
        #expect(mesh.status("Istio").isNull)
    }

    // Behaviours 17, 18, 72 and 73.
    @Test func versionsPatchedOneAfterAnotherAreFollowed() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh(version: "v1.29-latest")
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.tag(istiod) == "1.29.6")
        #expect(mesh.resource("Istio")?["spec"]?["version"] == "v1.29-latest")
        for (kind, path) in [("Istio", istiod), ("IstioCNI", agent), ("ZTunnel", ztunnel)] {
            try mesh.patch(kind, ["spec": ["version": "v1.30.3"]])
            #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
            #expect(mesh.tag(path) == "1.30.3")
            #expect(mesh.state(kind) == "Healthy")
        }
    }

    @Test func ztunnelIsNotUpgradedBeforeTheControlPlane() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh(version: Bench.old)
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        try mesh.patch("ZTunnel", ["spec": ["version": "v1.30.3"]])
        #expect(try mesh.reconcile() == 1)
        #expect(mesh.tag(ztunnel) == "1.29.6")
        #expect(
            mesh.condition("ZTunnel", "Reconciled").hasPrefix(
                "False ReconcileError error reconciling resource: waits for istiod v1.30.3"))
        #expect(mesh.condition("Istio", "Reconciled") == "True Reconciled")
    }

    @Test func filesTakeThePlaceOfTheClustersResources() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let path = NSTemporaryDirectory() + "resources-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func write(_ spec: String) throws {
            let text = "apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: default}\nspec: {\(spec)}\n"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        try write("version: v1.30.3, profile: ambient, namespce: a")
        #expect(
            mesh.failure { $0.values.files = [path] }.contains("unknown key spec.namespce; did you mean namespace?"))
        // The very resource of the cluster gets its status; its node agents are those of the cluster.
        try write("version: v1.30.3, profile: ambient")
        #expect(try mesh.reconcile { $0.values.files = [path] } == 1)
        #expect(mesh.state("Istio") == "IstioCNINotHealthy")
        #expect(mesh.bench.object(agent) == nil)
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        // Another one leaves its status as it is.
        try write("version: v1.30.3, profile: ambient, values: {pilot: {env: {A: b}}}")
        #expect(try mesh.reconcile { $0.values.files = [path] } == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.environment(istiod, "A") == "b")
    }

    // Behaviours 29, 48, 57, 58 and 62.
    @Test func changedValuesReachTheWorkloads() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh(
            istio: ["values": ["global": ["network": "net-a"], "pilot": ["env": ["A": "b"]]]],
            cni: ["values": ["cni": ["ambient": ["dnsCapture": true]]]],
            ztunnel: ["targetRef": ["kind": "Istio", "name": "default"]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.environment(istiod, "A") == "b")
        #expect(mesh.environment(ztunnel, "NETWORK") == "net-a")
        let config = mesh.bench.object("/api/v1/namespaces/istio-cni/configmaps/istio-cni-config")
        #expect(config?["data"]?["AMBIENT_DNS_CAPTURE"] == "true")
        try mesh.patch("Istio", ["spec": ["values": ["pilot": ["env": ["A": "c"]], "global": ["network": "net-b"]]]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.environment(istiod, "A") == "c")
        #expect(mesh.environment(ztunnel, "NETWORK") == "net-b")
        try mesh.patch("ZTunnel", ["spec": ["values": ["ztunnel": ["network": "own", "env": ["C": "d"]]]]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.environment(ztunnel, "NETWORK") == "own")
        #expect(mesh.environment(ztunnel, "C") == "d")
        try mesh.patch("ZTunnel", ["spec": ["values": ["ztunnel": ["network": .null]]]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.environment(ztunnel, "NETWORK") == "net-b")
    }

    // Behaviours 53, 54 and 59.
    @Test func onlyATargetMakesZtunnelInherit() throws {
        let mesh = try ResourceBench()
        let global: Value = ["hub": "registry.example.com/mesh", "logAsJson": true]
        try mesh.createMesh(istio: ["values": ["global": global]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.container(ztunnel)?["image"]?.string?.hasPrefix("registry.example.com") == false)
        #expect(mesh.status("ZTunnel")["istioRevision"] == nil)
        for kind in ["Istio", "IstioRevision"] {
            try mesh.patch("ZTunnel", ["spec": ["targetRef": ["kind": .string(kind), "name": "default"]]])
            #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
            #expect(mesh.container(ztunnel)?["image"]?.string?.hasPrefix("registry.example.com/mesh/ztunnel:") == true)
            #expect(mesh.environment(ztunnel, "LOG_FORMAT") == "json")
            #expect(mesh.status("ZTunnel")["istioRevision"] == "default")
        }
    }

    // Behaviours 55 and 56.
    @Test func aMissingTargetIsSaidAndLaterFound() throws {
        let mesh = try ResourceBench()
        try mesh.create("ZTunnel", ["version": "v1.30.3", "targetRef": ["kind": "Istio", "name": "default"]])
        #expect(mesh.failure().contains("spec.targetRef: Istio \"default\" not found"))
        #expect(
            mesh.condition("ZTunnel", "Reconciled")
                == "False ReconcileError error reconciling resource: validation error: spec.targetRef: Istio \"default\" not found"
        )
        #expect(mesh.status("ZTunnel")["istioRevision"] == nil)
        try mesh.create("Istio", ["version": "v1.30.3", "profile": "ambient"])
        _ = try mesh.reconcile()
        #expect(mesh.condition("ZTunnel", "Reconciled") == "True Reconciled", "\(mesh.bench.ui.text)")
        #expect(mesh.status("ZTunnel")["istioRevision"] == "default")
    }

    // Behaviours 25, 26 and 45.
    @Test func aMissingNamespaceIsSaidAndNotMade() throws {
        let mesh = try ResourceBench(namespaces: ["istio-system", "ztunnel"])
        try mesh.createMesh()
        #expect(mesh.failure().contains("namespace \"istio-cni\" doesn't exist"))
        #expect(
            mesh.condition("IstioCNI", "Reconciled").contains("validation error: namespace \"istio-cni\" doesn't exist")
        )
        #expect(mesh.bench.object(istiod) == nil)
        try mesh.create(namespace: "istio-cni")
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.condition("IstioCNI", "Reconciled") == "True Reconciled")
    }

    @Test func namespacesAreMadeWhereThatIsAskedFor() throws {
        let mesh = try ResourceBench(namespaces: [])
        try mesh.createMesh()
        #expect(try mesh.reconcile { $0.createsNamespaces = true } == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.bench.object("/api/v1/namespaces/ztunnel") != nil)
    }

    // Behaviour 19.
    @Test func aVersionPastItsEndIsSaid() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh(version: "v1.24.0")
        let message = mesh.failure { $0.cluster.allowsEndOfLife = false }
        #expect(message.contains("version \"v1.24.0\" is end-of-life and cannot be installed; use a supported version"))
        #expect(mesh.condition("Istio", "Reconciled").contains("is end-of-life and cannot be installed"))
        // Behaviour 32.
        #expect(
            mesh.condition("Istio", "Ready")
                == "Unknown ReconcileError cannot determine readiness due to reconciliation error")
        #expect(mesh.state("Istio") == "ReconcileError")
    }
}
