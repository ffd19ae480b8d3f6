internal import Kubernetes
internal import Objects
internal import Planning
internal import System
package import Values
internal import Waypoints

/// How one waypoint is: its summary, and what keeps it from being ready.
package struct WaypointState: Sendable {
    package var summary: WaypointSummary
    /// Empty where it is ready.
    package var state: String
    /// What the cluster shows of the cause; of a waypoint that is not ready.
    package var reasons: [String]

    package var isReady: Bool { state.isEmpty }

    /// What it tells programs.
    package var value: Value {
        var map = summary.fields
        if !isReady { map["message"] = .string(state) }
        map["reasons"] = .list(reasons.map(Value.string))
        return .map(map)
    }
}

extension ClusterSession {
    /// The waypoints of a namespace, of all where `nil`; `names` are those that are meant, all where empty. Waits for all of
    /// them, at most --timeout, where `waits`; the end is a state in any case.
    package func waypointStates(
        in namespace: String?, names: [String] = [], waits: Bool = false
    ) throws -> [WaypointState] {
        let end = SystemClock.monotonic() + options.cluster.apply.timeout
        while true {
            let summaries = try waypointRows(in: namespace).filter { summary in
                names.isEmpty || names.contains { $0.hasSameBytes(as: summary.waypoint.reference.name) }
            }
            let missing = names.filter { name in
                !summaries.contains { $0.waypoint.reference.name.hasSameBytes(as: name) }
            }
            guard missing.isEmpty else {
                throw Failures(
                    failures: missing.map { Failure(nil, "waypoint \($0.onOneLine) not found") },
                    remedy: "see them with sail waypoint list -A")
            }
            let left = end - SystemClock.monotonic()
            if waits, left > 0, !summaries.allSatisfy(\.readiness.isReady) {
                client.pause(milliseconds: min(1000, left))
                if client.isInterrupted() { throw APIError.interrupted }
                continue
            }
            return try summaries.map { summary in
                let isReady = summary.readiness.isReady
                return WaypointState(
                    summary: summary, state: isReady ? "" : summary.readiness.message,
                    reasons: isReady ? [] : try diagnose(summary.waypoint.reference))
            }
        }
    }
}
