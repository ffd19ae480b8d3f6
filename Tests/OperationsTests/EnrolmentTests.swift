import Capture
import Istio
import Kubernetes
import Objects
import Operations
import Planning
import Sandbox
import TestSupport
import Testing
import Values

/// Namespaces and pods that go into the mesh, and out of it.
@Suite struct EnrolmentTests {
    private let bench: Bench

    init() throws {
        bench = try Bench.withMesh()
        try make("/api/v1/namespaces", ["metadata": ["name": "shop"]])
    }

    private func make(_ path: String, _ object: Value) throws { _ = try bench.client.send(.create(path, object)) }

    private func deploy(_ name: String, labels: Mapping = [:], spec: Mapping = [:], to namespace: String = "shop")
        throws
    {
        var labels = labels
        labels["app"] = .string(name)
        var pod = spec
        pod["containers"] = [["name": "c", "image": "i:1"]]
        try make(
            "/apis/apps/v1/namespaces/\(namespace)/deployments",
            [
                "metadata": ["name": .string(name)],
                "spec": [
                    "selector": ["matchLabels": ["app": .string(name)]],
                    "template": ["metadata": ["labels": .map(labels)], "spec": .map(pod)],
                ],
            ])
        let path = "/apis/apps/v1/namespaces/\(namespace)/deployments/\(name)"
        for _ in 0..<200 where bench.object(path)?["status"]?["readyReplicas"]?.int != 1 { wait(10) }
    }

    private func wait(_ milliseconds: Int) { bench.client.pause(milliseconds: milliseconds) }

    private func session(_ change: (inout OperationOptions) -> Void = { _ in }) throws -> ClusterSession {
        try ClusterSession(bench.options(change))
    }

    private func plan(_ change: (inout EnrolmentRequest) -> Void = { _ in }) throws -> EnrolmentPlan {
        var request = EnrolmentRequest()
        request.namespaces = ["shop"]
        change(&request)
        return try session().enrolmentPlan(request)
    }

    private func carryOut(_ plan: EnrolmentPlan, timeout: Int = 10_000) throws -> EnrolmentResult {
        let session = try session { $0.cluster.apply.timeout = timeout }
        try session.rehearse(plan)
        return session.carryOut(plan) { _, _ in }
    }

    private func states(_ workloads: [WorkloadCapture]) -> [String] {
        workloads.map { "\($0.title) \($0.pods.count) \($0.state.word)" }
    }

    private func failure(_ change: (inout EnrolmentRequest) -> Void) -> String {
        do {
            return "\(try plan(change).changes.map(\.identity))"
        } catch {
            return "\(error)"
        }
    }

    private var label: Value? { bench.object("/api/v1/namespaces/shop")?["metadata"]?["labels"]?[IstioLabel.mode] }

    // MARK: - Enrolling

    @Test func thePlanSaysWhoIsCapturedAndTheRunWaitsForThem() throws {
        try deploy("web")
        try deploy("agent", spec: ["hostNetwork": true])
        try deploy("batch", labels: [IstioLabel.mode: "none"])
        let plan = try plan()
        #expect(
            states(plan.workloads) == [
                "Deployment shop/agent 1 host-network", "Deployment shop/batch 1 opted-out",
                "Deployment shop/web 1 waiting",
            ])
        #expect(plan.effect == "captures 1 of 3 pods")
        #expect(label == nil)
        let result = try carryOut(plan)
        #expect(result.code == 0, "\(result.errors)")
        #expect(states(result.workloads).contains("Deployment shop/web 1 captured"))
        #expect(label == "ambient")
        let managers = bench.object("/api/v1/namespaces/shop")?["metadata"]?["managedFields"]?.list ?? []
        #expect(managers.contains { $0["manager"] == "sail" })
    }

    @Test func aSecondRunWritesNothing() throws {
        try deploy("web")
        #expect(try carryOut(plan()).code == 0)
        bench.sandbox.forgetRequests()
        let again = try plan()
        #expect(again.changes.isEmpty)
        #expect(again.notes.contains("namespace shop is enrolled already"))
        let result = try carryOut(again)
        #expect(result.ending == .unchanged && result.code == 0)
        #expect(bench.writes().filter { !$0.contains("accessreviews") } == [])
    }

    @Test func aPodThatIsNotCapturedFailsTheRunWithTheCommandThatRestartsIt() throws {
        bench.cluster.withholdCapture("web")
        try deploy("web")
        let result = try carryOut(plan(), timeout: 1500)
        #expect(result.ending == .failed && result.code == 1)
        #expect(
            result.errors == [
                "Deployment shop/web: 1 pod was not captured within 1s; kubectl -n shop rollout restart deployment/web"
            ])
        #expect(label == "ambient")
    }

    @Test func nodesWithoutAReadyZtunnelAreNamedAndNotWaitedFor() throws {
        try deploy("web")
        bench.cluster.breakImages("ztunnel")
        for pod in try bench.client.list("/api/v1/namespaces/istio-system/pods", Selection(labels: "app=ztunnel")).items
        {
            _ = try bench.client.send(.delete("/api/v1/namespaces/istio-system/pods/\(pod.metadata.name)"))
        }
        wait(300)
        let plan = try plan()
        #expect(states(plan.workloads) == ["Deployment shop/web 1 no-ztunnel"])
        let result = try carryOut(plan, timeout: 60_000)
        #expect(result.code == 0 && result.duration < 30_000)
    }

    @Test func podsAreEnrolledByTheirOwnLabelAndTheirTemplateIsNamed() throws {
        try deploy("web")
        try deploy("cart")
        let plan = try plan { $0.podSelector = "app=cart" }
        #expect(plan.changes.map(\.identity.kind) == ["Pod"])
        #expect(plan.notes.contains { $0.contains("kubectl -n shop patch deployment/cart") }, "\(plan.notes)")
        #expect(try carryOut(plan).code == 0)
        #expect(label == nil)
        let pods = try bench.client.list("/api/v1/namespaces/shop/pods").items
        let marked = pods.filter { $0.metadata.annotation(IstioLabel.redirection) == "enabled" }
        #expect(marked.map { $0.metadata.label("app") } == ["cart"])
    }

    @Test func whatCannotBeEnrolledIsRefusedBeforeAnythingIsWritten() throws {
        try make("/api/v1/namespaces", ["metadata": ["name": "old", "labels": ["istio-injection": "enabled"]]])
        let message = failure { $0.namespaces = ["shop", "old", "istio-system", "kube-system"] }
        #expect(message.contains("namespace old has label istio-injection=enabled"), "\(message)")
        #expect(message.contains("namespace istio-system holds the mesh itself"))
        #expect(message.contains("excludes namespace kube-system"))
        #expect(failure { $0.namespaces = ["shpo"] } == "namespace shpo not found; did you mean shop?")
        let empty = try Bench()
        var request = EnrolmentRequest()
        request.namespaces = ["default"]
        let error = #expect(throws: Failures.self) { try ClusterSession(empty.options()).enrolmentPlan(request) }
        #expect(error?.description == "no mesh found on this cluster; install it with sail install")
    }

    @Test func hazardsOfTheNamespaceAreShown() throws {
        try deploy("web")
        try make(
            "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies",
            ["metadata": ["name": "web"], "spec": ["podSelector": [:], "ingress": [["ports": [["port": 80]]]]]])
        try make(
            "/apis/security.istio.io/v1/namespaces/shop/authorizationpolicies",
            ["metadata": ["name": "get"], "spec": ["rules": [["to": [["operation": ["methods": ["GET"]]]]]]]])
        try make(
            "/api/v1/namespaces/kube-system/configmaps",
            ["metadata": ["name": "cilium-config"], "data": ["enable-bpf-masquerade": "true"]])
        let kinds = try plan().hazards.map(\.kind)
        #expect(kinds == [.networkPolicy, .authorization, .cni])
        bench.sandbox.add(Fault(.status(403), path: "networkpolicies"))
        let hidden = try plan().hazards
        #expect(hidden.first?.kind == .unknown && hidden.first?.message.contains("not checked") == true)
    }

    @Test func aReplacedNamespaceIsNotLabelled() throws {
        let plan = try plan()
        _ = try bench.client.send(.delete("/api/v1/namespaces/shop"))
        for _ in 0..<200 where bench.object("/api/v1/namespaces/shop") != nil { wait(10) }
        try make("/api/v1/namespaces", ["metadata": ["name": "shop"]])
        let result = try session().carryOut(plan) { _, _ in }
        #expect(result.ending == .failed)
        #expect(label == nil)
    }

    // MARK: - Unenrolling

    @Test func unenrollingReleasesThePodsAndNamesThoseThatStay() throws {
        try deploy("web")
        try deploy("cart", labels: [IstioLabel.mode: "ambient"])
        #expect(try carryOut(plan()).code == 0)
        let plan = try plan { $0.isRemoval = true }
        #expect(plan.effect == "releases 1 pod, 1 stay captured")
        #expect(plan.notes.contains { $0.contains("sail unenroll shop --pods istio.io/dataplane-mode=ambient") })
        let result = try carryOut(plan)
        #expect(result.code == 0, "\(result.errors)")
        #expect(states(result.workloads) == ["Deployment shop/cart 1 captured", "Deployment shop/web 1 not-enrolled"])
        #expect(label == nil)
    }

    @Test func everythingIsUnenrolledBeforeAnUninstall() throws {
        try make("/api/v1/namespaces", ["metadata": ["name": "other"]])
        try deploy("web")
        try deploy("cart", labels: [IstioLabel.mode: "ambient"], to: "other")
        #expect(try carryOut(plan()).code == 0)
        let refused = bench.failure(.uninstall)
        #expect(refused.contains("namespace shop is enrolled: sail unenroll shop"), "\(refused)")
        #expect(refused.contains("sail unenroll other --pods istio.io/dataplane-mode=ambient"))
        let plan = try plan {
            ($0.isRemoval, $0.takesAll, $0.namespaces) = (true, true, [])
        }
        #expect(plan.changes.map(\.identity.kind).sorted() == ["Namespace", "Pod"])
        #expect(try carryOut(plan).code == 0)
        #expect(try bench.run(.uninstall) == 0, "\(bench.ui.text)")
    }
}
