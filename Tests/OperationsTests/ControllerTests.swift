import Foundation
import Kubernetes
import Operations
import Sandbox
import TestSupport
import Testing
import Values

private let lease = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/sail-operator-lock"
private let finalizer = "sailoperator.io/sail-operator"

/// `sail reconcile --watch` in this process. Numbers are those of the operator's behaviours.
@Suite struct ControllerTests {
    // Behaviours 71, 24, 44, 50, 80 and 82.
    @Test func threeResourcesInTheWrongOrderBecomeAMesh() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh)
        try mesh.createMesh()
        run.untilHealthy()
        #expect(mesh.status("Istio")["revisions"] == ["total": 1, "ready": 1, "inUse": 0])
        for (kind, path) in [("Istio", istiod), ("IstioCNI", agent), ("ZTunnel", ztunnel)] {
            #expect(mesh.resource(kind)?["metadata"]?["finalizers"] == [.string(finalizer)])
            let metadata = mesh.bench.object(path)?["metadata"]
            #expect(metadata?["labels"]?["managed-by"] == "sail-operator")
            let owner = metadata?["ownerReferences"]?.list?.first
            let ownerKind = kind == "Istio" ? "IstioRevision" : kind
            #expect(owner?["kind"]?.string == ownerKind)
            #expect(owner?["apiVersion"] == "sailoperator.io/v1")
            #expect(owner?["uid"] == mesh.resource(ownerKind)?["metadata"]?["uid"])
            #expect(owner?["blockOwnerDeletion"] == true)
            #expect(owner?["controller"] == true)
        }
        #expect(run.controller.questions == 0)
        // What users have made of these must not go with the resource.
        let definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/wasmplugins.extensions.istio.io"
        #expect(mesh.bench.object(definition) != nil)
        #expect(mesh.bench.object(definition)?["metadata"]?["ownerReferences"] == nil)
    }

    @Test func theFinalizerComesBeforeAnyObject() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh)
        run.until("it works") { run.controller.text.contains("works: holds the Lease") }
        mesh.bench.sandbox.forgetRequests()
        try mesh.create("Istio", ["version": .string(Bench.new), "profile": "ambient"])
        run.until("istiod is there") { mesh.bench.object(istiod) != nil }
        let writes = mesh.bench.sandbox.writes.filter { !$0.path.contains("/leases") && $0.query["dryRun"] == nil }
        #expect(writes.first?.path == mesh.path("Istio"))
        #expect(writes.dropFirst().first?.path == mesh.path("Istio") + "/default")
    }

    // Behaviour 42: what is there is read, and then there are only watches and the Lease.
    @Test func aMeshAtRestIsLeftInPeace() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let run = ControllerBench(mesh)
        run.untilHealthy()
        run.untilQuiet()
        mesh.bench.sandbox.forgetRequests()
        sleep(5)
        let others = mesh.bench.sandbox.requests.filter {
            !$0.path.contains("/leases/sail-operator-lock") && $0.query["watch"] == nil
        }
        #expect(others.map(\.path) == [])
        #expect(mesh.bench.sandbox.requests.contains { $0.path == lease })
    }

    @Test func eachObjectIsWrittenOnce() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh)
        run.until("it works") { run.controller.text.contains("works: holds the Lease") }
        mesh.bench.sandbox.forgetRequests()
        try mesh.createMesh()
        run.untilHealthy()
        run.untilQuiet()
        let applies = mesh.bench.sandbox.writes.filter {
            $0.method == "PATCH" && $0.query["fieldManager"] == "helm" && $0.query["dryRun"] == nil
        }
        #expect(applies.count > 40)
        #expect(Set(applies.map(\.path)).count == applies.count)
    }

    // Behaviours 34, 35, 36, 43 and 47.
    @Test func whatIsChangedOrDeletedIsPutBack() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let run = ControllerBench(mesh)
        run.untilHealthy()
        run.untilQuiet()
        let image = mesh.container(ztunnel)?["image"]
        let change: Value = ["op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "other:1"]
        for path in [istiod, agent, ztunnel] {
            _ = try mesh.bench.client.send(.jsonPatch(path, [change], manager: "kubectl-set"))
        }
        run.until("the images are back") {
            [istiod, agent, ztunnel].allSatisfy { mesh.container($0)?["image"]?.string != "other:1" }
        }
        #expect(mesh.container(ztunnel)?["image"] == image)
        let config = "/api/v1/namespaces/istio-cni/configmaps/istio-cni-config"
        let role = "/apis/rbac.authorization.k8s.io/v1/clusterroles/istiod-clusterrole-istio-system"
        for path in [agent, config, role] { _ = try mesh.bench.client.send(.delete(path)) }
        run.until("they are there again") { [agent, config, role].allSatisfy { mesh.bench.object($0) != nil } }
        #expect(mesh.bench.object(config)?["metadata"]?["labels"]?["managed-by"] == "sail-operator")
        #expect(mesh.bench.object(agent)?["metadata"]?["ownerReferences"]?.list?.count == 1)
        run.untilHealthy()
    }

    // Behaviours 38, 39, 40 and 41.
    @Test func whatOthersMayChangeMakesNoTurn() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let run = ControllerBench(mesh)
        run.untilHealthy()
        run.untilQuiet()
        let before = ["Istio", "IstioCNI", "ZTunnel"].map { run.turns($0) }
        let validator = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/istiod-default-validator"
        let bundle: Value = ["op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": "QQ=="]
        let policy: Value = ["op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Fail"]
        _ = try mesh.bench.client.send(.jsonPatch(validator, [bundle, policy], manager: "pilot-discovery"))
        let account = "/api/v1/namespaces/istio-system/serviceaccounts/istiod"
        _ = try mesh.bench.client.send(.mergePatch(account, ["imagePullSecrets": [["name": "pull"]]], manager: "test"))
        let service = "/api/v1/namespaces/istio-system/services/istiod"
        let ignored: Value = [
            "metadata": ["annotations": ["sailoperator.io/ignore": "true"], "labels": ["mine": "yes"]]
        ]
        _ = try mesh.bench.client.send(.mergePatch(service, ignored, manager: "test"))
        run.untilQuiet()
        #expect(["Istio", "IstioCNI", "ZTunnel"].map { run.turns($0) } == before)
        #expect(mesh.bench.object(account)?["imagePullSecrets"]?.list?.count == 1)
        #expect(mesh.bench.object(service)?["metadata"]?["labels"]?["mine"] == "yes")
        #expect(mesh.bench.object(validator)?["webhooks"]?.list?.first?["failurePolicy"] == "Fail")
    }

    // Behaviours 19, 25, 26 and 45.
    @Test func aMissingNamespaceIsWaitedFor() throws {
        let mesh = try ResourceBench(namespaces: ["istio-system"])
        let run = ControllerBench(mesh)
        try mesh.createMesh()
        run.until("the namespaces are missed") {
            mesh.condition("IstioCNI", "Reconciled").contains(#"namespace "istio-cni" doesn't exist"#)
                && mesh.condition("ZTunnel", "Reconciled").contains(#"namespace "ztunnel" doesn't exist"#)
        }
        try mesh.create(namespace: "istio-cni")
        run.untilHealthy(["IstioCNI"])
        try mesh.create(namespace: "ztunnel")
        run.untilHealthy()
    }

    // Behaviours 55 and 56.
    @Test func aTargetThatComesLaterIsFollowed() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh)
        try mesh.create(
            "ZTunnel", ["version": .string(Bench.new), "targetRef": ["kind": "Istio", "name": "default"]])
        run.until("the target is missed") {
            mesh.condition("ZTunnel", "Reconciled").contains(#"Istio "default" not found"#)
        }
        #expect(mesh.status("ZTunnel")["istioRevision"] == nil)
        let values: Value = ["global": ["network": "net-a"]]
        try mesh.create("Istio", ["version": .string(Bench.new), "profile": "ambient", "values": values])
        run.untilHealthy(["ZTunnel"])
        #expect(mesh.status("ZTunnel")["istioRevision"] == "default")
        #expect(mesh.environment(ztunnel, "NETWORK") == "net-a")
        try mesh.patch("Istio", ["spec": ["values": ["global": ["network": "net-b"]]]])
        run.until("the network follows") { mesh.environment(ztunnel, "NETWORK") == "net-b" }
    }

    // Behaviours 17, 72 and 73.
    @Test func allVersionsPatchedAtOnceGoInOrder() throws {
        let mesh = try ResourceBench { $0.podSeconds = 0.2 }
        try mesh.createMesh(version: Bench.old)
        let run = ControllerBench(mesh)
        run.untilHealthy()
        try mesh.patch("ZTunnel", ["spec": ["version": .string(Bench.new)]])
        run.until("ztunnel waits") {
            run.controller.text.contains("ZTunnel default: waits for istiod v1.30.3; it runs 1.29.6")
        }
        for kind in ["IstioCNI", "Istio"] { try mesh.patch(kind, ["spec": ["version": .string(Bench.new)]]) }
        run.until("ztunnel is upgraded") {
            // Never is a node agent newer than what it needs; read later, that can only be newer still.
            let tags = [ztunnel, agent, istiod].map { mesh.tag($0) ?? "" }
            #expect(tags == tags.sorted(), "\(tags)")
            return tags.first == "1.30.3"
        }
        run.untilHealthy()
    }

    @Test func aMistakeIsUndoneDuringTheRollout() throws {
        let mesh = try ResourceBench { $0.brokenImage = "broken" }
        try mesh.createMesh()
        let run = ControllerBench(mesh)
        run.untilHealthy()
        try mesh.patch("ZTunnel", ["spec": ["values": ["ztunnel": ["image": "broken"]]]])
        run.until("it is not ready") { mesh.state("ZTunnel") == "DaemonSetNotReady" }
        run.until("the control plane says so") { mesh.state("Istio") == "ZTunnelNotHealthy" }
        try mesh.patch("ZTunnel", ["spec": ["values": .null]])
        run.untilHealthy()
    }

    // Behaviours 23, 49, 63 and 75.
    @Test func aDeletionRemovesTheComponentOnceNothingIsEnrolled() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let run = ControllerBench(mesh)
        run.untilHealthy()
        let namespace: Value = [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["name": "shop", "labels": ["istio.io/dataplane-mode": "ambient"]],
        ]
        _ = try mesh.bench.client.send(.create("/api/v1/namespaces", namespace))
        _ = try mesh.bench.client.send(.delete(mesh.path("ZTunnel") + "/default"))
        run.until("the deletion is refused") { mesh.condition("ZTunnel", "Reconciled").contains("shop") }
        #expect(mesh.bench.object(ztunnel) != nil)
        _ = try mesh.bench.client.send(
            .mergePatch("/api/v1/namespaces/shop", ["metadata": ["labels": .null]], manager: "test"))
        run.until("ztunnel is gone") { mesh.bench.object(ztunnel) == nil && mesh.resource("ZTunnel") == nil }
        run.until("the control plane misses it") { mesh.state("Istio") == "ZTunnelNotFound" }
        for kind in ["IstioCNI", "Istio"] { _ = try mesh.bench.client.send(.delete(mesh.path(kind) + "/default")) }
        run.until("all are gone") { mesh.resource("Istio") == nil && mesh.resource("IstioCNI") == nil }
        #expect(mesh.bench.object(istiod) == nil)
        #expect(mesh.bench.object(agent) == nil)
    }

    @Test func theLeaseIsGivenBackAtTheEnd() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh, environment: ["POD_NAMESPACE": "istio-cni"])
        run.until("it works") { run.controller.text.contains("works: holds the Lease istio-cni/sail-operator-lock") }
        let path = "/apis/coordination.k8s.io/v1/namespaces/istio-cni/leases/sail-operator-lock"
        #expect(mesh.bench.object(path)?["spec"]?["leaseDurationSeconds"] == 15)
        #expect(run.controller.stop() == 0)
        #expect(mesh.bench.object(path)?["spec"]?["holderIdentity"] == "")
        #expect(run.controller.lines.last == "ends: asked to by a signal")
    }

    @Test func aLostLeaseEndsIt() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh)
        run.until("it works") { run.controller.text.contains("works: holds the Lease") }
        _ = try mesh.bench.client.send(
            .mergePatch(lease, ["spec": ["holderIdentity": "sail-operator-7d9"]], manager: "sail-operator"))
        #expect(run.controller.end() == 1)
        #expect(run.controller.lines.last?.contains("sail-operator-7d9 took the lock") == true)
    }

    @Test func aForgottenWatchIsListedAgain() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let run = ControllerBench(mesh)
        run.untilHealthy()
        run.untilQuiet()
        mesh.bench.sandbox.compact()
        usleep(300_000)
        try mesh.patch("Istio", ["spec": ["values": ["pilot": ["env": ["A": "b"]]]]])
        run.until("it has a turn") { mesh.environment(istiod, "A") == "b" }
    }

    // Behaviours 22, 31, 33 and 76 to 78: no part of sail, and told so.
    @Test func resourcesOfRevisionsAreToldThatTheyAreNoPart() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh)
        run.until("it works") { run.controller.text.contains("works: holds the Lease") }
        try mesh.create("IstioRevisionTag", ["targetRef": ["kind": "Istio", "name": "default"]], name: "prod")
        run.until("the tag has a status") {
            mesh.condition("IstioRevisionTag", "Reconciled", name: "prod").contains("without revisions")
        }
        try mesh.create("Istio", ["version": .string(Bench.new), "profile": "ambient"], name: "prod")
        run.until("the other Istio has a status") {
            mesh.condition("Istio", "Reconciled", name: "prod").contains("name it default")
        }
        let validator =
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/istio-validator-prod-istio-system"
        #expect(mesh.bench.object(validator) == nil)
        // A tag of the name of the revision keeps that from nothing.
        try mesh.create("IstioRevisionTag", ["targetRef": ["kind": "Istio", "name": "default"]])
        try mesh.createMesh()
        run.untilHealthy()
        #expect(mesh.condition("IstioRevisionTag", "Reconciled").contains("without revisions"))
    }

    @Test func aClusterWithoutTheDefinitionsIsRefused() throws {
        let bench = try Bench()
        let options = bench.options()
        #expect(throws: (any Error).self) { try Controller.run(options) }
    }
}
