package import Objects
package import Values

/// A policy or route that a waypoint enforces: an object that points at the Gateway, or at a Service behind it.
package struct WaypointPolicy: Sendable, Equatable {
    package let policy: ObjectReference
    /// What it points at: `Gateway shop/waypoint`, `Service shop/cart`.
    package let target: ObjectReference

    /// The kinds that point at waypoints, by their groups.
    package static let kinds: [(group: String, kind: String)] = [
        ("security.istio.io", "AuthorizationPolicy"), ("security.istio.io", "RequestAuthentication"),
        ("telemetry.istio.io", "Telemetry"), ("extensions.istio.io", "WasmPlugin"),
        ("networking.istio.io", "EnvoyFilter"), (gatewayGroup, "HTTPRoute"),
        (gatewayGroup, "GRPCRoute"), (gatewayGroup, "TLSRoute"),
        (gatewayGroup, "TCPRoute"),
    ]

    /// What an object of these kinds points at: `targetRefs` and `targetRef` of policies, which stay in their namespace,
    /// and `parentRefs` of routes, of which a kind that is left out means a Gateway.
    package static func targets(of object: Value) -> [ObjectReference] {
        let spec = object["spec"]
        let own = object.metadata.namespace
        let policies = (spec?["targetRefs"]?.list ?? []) + [spec?["targetRef"]].compactMap { $0 }
        let routes = spec?["parentRefs"]?.list ?? []
        return policies.compactMap { target($0, kind: "", in: own) }
            + routes.compactMap { target($0, kind: "Gateway", in: $0["namespace"]?.string ?? own) }
    }

    private static func target(_ value: Value, kind: String, in namespace: String) -> ObjectReference? {
        guard let name = value["name"]?.string else { return nil }
        return ObjectReference(
            apiVersion: "", kind: value["kind"]?.string ?? kind, namespace: namespace, name: name)
    }

    /// The policies among `objects`, which have their kinds, that point at one of the waypoints, or at one of the Services
    /// behind them.
    package static func pointing(
        at waypoints: Set<WaypointReference>, or services: Set<WaypointReference>, among objects: [Value]
    ) -> [WaypointPolicy] {
        objects.flatMap { object -> [WaypointPolicy] in
            let policy = ObjectReference(
                apiVersion: object["apiVersion"]?.string ?? "", kind: object.kind, item: object)
            return targets(of: object).filter { target in
                let place = WaypointReference(namespace: target.namespace, name: target.name)
                return target.kind == "Gateway"
                    ? waypoints.contains(place)
                    : target.kind == "Service" && services.contains(place)
            }.map { WaypointPolicy(policy: policy, target: $0) }
        }
    }
}
