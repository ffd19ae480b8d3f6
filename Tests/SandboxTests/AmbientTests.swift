import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

private let mode = "istio.io/dataplane-mode"
private let mark = "ambient.istio.io/redirection"

/// What the sandbox's stand-ins for the CNI agents and for istiod's gateway controller do.
@Suite struct AmbientTests {
    private func scene(_ name: String, _ change: (inout SandboxSettings) -> Void = { _ in }) throws -> Scene {
        var settings = SandboxSettings()
        (settings.podSeconds, settings.terminationSeconds, settings.crdSeconds) = (0, 0, 0)
        change(&settings)
        return try Scene(.sandbox, name, settings)
    }

    private func workload(
        _ kind: String, _ name: String, labels: Mapping, annotations: Mapping = [:], image: String = "i:1",
        onHost: Bool = false
    ) -> Value {
        var labels = labels
        labels["name"] = .string(name)
        var pod: Mapping = ["containers": [["name": "c", "image": .string(image)]]]
        if onHost { pod["hostNetwork"] = true }
        let template: Value = [
            "metadata": ["labels": .map(labels), "annotations": .map(annotations)], "spec": .map(pod),
        ]
        return [
            "apiVersion": "apps/v1", "kind": .string(kind),
            "metadata": ["name": .string(name), "labels": .map(labels)],
            "spec": ["selector": ["matchLabels": ["name": .string(name)]], "template": template],
        ]
    }

    private func addAgents(_ scene: Scene, ztunnel: Bool = true) throws {
        _ = try scene.apply(workload("DaemonSet", "cni", labels: ["k8s-app": "istio-cni-node"]), by: "t")
        if ztunnel { _ = try scene.apply(workload("DaemonSet", "ztunnel", labels: ["app": "ztunnel"]), by: "t") }
    }

    private func label(_ scene: Scene, _ value: Value) throws {
        let labels: Value = ["metadata": ["labels": [mode: value]]]
        _ = try scene.client.send(.mergePatch("/api/v1/namespaces/\(scene.namespace)", labels))
    }

    /// The names of workloads whose pods are marked, once nothing changes for a while.
    private func captured(_ scene: Scene) throws -> [String] {
        wait(milliseconds: 300)
        let pods = try scene.client.list(scene.path("pods")).items
        let marked = pods.filter { $0["metadata"]?["annotations"]?[mark] == "enabled" }
        return Set(marked.compactMap { $0["metadata"]?["labels"]?["name"]?.string }).sorted()
    }

    @Test func podsAreCapturedAsTheAgentDecides() throws {
        let scene = try scene("capture")
        try addAgents(scene)
        let pods = [
            workload("Deployment", "plain", labels: [:]),
            workload("Deployment", "opted-out", labels: [mode: "none"]),
            workload("Deployment", "on-host", labels: [:], onHost: true),
            workload("Deployment", "sidecar", labels: [:], annotations: ["sidecar.istio.io/status": "{}"]),
            workload("Deployment", "own-label", labels: [mode: "ambient"]),
        ]
        for pod in pods { _ = try scene.apply(pod, by: "t") }
        #expect(try captured(scene) == ["own-label"])
        try label(scene, "ambient")
        #expect(try captured(scene) == ["cni", "own-label", "plain"])
        try label(scene, .null)
        #expect(try captured(scene) == ["own-label"])
    }

    @Test func withoutAZtunnelOrInAnExcludedNamespaceNothingIsCaptured() throws {
        let bare = try scene("bare")
        try addAgents(bare, ztunnel: false)
        _ = try bare.apply(workload("Deployment", "web", labels: [:]), by: "t")
        try label(bare, "ambient")
        #expect(try captured(bare) == [])
        let excluded = try scene("excluded")
        var configuration = excluded.configMap(["EXCLUDE_NAMESPACES": "kube-system,excluded"])
        guard case .map(var map) = configuration else { return }
        map["metadata"] = ["name": "istio-cni-config"]
        configuration = .map(map)
        _ = try excluded.apply(configuration, by: "t")
        try addAgents(excluded)
        _ = try excluded.apply(workload("Deployment", "web", labels: [:]), by: "t")
        try label(excluded, "ambient")
        #expect(try captured(excluded) == [])
    }

    @Test func captureIsWithheldByName() throws {
        let scene = try scene("withheld") { $0.uncaptured = "web" }
        try addAgents(scene)
        _ = try scene.apply(workload("Deployment", "web", labels: [:]), by: "t")
        _ = try scene.apply(workload("Deployment", "db", labels: [:]), by: "t")
        try label(scene, "ambient")
        #expect(try captured(scene) == ["cni", "db"])
        scene.cluster.withholdCapture(nil)
        _ = try scene.apply(workload("Deployment", "other", labels: [:]), by: "t")
        #expect(try captured(scene) == ["cni", "db", "other", "web"])
    }

    // MARK: - Gateways

    private let gateways = "/apis/gateway.networking.k8s.io/v1/namespaces"

    private func gateway(_ name: String, className: String = "istio-waypoint", options: String? = nil) -> Value {
        var spec: Mapping = [
            "gatewayClassName": .string(className),
            "listeners": [["name": "mesh", "port": 15008, "protocol": "HBONE"]],
        ]
        if let options {
            spec["infrastructure"] = [
                "parametersRef": ["group": "", "kind": "ConfigMap", "name": .string(options)]
            ]
        }
        return [
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": ["name": .string(name)],
            "spec": .map(spec),
        ]
    }

    private func isProgrammed(_ gateway: Value) -> Bool {
        gateway["status"]?["conditions"]?.list?.contains { $0["type"] == "Programmed" && $0["status"] == "True" }
            == true
    }

    private func make(_ gateway: Value, _ scene: Scene) throws -> String {
        let path = "\(gateways)/\(scene.namespace)/gateways"
        _ = try scene.client.send(.create(path, gateway))
        return path + "/" + (gateway["metadata"]?["name"]?.string ?? "")
    }

    private func istiod(_ version: String) -> Value {
        workload("Deployment", "istiod", labels: ["app": "istiod"], image: "docker.io/istio/pilot:\(version)")
    }

    private func proxyImage(_ scene: Scene, _ name: String) throws -> String? {
        let deployment = try scene.client.send(.get(scene.path("deployments", name)))
        return deployment["spec"]?["template"]?["spec"]?["containers"]?.list?.first?["image"]?.string
    }

    @Test func aWaypointGetsItsProxyWhichFollowsIstiod() throws {
        let scene = try scene("waypoint") { $0.gatewayAPI = "v1.5.1" }
        let path = try make(gateway("waypoint"), scene)
        wait(milliseconds: 200)
        #expect(try scene.client.send(.get(path))["status"] == nil)
        _ = try scene.apply(istiod("1.29.6"), by: "t")
        #expect(try scene.eventually(path, isProgrammed))
        let made = try scene.client.send(.get(path))
        #expect(made["status"]?["addresses"]?.list?.count == 2)
        #expect(try proxyImage(scene, "waypoint") == "docker.io/istio/proxyv2:1.29.6")
        #expect(try scene.client.send(.get(scene.path("services", "waypoint")))["spec"]?["ports"]?.list?.count == 1)
        let accepted = try scene.client.send(.get("/apis/gateway.networking.k8s.io/v1/gatewayclasses/istio-waypoint"))
        #expect(accepted["status"]?["conditions"]?.list?.first?["type"] == "Accepted")
        _ = try scene.apply(istiod("1.30.3"), by: "t")
        #expect(
            try scene.eventually(scene.path("deployments", "waypoint")) {
                $0["spec"]?["template"]?["spec"]?["containers"]?.list?.first?["image"]
                    == "docker.io/istio/proxyv2:1.30.3"
            })
        _ = try scene.client.send(.delete(path))
        wait(milliseconds: 200)
        #expect(scene.failure { try scene.client.send(.get(scene.path("deployments", "waypoint"))) }?.code == 404)
    }

    @Test func otherClassesAndWithheldGatewaysGetNothing() throws {
        let scene = try scene("others") {
            $0.gatewayAPI = "v1.5.1"
            $0.unprogrammed = "held"
        }
        _ = try scene.apply(istiod("1.30.3"), by: "t")
        let paths = try [gateway("other", className: "envoy"), gateway("held")].map { try make($0, scene) }
        wait(milliseconds: 300)
        for path in paths { #expect(try scene.client.send(.get(path))["status"] == nil) }
        #expect(scene.failure { try scene.client.send(.get(scene.path("deployments", "held"))) }?.code == 404)
    }

    @Test func aProxyThatDoesNotStartLeavesItsGatewayUnprogrammed() throws {
        let scene = try scene("broken") {
            $0.gatewayAPI = "v1.5.1"
            $0.brokenImage = "proxyv2"
        }
        _ = try scene.apply(istiod("1.30.3"), by: "t")
        let path = try make(gateway("waypoint"), scene)
        #expect(
            try scene.eventually(path) { gateway in
                gateway["status"]?["conditions"]?.list?.contains {
                    $0["type"] == "Programmed" && $0["status"] == "False" && $0["reason"] == "AddressNotAssigned"
                } == true
            })
        #expect(try scene.client.send(.get(path))["status"]?["addresses"] == nil)
    }

    @Test func optionsChangeTheProxyAndAnUnknownKeyStopsIt() throws {
        let scene = try scene("options") { $0.gatewayAPI = "v1.5.1" }
        _ = try scene.apply(istiod("1.30.3"), by: "t")
        let options = scene.configMap([
            "deployment": "spec: {replicas: 3}", "podDisruptionBudget": "spec: {minAvailable: 1}",
        ])
        _ = try scene.apply(options, by: "t")
        let path = try make(gateway("waypoint", options: "c"), scene)
        #expect(try scene.eventually(path, isProgrammed))
        #expect(try scene.client.send(.get(scene.path("deployments", "waypoint")))["spec"]?["replicas"] == 3)
        let budget = "/apis/policy/v1/namespaces/options/poddisruptionbudgets/waypoint"
        #expect(try scene.client.send(.get(budget))["spec"]?["minAvailable"] == 1)
        let unknown: Value = ["metadata": ["name": "unknown"], "data": ["deploymnt": "spec: {}"]]
        _ = try scene.client.send(.create(scene.path("configmaps"), unknown))
        let broken = try [gateway("bad", options: "unknown"), gateway("none", options: "missing")].map {
            try make($0, scene)
        }
        wait(milliseconds: 200)
        for path in broken { #expect(try scene.client.send(.get(path))["status"] == nil) }
    }
}
