import Kubernetes
import Operations
import Planning
import Sandbox
import TestSupport
import Testing
import Values

/// Nodes whose ztunnel kept the old revision, as a DaemonSet with OnDelete leaves them.
@Suite struct RemainingNodesTests {
    private let bench: Bench

    private static let halfway = Result {
        let bench = try Bench()
        for version in [Bench.old, Bench.new] {
            let code = try bench.run(version == Bench.old ? .install : .upgrade) {
                $0.version = version
                $0.values.sets = [(.typed, "ztunnel.updateStrategy.type=OnDelete")]
                $0.cluster.apply.rollout = .onDelete
            }
            #expect(code == 0, "\(bench.ui.text)")
        }
        return bench.sandbox.snapshot()
    }

    init() throws {
        bench = try Bench()
        bench.sandbox.restore(try RemainingNodesTests.halfway.get())
    }

    private func options(_ change: (inout OperationOptions) -> Void = { _ in }) -> OperationOptions {
        bench.options {
            $0.values.sets = [(.typed, "ztunnel.updateStrategy.type=OnDelete")]
            $0.cluster.apply.rollout = .batch(2)
            change(&$0)
        }
    }

    private var updated: Int { bench.object(ztunnelPath)?["status"]?["updatedNumberScheduled"]?.int ?? 0 }

    @Test func theyAreReplacedOnlyAfterAQuestion() throws {
        #expect(updated == 0)
        let asked = options()
        bench.ui.answers = [false]
        #expect(try Pipeline.run(.upgrade, asked) == 1)
        #expect(bench.ui.questions == ["Replace their pods?"])
        #expect(
            bench.ui.text.contains("nothing to apply; 3 nodes still have ztunnel's old revision"), "\(bench.ui.text)")
        #expect(bench.ui.lines.last == "note: nothing was changed")
        #expect(updated == 0)
        let agreed = options()
        #expect(try Pipeline.run(.upgrade, agreed) == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("all nodes have the new revision"), "\(bench.ui.text)")
        #expect(updated == 3)
    }

    @Test func onlyTheSelectedNodesHaveTheirTurn() throws {
        let name = try #require(bench.client.list("/api/v1/nodes").items.first?["metadata"]?["name"]?.string)
        _ = try bench.client.send(.mergePatch("/api/v1/nodes/\(name)", ["metadata": ["labels": ["zone": "a"]]]))
        let chosen = options { $0.cluster.apply.rolloutNodes = "zone=a" }
        #expect(try Pipeline.run(.upgrade, chosen) == 0, "\(bench.ui.text)")
        #expect(bench.ui.questions == ["Replace its pod?"])
        #expect(bench.ui.text.contains("2 other nodes keep the old revision"), "\(bench.ui.text)")
        #expect(updated == 1)
    }

    /// The rest is not touched, so that their nodes go on serving.
    @Test func aNodeThatDoesNotComeBackHaltsTheRollout() throws {
        bench.sandbox.change { $0.brokenImage = "ztunnel:1.30" }
        let options = options {
            $0.cluster.apply.rollout = .batch(1)
            $0.cluster.apply.timeout = 1200
        }
        #expect(try Pipeline.run(.upgrade, options) == 1)
        #expect(
            bench.ui.text.contains("did not come back in time: halted, 2 pods keep the old revision"),
            "\(bench.ui.text)")
        #expect(bench.ui.text.contains("raise --timeout if it only needs longer"))
    }
}
