import Foundation
import GoTemplate
import Testing
import Values
import YAML

/// What istiod of v1.30.3 and of v1.31 makes of the same inputs; the facts lie beside a development checkout.
@Suite("Injection as istiod does it", .enabled(if: Place.reference != nil))
struct InjectionReferenceTests {
    private static let folders = ["v1.30.3": ".", "v1.31.0": "v1.31-istiod"]

    private static let bare = "{global: {hub: test, tag: test}}"

    private static func gateway(
        _ name: String, _ namespace: String = "default", deployment: String,
        change: (inout GatewayInput) -> Void = { _ in }
    ) -> GatewayInput {
        var input = GatewayInput(
            name: name, namespace: namespace, uid: "", deployment: deployment, serviceAccount: deployment,
            kubernetes: 128)
        input.mesh.values = bare
        change(&input)
        return input
    }

    private static func waypoint(_ input: inout GatewayInput) {
        input.className = "istio-waypoint"
        input.controller = "istio.io-mesh-controller"
        input.serviceType = "ClusterIP"
        input.ports = [("mesh", 15008, "all")]
        input.labels = ["topology.istio.io/network": "network-1"]
    }

    private static let gateways: [String: GatewayInput] = [
        "simple": gateway("default", deployment: "default-istio") {
            $0.labels = ["should": "see"]
            $0.annotations = ["should": "see"]
        },
        "manual-sa": gateway("default", deployment: "default-istio") {
            $0.serviceAccount = "custom-sa"
            $0.annotations = ["gateway.istio.io/service-account": "custom-sa"]
        },
        "manual-ip": gateway("default", deployment: "default") {
            $0.address = "1.2.3.4"
            $0.serviceAccount = "default-istio"
            $0.annotations = ["gateway.istio.io/name-override": "default"]
        },
        "cluster-ip": gateway("default", deployment: "default") {
            $0.serviceType = "ClusterIP"
            $0.serviceAccount = "default-istio"
            $0.ports = [("http", 80, "http")]
            $0.annotations = [
                "gateway.istio.io/name-override": "default", "networking.istio.io/service-type": "ClusterIP",
            ]
        },
        "infrastructure-labels-annotations": gateway("default", deployment: "default-istio") {
            $0.labels = ["foo": "bar"]
            $0.annotations = ["fizz": "buzz"]
        },
        "kube-gateway-ambient-redirect": gateway("default", deployment: "default-istio") {
            $0.labels = ["istio.io/dataplane-mode": "ambient"]
        },
        "customizations": gateway("namespace", deployment: "namespace-istio") { $0.labels = ["foo": "bar"] },
        "waypoint": gateway("namespace", deployment: "namespace", change: waypoint),
        "waypoint-no-network-label": gateway("namespace", deployment: "namespace", change: waypoint),
        "istio-east-west": gateway("eastwestgateway", "istio-system", deployment: "eastwestgateway") {
            waypoint(&$0)
            $0.className = "istio-east-west"
            $0.controller = "istio.io-eastwest-controller"
            $0.serviceType = "LoadBalancer"
            $0.isEastWest = true
        },
    ]

    /// What istiod lays over the objects in the case called customizations.
    private static let customizations: [String: Value] = [
        "PodDisruptionBudget": ["spec": ["minAvailable": 1]],
        "HorizontalPodAutoscaler": ["spec": ["minReplicas": 2, "maxReplicas": 2]],
        "Deployment": ["metadata": ["annotations": ["cm-annotation": "cm-annotation-value"]], "spec": ["replicas": 4]],
    ]

    private static let agentgateways: [String: GatewayInput] = [
        "agentgateway": gateway("namespace", deployment: "namespace") {
            $0.className = "istio-agentgateway"
            $0.controller = "istio.io-agentgateway-controller"
            $0.ports = [("http", 80, "http")]
        },
        "agentgateway-waypoint": gateway("namespace", deployment: "namespace") {
            waypoint(&$0)
            $0.className = "istio-agentgateway-waypoint"
            $0.controller = "istio.io-agentgateway-waypoint-controller"
        },
    ]

    @Test(arguments: gateways.keys.sorted(), ["v1.30.3", "v1.31.0"])
    func aGatewayGetsTheSameObjects(name: String, version: String) throws {
        let input = try #require(Self.gateways[name])
        try compare(name, input, input.className == "istio" ? "kube-gateway" : "waypoint", version)
    }

    @Test(arguments: agentgateways.keys.sorted()) func anAgentgatewayGetsTheSameObjects(name: String) throws {
        try compare(name, try #require(Self.agentgateways[name]), name, "v1.31.0")
    }

    private func compare(_ name: String, _ input: GatewayInput, _ kind: String, _ version: String) throws {
        let folder = try #require(Place.reference)
            .appendingPathComponent("\(try #require(Self.folders[version]))/gateways")
        let wanted = try Place.documents(at: folder.appendingPathComponent("\(name).yaml")).dropFirst()
        let text = try template(kind, of: version)
        let made = try run(text: text, try input.datum()).compactMap { object in
            finished(object, input, customized: name == "customizations")
        }
        #expect(made.map { $0["kind"] } == wanted.map { $0["kind"] })
        for (object, other) in zip(made, wanted) {
            let differences = object.differences(from: other)
            #expect(differences.isEmpty, "\(object["kind"]?.string ?? ""): \(differences)")
        }
    }

    /// The object with what istiod adds after the template: its label, and the Gateway's parameters.
    private func finished(_ object: Value, _ input: GatewayInput, customized: Bool) -> Value? {
        let kind = object["kind"]?.string ?? ""
        var result = object.overlaid(
            with: ["metadata": ["labels": ["gateway.istio.io/managed": .string(input.controller)]]])
        if customized, let overlay = Self.customizations[kind] {
            result = result.overlaid(with: overlay)
        } else if ["HorizontalPodAutoscaler", "PodDisruptionBudget"].contains(kind) {
            return nil
        }
        guard customized, kind == "Deployment",
            let proxy = result[path: "spec", "template", "spec", "containers"]?.list?.first
        else { return result }
        let sized = proxy.overlaid(with: ["resources": ["requests": ["cpu": "222m"]]])
        return result.overlaid(with: ["spec": ["template": ["spec": ["containers": [sized]]]]])
    }

    @Test(
        arguments: [
            "hello", "hello-probes", "hello-image-pull-secret", "daemonset", "pod", "native-sidecar",
            "traffic-annotations", "gateway",
        ], ["v1.30.3", "v1.31.0"])
    func aPodGetsTheSameProxy(name: String, version: String) throws {
        let folder = try #require(Place.reference)
            .appendingPathComponent("\(try #require(Self.folders[version]))/injection")
        let object = try #require(try Place.documents(at: folder.appendingPathComponent("\(name).yaml")).first)
        let injected = try #require(
            try Place.documents(at: folder.appendingPathComponent("\(name).yaml.injected")).first)
        let text = try template(name == "gateway" ? "gateway" : "sidecar", of: version)
        let template = try #require(try run(text: text, try PodInput(object).datum()).first)
        let differences = PodComparison(template: template, original: object.pod, injected: injected.pod).differences
        #expect(differences.isEmpty, "\(differences)")
    }
}

extension Value {
    /// A pod itself, or the pod template of a workload.
    fileprivate var pod: Value {
        self[path: "spec", "template"] ?? self
    }
}

extension PodInput {
    /// The input that istiod derives from a workload.
    fileprivate init(_ object: Value) throws {
        self.init()
        image = "registry.istio.io/testing/proxyv2:latest"
        let meta = object.pod["metadata"]
        func texts(_ key: String) -> [String: String]? {
            meta?[key]?.map.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.key, $0.value.string ?? "") }) }
        }
        labels = texts("labels")
        annotations = texts("annotations")
        owner = (
            object["apiVersion"]?.string ?? "", object["kind"]?.string ?? "", "",
            object[path: "metadata", "name"]?.string ?? ""
        )
        containers = (object.pod[path: "spec", "containers"]?.list ?? []).map { container in
            let ports = (container["ports"]?.list ?? []).map { port in
                (name: port["name"]?.string ?? "", number: port["containerPort"]?.int ?? 0)
            }
            return (container["name"]?.string ?? "", container["image"]?.string ?? "", ports)
        }
        guard let config = annotations?["proxy.istio.io/config"] else { return }
        let fields = try Value(yaml: config, numbers: .native)
        mesh.proxyMetadata = fields["proxyMetadata"]?.map.map { metadata in
            Dictionary(uniqueKeysWithValues: metadata.map { ($0.key, $0.value.string ?? "") })
        }
        let members = ["discoveryAddress", "concurrency", "proxyMetadata"].compactMap { key in
            fields[key].map { "\"\(key)\":\($0.jsonText)" }
        }
        mesh.proxyConfig = "{\(members.joined(separator: ","))}"
    }
}
