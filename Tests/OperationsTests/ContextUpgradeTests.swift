import Foundation
import Kubernetes
import Planning
import TestSupport
import Testing
import Values

@testable import Operations

/// An upgrade of several clusters: one after the other, as shown.
@Suite struct ContextUpgradeTests {
    private let ui = ScriptedUI()

    private func benches(_ count: Int) throws -> [Bench] {
        try (0..<count).map { _ in
            let bench = try Bench()
            try bench.run(.install) { $0.version = Bench.old }
            return bench
        }
    }

    private func parts(
        _ benches: [Bench], _ change: (inout OperationOptions) -> Void = { _ in }
    ) -> [ContextUpgrade.Part] {
        zip(["a", "b", "c", "d"], benches).map { ContextUpgrade.Part(context: $0, options: $1.options(change)) }
    }

    private func run(
        _ parts: [ContextUpgrade.Part], keepsPreviews: Bool = false
    ) throws -> [ContextUpgrade.Outcome] {
        try ContextUpgrade(
            parts, ui: ui, keepsPreviews: keepsPreviews, announce: { ui.note("context \($0)") },
            fail: {
                ui.fail($0)
                return 1
            }
        ).run()
    }

    private func version(_ bench: Bench) throws -> String? {
        try bench.client.send(.get("/apis/apps/v1/namespaces/istio-system/deployments/istiod"))[
            path: "metadata", "labels", "app.kubernetes.io/version"]?.string
    }

    @Test func allPlansAreShownBeforeTheFirstQuestion() throws {
        let benches = try benches(2)
        var shown: [Int] = []
        ui.onQuestion = { [ui] in shown.append(ui.plans.count) }
        let outcomes = try run(parts(benches))
        #expect(shown == [2, 2])
        #expect(ui.questions.count == 2)
        #expect(ui.plans.map(\.form) == [.preview, .preview])
        #expect(outcomes.map(\.exitCode) == [0, 0])
        #expect(outcomes.map { $0.result?.ending } == [.done, .done])
        #expect(try benches.map(version) == ["1.30.3", "1.30.3"])
        #expect(ui.lines.last == "note: upgraded 2 clusters: a, b")
    }

    @Test func theFirstFailureIsTheLastCluster() throws {
        let benches = try benches(3)
        benches[1].cluster.breakImages("pilot")
        let outcomes = try run(parts(benches) { $0.cluster.apply.timeout = 1500 })
        #expect(outcomes.map(\.exitCode) == [0, 1, nil])
        #expect(outcomes.map { $0.result?.ending } == [.done, .failed, nil])
        #expect(try version(benches[2]) == "1.29.6")
        #expect(
            ui.lines.last
                == "error: stopped at b, which failed; done: a; not begun: c; run the same command again to go on")
    }

    @Test func aNoEndsTheRun() throws {
        let benches = try benches(2)
        ui.answers = [false]
        let outcomes = try run(parts(benches))
        #expect(outcomes.map(\.exitCode) == [1, nil])
        #expect(ui.lines.last?.hasPrefix("error: stopped at a, which was declined; done: none; not begun: b") == true)
        #expect(try benches.map(version) == ["1.29.6", "1.29.6"])
    }

    @Test func noneIsChangedWhereOneHasNoPlan() throws {
        var benches = try benches(1)
        benches.append(try Bench())
        let outcomes = try run(parts(benches))
        #expect(outcomes.map(\.exitCode) == [nil, 1])
        #expect(outcomes[1].error?.contains("no mesh found") == true)
        #expect(ui.questions == [])
        #expect(ui.lines.last?.hasPrefix("error: 1 of 2 clusters cannot be upgraded: b; nothing was changed") == true)
        #expect(try version(benches[0]) == "1.29.6")
    }

    @Test func aClusterThatChangedSinceItsPlanWasShownIsLeftAlone() throws {
        let benches = try benches(2)
        let path = "/apis/apps/v1/namespaces/istio-system/daemonsets/ztunnel"
        let limit: Value = [
            "spec": [
                "template": [
                    "spec": ["containers": [["name": "istio-proxy", "resources": ["requests": ["cpu": "333m"]]]]]
                ]
            ]
        ]
        var call = APIRequest.mergePatch(path, limit, manager: "kubectl-edit")
        call.contentType = "application/strategic-merge-patch+json"
        var isFirst = true
        ui.onQuestion = {
            if isFirst { #expect(throws: Never.self) { try benches[1].client.send(call) } }
            isFirst = false
        }
        let outcomes = try run(parts(benches))
        #expect(outcomes.map(\.exitCode) == [0, 1])
        #expect(outcomes[1].error?.contains("changed since its plan was shown") == true)
        #expect(ui.questions.count == 1)
        #expect(try version(benches[1]) == "1.29.6")
    }

    @Test func aSignalEndsTheRunAtTheClusterOfTheMoment() throws {
        let benches = try benches(3)
        let parts = parts(benches)
        var starts = 0
        ui.onLine = { line in
            if line == "progress: started cni" { starts += 1 }
            guard starts == 2 else { return }
            for part in parts { (part.options.signals as? ScriptedSignals)?.come() }
        }
        let outcomes = try run(parts)
        #expect(outcomes.map(\.exitCode) == [0, 130, nil])
        #expect(outcomes.map { $0.result?.ending } == [.done, .interrupted, nil])
        #expect(ui.lines.last?.hasPrefix("error: stopped at b, which was interrupted; done: a; not begun: c") == true)
        #expect(try version(benches[2]) == "1.29.6")
    }

    @Test func twoContextsOfOneClusterAreUpgradedOnce() throws {
        let bench = try benches(1)[0]
        let outcomes = try run(parts([bench, bench]))
        #expect(outcomes.map(\.exitCode) == [0, 0])
        #expect(outcomes.map { $0.result?.ending } == [.done, .unchanged])
    }

    @Test func aRehearsalShowsEveryClusterAndChangesNone() throws {
        var benches = try benches(2)
        benches.insert(try Bench(), at: 1)
        let outcomes = try run(parts(benches) { $0.cluster.dryRun = .server }, keepsPreviews: true)
        #expect(outcomes.map(\.exitCode) == [0, 1, 0])
        #expect(outcomes.map { $0.preview?.to } == ["v1.30.3", nil, "v1.30.3"])
        #expect(ui.questions == [])
        #expect(try version(benches[0]) == "1.29.6")
    }
}
