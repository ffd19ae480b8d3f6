import Kubernetes
import Operations
import Planning
import Preflight
import Sandbox
import TestSupport
import Testing
import Values

/// Waypoints in an upgrade: named before, and waited for between istiod and the CNI agent.
@Suite struct WaypointUpgradeTests {
    private static let gateways = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways"

    /// The old version with waypoint `shop/waypoint`, which is ready, and `shop/slow`, which is not.
    private func meshWithWaypoints() throws -> Bench {
        let bench = try Bench {
            $0.gatewayAPI = "v1.5.1"
            $0.unprogrammed = "slow"
        }
        #expect(try bench.run(.install) { $0.version = Bench.old } == 0, "\(bench.ui.text)")
        _ = try bench.client.send(.create("/api/v1/namespaces", ["metadata": ["name": "shop"]]))
        for name in ["waypoint", "slow"] {
            let gateway: Value = [
                "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": ["name": .string(name)],
                "spec": [
                    "gatewayClassName": "istio-waypoint",
                    "listeners": [["name": "mesh", "port": 15008, "protocol": "HBONE"]],
                ],
            ]
            _ = try bench.client.send(.create(WaypointUpgradeTests.gateways, gateway))
        }
        for _ in 0..<200 where try state(bench).first(where: { $0.isReady }) == nil {
            bench.client.pause(milliseconds: 50)
        }
        return bench
    }

    private func state(_ bench: Bench) throws -> [WaypointState] {
        try ClusterSession(bench.options()).waypointStates(in: "shop")
    }

    @Test func theyAreNamedAndFollowIstiod() throws {
        let bench = try meshWithWaypoints()
        #expect(try bench.run(.upgrade) == 0, "\(bench.ui.text)")
        let impacts = bench.ui.summaries.first?.impacts.map(\.text) ?? []
        #expect(
            impacts.contains("waypoint shop/waypoint rolls: 1 pod and no PodDisruptionBudget, a gap"), "\(impacts)")
        #expect(bench.ui.text.contains("warning: waypoint shop/slow is not waited for: "), "\(bench.ui.text)")
        #expect(try state(bench).first { $0.isReady }?.summary.version == Bench.new)
    }

    @Test func oneThatDoesNotFollowStopsTheRunBeforeTheNodeAgent() throws {
        let bench = try meshWithWaypoints()
        bench.sandbox.change { $0.unprogrammed = "w" }
        #expect(try bench.run(.upgrade) { $0.cluster.apply.timeout = 4000 } == 1)
        #expect(bench.ui.text.contains("did not reach v1.30.3 when --timeout expired"), "\(bench.ui.text)")
        #expect(!bench.ui.lines.contains("progress: started cni"))
    }
}

/// What precheck says of the Gateway API's bundle.
@Suite struct GatewayBundleTests {
    @Test(arguments: [("v1.3.0", true), ("v1.5.1", false), ("v1.6.1", false), ("main", false)])
    func anOlderBundleThanTheTestedOneIsWarnedOf(bundle: String, isWarned: Bool) {
        var facts = ClusterFacts()
        facts.gatewayBundle = bundle
        let found = preflight(DesiredMesh(minor: "1.30"), facts).filter { $0.check == "gateway API" }
        #expect(found.isEmpty != isWarned, "\(found)")
        #expect(!isWarned || found[0].remedy.contains("download/v1.5.1/standard-install.yaml"))
    }
}
