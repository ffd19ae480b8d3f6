import Objects
import Testing
import Values
import Waypoints
import YAML

/// Options of a waypoint's pods as istiod takes them, and the Gateway that names them.
@Suite struct WaypointOptionsTests {
    private func options(_ yaml: String) throws -> WaypointOptions {
        try WaypointOptions(try #require(try Value(yaml: yaml, numbers: .native).map), from: "ConfigMap shop/o")
    }

    private func failure(_ yaml: String) -> String {
        do { return "\(try options(yaml).overlays)" } catch { return "\(error)" }
    }

    @Test func flagsBecomePatchesOfTheObjectsThatIstiodMakes() throws {
        var options = WaypointOptions()
        options.apply([
            .replicas(3), .disruptionBudget("50%"), .resources(["requests": ["cpu": "200m"]]),
        ])
        let data = options.configMap(of: "waypoint", in: "shop")["data"]
        #expect(data?["deployment"]?.string?.contains("replicas: 3") == true, "\(data ?? .null)")
        #expect(options.overlays["deployment"]?[path: "spec", "replicas"] == 3)
        #expect(
            options.overlays["deployment"]?[path: "spec", "template", "spec", "containers"]
                == [["name": "istio-proxy", "resources": ["requests": ["cpu": "200m"]]]])
        #expect(options.overlays["podDisruptionBudget"] == ["spec": ["minAvailable": "50%"]])
        #expect(try WaypointOptions(try #require(data?.map), from: "x") == options)
    }

    @Test func anAutoscalerTakesTheNumberOfPodsOver() throws {
        var options = try options("deployment: {spec: {replicas: 2, template: {metadata: {labels: {a: b}}}}}")
        options.apply([.autoscaling(.init(least: 2, most: 5, percent: 70))])
        #expect(options.overlays["deployment"] == ["spec": ["template": ["metadata": ["labels": ["a": "b"]]]]])
        #expect(options.overlays["horizontalPodAutoscaler"]?[path: "spec", "maxReplicas"] == 5)
        options.apply([.autoscaling(nil)])
        #expect(!options.isAutoscaled)
    }

    @Test func whatIsTakenOffLeavesNoEmptyMaps() throws {
        var options = WaypointOptions()
        options.apply([.replicas(2), .resources(["limits": ["memory": "1Gi"]])])
        options.apply([.replicas(nil), .resources(nil)])
        #expect(options.isEmpty, "\(options.overlays)")
    }

    @Test func whatIstiodWouldNotTakeIsRefused() {
        #expect(failure("replicas: {a: b}").contains("key replicas is unknown"))
        #expect(failure("deployment: 'spec: ['").contains("deployment is no YAML"))
        #expect(failure("deployment: text").contains("deployment is no map"))
        #expect(failure("service: {metadata: {name: x}}").contains("service.metadata.name cannot be changed"))
    }

    @Test func whatIsNotGivenStaysAsItIs() throws {
        let live = try Value(
            yaml: """
                kind: Gateway
                metadata: {name: waypoint, namespace: shop, labels: {istio.io/waypoint-for: all, istio.io/rev: canary}}
                spec:
                  gatewayClassName: istio-waypoint
                  infrastructure: {parametersRef: {group: "", kind: ConfigMap, name: mine}}
                  listeners:
                  - {name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: All}}}
                """, numbers: .native)
        var manifest = try WaypointManifest(namespace: "shop", revision: "stable")
        manifest.keep(live)
        #expect(manifest.traffic == .all)
        #expect(manifest.revision == "stable")
        #expect(
            manifest.gateway["spec"]?["listeners"]?.list?.first?["allowedRoutes"] == ["namespaces": ["from": "All"]])
        #expect(WaypointManifest.parameters(of: manifest.gateway) == "mine")
    }

    @Test func otherNamespacesAreAdmittedBesideItsOwn() {
        let selector = WaypointManifest.admitting(["shop", "blog", "shop"], own: "infra")["selector"]
        #expect(selector?.selects(["kubernetes.io/metadata.name": "blog"]) == true)
        #expect(selector?.selects(["kubernetes.io/metadata.name": "infra"]) == true)
        #expect(selector?.selects(["kubernetes.io/metadata.name": "other"]) == false)
    }
}

/// When a waypoint takes traffic.
@Suite struct WaypointReadinessTests {
    private func readiness(_ status: String, generation: Int = 1) throws -> Readiness {
        let text = "{kind: Gateway, metadata: {name: w, generation: \(generation)}, status: {\(status)}}"
        return Waypoint.readiness(of: try Value(yaml: text, numbers: .native))
    }

    private let address = "addresses: [{value: w.example}]"

    @Test func itIsReadyWhenItIsProgrammedForItsSpecAndHasAnAddress() throws {
        let programmed = "conditions: [{type: Programmed, status: 'True', observedGeneration: 2}]"
        #expect(try readiness("\(programmed), \(address)", generation: 2) == .ready)
        #expect(try readiness("\(programmed), \(address)", generation: 3).message.contains("not observed the change"))
        #expect(try readiness(programmed, generation: 2).message == "has no address yet")
        #expect(try readiness(address).message == "no controller has programmed it yet")
    }

    @Test func theReasonOfItsControllerIsNamed() throws {
        let conditions = """
            conditions: [{type: Accepted, status: 'False', reason: InvalidParameters, message: no such ConfigMap},
            {type: Programmed, status: 'False', reason: Pending}]
            """
        #expect(try readiness(conditions).message == "InvalidParameters: no such ConfigMap")
    }
}

/// What points at a waypoint, or at a Service behind it.
@Suite struct WaypointPolicyTests {
    @Test func policiesAndRoutesAreFoundByTheirTargets() throws {
        let objects = try [
            "{kind: AuthorizationPolicy, metadata: {namespace: shop, name: a}, spec: {targetRefs: [{kind: Gateway, name: wp}]}}",
            "{kind: WasmPlugin, metadata: {namespace: shop, name: b}, spec: {targetRef: {kind: Service, name: cart}}}",
            "{kind: HTTPRoute, metadata: {namespace: blog, name: c}, spec: {parentRefs: [{name: wp, namespace: shop}]}}",
            "{kind: HTTPRoute, metadata: {namespace: blog, name: d}, spec: {parentRefs: [{name: wp}]}}",
            "{kind: Telemetry, metadata: {namespace: shop, name: e}, spec: {targetRefs: [{kind: Service, name: other}]}}",
        ].map { try Value(yaml: $0, numbers: .native) }
        let found = WaypointPolicy.pointing(
            at: [WaypointReference(namespace: "shop", name: "wp")],
            or: [WaypointReference(namespace: "shop", name: "cart")], among: objects)
        #expect(found.map(\.policy.name) == ["a", "b", "c"])
        #expect(found[1].target.description == "Service shop/cart")
    }
}
