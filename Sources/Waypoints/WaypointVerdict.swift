package import Objects
package import Values

/// The way to one Service, ServiceEntry or pod, in words.
package struct WaypointTrace: Sendable {
    package let target: ObjectReference
    package let route: WaypointRoute
    /// What istiod wrote into the target's condition WaypointBound; `nil` where it wrote none.
    package let condition: String?
    /// Whether the waypoint could not be read, so that the way is not known.
    package let isUnknown: Bool
    private let trafficWord: String?

    /// The way to `target`, which has its kind; whether the Gateways `unreadable` exist is not known.
    package init(_ target: Value, _ resolver: WaypointResolver, unreadable: Set<WaypointReference> = []) {
        self.target = ObjectReference(
            apiVersion: target["apiVersion"]?.string ?? "", kind: target.kind, item: target)
        route = resolver.route(to: target)
        isUnknown = route.direct == .missing && route.waypoint.map(unreadable.contains) == true
        trafficWord = route.waypoint.flatMap { resolver.waypoints[$0]?.trafficWord }
        let bound = findCondition("istio.io/WaypointBound", of: target)
        condition = bound.flatMap { $0["reason"]?.string ?? $0["status"]?.string }
    }

    /// Whether somebody wanted a waypoint and the traffic goes past it: its L7 policies are not applied then. A pod in a
    /// namespace whose waypoint is for Services is left alone on purpose.
    package var isBypassed: Bool {
        if isUnknown { return false }
        return switch route.direct {
        case .invalidLabel, .missing, .notReady, .notAllowed: true
        // Whoever labels a namespace leaves the choice between its Services and pods to the type.
        case .wrongType: !(target.kind == "Pod" && route.place == .namespace)
        default: false
        }
    }

    /// The label that counts: `Service`, `Namespace` or `-`.
    package var labelPlace: String {
        switch route.place {
        case .object: target.kind
        case .namespace: "Namespace"
        case nil: "-"
        }
    }

    /// `through shop/wp`, or `direct: waypoint shop/wp does not exist`.
    package var verdict: String {
        let name = route.waypoint?.description ?? ""
        if isUnknown { return "not known: you may not read Gateway \(name)" }
        guard let reason = route.direct else { return "through \(name)" + (route.takesIngress ? ", ingress too" : "") }
        return "direct: " + words(reason, name)
    }

    private func words(_ reason: DirectReason, _ name: String) -> String {
        switch reason {
        case .notApplicable:
            switch route.nature {
            case .ofGateway, nil: "it belongs to a gateway itself"
            case .externalName: "a Service of type ExternalName is only a name in DNS"
            case .podHasEnded: "the pod has ended"
            case .podWithoutAddress: "the pod has no address yet"
            }
        case .otherRevision: "another revision of istiod reads it"
        case .noLabel: "no \(WaypointLabel.use) label"
        case .optedOut: "\(WaypointLabel.use)=none"
        case .invalidLabel: "no Gateway can be called \(name)"
        case .missing: "waypoint \(name) does not exist"
        case .notReady: "waypoint \(name) has no address yet"
        case .notAllowed: "the listener of \(name) does not admit namespace \(target.namespace)"
        case .wrongType: "waypoint \(name) is for \((trafficWord ?? "").onOneLine) traffic"
        case .hostNetwork: "pods on the host's network are not looked up by their address"
        case .noAddress: "it has no address of its own to know its traffic by"
        }
    }
}
