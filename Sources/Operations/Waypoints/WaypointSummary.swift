package import Objects
package import Values
package import Waypoints

/// A waypoint as `sail waypoint list` shows it.
package struct WaypointSummary: Sendable {
    package var waypoint: Waypoint
    /// `default` without a label.
    package var revision: String
    /// Status and reason of the condition Programmed; `False` where istiod wrote none.
    package var isProgrammed: Bool
    package var reason: String
    /// The version of its proxy, and its ready and wanted pods; `nil` where it has no Deployment.
    package var version: String?
    package var ready: Int?
    package var desired: Int?
    /// Whether it takes traffic, and why not.
    package var readiness: Readiness
    /// How many objects of each kind go through it, or would if it had an address; none where they were not counted.
    package var users: [String: Int] = [:]
}

extension WaypointSummary {
    package var namespace: String { waypoint.reference.namespace }
    package var name: String { waypoint.reference.name }

    /// `shop/waypoint`
    package var title: String { waypoint.reference.description }

    /// As kubectl takes it: `gateway.gateway.networking.k8s.io/waypoint`.
    package var typedName: String { "gateway.\(gatewayGroup)/\(name)" }

    /// `service (default)` where nothing says it.
    package var trafficType: String { waypoint.trafficWord + (waypoint.isTrafficSaid ? "" : " (default)") }

    /// `2/3`; `-` where it has no Deployment.
    package var pods: String { ready.flatMap { ready in desired.map { "\(ready)/\($0)" } } ?? "-" }

    /// What a list tells programs.
    package var value: Value {
        var map = fields
        map["usedBy"] = .map(Mapping(users.sorted { $0.key < $1.key }.map { (key: $0.key, value: .int($0.value)) }))
        return .map(map)
    }

    /// What list and status tell programs alike.
    var fields: Mapping {
        var map: Mapping = [
            "namespace": .string(namespace), "name": .string(name),
            "trafficType": .string(waypoint.trafficWord), "trafficTypeIsDefault": .bool(!waypoint.isTrafficSaid),
            "revision": .string(revision),
            "programmed": .bool(isProgrammed), "hasAddress": .bool(waypoint.hasAddress),
            "ready": .bool(readiness.isReady),
        ]
        if !reason.isEmpty { map["reason"] = .string(reason) }
        map["version"] = version.map(Value.string)
        map["readyReplicas"] = ready.map(Value.int)
        map["replicas"] = desired.map(Value.int)
        return map
    }
}
