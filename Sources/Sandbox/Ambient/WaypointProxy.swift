package import Values
internal import YAML

/// What istiod makes of a Gateway of class istio-waypoint: the proxy's objects in istiod's version.
package struct WaypointProxy: Sendable {
    package static let className = "istio-waypoint"
    package static let controller = "istio.io/mesh-controller"
    package static let manager = "istio.io/gateway-controller"
    package static let nameLabel = "gateway.networking.k8s.io/gateway-name"

    /// An object of the proxy; `resource` is `deployments.apps`.
    package typealias Part = (resource: String, object: Value)

    /// Overlays by the key of the options' ConfigMap, in the order in which their objects are applied.
    private static let kinds: [(key: String, resource: String, apiVersion: String, kind: String)] = [
        ("serviceAccount", "serviceaccounts", "v1", "ServiceAccount"),
        ("deployment", "deployments.apps", "apps/v1", "Deployment"), ("service", "services", "v1", "Service"),
        (
            "horizontalPodAutoscaler", "horizontalpodautoscalers.autoscaling", "autoscaling/v2",
            "HorizontalPodAutoscaler"
        ),
        ("podDisruptionBudget", "poddisruptionbudgets.policy", "policy/v1", "PodDisruptionBudget"),
    ]

    private let gateway: Value
    private let image: String
    /// By key of the options' ConfigMap.
    private let overlays: [String: Value]

    /// `istiod` is the image of the control plane. `options` are ConfigMaps whose keys change the proxy's objects, the last
    /// wins; `nil` where istiod cannot make the proxy: a key that it does not know, or text that is no YAML.
    package init?(_ gateway: Value, istiod: String, options: [Value] = []) {
        self.gateway = gateway
        image = istiod.replacing("/pilot", with: "/proxyv2")
        var overlays: [String: Value] = [:]
        for (key, text) in options.flatMap({ Array($0["data"]?.map ?? Mapping()) }) {
            guard WaypointProxy.kinds.contains(where: { $0.key == key }),
                let overlay = try? Value(yaml: text.string ?? "", numbers: .native), overlay.map != nil
            else { return nil }
            overlays[key] = overlays[key].map { mergePatched($0, overlay) } ?? overlay
        }
        self.overlays = overlays
    }

    /// Those that are always made, and those for which there is an overlay.
    package var parts: [Part] {
        let basics: [String: Value] = [
            "serviceAccount": .empty, "deployment": ["spec": deployment], "service": ["spec": service],
        ]
        return WaypointProxy.kinds.compactMap { key, resource, apiVersion, kind in
            guard var object = basics[key] ?? overlays[key].map({ _ in target(of: key) }) else { return nil }
            object[at: "apiVersion"] = .string(apiVersion)
            object[at: "kind"] = .string(kind)
            object[at: "metadata"] = metadata
            if let overlay = overlays[key] {
                let type = TypeTable.name(group: group(apiVersion), version: version(apiVersion), kind: kind)
                object = strategicallyPatched(object, overlay, type.map { .type(.named($0)) } ?? .unknown)
            }
            return (resource, object)
        }
    }

    private func group(_ apiVersion: String) -> String {
        apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : ""
    }

    private func version(_ apiVersion: String) -> String {
        apiVersion.split(separator: "/").last.map(String.init) ?? ""
    }

    private var labels: Value {
        [
            WaypointProxy.nameLabel: .string(gateway.name),
            "gateway.networking.k8s.io/gateway-class-name": .string(WaypointProxy.className),
            "gateway.istio.io/managed": "istio.io-mesh-controller",
        ]
    }

    private var metadata: Value {
        [
            "name": .string(gateway.name), "namespace": .string(gateway.namespace), "labels": labels,
            "ownerReferences": [
                [
                    "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "name": .string(gateway.name),
                    "uid": .string(gateway.uid),
                ]
            ],
        ]
    }

    private var selector: Value { [WaypointProxy.nameLabel: .string(gateway.name)] }

    private var deployment: Value {
        var template = labels
        template[at: CaptureRule.mode] = "none"
        template[at: "sidecar.istio.io/inject"] = "false"
        return [
            "selector": ["matchLabels": selector],
            "template": [
                "metadata": ["labels": template],
                "spec": [
                    "serviceAccountName": .string(gateway.name),
                    "containers": [
                        [
                            "name": "istio-proxy", "image": .string(image),
                            "ports": [["name": "mesh", "containerPort": 15008, "protocol": "TCP"]],
                            "resources": ["requests": ["cpu": "100m", "memory": "128Mi"]],
                        ]
                    ],
                ],
            ],
        ]
    }

    private var service: Value {
        ["selector": selector, "ports": [["name": "mesh", "port": 15008, "protocol": "TCP", "appProtocol": "hbone"]]]
    }

    /// What an autoscaler or a budget refers to.
    private func target(of key: String) -> Value {
        if key == "podDisruptionBudget" { return ["spec": ["selector": ["matchLabels": selector]]] }
        let target: Value = ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(gateway.name)]
        return ["spec": ["scaleTargetRef": target, "maxReplicas": 1]]
    }

    /// The Gateway's status: Programmed, with the Service's addresses, once `isReady`: a proxy serves.
    package func status(isReady: Bool, clusterIP: String) -> Value {
        let host = "\(gateway.name).\(gateway.namespace).svc.cluster.local"
        let address = "\(host):15008"
        func condition(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String) -> Value {
            [
                "type": .string(type), "status": isTrue ? "True" : "False", "reason": .string(reason),
                "message": .string(message), "lastTransitionTime": .string(now()),
                "observedGeneration": gateway["metadata"]?["generation"] ?? 1,
            ]
        }
        let programmed =
            isReady
            ? condition("Programmed", true, "Programmed", "Resource programmed, assigned to service(s) \(address)")
            : condition(
                "Programmed", false, "AddressNotAssigned",
                "Failed to assign to any requested addresses: no instances found for hostname \"\(host)\"")
        var status: Value = [
            "conditions": .list([condition("Accepted", true, "Accepted", "Resource accepted"), programmed])
        ]
        // An address is reported once there is a proxy, and never taken back.
        let before = gateway["status"]?["addresses"]
        let addresses: Value = [
            ["type": "IPAddress", "value": .string(clusterIP)], ["type": "Hostname", "value": .string(host)],
        ]
        status[at: "addresses"] = isReady && !clusterIP.isEmpty ? addresses : before
        return status
    }
}
