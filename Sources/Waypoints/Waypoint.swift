internal import Objects
package import Values

/// A Gateway as istiod sees it when it looks for waypoints: of any class, with its defaults.
package struct Waypoint: Sendable {
    /// Which traffic a waypoint takes; another word fits nothing.
    package enum Traffic: String, CaseIterable, Sendable {
        case service, workload, all, none
    }

    package let reference: WaypointReference
    package let className: String
    /// `istio.io/waypoint-for` of the Gateway, else of its class, else `service`; any word that is written there.
    package let trafficWord: String
    /// Whether the Gateway or its class has that label.
    package let isTrafficSaid: Bool
    /// Whether its status has an address: only then is it used; conditions are not looked at.
    package let hasAddress: Bool
    /// Whether one of them is such that proxies can send to it: a host name, or an IP address that is one.
    let isReachable: Bool
    private let admission: NamespaceAdmission

    /// `gateway` with its class; `nil` for a class that does not exist.
    package init(_ gateway: Value, class gatewayClass: Value?) {
        let metadata = gateway.metadata
        reference = WaypointReference(namespace: metadata.namespace, name: metadata.name)
        className = gateway["spec"]?["gatewayClassName"]?.string ?? ""
        let said = metadata.label(WaypointLabel.trafficFor) ?? gatewayClass?.metadata.label(WaypointLabel.trafficFor)
        trafficWord = said ?? Traffic.service.rawValue
        isTrafficSaid = said != nil
        let addresses = gateway["status"]?["addresses"]?.list ?? []
        hasAddress = !addresses.isEmpty
        isReachable = addresses.contains { address in
            switch address["type"]?.string {
            case "Hostname": true
            case "IPAddress": IPAddress(address["value"]?.string ?? "") != nil
            // The definition's default is an IP address, which the server checks.
            case nil: true
            default: false
            }
        }
        admission = NamespaceAdmission(gateway, gatewayClass)
    }

    /// Whether a Gateway is a waypoint that sail and istioctl speak of: of just this class. The resolver asks for no class,
    /// as istiod does not.
    package static func isWaypoint(_ gateway: Value) -> Bool {
        gateway["spec"]?["gatewayClassName"]?.string?.hasSameBytes(as: WaypointManifest.className) == true
    }

    /// Whether it takes traffic that is addressed in this way.
    package func takes(_ traffic: TrafficKind) -> Bool {
        switch Traffic(rawValue: trafficWord) {
        case .all: true
        case .service: traffic == .service
        case .workload: traffic == .workload
        case .some(.none), nil: false
        }
    }

    /// Whether objects of a namespace may use it; `labels` are the namespace's.
    package func admits(_ namespace: String, labels: [String: String]) -> Bool {
        switch admission {
        case .all: true
        case .same: namespace.hasSameBytes(as: reference.namespace)
        // No selector at all selects nothing.
        case .selector(let selector): selector?.map != nil && selector?.selects(labels, unknownFits: false) == true
        }
    }
}

/// How traffic is addressed: to a Service's or ServiceEntry's address, or to a pod's own.
package enum TrafficKind: String, CaseIterable, Sendable {
    case service, workload
}

/// From which namespaces a listener takes routes (Gateway API's allowedRoutes.namespaces).
enum NamespaceAdmission: Sendable {
    case all
    case same
    case selector(Value?)

    private static let port = 15_008
    private static let proxyProtocol = "istio.io/PROXY"

    /// That of the listener which the inbound binding names, else of the first HBONE listener on 15008; without either,
    /// `same`.
    init(_ gateway: Value, _ gatewayClass: Value?) {
        let listeners = gateway["spec"]?["listeners"]?.list ?? []
        let listener =
            NamespaceAdmission.boundListener(gateway, gatewayClass, listeners)
            ?? listeners.first {
                $0["protocol"]?.string == "HBONE" && $0["port"]?.int == NamespaceAdmission.port
            }
        guard let namespaces = listener?["allowedRoutes"]?["namespaces"] else {
            self = .same
            return
        }
        switch namespaces["from"]?.string ?? "Same" {
        case "All": self = .all
        case "Selector": self = .selector(namespaces["selector"])
        default: self = .same
        }
    }

    /// `PROXY/15088` is the listener of that port, `PROXY` the first of the PROXY protocol; a text that istiod cannot read
    /// is no binding.
    private static func boundListener(_ gateway: Value, _ gatewayClass: Value?, _ listeners: [Value]) -> Value? {
        guard
            let text = gateway.metadata.annotation(WaypointLabel.inboundBinding)
                ?? gatewayClass?.metadata.annotation(WaypointLabel.inboundBinding)
        else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0] == "PROXY" || parts[0] == "NONE" else { return nil }
        let digits = parts.count == 2 ? parts[1] : ""
        let isNumber =
            !digits.isEmpty && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        // A number beyond 32 bits is no listener's; any other text counts as no port.
        let port = isNumber ? UInt32(digits) ?? .max : 0
        if port != 0 { return listeners.first { $0["port"]?.int == Int(port) } }
        return parts[0] == "PROXY" ? listeners.first { $0["protocol"]?.string == proxyProtocol } : nil
    }
}
