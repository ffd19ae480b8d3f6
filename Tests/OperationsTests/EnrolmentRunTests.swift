import Capture
import HTTP
import Kubernetes
import Objects
import Operations
import Planning
import Sandbox
import TestSupport
import Testing
import Values

/// What was shown of an enrolment.
private final class Shown: EnrolmentDisplay {
    private(set) var plans: [PlanForm] = []
    private(set) var effects: [String] = []
    private(set) var results: [EnrolmentResult] = []

    func show(_ plan: EnrolmentPlan, as form: PlanForm) throws { plans.append(form) }
    func summarize(_ plan: EnrolmentPlan) { effects.append(plan.effect) }
    func report(_ result: EnrolmentResult, of plan: EnrolmentPlan) throws { results.append(result) }
}

/// A whole run of `sail enroll`: plan, question, labels, pods.
@Suite struct EnrolmentRunTests {
    private let bench: Bench
    private let shown = Shown()

    init() throws {
        bench = try Bench.withMesh()
        for name in ["shop", "blog"] {
            _ = try bench.client.send(.create("/api/v1/namespaces", ["metadata": ["name": .string(name)]]))
        }
        let labels: Value = ["app": "web"]
        let path = "/apis/apps/v1/namespaces/shop/deployments"
        _ = try bench.client.send(
            .create(
                path,
                [
                    "metadata": ["name": "web"],
                    "spec": [
                        "selector": ["matchLabels": labels],
                        "template": [
                            "metadata": ["labels": labels], "spec": ["containers": [["name": "c", "image": "i:1"]]],
                        ],
                    ],
                ]))
        for _ in 0..<400 where bench.object(path + "/web")?["status"]?["readyReplicas"]?.int != 1 {
            bench.client.pause(milliseconds: 5)
        }
    }

    private func request(_ change: (inout EnrolmentRequest) -> Void = { _ in }) -> EnrolmentRequest {
        var request = EnrolmentRequest()
        request.namespaces = ["shop"]
        change(&request)
        return request
    }

    private func label(_ name: String = "shop") -> String? {
        bench.object("/api/v1/namespaces/\(name)")?.metadata.label("istio.io/dataplane-mode")
    }

    @Test func theLabelIsWrittenOnceTheUserHasSaidYes() throws {
        let options = bench.options()
        var before: String??
        bench.ui.onQuestion = { before = .some(label()) }
        #expect(try request().run(options, shown) == 0, "\(bench.ui.text)")
        #expect(before == .some(nil))
        #expect(label() == "ambient")
        #expect(bench.ui.questions.map { $0.prefix(24) } == ["Enroll namespace shop on"])
        #expect(shown.plans == [.preview] && shown.effects == ["captures 1 of 1 pod"])
        #expect(shown.results.map(\.ending) == [.done])
        #expect(bench.ui.lines.last == "note: enrolled namespace shop: 1 pod captured", "\(bench.ui.text)")
        let again = bench.options()
        #expect(try request().run(again, shown) == 0)
        #expect(bench.ui.questions == [])
        #expect(bench.ui.lines.last == "note: nothing to change for namespace shop: 1 pod captured")
    }

    @Test func aNoWritesNothing() throws {
        let options = bench.options()
        bench.ui.answers = [false]
        bench.sandbox.forgetRequests()
        #expect(try request().run(options, shown) == 1)
        #expect(label() == nil)
        #expect(bench.ui.lines.last == "note: nothing was changed")
        #expect(shown.results.map(\.ending) == [.declined])
        #expect(bench.writes().filter { !$0.contains("accessreviews") && !$0.hasPrefix("PATCH") } == [])
    }

    @Test func aRehearsalAsksNobody() throws {
        #expect(try request().run(bench.options { $0.cluster.dryRun = .server }, shown) == 0)
        #expect(shown.plans == [.result] && bench.ui.questions == [])
        #expect(label() == nil)
        #expect(try request().run(bench.options { $0.cluster.dryRun = .client }, shown) == 0)
        #expect(label() == nil)
    }

    /// What the server would refuse is known before the question, all of it.
    @Test func whatTheServerRefusesIsSaidBeforeTheQuestion() throws {
        bench.sandbox.change { $0.refusals["Namespace/*"] = "labels are frozen" }
        let options = bench.options()
        let error = #expect(throws: Failures.self) {
            try request { $0.namespaces = ["shop", "blog"] }.run(options, shown)
        }
        let said = error?.description ?? ""
        #expect(said.contains("Namespace shop: ") && said.contains("Namespace blog: "), "\(said)")
        #expect(said.contains("labels are frozen"))
        #expect(bench.ui.questions == [])
    }

    @Test func aRefusalAfterTheQuestionFailsTheRun() throws {
        let options = bench.options()
        let sandbox = bench.sandbox
        bench.ui.onQuestion = { sandbox.add(Fault(.status(422, message: "frozen"), method: "PATCH")) }
        #expect(try request().run(options, shown) == 1)
        #expect(bench.ui.text.contains("error: Namespace shop: "), "\(bench.ui.text)")
        #expect(shown.results.map(\.ending) == [.failed])
        #expect(label() == nil)
    }

    @Test func anInterruptionBeforeTheLabelsSaysHowToGoOn() throws {
        let options = bench.options()
        let signals = options.signals as? ScriptedSignals
        bench.ui.onQuestion = { signals?.come() }
        #expect(try request().run(options, shown) == 130)
        #expect(bench.ui.text.contains("run the same command again"), "\(bench.ui.text)")
        #expect(shown.results.map(\.ending) == [.interrupted])
    }

    @Test func anInterruptionWhilePodsAreWaitedForLeavesTheLabels() throws {
        bench.cluster.withholdCapture("web")
        let options = bench.options()
        let signals = options.signals as? ScriptedSignals
        bench.ui.onLine = { if $0.contains("captured 0 of 1 pods") { signals?.come() } }
        #expect(try request().run(options, shown) == 130)
        #expect(label() == "ambient")
        #expect(bench.ui.text.contains("interrupted: the labels are written"), "\(bench.ui.text)")
    }

    @Test func withoutWaitingThePodsAreNotWaitedFor() throws {
        bench.cluster.withholdCapture("web")
        #expect(try request().run(bench.options { $0.cluster.apply.waits = false }, shown) == 0, "\(bench.ui.text)")
        #expect(label() == "ambient")
        #expect(shown.results.first?.errors == [])
    }

    // MARK: - What is only partly known

    private func plan(_ change: (inout EnrolmentRequest) -> Void = { _ in }) throws -> EnrolmentPlan {
        try ClusterSession(bench.options()).enrolmentPlan(request(change))
    }

    @Test func whatMayNotBeReadIsANote() throws {
        bench.sandbox.add(Fault(.status(403), path: "istio-cni-config"))
        bench.sandbox.add(Fault(.status(403), path: "/api/v1/nodes"))
        let plan = try plan()
        #expect(plan.notes.contains { $0.hasPrefix("the CNI agent's settings could not be read") }, "\(plan.notes)")
        #expect(plan.notes.contains { $0.hasPrefix("nodes or their agents could not be read") }, "\(plan.notes)")
        bench.sandbox.add(Fault(.status(500), path: "/api/v1/namespaces/shop/pods"))
        #expect(throws: APIError.self) { try self.plan() }
    }

    @Test func leavingTheMeshNamesWhatStays() throws {
        #expect(try request().run(bench.options(), shown) == 0)
        let labels: Value = ["metadata": ["labels": ["istio.io/use-waypoint": "waypoint"]]]
        _ = try bench.client.send(.mergePatch("/api/v1/namespaces/shop", labels))
        _ = try bench.client.send(
            .create(
                "/apis/security.istio.io/v1/namespaces/shop/authorizationpolicies",
                ["metadata": ["name": "deny"], "spec": ["action": "DENY"]]))
        let plan = try plan { $0.isRemoval = true }
        #expect(plan.notes.contains { $0.contains("keeps its label istio.io/use-waypoint=waypoint") }, "\(plan.notes)")
        #expect(plan.hazards.contains { $0.message.hasPrefix("is enforced by ztunnel") }, "\(plan.hazards)")
        let pods = try self.plan { ($0.isRemoval, $0.podSelector) = (true, "app=web") }
        #expect(pods.notes.contains { $0.hasPrefix("namespace shop is enrolled: its pods stay in the mesh") })
        #expect(
            try self.plan { $0.podSelector = "app=web" }.notes.contains { $0.contains("enrolled already, with all") })
        #expect(
            try self.plan { $0.podSelector = "app=none" }.notes.contains { $0.contains("no pod of namespace shop") })
    }

    @Test func whoMayNotWriteTheLabelIsToldSo() throws {
        bench.sandbox.change { $0.grants = [Grant(user: "viewer", verbs: ["get", "list", "watch"])] }
        let options = bench.options { $0.cluster.connection.token = Sandbox.viewerToken }
        let error = #expect(throws: (any Error).self) { try request().run(options, shown) }
        let said = error.map { "\($0)" } ?? ""
        #expect(said.contains("user \"viewer\" may not patch namespaces"), "\(said)")
        #expect(bench.ui.questions == [] && label() == nil)
    }
}
