import GoTemplate
import Values
import YAML

/// The defaults of the chart's values that istiod's templates read.
let chartValues = """
    revision: ""
    gateways: {seccompProfile: {}, securityContext: {}}
    pilot: {cni: {enabled: false, provider: default}, env: {}}
    global:
      hub: hub
      tag: "1"
      istioNamespace: istio-system
      imagePullPolicy: ""
      imagePullSecrets: []
      logAsJson: false
      logging: {level: "default:info"}
      meshID: ""
      mountMtlsCerts: false
      multiCluster: {clusterName: ""}
      network: ""
      caAddress: ""
      pilotCertProvider: istiod
      sds: {token: {aud: istio-ca}}
      sts: {servicePort: 0}
      proxy_init: {forceApplyIptables: false, image: proxyv2}
      proxy:
        image: proxyv2
        clusterDomain: cluster.local
        logLevel: warning
        componentLogLevel: "misc:error"
        outlierLogPath: ""
        includeIPRanges: "*"
        excludeIPRanges: ""
        includeInboundPorts: "*"
        excludeInboundPorts: ""
        includeOutboundPorts: ""
        excludeOutboundPorts: ""
        privileged: false
        readinessInitialDelaySeconds: 0
        readinessPeriodSeconds: 15
        readinessFailureThreshold: 4
        startupProbe: {enabled: true, failureThreshold: 600}
        seccompProfile: {}
        statusPort: 15020
        tracer: none
        resources: {limits: {cpu: 2000m, memory: 1024Mi}, requests: {cpu: 100m, memory: 128Mi}}
      waypoint:
        resources: {limits: {cpu: "2", memory: 1Gi}, requests: {cpu: 100m, memory: 128Mi}}
        affinity: {}
        nodeSelector: {}
        tolerations: []
        topologySpreadConstraints: []
    """

/// What both kinds of template get besides their pod or Gateway.
struct MeshInput {
    /// YAML of chart values.
    var values = chartValues
    /// YAML that is laid over `values`.
    var overrides = "{}"
    var revision = ""
    var interceptionMode = "REDIRECT"
    var proxyMetadata: [String: String]?
    var holdsApplication: Bool?
    /// The proxy config without its defaults, as JSON.
    var proxyConfig = "{}"
    /// The mesh config's extension providers, as JSON.
    var extensionProviders: String?
    var compliancePolicy = ""
    var user = 1337
    /// Fields that the istiod at hand does not have yet.
    var lacking: Set<String> = []

    func valuesDatum() throws -> GoValue {
        GoValue(try Value(yaml: values, numbers: .native).overlaid(with: Value(yaml: overrides, numbers: .native)))
    }

    func fields() throws -> [Field] {
        let hold = holdsApplication.map { GoValue.structure("*BoolValue", [Field("Value", .bool($0))]) } ?? .none
        let mode = GoValue.structure("Mode", [], text: interceptionMode)
        let provider = GoValue.structure("*ExtensionProvider", [])
        return [
            Field(
                "ProxyConfig",
                .structure(
                    "*ProxyConfig",
                    [
                        Field("InterceptionMode", mode), Field("ProxyMetadata", .map(proxyMetadata)),
                        Field("HoldApplicationUntilProxyStarts", hold),
                        Field("DiscoveryAddress", .string("istiod.istio-system.svc:15012")),
                    ], message: proxyConfig)),
            Field(
                "MeshConfig",
                .structure(
                    "*MeshConfig",
                    [
                        Field("TrustDomain", .string("cluster.local")),
                        Field("ProxyListenPort", .int(15001)), Field("ProxyInboundListenPort", .int(15006)),
                        Field("ExtensionProviders", .list(extensionProviders == nil ? [] : [provider])),
                    ], message: extensionProviders.map { #"{"extensionProviders":\#($0)}"# } ?? "{}")),
            Field("Values", try valuesDatum()),
            Field("Revision", .string(revision)),
            Field("CompliancePolicy", .string(compliancePolicy)),
            Field("ProxyUID", .int64(user)),
            Field("ProxyGID", .int64(user)),
        ]
    }

    func input(_ type: String, _ fields: [Field]) -> GoValue {
        .structure(type, fields.filter { !lacking.contains($0.name.string) })
    }
}

/// Input of the templates that are merged into pods, Go's SidecarTemplateData.
struct PodInput {
    var mesh = MeshInput()
    var name = ""
    var owner = (apiVersion: "apps/v1", kind: "Deployment", namespace: "", name: "hello")
    var labels: [String: String]?
    var annotations: [String: String]?
    var serviceAccount = ""
    /// Names, with ports.
    var containers: [(name: String, image: String, ports: [(name: String, number: Int)])] = [
        ("hello", "hello:1", [("http", 80)])
    ]
    var native = true
    var image = "hub/proxyv2:1"
    var inboundPolicy = "passthrough"

    func datum() throws -> GoValue {
        let meta = GoValue.structure(
            "ObjectMeta",
            [
                Field("Name", .string(name), key: "name"),
                Field("Labels", .map(labels), key: "labels"),
                Field("Annotations", .map(annotations), key: "annotations"),
            ])
        let own = [
            Field(
                "TypeMeta",
                .structure(
                    "TypeMeta",
                    [Field("APIVersion", .string(owner.apiVersion)), Field("Kind", .string(owner.kind))])),
            Field(
                "DeploymentMeta",
                .structure(
                    "NamespacedName",
                    [Field("Namespace", .string(owner.namespace)), Field("Name", .string(owner.name))])),
            Field("ObjectMeta", meta),
            Field(
                "Spec",
                .structure(
                    "PodSpec",
                    [
                        Field("Containers", .list(containers.map(container)), key: "containers"),
                        Field("ServiceAccountName", .string(serviceAccount), key: "serviceAccountName"),
                    ])),
            Field("NativeSidecars", .bool(native)),
            Field("ProxyImage", .string(image)),
            Field("InboundTrafficPolicyMode", .string(inboundPolicy)),
        ]
        return mesh.input("*SidecarTemplateData", own + (try mesh.fields()))
    }

    private func container(_ container: (name: String, image: String, ports: [(name: String, number: Int)])) -> GoValue
    {
        let ports = container.ports.map { port in
            GoValue.structure(
                "ContainerPort",
                [
                    Field("Name", .string(port.name), key: "name"),
                    Field("ContainerPort", .int(port.number), key: "containerPort"),
                ])
        }
        return .structure(
            "Container",
            [
                Field("Name", .string(container.name), key: "name"),
                Field("Image", .string(container.image), key: "image"), Field("Ports", .list(ports), key: "ports"),
            ])
    }
}

/// Input of the templates that make objects of a Gateway, Go's derivedInput.
struct GatewayInput {
    var mesh = MeshInput()
    var name = "edge"
    var namespace = "web"
    var uid = "5e1f"
    var className = "istio"
    var deployment = "edge-istio"
    var serviceAccount = "edge-istio"
    var annotations: [String: String]?
    var labels: [String: String] = [:]
    var address: String?
    var ports: [(name: String, number: Int, protocol: String)] = []
    var serviceType = "LoadBalancer"
    var kubernetes = 131
    var controller = "istio.io-gateway-controller"
    var isEastWest = false

    func datum() throws -> GoValue {
        let metadata = [
            Field("Name", .string(name), promoted: true), Field("Namespace", .string(namespace), promoted: true),
            Field("UID", .string(uid), promoted: true), Field("Annotations", .map(annotations), promoted: true),
        ]
        let addresses = address.map { [GoValue.structure("Address", [Field("Value", .string($0))])] } ?? []
        let spec = GoValue.structure(
            "GatewaySpec", [Field("GatewayClassName", .string(className)), Field("Addresses", .list(addresses))])
        let all = [("status-port", 15021, "tcp")] + ports
        let servicePorts = all.map { name, number, proto in
            GoValue.structure(
                "ServicePort",
                [Field("Name", .string(name)), Field("Port", .int(number)), Field("AppProtocol", .string(proto))])
        }
        let own = [
            Field("ObjectMeta", .structure("ObjectMeta", metadata), key: "metadata"),
            Field("Spec", spec, key: "spec"),
            Field("GatewayClass", .string(className)), Field("DeploymentName", .string(deployment)),
            Field("ServiceAccount", .string(serviceAccount)), Field("Ports", .list(servicePorts)),
            Field("ServiceType", .string(serviceType)), Field("ClusterID", .string("Kubernetes")),
            Field("KubeVersion", .int(kubernetes)), Field("NativeSidecars", .bool(true)),
            Field("InfrastructureLabels", .map(labels)),
            Field("InfrastructureAnnotations", .map(annotations ?? [:])),
            Field("GatewayNameLabel", .string("gateway.networking.k8s.io/gateway-name")),
            Field("IsEastWestGateway", .bool(isEastWest)), Field("ControllerLabel", .string(controller)),
            Field("ProxyImage", .string("test/proxyv2:test")),
            Field("AgentgatewayImage", .string("test/agentgateway:test")),
        ]
        return mesh.input("derivedInput", metadata + own + (try mesh.fields()))
    }
}
