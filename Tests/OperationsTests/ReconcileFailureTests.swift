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

/// What goes wrong with resources, and what becomes of those that are being deleted. Numbers are those of the operator's
/// behaviours.
@Suite struct ReconcileFailureTests {
    // Behaviours 27, 46, 51, 68 and 83.
    @Test func podsThatDoNotStartAreTheStatusOfTheirResource() throws {
        let mesh = try ResourceBench { $0.brokenImage = "ztunnel" }
        try mesh.createMesh()
        #expect(try mesh.reconcile { $0.cluster.apply.timeout = 2500 } == 1)
        #expect(mesh.state("IstioCNI") == "Healthy")
        #expect(mesh.state("ZTunnel") == "ReconcileError")
        #expect(
            mesh.condition("ZTunnel", "Ready").hasPrefix("False DaemonSetNotReady not all ztunnel pods are ready: "))
        #expect(mesh.condition("ZTunnel", "Ready").contains("node "))
        #expect(mesh.condition("Istio", "DependenciesHealthy").hasPrefix("False ZTunnelNotHealthy "))
        mesh.bench.sandbox.change { $0.brokenImage = nil }
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.state("Istio") == "Healthy")
    }

    @Test func whatComesAfterAFailureSaysSo() throws {
        let mesh = try ResourceBench { $0.brokenImage = "pilot" }
        try mesh.createMesh()
        #expect(try mesh.reconcile { $0.cluster.apply.timeout = 2000 } == 1)
        #expect(mesh.state("Istio") == "ReconcileError")
        #expect(
            mesh.condition("ZTunnel", "Reconciled")
                == "False ReconcileError error reconciling resource: stopped at istiod")
        #expect(mesh.condition("ZTunnel", "Ready") == "False DaemonSetNotReady ztunnel DaemonSet not found")
    }

    // Behaviour 28.
    @Test func aControlPlaneWithoutReplicasIsNotReady() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        _ = try mesh.bench.client.send(.mergePatch(istiod, ["spec": ["replicas": 0]], manager: "test"))
        #expect(try mesh.reconcile() == 1)
        #expect(
            mesh.condition("Istio", "Ready") == "False IstiodNotReady istiod Deployment is scaled to zero replicas")
        #expect(mesh.state("Istio") == "IstiodNotReady")
    }

    // Behaviours 64, 65 and, on purpose otherwise, 66: ambient mode needs the node agent on every platform.
    @Test func anIstioAloneMissesItsDependencies() throws {
        let mesh = try ResourceBench()
        try mesh.create("Istio", ["version": "v1.30.3", "profile": "ambient"])
        #expect(try mesh.reconcile() == 1)
        #expect(mesh.bench.ui.text.contains("error: Istio default: IstioCNINotFound: IstioCNI resource does not exist"))
        #expect(mesh.state("Istio") == "IstioCNINotFound")
        #expect(mesh.condition("Istio", "Ready") == "True Ready")
        #expect(mesh.bench.object(agent) == nil)
        try mesh.create("IstioCNI", ["version": "v1.30.3", "profile": "ambient"])
        #expect(try mesh.reconcile() == 1)
        #expect(mesh.state("Istio") == "ZTunnelNotFound")
        try mesh.create("ZTunnel", ["version": "v1.30.3"])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.state("Istio") == "Healthy")
    }

    // Behaviours 31, 76, 77 and 78.
    @Test func revisionsAreRefusedWithAStatus() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        try mesh.create("IstioRevisionTag", ["targetRef": ["kind": "Istio", "name": "default"]], name: "stable")
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(
            mesh.bench.ui.text.contains("warning: IstioRevisionTag stable: sail installs in place, without revisions"))
        #expect(
            mesh.condition("IstioRevisionTag", "Reconciled", name: "stable").hasPrefix("False ReconcileError sail "))
        #expect(mesh.status("IstioRevisionTag", name: "stable")["istioRevision"] == "")
        try mesh.patch("Istio", ["spec": ["updateStrategy": ["type": "RevisionBased"]]])
        #expect(mesh.failure().contains("sail upgrades in place, without revisions"))
        #expect(mesh.condition("Istio", "Reconciled").contains("sail upgrades in place, without revisions"))
        try mesh.patch("Istio", ["spec": ["updateStrategy": ["type": "InPlace"]]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        try mesh.create("Istio", ["version": "v1.30.3", "profile": "ambient"], name: "second")
        #expect(mesh.failure().contains("Istio second: metadata.name: another name is a revision"))
        #expect(mesh.condition("Istio", "Reconciled", name: "second").contains("another name is a revision"))
        #expect(mesh.state("Istio") == "Healthy")
    }

    // Behaviour 12.
    @Test func aZtunnelOfTheOlderVersionIsReadAsV1() throws {
        let mesh = try ResourceBench()
        try mesh.create("Istio", ["version": "v1.30.3", "profile": "ambient"])
        try mesh.create("IstioCNI", ["version": "v1.30.3", "profile": "ambient"])
        try mesh.create("ZTunnel", ["version": "v1.30.3"], version: "v1alpha1")
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.condition("ZTunnel", "Ready") == "True Ready")
    }

    // Behaviours 49, 63 and 80.
    @Test func aResourceThatIsBeingDeletedTakesItsComponentAlong() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        try mesh.patch("ZTunnel", ["metadata": ["finalizers": ["sailoperator.io/sail-operator", "example.com/other"]]])
        let labels: Value = ["metadata": ["labels": ["istio.io/dataplane-mode": "ambient"]]]
        _ = try mesh.bench.client.send(.mergePatch("/api/v1/namespaces/default", labels, manager: "test"))
        _ = try mesh.bench.client.send(.delete(mesh.path("ZTunnel") + "/default"))
        #expect(mesh.failure().contains("namespace default is enrolled"))
        #expect(mesh.condition("ZTunnel", "Reconciled").contains("namespace default is enrolled"))
        #expect(mesh.bench.object(ztunnel) != nil)
        let none: Value = ["metadata": ["labels": ["istio.io/dataplane-mode": .null]]]
        _ = try mesh.bench.client.send(.mergePatch("/api/v1/namespaces/default", none, manager: "test"))
        _ = try mesh.reconcile()
        #expect(mesh.bench.object(ztunnel) == nil, "\(mesh.bench.ui.text)")
        #expect(mesh.bench.object(agent) != nil)
        #expect(try !mesh.bench.revisions().contains { $0.hasPrefix("ztunnel") })
        // The finalizers of others stay.
        #expect(mesh.resource("ZTunnel")?["metadata"]?["finalizers"] == ["example.com/other"])
        #expect(mesh.state("Istio") == "ZTunnelNotFound")
    }

    // Behaviour 81, for one shot: an operator at work keeps it out, and its statuses are its own.
    @Test func anOperatorThatHoldsItsLockKeepsTheRunOut() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let now = ISO8601DateFormatter().string(from: Date()).replacing("Z", with: ".000000Z")
        let lease: Value = [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": ["name": "sail-operator-lock", "namespace": "istio-system"],
            "spec": [
                "holderIdentity": "operator-1", "leaseDurationSeconds": 15, "renewTime": .string(now),
                "acquireTime": .string(now),
            ],
        ]
        let leases = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases"
        _ = try mesh.bench.client.send(.create(leases, lease))
        mesh.bench.sandbox.forgetRequests()
        #expect(mesh.failure().hasPrefix("Lease istio-system/sail-operator-lock, held by operator-1, is being renewed"))
        #expect(mesh.bench.writes() == [])
    }

    @Test func theLocksAreHeldWhileObjectsAreWrittenAndFreeAfterwards() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let leases = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases"
        let sandbox = mesh.bench.sandbox
        nonisolated(unsafe) var holders: [String] = []
        let options = mesh.bench.options { $0.version = nil }
        mesh.bench.ui.onLine = { line in
            guard line.contains("started ztunnel") else { return }
            holders = ["sail", "sail-operator-lock"].map {
                sandbox.object(leases + "/" + $0)?[path: "spec", "holderIdentity"]?.string ?? ""
            }
        }
        #expect(try Pipeline.run(.reconcile, options) == 0, "\(mesh.bench.ui.text)")
        #expect(holders.count == 2 && !holders.contains(""))
        for name in ["sail", "sail-operator-lock"] {
            #expect(sandbox.object(leases + "/" + name)?[path: "spec", "holderIdentity"] == "")
        }
    }

    @Test func whatIsThereOfAnOperatorStays() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        let owner: Value = [
            "apiVersion": "sailoperator.io/v1", "kind": "ZTunnel", "name": "default",
            "uid": mesh.resource("ZTunnel")?["metadata"]?["uid"] ?? "", "controller": true, "blockOwnerDeletion": true,
        ]
        _ = try mesh.bench.client.send(
            .mergePatch(ztunnel, ["metadata": ["ownerReferences": [owner]]], manager: "sail-operator"))
        try mesh.patch("ZTunnel", ["metadata": ["finalizers": ["sailoperator.io/sail-operator"]]])
        try mesh.patch("ZTunnel", ["spec": ["values": ["ztunnel": ["logLevel": "debug"]]]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.environment(ztunnel, "RUST_LOG") == "debug")
        #expect(mesh.bench.object(ztunnel)?[path: "metadata", "ownerReferences"] == [owner])
        #expect(mesh.resource("ZTunnel")?[path: "metadata", "finalizers"] == ["sailoperator.io/sail-operator"])
        #expect(mesh.bench.ui.text.contains("ZTunnel default then waits for sail reconcile"))
    }

    @Test func withoutResourcesThereIsNothingToDo() throws {
        let empty = try Bench()
        #expect(
            empty.failure(.reconcile) { $0.version = nil }.hasPrefix(
                "this cluster does not serve sailoperator.io/v1; give files with -f, or create the resources"))
        #expect(
            try ResourceBench().failure().hasPrefix(
                "there is no Istio, IstioCNI or ZTunnel resource on this cluster; give files with -f"))
    }

    @Test func theResultForProgramsNamesTheResources() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        let resources = try #require(mesh.bench.ui.results.first?.resources)
        #expect(
            resources.map { "\($0.kind) \($0.name) \($0.state)" }.sorted() == [
                "Istio default Healthy", "IstioCNI default Healthy", "ZTunnel default Healthy",
            ])
    }
}
