import Testing
import Values

@Suite("Templates of gateways and waypoints")
struct GatewayTemplateTests {
    private func objects(_ file: String, _ input: GatewayInput) throws -> [String: Value] {
        let objects = try run(file, try input.datum())
        return Dictionary(uniqueKeysWithValues: objects.map { ($0["kind"]?.string ?? "", $0) })
    }

    private func pod(_ objects: [String: Value]) throws -> Value {
        try #require(objects["Deployment"]?[path: "spec", "template"])
    }

    private func proxy(_ objects: [String: Value]) throws -> Value {
        try #require(try pod(objects)["spec"]?["containers"]?.list?.first)
    }

    private static let waypoint = GatewayInput(
        name: "waypoint", className: "istio-waypoint", deployment: "waypoint", serviceAccount: "waypoint",
        ports: [("mesh", 15008, "all")], serviceType: "ClusterIP", controller: "istio.io-mesh-controller")

    @Test(arguments: ["kube-gateway", "waypoint", "agentgateway"])
    func everyObjectBelongsToTheGateway(file: String) throws {
        let objects = try objects(file, GatewayInput())
        #expect(
            objects.keys.sorted() == [
                "Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Service", "ServiceAccount",
            ])
        for (kind, object) in objects {
            #expect(object[path: "metadata", "name"] == "edge-istio", "\(kind)")
            #expect(object[path: "metadata", "namespace"] == "web", "\(kind)")
            #expect(
                object[path: "metadata", "ownerReferences"] == [
                    ["apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "name": "edge", "uid": "5e1f"]
                ], "\(kind)")
            let labels = object[path: "metadata", "labels"]
            #expect(labels?["gateway.networking.k8s.io/gateway-name"] == "edge", "\(kind)")
            #expect(labels?["gateway.networking.k8s.io/gateway-class-name"] == "istio", "\(kind)")
        }
        let selector: Value = ["gateway.networking.k8s.io/gateway-name": "edge"]
        #expect(objects["Service"]?[path: "spec", "selector"] == selector)
        #expect(objects["Deployment"]?[path: "spec", "selector", "matchLabels"] == selector)
        #expect(objects["PodDisruptionBudget"]?[path: "spec", "selector", "matchLabels"] == selector)
        #expect(try pod(objects)[path: "metadata", "labels", "gateway.networking.k8s.io/gateway-name"] == "edge")
    }

    @Test func anAccountIsOwnedFromKubernetes128On() throws {
        let old = try objects("waypoint", GatewayInput(kubernetes: 127))
        #expect(old["ServiceAccount"]?[path: "metadata", "ownerReferences"] == nil)
        #expect(old["Deployment"]?[path: "metadata", "ownerReferences"] != nil)
    }

    @Test func listenersBecomeServicePorts() throws {
        let input = GatewayInput(address: "1.2.3.4", ports: [("http", 80, "http"), ("tls", 443, "https")])
        let service = try #require(try objects("kube-gateway", input)["Service"]?["spec"])
        #expect(
            service["ports"] == [
                ["name": "status-port", "port": 15021, "protocol": "TCP", "appProtocol": "tcp"],
                ["name": "http", "port": 80, "protocol": "TCP", "appProtocol": "http"],
                ["name": "tls", "port": 443, "protocol": "TCP", "appProtocol": "https"],
            ])
        #expect(service["type"] == "LoadBalancer")
        #expect(service["loadBalancerIP"] == "1.2.3.4")
        #expect(service["ipFamilyPolicy"] == "PreferDualStack")
    }

    @Test func anAddressNeedsALoadBalancer() throws {
        let input = GatewayInput(address: "1.2.3.4", serviceType: "ClusterIP")
        #expect(try objects("kube-gateway", input)["Service"]?[path: "spec", "loadBalancerIP"] == nil)
    }

    @Test func infrastructureLabelsAndAnnotationsReachEveryObject() throws {
        let input = GatewayInput(
            annotations: ["team": "edge", "gateway.istio.io/controller-version": "5", "prometheus.io/scrape": "false"],
            labels: ["zone": "dmz"])
        let objects = try objects("kube-gateway", input)
        for (kind, object) in objects {
            #expect(object[path: "metadata", "labels", "zone"] == "dmz", "\(kind)")
            #expect(
                object[path: "metadata", "annotations"] == ["team": "edge", "prometheus.io/scrape": "false"], "\(kind)")
        }
        let meta = try #require(try pod(objects)["metadata"])
        #expect(meta[path: "labels", "zone"] == "dmz")
        #expect(
            meta["annotations"] == [
                "team": "edge", "istio.io/rev": "default", "prometheus.io/scrape": "true",
                "prometheus.io/port": "15020", "prometheus.io/path": "/stats/prometheus",
            ])
    }

    @Test(arguments: [("kube-gateway", 1_000_620_000), ("waypoint", 1337), ("agentgateway", 1_000_620_000)])
    func proxiesRunWithoutPrivileges(file: String, user: Int) throws {
        var input = GatewayInput()
        input.mesh.user = 1_000_620_000
        #expect(
            try proxy(try objects(file, input))["securityContext"] == [
                "privileged": false, "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
                "readOnlyRootFilesystem": true, "runAsNonRoot": true, "runAsUser": .int(user), "runAsGroup": .int(user),
            ])
    }

    @Test func openShiftChoosesTheUserOfAWaypoint() throws {
        var input = Self.waypoint
        input.mesh.overrides = "{global: {platform: openshift}, gateways: {seccompProfile: {type: RuntimeDefault}}}"
        let context = try proxy(try objects("waypoint", input))["securityContext"]
        #expect(context?["runAsUser"] == nil)
        #expect(context?["runAsNonRoot"] == true)
        #expect(context?["seccompProfile"] == ["type": "RuntimeDefault"])
    }

    @Test func anImageWithASlashIsTakenAsItIs() throws {
        var input = GatewayInput(annotations: ["sidecar.istio.io/proxyImage": "registry/own:2"])
        #expect(try proxy(try objects("kube-gateway", input))["image"] == "registry/own:2")
        input.annotations = ["sidecar.istio.io/proxyImage": "own"]
        #expect(try proxy(try objects("kube-gateway", input))["image"] == "test/proxyv2:test")
    }

    @Test func aGatewayMayListenOnLowPorts() throws {
        let sysctls: Value = [["name": "net.ipv4.ip_unprivileged_port_start", "value": "0"]]
        var input = GatewayInput()
        #expect(try pod(try objects("kube-gateway", input))[path: "spec", "securityContext"] == ["sysctls": sysctls])
        input.mesh.overrides = "{gateways: {seccompProfile: {type: RuntimeDefault}}}"
        let context: Value = ["sysctls": sysctls, "seccompProfile": ["type": "RuntimeDefault"]]
        #expect(try pod(try objects("kube-gateway", input))[path: "spec", "securityContext"] == context)
        input.mesh.overrides = "{gateways: {securityContext: {fsGroup: 7}}}"
        #expect(try pod(try objects("kube-gateway", input))[path: "spec", "securityContext"] == ["fsGroup": 7])
    }

    @Test func aWaypointCarriesNoTrafficOfItsOwnThroughZtunnel() throws {
        let objects = try objects("waypoint", Self.waypoint)
        let labels = try #require(try pod(objects)[path: "metadata", "labels"])
        #expect(labels["istio.io/dataplane-mode"] == "none")
        #expect(labels["sidecar.istio.io/inject"] == "false")
        #expect(labels["gateway.istio.io/managed"] == "istio.io-mesh-controller")
        #expect(
            objects["Service"]?[path: "metadata", "annotations"] == [
                "networking.istio.io/traffic-distribution": "PreferClose"
            ])
        #expect(try proxy(objects)["args"]?.list?.prefix(2) == ["proxy", "waypoint"])
    }

    @Test func aGatewaysLabelsWinOverTheUsualOnesButNotOverItsName() throws {
        let input = GatewayInput(labels: [
            "service.istio.io/canonical-name": "shop", "gateway.networking.k8s.io/gateway-name": "other",
            "gateway.istio.io/managed": "me",
        ])
        let labels = try pod(try objects("kube-gateway", input))[path: "metadata", "labels"]
        #expect(labels?["service.istio.io/canonical-name"] == "shop")
        #expect(labels?["gateway.networking.k8s.io/gateway-name"] == "edge")
        #expect(labels?["gateway.istio.io/managed"] == "istio.io-gateway-controller")
    }

    @Test func aWaypointIsPlacedAsTheValuesSay() throws {
        var input = Self.waypoint
        input.mesh.overrides = """
            global:
              imagePullPolicy: Always
              imagePullSecrets: [mirror]
              waypoint:
                resources: {limits: {cpu: null, memory: 2Gi}, requests: {cpu: null, memory: null}}
                nodeSelector: {pool: mesh}
                tolerations: [{key: mesh, operator: Exists}]
                topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]
                affinity: {podAntiAffinity: {}}
            """
        let objects = try objects("waypoint", input)
        let spec = try #require(try pod(objects)["spec"])
        #expect(spec["nodeSelector"] == ["pool": "mesh"])
        #expect(spec["tolerations"] == [["key": "mesh", "operator": "Exists"]])
        #expect(spec["topologySpreadConstraints"]?.list?.first?["topologyKey"] == "zone")
        #expect(spec["affinity"] == ["podAntiAffinity": [:]])
        #expect(spec["imagePullSecrets"] == [["name": "mirror"]])
        #expect(try proxy(objects)["resources"] == ["limits": ["memory": "2Gi"]])
        #expect(try proxy(objects)["imagePullPolicy"] == "Always")
    }

    @Test func theNetworkComesFromTheLabelElseFromTheValues() throws {
        var input = Self.waypoint
        #expect(try proxy(try objects("waypoint", input)).variable("ISTIO_META_NETWORK") == nil)
        input.mesh.overrides = "{global: {network: east}}"
        #expect(try proxy(try objects("waypoint", input)).variable("ISTIO_META_NETWORK") == "east")
        input.labels = ["topology.istio.io/network": "west"]
        #expect(try proxy(try objects("waypoint", input)).variable("ISTIO_META_NETWORK") == "west")
        #expect(try proxy(try objects("waypoint", input)).variable("ISTIO_META_REQUESTED_NETWORK_VIEW") == nil)
    }

    @Test func anEastWestGatewaySeesItsOwnNetworkOnly() throws {
        var input = Self.waypoint
        input.labels = ["topology.istio.io/network": "east"]
        input.className = "istio-east-west"
        input.controller = "istio.io-eastwest-controller"
        input.isEastWest = true
        let objects = try objects("waypoint", input)
        #expect(try proxy(objects).variable("ISTIO_META_REQUESTED_NETWORK_VIEW") == "east")
        let label = try pod(objects)[path: "metadata", "labels", "gateway.istio.io/managed"]
        #expect(label == "istio.io-eastwest-controller")
    }

    @Test(arguments: ["kube-gateway", "waypoint"]) func theProxyLearnsWhereItIs(file: String) throws {
        var input = Self.waypoint
        input.mesh.compliancePolicy = "fips-140-2"
        input.mesh.proxyMetadata = ["ISTIO_META_ENABLE_HBONE": "true"]
        input.mesh.proxyConfig = #"{"concurrency":2}"#
        input.mesh.overrides = """
            revision: canary
            global: {meshID: one, multiCluster: {clusterName: east}, logAsJson: true, sts: {servicePort: 15463}}
            """
        let proxy = try proxy(try objects(file, input))
        let expected = [
            "CA_ADDR": "istiod-canary.istio-system.svc:15012", "COMPLIANCE_POLICY": "fips-140-2",
            "ISTIO_META_CLUSTER_ID": "east", "ISTIO_META_MESH_ID": "one", "TRUST_DOMAIN": "cluster.local",
            "ISTIO_META_WORKLOAD_NAME": "waypoint", "ISTIO_META_INTERCEPTION_MODE": "REDIRECT",
            "ISTIO_META_OWNER": "kubernetes://apis/apps/v1/namespaces/web/deployments/waypoint",
            "ISTIO_META_ENABLE_HBONE": "true", "PROXY_CONFIG": "{\"concurrency\":2}\n", "PILOT_CERT_PROVIDER": "istiod",
        ]
        for (name, value) in expected { #expect(proxy.variable(name) == value, "\(name)") }
        let arguments = proxy["args"]?.list ?? []
        #expect(arguments.contains("--log_as_json"))
        #expect(arguments.contains("--stsPort=15463") == (file == "kube-gateway"))
    }

    @Test(arguments: ["kube-gateway", "waypoint"]) func anIstiodOfAnyVersionCanRunTheText(file: String) throws {
        var input = Self.waypoint
        input.mesh.lacking = [
            "NativeSidecars", "IsEastWestGateway", "ControllerLabel", "GatewayClass", "AgentgatewayImage",
        ]
        let label = try pod(try objects(file, input))[path: "metadata", "labels", "gateway.istio.io/managed"]
        #expect(label == (file == "waypoint" ? "istio.io-mesh-controller" : "istio.io-gateway-controller"))
    }

    @Test func aTrustBundleReplacesTheConfigMap() throws {
        var input = GatewayInput()
        input.mesh.overrides = "{pilot: {env: {ENABLE_CLUSTER_TRUST_BUNDLE_API: true}}}"
        let volume = try pod(try objects("kube-gateway", input))["spec"]?.named("istiod-ca-cert", in: "volumes")
        #expect(volume?["configMap"] == nil)
        #expect(volume?[path: "projected", "sources"]?.list?.first?["clusterTrustBundle"] != nil)
    }
}
