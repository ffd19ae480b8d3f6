package import Objects
internal import Values

/// The labels and annotations by which istiod and users speak about waypoints (Istio 1.30).
package enum WaypointLabel {
    /// On a pod, Service, ServiceEntry or Namespace: the Gateway to go through, or `none`.
    package static let use = "istio.io/use-waypoint"
    /// Beside it: the Gateway's namespace, where that is another one.
    package static let useNamespace = "istio.io/use-waypoint-namespace"
    /// On a Gateway or its class: which traffic the waypoint takes.
    package static let trafficFor = "istio.io/waypoint-for"
    /// On a Service, ServiceEntry or Namespace: whether ingress gateways go through the waypoint too.
    package static let ingress = "istio.io/ingress-use-waypoint"
    /// Annotation of a Gateway or its class: how the waypoint itself takes connections, `PROTOCOL[/PORT]`.
    package static let inboundBinding = "ambient.istio.io/waypoint-inbound-binding"
    /// On a ServiceEntry: `false` for no address by istiod.
    package static let allocatesAddress = "networking.istio.io/enable-autoallocate-ip"
}

/// A Gateway by namespace and name, as labels refer to it.
package struct WaypointReference: Hashable, Sendable, CustomStringConvertible {
    package var namespace: String
    package var name: String

    package init(namespace: String, name: String) {
        (self.namespace, self.name) = (namespace, name)
    }

    /// `shop/waypoint`
    package var description: String { "\(namespace)/\(name)".onOneLine }
}

/// What a `use-waypoint` label says.
package enum WaypointChoice: Equatable, Sendable {
    /// Goes through this Gateway, if it exists and fits.
    case waypoint(WaypointReference)
    /// `none`: no waypoint, whatever the namespace says.
    case optedOut
    /// A value that no Gateway or namespace can have as its name.
    case invalid(WaypointReference)

    /// The choice that an object's own labels make; `nil` where it makes none. `namespace` is the one meant where the
    /// labels name no other.
    package init?(_ metadata: ObjectMetadata, in namespace: String) {
        guard let name = metadata.label(WaypointLabel.use) else { return nil }
        if name.hasSameBytes(as: "none") {
            self = .optedOut
            return
        }
        let other = metadata.label(WaypointLabel.useNamespace)
        let reference = WaypointReference(namespace: other ?? namespace, name: name)
        let isPossible = isDNSSubdomain(name) && (other.map(isDNSLabel) ?? true)
        self = isPossible ? .waypoint(reference) : .invalid(reference)
    }
}
