import Kubernetes
import Meshes
import Objects
import Planning
import Sandbox
import TestSupport
import Testing
import Values
import Waypoints

@testable import Operations

/// `sail waypoint apply`: no label before the waypoint is ready, and nothing of others without asking.
@Suite struct WaypointApplyTests {
    @Test func theNamespaceIsLabelledOnceTheWaypointIsReady() throws {
        let bench = try WaypointBench()
        let options = bench.bench.options()
        var labelWhileWaiting: String?? = .none
        bench.ui.onLine = { line in
            guard line.contains("waiting for Gateway") else { return }
            labelWhileWaiting = try? bench.label()
            try? bench.program()
        }
        var request = WaypointRequest()
        (request.namespace, request.enrolments) = ("shop", [.namespace])
        #expect(try WaypointApply.run(request, options) == 0, "\(bench.ui.text)")
        #expect(labelWhileWaiting == .some(.none))
        #expect(try bench.label() == "waypoint")
        #expect(bench.ui.questions.first?.hasPrefix("Apply waypoint shop/waypoint on ") == true)
        #expect(bench.ui.text.contains("labelled Namespace shop: istio.io/use-waypoint=waypoint"))
        #expect(bench.ui.results.map(\.ending) == [.done])
        let preview = try #require(bench.ui.summaries.first)
        #expect(preview.plan.changes.map(\.action.name) == ["create", "change"])
        bench.bench.sandbox.forgetRequests()
        #expect(try bench.apply { $0.enrolments = [.namespace] } == 0)
        #expect(bench.bench.writes() == [], "\(bench.ui.text)")
        #expect(bench.ui.results.map(\.ending) == [.unchanged])
    }

    @Test func anInterruptedRunLeavesNoLabel() throws {
        let bench = try WaypointBench()
        let options = bench.bench.options()
        let signals = options.signals as? ScriptedSignals
        bench.ui.onLine = { if $0.contains("waiting for Gateway") { signals?.come() } }
        var request = WaypointRequest()
        (request.namespace, request.enrolments) = ("shop", [.namespace])
        #expect(throws: (any Error).self) { try WaypointApply.run(request, options) }
        #expect(bench.exists)
        #expect(try bench.label() == nil)
        #expect(bench.ui.results.map(\.ending) == [.interrupted])
    }

    @Test func aWaypointThatIsNeverReadyIsExplainedAndLeavesNoLabel() throws {
        let bench = try WaypointBench()
        let code = try bench.apply(programs: false, with: { $0.cluster.apply.timeout = 300 }) {
            $0.enrolments = [.namespace]
        }
        #expect(code == 1)
        #expect(bench.ui.text.contains("not ready when --timeout expired: no controller has programmed it yet"))
        #expect(bench.ui.text.contains("istiod has made no Deployment for it"), "\(bench.ui.text)")
        #expect(bench.ui.text.contains("left as before: Namespace shop"))
        #expect(try bench.label() == nil)
    }

    @Test func optionsAreWaitedForUntilIstiodHasTakenThem() throws {
        let bench = try WaypointBench()
        #expect(try bench.apply() == 0, "\(bench.ui.text)")
        let short: (inout OperationOptions) -> Void = { $0.cluster.apply.timeout = 300 }
        #expect(try bench.apply(with: short) { $0.options = [.replicas(2)] } == 0, "\(bench.ui.text)")
        #expect(
            bench.ui.text.contains(
                "istiod has not changed Deployment shop/waypoint after its options; see with sail waypoint status -n shop"
            ))
        // What changes nothing of the Deployment is not waited for.
        let budget = WaypointOptionEdit.disruptionBudget(1)
        let before = bench.ui.text.count
        #expect(try bench.apply { $0.options = [budget] } == 0)
        #expect(!String(bench.ui.text.dropFirst(before)).contains("istiod has not changed"), "\(bench.ui.text)")
    }

    @Test func withoutWaitingNothingIsLabelled() throws {
        let bench = try WaypointBench()
        let said = bench.failure(with: { $0.cluster.apply.waits = false }) { $0.enrolments = [.service("cart")] }
        #expect(said.contains("--no-wait does not wait for that; leave --no-wait out"), "\(said)")
        #expect(!bench.exists)
        #expect(try bench.apply(with: { $0.cluster.apply.waits = false }) { _ in } == 0)
        #expect(bench.exists)
    }

    @Test func whatStandsInTheWayIsNamedBeforeAnythingIsWritten() throws {
        let bare = try WaypointBench(withGatewayAPI: false)
        #expect(bare.failure { _ in }.contains("has no Gateway API"))
        #expect(bare.failure { _ in }.contains("kubectl apply --server-side -f https://"))
        let bench = try WaypointBench()
        #expect(bench.failure { $0.namespace = "nowhere" }.contains("namespace nowhere not found"))
        #expect(bench.failure { $0.name = "none" }.contains("is reserved"))
        #expect(bench.failure { $0.enrolments = [.service("lost")] }.contains("Service shop/lost: does not exist"))
        #expect(bench.failure { $0.enrolments = [.pod("web-1")] }.contains("give --for workload or --for all"))
        #expect(!bench.exists)
    }

    @Test func aGatewayOfAnotherClassIsRefused() throws {
        let bench = try WaypointBench()
        try bench.create(
            "/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways",
            [
                "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": ["name": "waypoint"],
                "spec": [
                    "gatewayClassName": "nginx", "listeners": [["name": "http", "port": 80, "protocol": "HTTP"]],
                ],
            ])
        #expect(bench.failure { _ in }.contains("Gateway shop/waypoint: is a Gateway of class nginx, no waypoint"))
        #expect(try bench.client.send(.get(WaypointBench.gateway))["spec"]?["gatewayClassName"] == "nginx")
    }

    @Test func aGatewayOfIstioctlIsTakenOver() throws {
        let bench = try WaypointBench()
        let gateway: Value = [
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
            "metadata": ["name": "waypoint", "namespace": "shop", "labels": ["istio.io/waypoint-for": "all"]],
            "spec": [
                "gatewayClassName": "istio-waypoint",
                "listeners": [["name": "mesh", "port": 15008, "protocol": "HBONE"]],
            ],
        ]
        _ = try bench.client.send(.apply(WaypointBench.gateway, gateway, manager: "istioctl"))
        try bench.program()
        #expect(try bench.apply() == 0, "\(bench.ui.text)")
        #expect(bench.ui.summaries.first?.plan.changes.map(\.action) == [.takeOver])
        let after = try bench.client.send(.get(WaypointBench.gateway))
        #expect(after.managers.filter { $0.operation == "Apply" }.map(\.name) == ["sail"])
        #expect(after.metadata.label("istio.io/waypoint-for") == "all")
    }

    @Test func aLabelOfAnotherWaypointIsReplacedWhereAskedFor() throws {
        let bench = try WaypointBench(labels: ["istio.io/use-waypoint": "old", "istio.io/dataplane-mode": "ambient"])
        let said = bench.failure { $0.enrolments = [.namespace] }
        #expect(said.contains("Namespace shop: uses waypoint shop/old already; replace the label with --overwrite"))
        #expect(!bench.exists)
        #expect(try bench.apply { ($0.enrolments, $0.overwrites) = ([.namespace], true) } == 0, "\(bench.ui.text)")
        #expect(try bench.label() == "waypoint")
    }

    @Test func otherNamespacesAreAdmittedAndLabelled() throws {
        let bench = try WaypointBench()
        #expect(try bench.apply { $0.otherNamespaces = ["blog"] } == 0, "\(bench.ui.text)")
        let blog = "/api/v1/namespaces/blog"
        #expect(try bench.label(of: blog) == "waypoint")
        #expect(try bench.label("istio.io/use-waypoint-namespace", of: blog) == "shop")
        #expect(try bench.label() == nil)
        func admitted() throws -> Value? {
            try bench.client.send(.get(WaypointBench.gateway))["spec"]?["listeners"]?.list?.first?[
                path: "allowedRoutes", "namespaces", "selector", "matchExpressions"]?.list?.first?["values"]
        }
        #expect(try admitted() == ["blog", "shop"])
        #expect(try bench.apply { $0.traffic = .all } == 0)
        #expect(try admitted() == ["blog", "shop"])
    }

    @Test func optionsAreKeptInOneConfigMapUntilTheyAreTakenOff() throws {
        let bench = try WaypointBench()
        let path = "/api/v1/namespaces/shop/configmaps/waypoint-waypoint-options"
        #expect(try bench.apply { $0.options = [.replicas(2), .disruptionBudget(1)] } == 0, "\(bench.ui.text)")
        #expect(try bench.client.send(.get(path))["data"]?["deployment"]?.string?.contains("replicas: 2") == true)
        let reference = try bench.client.send(.get(WaypointBench.gateway))["spec"]?["infrastructure"]?["parametersRef"]
        #expect(reference?["name"] == "waypoint-waypoint-options")
        #expect(try bench.apply { $0.traffic = .all } == 0)
        #expect(try bench.client.send(.get(path))["data"]?["deployment"]?.string?.contains("replicas: 2") == true)
        #expect(
            bench.failure { $0.options = [.autoscaling(.init(least: 2, most: 4, percent: 80))] }.hasPrefix(
                "exit code 0"))
        #expect(bench.failure { $0.options = [.replicas(5)] }.contains("has an autoscaler"))
        #expect(
            bench.failure { $0.options = [.autoscaling(nil), .disruptionBudget(nil)] }.hasPrefix("exit code 0"))
        #expect((try? bench.client.send(.get(path))) == nil)
        #expect(try bench.client.send(.get(WaypointBench.gateway))["spec"]?["infrastructure"] == nil)
    }

    @Test func aDryRunWritesNothing() throws {
        let bench = try WaypointBench()
        bench.bench.sandbox.forgetRequests()
        #expect(try bench.apply(with: { $0.cluster.dryRun = .server }) { $0.enrolments = [.namespace] } == 0)
        #expect(bench.ui.plans.map(\.form) == [.result])
        #expect(!bench.exists)
        #expect(try bench.label() == nil)
        #expect(try bench.apply(with: { $0.cluster.dryRun = .client }) { $0.options = [.replicas(2)] } == 0)
        #expect(bench.ui.objects.map(\.identity.kind) == ["ConfigMap", "Gateway"])
    }

    @Test func aNoChangesNothing() throws {
        let bench = try WaypointBench()
        let options = bench.bench.options()
        bench.ui.answers = [false]
        var request = WaypointRequest()
        request.namespace = "shop"
        #expect(try WaypointApply.run(request, options) == 1)
        #expect(!bench.exists)
        #expect(bench.ui.results.map(\.ending) == [.declined])
    }
}

/// `sail waypoint delete` and `status`.
@Suite struct WaypointDeleteTests {
    private func delete(
        _ bench: WaypointBench, _ change: (inout WaypointSelection) -> Void = { $0.names = ["waypoint"] }
    ) throws -> Int32 {
        var selection = WaypointSelection()
        selection.namespace = "shop"
        change(&selection)
        return try WaypointDelete.run(selection, bench.bench.options())
    }

    @Test func labelsGoBeforeTheWaypoint() throws {
        let bench = try WaypointBench()
        #expect(
            try bench.apply { ($0.enrolments, $0.otherNamespaces) = ([.namespace, .service("cart")], ["blog"]) } == 0)
        bench.bench.sandbox.forgetRequests()
        #expect(try delete(bench) == 0, "\(bench.ui.text)")
        #expect(!bench.exists)
        #expect(try bench.label() == nil)
        #expect(try bench.label("istio.io/use-waypoint-namespace", of: "/api/v1/namespaces/blog") == nil)
        #expect(try bench.label(of: "/api/v1/namespaces/shop/services/cart") == nil)
        let writes = bench.bench.writes()
        #expect(writes.last?.hasSuffix("gateways/waypoint") == true, "\(writes)")
        #expect(bench.ui.questions.first?.hasPrefix("Delete waypoint shop/waypoint from ") == true)
    }

    @Test func labelsStayWhereAskedFor() throws {
        let bench = try WaypointBench()
        #expect(try bench.apply { $0.enrolments = [.namespace] } == 0)
        #expect(try delete(bench) { ($0.names, $0.keepsLabels) = (["waypoint"], true) } == 0)
        #expect(try bench.label() == "waypoint")
        #expect(bench.ui.text.contains("Namespace shop will name a waypoint that does not exist"))
    }

    @Test func aMissingNameIsAnErrorAndNothingIsDeleted() throws {
        let bench = try WaypointBench()
        #expect(try bench.apply() == 0)
        #expect(throws: Failures.self) { try delete(bench) { $0.names = ["waypoint", "lost"] } }
        #expect(bench.exists)
        #expect(try delete(bench) { ($0.names, $0.revision) = ([], "canary") } == 0)
        #expect(bench.exists)
        #expect(try delete(bench) { ($0.names, $0.isAll) = ([], true) } == 0)
        #expect(!bench.exists)
    }

    @Test func namesAndAllExcludeEachOther() {
        var selection = WaypointSelection()
        #expect(selection.fault?.contains("name waypoints, or give --all") == true)
        (selection.names, selection.isAll) = (["a"], true)
        #expect(selection.fault?.contains("not both") == true)
    }

    /// istiod goes on to call it programmed.
    @Test func aWaypointWithoutPodsIsNotReady() throws {
        let bench = try WaypointBench()
        #expect(try bench.apply() == 0, "\(bench.ui.text)")
        let deployments = WaypointBench.deployments
        _ = try bench.client.send(.mergePatch(deployments + "/waypoint", ["spec": ["replicas": 0]]))
        let session = try ClusterSession(bench.bench.options())
        let state = try #require(try session.waypointStates(in: "shop").first)
        #expect(state.summary.isProgrammed)
        #expect(state.state == "is scaled to 0 replicas, and traffic to it is lost")
        _ = try bench.client.send(.mergePatch(deployments + "/waypoint", ["spec": ["replicas": 1]]))
        #expect(try session.waypointStates(in: "shop", waits: true).map(\.isReady) == [true])
    }

    /// The Gateway has its address as soon as its Service has, long before a pod runs.
    @Test func noLabelIsSetBeforeAPodRuns() throws {
        let bench = try WaypointBench()
        try bench.deploy(replicas: 0)
        let said = bench.failure { $0.enrolments = [.namespace] }
        #expect(said.contains("is scaled to 0 replicas"), "\(said)")
        #expect(try bench.label() == nil)
        #expect(try bench.apply { $0.options = [.replicas(0)] } == 0)
        #expect(bench.ui.text.contains("is applied with 0 replicas: traffic to it is lost"), "\(bench.ui.text)")
        let path = "/apis/apps/v1/namespaces/shop/deployments/waypoint"
        _ = try bench.client.send(.mergePatch(path, ["spec": ["replicas": 1]]))
        #expect(try bench.apply { $0.enrolments = [.namespace] } == 0, "\(bench.ui.text)")
        #expect(try bench.label() == "waypoint")
    }

    @Test func aDeploymentThatIsNotThereYetIsWaitedFor() throws {
        let bench = try WaypointBench()
        var labelWhileWaiting: String?? = .none
        let options = bench.bench.options()
        bench.ui.onLine = { line in
            if line.contains("waiting for Gateway") { try? bench.program(deploys: false) }
            guard line.contains("waiting for Deployment shop/waypoint: istiod has not made it yet") else { return }
            labelWhileWaiting = try? bench.label()
            try? bench.deploy()
        }
        var request = WaypointRequest()
        (request.namespace, request.enrolments) = ("shop", [.namespace])
        #expect(try WaypointApply.run(request, options) == 0, "\(bench.ui.text)")
        #expect(labelWhileWaiting == .some(.none))
        #expect(try bench.label() == "waypoint")
    }

    @Test func aDeploymentWhosePodsNeverRunLeavesNoLabel() throws {
        let bench = try WaypointBench()
        bench.bench.sandbox.change { $0.podSeconds = 3600 }
        try bench.deploy()
        let code = try bench.apply(with: { $0.cluster.apply.timeout = 400 }) { $0.enrolments = [.namespace] }
        #expect(code == 1)
        #expect(
            bench.ui.text.contains("error: Deployment shop/waypoint: not ready when --timeout expired"),
            "\(bench.ui.text)")
        #expect(try bench.label() == nil)
    }

    @Test func anInterruptionBetweenReadyAndLabelLeavesNoLabel() throws {
        let bench = try WaypointBench()
        let options = bench.bench.options()
        let signals = options.signals as? ScriptedSignals
        bench.ui.onLine = { line in
            guard line.contains("waiting for Gateway") else { return }
            try? bench.program()
            signals?.come()
        }
        var request = WaypointRequest()
        (request.namespace, request.enrolments) = ("shop", [.namespace])
        #expect(throws: (any Error).self) { try WaypointApply.run(request, options) }
        #expect(try bench.client.send(.get(WaypointBench.gateway))["status"]?["addresses"] != nil)
        #expect(try bench.label() == nil)
    }

    /// What trace calls direct is no use of a waypoint.
    @Test func onlyWhatGoesThroughAWaypointIsCounted() throws {
        let bench = try WaypointBench()
        #expect(try bench.apply { $0.enrolments = [.namespace] } == 0)
        try bench.create(
            "/api/v1/namespaces/shop/services",
            ["metadata": ["name": "headless"], "spec": ["clusterIP": "None", "ports": [["port": 80]]]])
        let session = try ClusterSession(bench.bench.options())
        let through = try session.waypointTraces(in: "shop").count { $0.route.direct == nil }
        #expect(try session.waypointSummaries(in: nil).map(\.users) == [["Service": through]])
        #expect(through == 2)
    }

    @Test func theStateNamesWhatIstiodOnlyLogs() throws {
        let bench = try WaypointBench()
        #expect(try bench.apply { $0.options = [.replicas(2)] } == 0)
        let session = try ClusterSession(bench.bench.options())
        #expect(try session.waypointStates(in: "shop").map(\.isReady) == [true])
        let map = "/api/v1/namespaces/shop/configmaps/waypoint-waypoint-options"
        _ = try bench.client.send(.mergePatch(map, ["data": ["replicas": "2"]]))
        _ = try bench.client.send(
            .mergePatch(WaypointBench.gateway + "/status", ["status": ["addresses": .null, "conditions": .null]]))
        let state = try #require(try session.waypointStates(in: "shop").first)
        #expect(!state.isReady)
        #expect(state.reasons.contains { $0.contains("key replicas is unknown") }, "\(state.reasons)")
        _ = try bench.client.send(.delete(map, uid: nil))
        let missing = try session.waypointStates(in: "shop").first?.reasons ?? []
        #expect(
            missing.contains { $0.contains("ConfigMap shop/waypoint-waypoint-options does not exist") }, "\(missing)")
        #expect(missing.contains { $0.contains("GatewayClass istio-waypoint is not accepted") }, "\(missing)")
    }
}

/// What `sail status` says of traffic that goes past waypoints.
@Suite struct WaypointHealthTests {
    @Test func trafficPastAWaypointIsAProblem() throws {
        let bench = try WaypointBench()
        #expect(try bench.bench.run(.install) == 0)
        func problems() throws -> [String] {
            try ClusterSession(bench.bench.options()).health().problems.filter { $0.contains("aypoint") }
        }
        #expect(try problems() == [])
        let label: Value = ["metadata": ["labels": ["istio.io/use-waypoint": "lost"]]]
        _ = try bench.client.send(.mergePatch(WaypointBench.namespace, label))
        _ = try bench.client.send(.mergePatch("/api/v1/namespaces/shop/services/cart", label))
        let missing = try problems()
        #expect(missing.count == 1, "\(missing)")
        #expect(
            missing.first?.hasPrefix(
                "traffic of Namespace shop, Service shop/cart goes past waypoint shop/lost, which does not exist")
                == true,
            "\(missing)")
    }

    @Test func anUnreadyWaypointIsAProblemAndHasARow() throws {
        let bench = try WaypointBench()
        bench.bench.sandbox.change { $0.unprogrammed = "slow" }
        #expect(try bench.bench.run(.install) == 0)
        let gateway: Value = [
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": ["name": "slow"],
            "spec": [
                "gatewayClassName": "istio-waypoint",
                "listeners": [["name": "mesh", "port": 15008, "protocol": "HBONE"]],
            ],
        ]
        try bench.create("/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways", gateway)
        let health = try ClusterSession(bench.bench.options()).health()
        #expect(health.waypointRows.map(\.waypoint.reference.description) == ["shop/slow"])
        #expect(health.problems.contains { $0.hasPrefix("waypoint shop/slow: no controller") }, "\(health.problems)")
    }
}
