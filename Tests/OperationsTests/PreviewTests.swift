import Istio
import Kubernetes
import Operations
import Planning
import Sandbox
import TestSupport
import Testing
import Values

/// What a run says before its question, and how it has ended for programs.
@Suite struct PreviewTests {
    private func installed(_ change: (inout OperationOptions) -> Void = { _ in }) throws -> Bench {
        let bench = try Bench()
        let code = try bench.run(.install) {
            $0.version = Bench.old
            change(&$0)
        }
        #expect(code == 0, "\(bench.ui.text)")
        return bench
    }

    @Test func anUpgradeNamesClusterVersionsAndImpact() throws {
        let bench = try installed()
        #expect(try bench.run(.upgrade) == 0)
        let preview = try #require(bench.ui.summaries.first)
        #expect(bench.ui.plans.map(\.form) == [.preview])
        #expect(preview.versions == "v1.29.6 → v1.30.3")
        #expect(preview.direction == .upgrade)
        #expect(preview.profile == "ambient")
        #expect(preview.namespace == "istio-system")
        #expect(preview.cluster.server.hasPrefix("https://127.0.0.1:"))
        #expect(bench.ui.questions == ["Upgrade \(preview.cluster.name) to v1.30.3?"])
        #expect(preview.impacts.map(\.change.component) == ["istiod", "cni", "ztunnel"])
        #expect(preview.digest.count(.relabelled) > 20)
        #expect(preview.behaviour.map(\.minor) == ["1.30"])
        #expect(
            preview.behaviour.first?.change.flag
                == "--set-string pilot.env.PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE=false")
    }

    @Test(arguments: [SetFlag.string, .typed])
    func aBehaviourThatTheValuesKeepIsNoChange(flag: SetFlag) throws {
        let bench = try installed()
        let key = "pilot.env.PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE"
        #expect(try bench.run(.upgrade) { $0.values.sets = [(flag, "\(key)=false")] } == 0)
        #expect(try #require(bench.ui.summaries.first).behaviour.isEmpty)
    }

    @Test func eachVerbHasItsQuestion() throws {
        let bench = try installed()
        #expect(bench.ui.questions.first?.hasPrefix("Install v1.29.6 on ") == true, "\(bench.ui.questions)")
        #expect(bench.ui.summaries.first?.versions == "v1.29.6, the first installation")
        let name = bench.ui.summaries.first?.cluster.name ?? ""
        #expect(
            try bench.run(.upgrade) { ($0.version, $0.values.sets) = (nil, [(.typed, "ztunnel.logLevel=debug")]) } == 0)
        #expect(bench.ui.questions == ["Apply these changes to \(name)?"])
        #expect(bench.ui.summaries.first?.versions == "v1.29.6, as now")
        #expect(try bench.run(.upgrade) == 0)
        #expect(try bench.run(.upgrade) { $0.version = Bench.old } == 0, "\(bench.ui.text)")
        #expect(bench.ui.questions.first == "Downgrade \(name) to v1.29.6?")
        #expect(try bench.run(.rollback) == 0, "\(bench.ui.text)")
        #expect(bench.ui.questions.first == "Roll \(name) back to v1.30.3?")
        #expect(try bench.run(.uninstall) == 0)
        #expect(bench.ui.questions == ["Remove the mesh from \(name)?"])
        #expect(bench.ui.summaries.first?.versions == "v1.30.3 → none")
    }

    @Test func aBareUpgradeAfterAnInterruptedOneSaysHowToGoOn() throws {
        let bench = try installed()
        let options = bench.options()
        let signals = options.signals as? ScriptedSignals
        bench.ui.onLine = { if $0.contains("started cni") { signals?.come() } }
        #expect(try Pipeline.run(.upgrade, options) == 130)
        #expect(bench.ui.results.map(\.ending) == [.interrupted])
        #expect(try bench.run(.upgrade) { $0.version = nil } == 0, "\(bench.ui.text)")
        let notice = try #require(bench.ui.lines.first { $0.contains("did not finish") })
        #expect(notice.hasPrefix("warning: the last upgrade to v1.30.3 did not finish ("))
        #expect(notice.contains("stopped at cni); to go on with it: sail upgrade --version v1.30.3, with"), "\(notice)")
        #expect(bench.ui.questions.first?.hasPrefix("Downgrade ") == true, "\(bench.ui.questions)")
    }

    @Test func goingOnWithAnInterruptedRunNeedsNoNotice() throws {
        let bench = try installed()
        let options = bench.options()
        let signals = options.signals as? ScriptedSignals
        bench.ui.onLine = { if $0.contains("started cni") { signals?.come() } }
        #expect(try Pipeline.run(.upgrade, options) == 130)
        #expect(try bench.run(.upgrade) == 0)
        #expect(!bench.ui.text.contains("did not finish"))
        #expect(bench.ui.summaries.first?.direction == .upgrade)
    }

    @Test func anInstallationSaysWhichStoredSettingsItDrops() throws {
        let bench = try installed {
            $0.values.sets = [(.typed, "pilot.env.A_SETTING=x"), (.typed, "ztunnel.logLevel=debug")]
        }
        #expect(
            try bench.run(.install) { ($0.version, $0.values.sets) = (Bench.old, [(.typed, "ztunnel.logLevel=info")]) }
                == 0)
        let notice = bench.ui.lines.first { $0.contains("drops the stored settings") }
        #expect(
            notice == "warning: install starts from what is given now: it drops the stored settings "
                + "pilot.env.A_SETTING; sail upgrade keeps what is stored")
        #expect(try bench.run(.install) { $0.version = nil } == 0)
        #expect(
            bench.ui.text.contains(
                "warning: install starts from what is given now: it leaves v1.29.6 for v1.30.3 and drops the stored "
                    + "settings ztunnel.logLevel; sail upgrade"))
    }

    @Test func theResultNamesEachComponentWithItsRevision() throws {
        let bench = try installed()
        #expect(try bench.run(.upgrade) == 0)
        let result = try #require(bench.ui.results.first)
        #expect(bench.ui.results.count == 1)
        #expect(result.ending == .done)
        #expect(result.parts.map(\.component) == [.base, .istiod, .cni, .ztunnel])
        #expect(result.parts.map(\.revision) == [2, 2, 2, 2])
        #expect(result.parts.allSatisfy { $0.ending == .done })
        #expect(result.preview?.from == "v1.29.6")
        #expect(result.preview?.to == "v1.30.3")
        #expect(try bench.run(.upgrade) == 0)
        #expect(bench.ui.results.map(\.ending) == [.unchanged])
        #expect(bench.ui.results[0].parts.map(\.revision) == [2, 2, 2, 2])
        let options = bench.options { $0.values.sets = [(.typed, "ztunnel.logLevel=debug")] }
        bench.ui.answers = [false]
        #expect(try Pipeline.run(.upgrade, options) == 1)
        #expect(bench.ui.results.map(\.ending) == [.declined])
    }

    @Test func theResultOfAFailureSaysWhatWasReached() throws {
        let bench = try installed()
        bench.sandbox.change { $0.refusals["DaemonSet/ztunnel"] = "not today" }
        #expect(bench.failure(.upgrade).contains("not today"))
        let result = try #require(bench.ui.results.first)
        #expect(result.ending == .failed)
        #expect(result.errors.contains { $0.contains("not today") })
        #expect(result.parts.map(\.ending) == [.unchanged, .unchanged, .unchanged, .unchanged])
        #expect(bench.failure(.rollback) { $0.revision = 99 }.contains("no revision 99"))
        #expect(bench.ui.results.map(\.ending) == [.failed])
        #expect(bench.ui.results.first?.preview == nil)
    }

    @Test func aDryRunHasNoResultButItsPlan() throws {
        let bench = try installed()
        #expect(try bench.run(.upgrade) { $0.cluster.dryRun = .server } == 0)
        #expect(bench.ui.results.isEmpty)
        #expect(bench.ui.plans.map(\.form) == [.result])
        #expect(bench.ui.plans.first?.preview.form == .short)
        #expect(try bench.run(.upgrade) { $0.cluster.isApproved = true } == 0)
        #expect(bench.ui.plans.first?.preview.form == DifferenceForm.none)
    }
}
