import Kubernetes
import Objects
import Operations
import Planning
import TestSupport
import Testing
import Values

/// A cluster in memory with the Gateway API, istiod's class and a namespace `shop` with Services, and nothing that programs
/// Gateways but the test.
struct WaypointBench {
    let bench: Bench
    static let gateway = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways/waypoint"
    static let namespace = "/api/v1/namespaces/shop"
    private static let classes = "/apis/gateway.networking.k8s.io/v1/gatewayclasses"

    var ui: ScriptedUI { bench.ui }
    var client: Client { bench.client }

    init(withGatewayAPI: Bool = true, labels: Value = ["istio.io/dataplane-mode": "ambient"]) throws {
        bench = try Bench()
        for name in ["shop", "blog"] {
            try create("/api/v1/namespaces", ["metadata": ["name": .string(name), "labels": labels]])
        }
        for name in ["cart", "web"] {
            try create(
                "/api/v1/namespaces/shop/services",
                ["metadata": ["name": .string(name)], "spec": ["ports": [["port": 80]], "selector": ["app": "web"]]])
        }
        guard withGatewayAPI else { return }
        for (kind, plural, scope) in [
            ("Gateway", "gateways", "Namespaced"), ("GatewayClass", "gatewayclasses", "Cluster"),
        ] {
            try create(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", WaypointBench.definition(kind, plural, scope)
            )
        }
        for _ in 0..<100 where (try? client.list(WaypointBench.classes)) == nil { client.pause(milliseconds: 20) }
        try create(
            WaypointBench.classes,
            [
                "apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass",
                "metadata": ["name": "istio-waypoint"], "spec": ["controllerName": "istio.io/mesh-controller"],
            ])
    }

    private static func definition(_ kind: String, _ plural: String, _ scope: String) -> Value {
        let listeners: Value = [
            "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
            "items": [
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                "properties": ["name": ["type": "string"]],
            ],
        ]
        return [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": [
                "name": .string("\(plural).gateway.networking.k8s.io"),
                "annotations": [
                    "api-approved.kubernetes.io": "https://example.com",
                    "gateway.networking.k8s.io/bundle-version": "v1.5.1",
                ],
            ],
            "spec": [
                "group": "gateway.networking.k8s.io", "scope": .string(scope),
                "names": [
                    "kind": .string(kind), "plural": .string(plural), "singular": .string(kind.lowercased()),
                    "listKind": .string(kind + "List"),
                ],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true, "subresources": ["status": .map(Mapping())],
                        "schema": [
                            "openAPIV3Schema": [
                                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                                "properties": [
                                    "spec": [
                                        "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                                        "properties": ["listeners": listeners],
                                    ],
                                    "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
                                ],
                            ]
                        ],
                    ]
                ],
            ],
        ]
    }

    func create(_ path: String, _ object: Value) throws { _ = try client.send(.create(path, object)) }

    static let deployments = "/apis/apps/v1/namespaces/shop/deployments"

    /// The Deployment that istiod makes for the waypoint, as far as sail looks at it; one that is there stays.
    func deploy(replicas: Int = 1) throws {
        guard (try? client.send(.get(WaypointBench.deployments + "/waypoint"))) == nil else { return }
        let labels: Value = ["gateway.networking.k8s.io/gateway-name": "waypoint"]
        var metadata: Mapping = ["name": "waypoint", "labels": labels]
        if let gateway = try? client.send(.get(WaypointBench.gateway)) {
            metadata["ownerReferences"] = [
                [
                    "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "name": "waypoint",
                    "uid": gateway["metadata"]?["uid"] ?? .null,
                ]
            ]
        }
        try create(
            WaypointBench.deployments,
            [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": .map(metadata),
                "spec": [
                    "replicas": .int(replicas), "selector": ["matchLabels": labels],
                    "template": [
                        "metadata": ["labels": labels],
                        "spec": ["containers": [["name": "istio-proxy", "image": "proxyv2:1.30.3"]]],
                    ],
                ],
            ])
    }

    /// Does what istiod does once the proxies of a Gateway serve.
    func program(_ path: String = WaypointBench.gateway, deploys: Bool = true) throws {
        if deploys { try deploy() }
        let generation = try client.send(.get(path))["metadata"]?["generation"] ?? 1
        let status: Value = [
            "addresses": [["type": "Hostname", "value": "waypoint.shop.svc.cluster.local"]],
            "conditions": [
                ["type": "Programmed", "status": "True", "reason": "Programmed", "observedGeneration": generation]
            ],
        ]
        _ = try client.send(.mergePatch(path + "/status", ["status": status]))
    }

    /// Programs the Gateway as soon as it is waited for.
    func programWhenWaited() {
        bench.ui.onLine = { [self] line in
            if line.contains("waiting for Gateway") { try? program() }
        }
    }

    /// Options of a run; `change` is called with the request. The Gateway is programmed while the run waits.
    @discardableResult
    func apply(
        programs: Bool = true, with flags: (inout OperationOptions) -> Void = { _ in },
        _ change: (inout WaypointRequest) -> Void
    ) throws -> Int32 {
        let options = bench.options(flags)
        if programs { programWhenWaited() }
        var request = WaypointRequest()
        request.namespace = "shop"
        change(&request)
        return try WaypointApply.run(request, options)
    }

    /// The waypoint as it is by default.
    @discardableResult
    func apply() throws -> Int32 { try apply { _ in } }

    /// The message of the error that a run ends with, or what it said.
    func failure(
        with flags: (inout OperationOptions) -> Void = { _ in }, _ change: (inout WaypointRequest) -> Void
    ) -> String {
        do {
            let code = try apply(with: flags, change)
            return "exit code \(code)\n\(ui.text)"
        } catch {
            return "\(error)"
        }
    }

    func label(_ key: String = "istio.io/use-waypoint", of path: String = WaypointBench.namespace) throws -> String? {
        try client.send(.get(path)).metadata.label(key)
    }

    var exists: Bool { (try? client.send(.get(WaypointBench.gateway))) != nil }
}
