import Kubernetes
import Operations
import Planning
import Sandbox
import TestSupport
import Testing
import Values

/// `sail status --wait` and `--watch`.
@Suite struct HealthFollowingTests {
    private let bench: Bench

    init() throws {
        bench = try Bench.withMesh()
    }

    @Test func waitingEndsWithAHealthyMesh() throws {
        let session = try ClusterSession(bench.options { $0.cluster.waitsForHealth = true })
        #expect(try session.awaitedHealth().isHealthy)
    }

    @Test func waitingEndsWhenTheTimeIsOver() throws {
        _ = try bench.client.send(.delete("/api/v1/namespaces/istio-system/services/istiod"))
        let session = try ClusterSession(
            bench.options {
                $0.cluster.waitsForHealth = true
                $0.cluster.apply.timeout = 0
            })
        var states: [String] = []
        let health = try session.followHealth { states.append($0.state) }
        #expect(!health.isHealthy && states.count == 1)
        #expect(states[0].contains("Service istio-system/istiod: missing"))
    }

    @Test func aSignalEndsTheWatch() throws {
        let options = bench.options()
        let signals = options.signals as? ScriptedSignals
        let session = try ClusterSession(options)
        var count = 0
        #expect(throws: (any Error).self) {
            try session.followHealth { _ in
                count += 1
                signals?.come()
            }
        }
        #expect(count == 1)
    }

    @Test func anotherNamespaceIsAnErrorAtOnce() throws {
        let session = try ClusterSession(
            bench.options {
                $0.namespace = "elsewhere"
                $0.cluster.waitsForHealth = true
            })
        let error = #expect(throws: Failures.self) { try session.awaitedHealth() }
        #expect(error?.description.contains("it is in istio-system; give -n istio-system") == true)
    }

    @Test func aStopwatchTellsTheTimeByItsClock() {
        let clock = SetClock()
        let watch = Stopwatch { clock.now }
        clock.now += 65_500
        #expect(watch.elapsed == 65_500)
        #expect(watch.text == "1m 5s" || watch.text == "1m5s", "\(watch.text)")
    }
}

/// A clock of milliseconds that goes on by hand; on the thread of one test.
private final class SetClock: @unchecked Sendable {
    var now = 1000
}
