import Foundation
import Kubernetes
import Operations
import Planning
import Sandbox
import System
import TestSupport
import Testing
import Values
import Waypoints

/// What `sail waypoint apply` and `delete` refuse or warn of before anything is written.
@Suite struct WaypointRefusalTests {
    private let bench: WaypointBench

    init() throws { bench = try WaypointBench() }

    private func pod(_ name: String, _ labels: Value) throws {
        try bench.create(
            "/api/v1/namespaces/shop/pods",
            [
                "metadata": ["name": .string(name), "labels": labels],
                "spec": ["containers": [["name": "c", "image": "i:1"]]],
            ])
    }

    // MARK: - What is enrolled

    @Test func podsAreEnrolledByTheirLabelsWithAWarning() throws {
        try pod("web-1", ["app": "web"])
        try pod("web-2", ["app": "web"])
        try pod("db-1", ["app": "db"])
        #expect(
            try bench.apply {
                $0.traffic = .all
                $0.enrolments = [.pods(selector: "app=web")]
            } == 0, "\(bench.ui.text)")
        for (name, label) in [("web-1", "waypoint"), ("web-2", "waypoint"), ("db-1", nil)] {
            #expect(try bench.label(of: "/api/v1/namespaces/shop/pods/\(name)") == label, "\(name)")
        }
        #expect(bench.ui.text.contains("labels on pods end with the pods"), "\(bench.ui.text)")
    }

    @Test func aSelectorThatFitsNothingIsNamed() throws {
        let said = bench.failure {
            $0.traffic = .all
            $0.enrolments = [.pods(selector: "app=none")]
        }
        #expect(said.contains("--enroll pods=app=none: no pod in namespace shop has these labels"), "\(said)")
        #expect(said.contains("kubectl get pods -n shop --show-labels"))
        #expect(!bench.exists)
    }

    @Test func aSelectorThatIsNoneIsSaidWithItsForm() throws {
        bench.bench.sandbox.add(
            Fault(.status(400, message: "unable to parse"), method: "GET", path: "labelSelector=app"))
        let said = bench.failure {
            $0.traffic = .all
            $0.enrolments = [.pods(selector: "app==")]
        }
        #expect(said.contains("write it as kubectl's -l: app=web,tier!=cache"), "\(said)")
    }

    @Test func aServiceEntryThatIsNotServedIsRefused() throws {
        let said = bench.failure { $0.enrolments = [.serviceEntry("api")] }
        #expect(said.contains("ServiceEntry shop/api"), "\(said)")
        #expect(!bench.exists)
    }

    @Test func aWaypointForNothingTakesNobody() throws {
        #expect(
            bench.failure {
                $0.traffic = Waypoint.Traffic(rawValue: "none")
                $0.enrolments = [.namespace]
            }.contains("is for no traffic: nothing would go through it; give --for service or --for all"))
        #expect(
            bench.failure { ($0.enrolments, $0.options) = ([.namespace], [.replicas(0)]) }
                .contains("would have no pods: what is led through it would be lost"))
        #expect(
            bench.failure { $0.enrolments = [.pod("web-1")] }
                .contains("which pods do not have; give --for workload or --for all"))
    }

    @Test func withoutItsClassNoWaypointBecomesReady() throws {
        let path = "/apis/gateway.networking.k8s.io/v1/gatewayclasses/istio-waypoint"
        let condition: Value = ["type": "Accepted", "status": "False", "reason": "Waiting"]
        _ = try bench.client.send(.mergePatch(path + "/status", ["status": ["conditions": [condition]]]))
        try bench.apply()
        #expect(bench.ui.text.contains("GatewayClass istio-waypoint is not accepted (Waiting); see sail status"))
        _ = try bench.client.send(.delete(path))
        #expect(
            bench.failure { $0.enrolments = [.namespace] }
                .contains("the cluster has no GatewayClass istio-waypoint: istiod makes it"))
    }

    @Test func whatGoesPastItAfterAChangeIsSaid() throws {
        #expect(try bench.apply { $0.enrolments = [.namespace] } == 0)
        let code = try bench.apply { $0.traffic = .workload }
        #expect(code == 0, "\(bench.ui.text)")
        #expect(
            bench.ui.text.contains("go past waypoint shop/waypoint, whose L7 policies then do not apply"),
            "\(bench.ui.text)")
    }

    // MARK: - Its listener and its options

    @Test func anotherSelectorOfTheListenerIsKept() throws {
        try bench.apply()
        let listeners: Value = [
            [
                "name": "mesh", "port": 15008, "protocol": "HBONE",
                "allowedRoutes": [
                    "namespaces": ["from": "Selector", "selector": ["matchLabels": ["team": "shop"]]]
                ],
            ]
        ]
        _ = try bench.client.send(
            .mergePatch(WaypointBench.gateway, ["spec": ["listeners": listeners]]))
        let said = bench.failure { $0.otherNamespaces = ["blog"] }
        #expect(said.contains("its listener admits namespaces by another selector"), "\(said)")
        #expect(said.contains("replace it with --overwrite"))
        #expect(
            try bench.apply {
                $0.otherNamespaces = ["blog"]
                $0.overwrites = true
            } == 0, "\(bench.ui.text)")
        let code = try bench.apply(with: { $0.cluster.apply.forcesConflicts = true }) { $0.otherNamespaces = [] }
        #expect(code == 0, "\(bench.ui.text)")
        let admitted = try bench.client.send(.get(WaypointBench.gateway))[path: "spec", "listeners"]?.list?.first
        #expect(admitted?[path: "allowedRoutes", "namespaces", "from"] == "Same", "\(String(describing: admitted))")
    }

    /// Nothing here takes changed options as istiod does.
    private func notWaiting(_ options: inout OperationOptions) { options.cluster.apply.waits = false }

    private func parameters(_ text: String) -> String {
        let path = NSTemporaryDirectory() + "parameters-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try? text.write(toFile: path, atomically: true, encoding: .utf8)
        return bench.failure(with: notWaiting) { $0.parameterFile = path }
    }

    @Test func aFileOfPatchesIsReadInBothForms() throws {
        #expect(parameters("deployment:\n  spec:\n    replicas: 2\n").hasPrefix("exit code 0"))
        let map = "/api/v1/namespaces/shop/configmaps/waypoint-waypoint-options"
        #expect(bench.bench.object(map)?["data"]?["deployment"]?.string?.contains("replicas: 2") == true)
        #expect(
            parameters("kind: ConfigMap\ndata:\n  deployment: |\n    spec: {replicas: 3}\n").hasPrefix("exit code 0"))
        #expect(bench.bench.object(map)?["data"]?["deployment"]?.string?.contains("replicas: 3") == true)
        #expect(
            bench.failure(with: notWaiting) { $0.parameterFile = "none" }.hasPrefix("exit code 0"), "\(bench.ui.text)")
    }

    @Test func aFileThatIsNoneIsNamed() throws {
        #expect(parameters("- a\n").contains("is no map; give the patches by their keys"))
        #expect(parameters("a: [\n").contains("--parameters "))
        #expect(parameters("sidecar: {}\n").contains("key sidecar is unknown"))
        #expect(bench.failure { $0.parameterFile = "/nonexistent/p.yaml" }.contains("is not there"))
        #expect(!bench.exists)
    }

    // MARK: - Deleting

    private func delete(_ change: (inout WaypointSelection) -> Void) throws -> Int32 {
        var selection = WaypointSelection()
        selection.namespace = "shop"
        change(&selection)
        return try WaypointDelete.run(selection, bench.bench.options())
    }

    @Test func aGatewayOfAnotherClassIsNoWaypoint() throws {
        try bench.create(
            "/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways",
            ["metadata": ["name": "edge"], "spec": ["gatewayClassName": "nginx"]])
        let error = #expect(throws: Failures.self) { try delete { $0.names = ["edge"] } }
        #expect(error?.description.contains("is of class nginx, no waypoint") == true, "\(String(describing: error))")
        #expect(WaypointSelection().fault != nil)
    }

    @Test func aPodThatDoesNotEndIsNamed() throws {
        #expect(try bench.apply { $0.enrolments = [.namespace] } == 0)
        try pod("waypoint-1", ["gateway.networking.k8s.io/gateway-name": "waypoint"])
        _ = try bench.client.send(
            .mergePatch(
                "/api/v1/namespaces/shop/pods/waypoint-1", ["metadata": ["finalizers": ["example.com/hold"]]]))
        let options = bench.bench.options { $0.cluster.apply.timeout = 10 }
        var selection = WaypointSelection()
        (selection.names, selection.namespace) = (["waypoint"], "shop")
        _ = try WaypointDelete.run(selection, options)
        #expect(try bench.label() == nil)
    }
}
