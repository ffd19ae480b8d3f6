internal import Objects
package import Values
internal import Waypoints

/// What `sail waypoint trace` shows: each object's way, and how many go through a waypoint and how many past one.
package struct WaypointWays: Sendable {
    /// The way to one object.
    package struct Row: Sendable {
        package let namespace: String
        /// `service/cart`
        package let object: String
        /// The kind of the object whose label counts, in lower case; `-` without a label.
        package let label: String
        package let verdict: String
        /// Whether traffic goes through a waypoint; `false` where it goes past one that is asked for, `nil` where none is.
        package let isThrough: Bool?
        package let value: Value
    }

    package let rows: [Row]
    package let bypassed: Int
    private let through: Int
    private let unknown: Int

    init(_ traces: [WaypointTrace]) {
        rows = traces.map(Row.init)
        bypassed = traces.count(where: \.isBypassed)
        unknown = traces.count(where: \.isUnknown)
        through = traces.count { $0.route.direct == nil }
    }

    /// `3 through a waypoint, 2 direct`
    package var summary: String {
        "\(through) through a waypoint, \(rows.count - through - unknown) direct"
            + (unknown > 0 ? ", \(unknown) not known" : "")
            + (bypassed > 0 ? ", \(bypassed) past a waypoint that is asked for: its L7 policies are not applied" : "")
    }
}

extension WaypointWays.Row {
    init(_ trace: WaypointTrace) {
        namespace = trace.target.namespace
        object = "\(trace.target.kind.lowercased())/\(trace.target.name)"
        label = trace.labelPlace.lowercased()
        verdict = trace.verdict
        isThrough = trace.isBypassed ? false : trace.route.direct == nil ? true : nil
        value = trace.value
    }
}

extension ClusterSession {
    /// The way to every Service, ServiceEntry and pod of a namespace, of all where `nil`; `only` one of them as
    /// `service/NAME`, `pod/NAME` or `serviceentry/NAME`. Throws where the Gateway API is missing, or the named object.
    package func waypointWays(in namespace: String?, only: String? = nil) throws -> WaypointWays {
        WaypointWays(try waypointTraces(in: namespace, only: only))
    }
}

extension WaypointTrace {
    fileprivate var value: Value {
        var map: Mapping = [
            "kind": .string(target.kind), "namespace": .string(target.namespace), "name": .string(target.name),
            "verdict": .string(verdict), "known": .bool(!isUnknown), "bypassed": .bool(isBypassed),
            "ingress": .bool(route.takesIngress),
        ]
        map["label"] = route.place.map { .string($0.rawValue) }
        map["waypoint"] = route.waypoint.map { .string($0.description) }
        if !isUnknown { map["reason"] = route.direct.map { .string($0.rawValue) } }
        map["condition"] = condition.map(Value.string)
        return .map(map)
    }
}
