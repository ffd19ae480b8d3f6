import ClusterState
import Istio
import Kubernetes
import Objects
import Values
import Waypoints

/// What `sail status` says of waypoints: their rows, and whose traffic goes past one that is asked for.
struct WaypointHealth {
    var rows: [WaypointSummary] = []
    var problems: [String] = []
}

extension ClusterSession {
    /// Reads the waypoints and what asks for them: namespaces and objects with the label, not all pods of the cluster.
    func waypointHealth(_ workloads: [Workload], _ notes: inout [String]) throws -> WaypointHealth {
        guard !workloads.isEmpty else { return WaypointHealth() }
        return try readable(
            "Gateways, their classes and Services", "whether traffic goes past waypoints is not shown", &notes
        ) { [try readWaypointHealth()] }.first ?? WaypointHealth()
    }

    private func readWaypointHealth() throws -> WaypointHealth {
        let servesGateways = cluster.discovery.preferred(group: gatewayGroup, kind: "Gateway") != nil
        let context = try servesGateways ? waypointContext() : listed("Namespace", "/api/v1/namespaces")
        let resolver = WaypointResolver(context)
        var bypassed: [WaypointBypass] = []
        for namespace in context where namespace.kind == "Namespace" {
            let route = resolver.route(ofNamespace: namespace.metadata.name)
            let object = ObjectReference(apiVersion: "v1", kind: "Namespace", item: namespace)
            guard let found = WaypointBypass(object, route) else { continue }
            bypassed.append(found)
        }
        for kind in kindsOfTargets {
            let items = try client.list(kind.resource.path(), Selection(labels: WaypointLabel.use)).items
            for item in items {
                let trace = WaypointTrace(item.withKind(kind.kind), resolver)
                guard trace.isBypassed, let found = WaypointBypass(trace.target, trace.route) else { continue }
                bypassed.append(found)
            }
        }
        let rows = try servesGateways ? waypointRows(in: nil, context: context) : []
        let unready = rows.filter { !$0.readiness.isReady }.map {
            "waypoint \($0.waypoint.reference): \($0.readiness.message); "
                + "sail waypoint status -n \($0.waypoint.reference.namespace) says why"
        }
        return WaypointHealth(rows: rows, problems: bypassProblems(bypassed) + unready)
    }
}

/// An object whose traffic goes past the waypoint that a label asks for.
struct WaypointBypass: Equatable {
    var object: ObjectReference
    var waypoint: WaypointReference
    var reason: DirectReason

    /// `nil` where no label asks for a waypoint, or one that is asked for takes the traffic.
    init?(_ object: ObjectReference, _ route: WaypointRoute) {
        guard let waypoint = route.waypoint, let reason = route.direct, reason != .hostNetwork, reason != .noAddress
        else { return nil }
        (self.object, self.waypoint, self.reason) = (object, waypoint, reason)
    }
}

/// A line for each waypoint and reason, with whose traffic goes past it and what to do. Pure.
func bypassProblems(_ found: [WaypointBypass]) -> [String] {
    var groups: [(first: WaypointBypass, objects: [String])] = []
    for item in found {
        let index = groups.firstIndex { $0.first.waypoint == item.waypoint && $0.first.reason == item.reason }
        if let index {
            groups[index].objects.append(item.object.description)
        } else {
            groups.append((item, [item.object.description]))
        }
    }
    return groups.map { group in
        let waypoint = group.first.waypoint
        return "traffic of \(group.objects.joined(most: 3)) goes past waypoint \(waypoint), "
            + "\(words(group.first.reason)): its L7 policies are not applied; \(remedy(group.first))"
    }
}

private func words(_ reason: DirectReason) -> String {
    switch reason {
    case .missing: "which does not exist"
    case .notReady: "which has no address"
    case .invalidLabel: "a name that no Gateway can have"
    case .notAllowed: "whose listener does not admit the namespace"
    default: "which is for other traffic"
    }
}

private func remedy(_ bypass: WaypointBypass) -> String {
    let waypoint = bypass.waypoint
    let apply = "sail waypoint apply -n \(waypoint.namespace) --name \(waypoint.name)"
    return switch bypass.reason {
    case .missing: "make it with \(apply)"
    case .notReady: "sail waypoint status -n \(waypoint.namespace) says why"
    case .notAllowed: "admit it with \(apply) --use-from \(bypass.object.place)"
    default: "correct the label \(WaypointLabel.use), or see sail waypoint trace"
    }
}
