internal import Istio
internal import Objects
package import Values

/// Why traffic goes directly to its target, in the order in which istiod and ztunnel check; the first that holds counts.
package enum DirectReason: String, CaseIterable, Sendable {
    /// The target gets no waypoint by its nature.
    case notApplicable = "not-applicable"
    /// A ServiceEntry that another revision of istiod reads.
    case otherRevision = "other-revision"
    case noLabel = "no-label"
    case optedOut = "opted-out"
    case invalidLabel = "invalid-label"
    case missing
    case notReady = "not-ready"
    case notAllowed = "not-allowed"
    case wrongType = "wrong-type"
    /// ztunnel does not look pods up by a node's address.
    case hostNetwork = "host-network"
    /// A Service without an address: nothing shows which traffic is its own.
    case noAddress = "no-address"
}

/// What keeps a target from ever having a waypoint.
package enum TargetNature: String, Sendable {
    /// A waypoint's or an east-west gateway's own Service or pod.
    case ofGateway
    case externalName
    case podHasEnded
    case podWithoutAddress
}

/// The way that traffic of captured clients takes to a target.
package struct WaypointRoute: Equatable, Sendable {
    /// Where the label that counts is.
    package enum LabelPlace: String, Sendable {
        case object, namespace
    }

    package var place: LabelPlace?
    /// The Gateway that the label means, whether it exists or not.
    package var waypoint: WaypointReference?
    /// `nil` where the traffic goes through the waypoint.
    package var direct: DirectReason?
    /// Why the target gets no waypoint at all; only with `notApplicable`.
    package var nature: TargetNature?
    /// Whether ingress gateways go through it too.
    package var takesIngress = false
}

/// Finds the waypoints of Services, ServiceEntries and pods among the objects of a cluster, as istiod 1.30 and its ztunnel
/// do (pilot/pkg/serviceregistry/ambient: waypoints.go, services.go, workloads.go).
package struct WaypointResolver: Sendable {
    package let waypoints: [WaypointReference: Waypoint]
    private let namespaces: [String: ObjectMetadata]
    private let revision: String

    /// Namespaces, GatewayClasses and Gateways among `objects` are taken, others left out; `revision` is istiod's.
    package init(_ objects: [Value], revision: String = "default") {
        self.revision = revision
        var namespaces: [String: ObjectMetadata] = [:]
        var classes: [String: Value] = [:]
        for object in objects {
            switch object.kind {
            case "Namespace": namespaces[object.metadata.name] = object.metadata
            case "GatewayClass" where object.isOfGatewayAPI: classes[object.metadata.name] = object
            default: break
            }
        }
        self.namespaces = namespaces
        var waypoints: [WaypointReference: Waypoint] = [:]
        for gateway in objects where gateway.kind == "Gateway" && gateway.isOfGatewayAPI {
            let className = gateway["spec"]?["gatewayClassName"]?.string ?? ""
            let waypoint = Waypoint(gateway, class: classes[className])
            waypoints[waypoint.reference] = waypoint
        }
        self.waypoints = waypoints
    }

    /// The way that the label of a namespace leads to whatever in it has none of its own; the type is left to each of them.
    package func route(ofNamespace name: String) -> WaypointRoute {
        var route = WaypointRoute()
        let anObject: Value = ["metadata": ["namespace": .string(name)]]
        route.direct = chosen(anObject.metadata, .service, &route)
        if route.direct == .wrongType { route.direct = nil }
        return route
    }

    /// The way to a Service, a ServiceEntry or a pod, which has its kind.
    package func route(to target: Value) -> WaypointRoute {
        let metadata = target.metadata
        let isPod = target.kind == "Pod"
        var route = WaypointRoute()
        if let nature = isPod ? nature(ofPod: target) : nature(ofService: target) {
            (route.direct, route.nature) = (.notApplicable, nature)
            return route
        }
        if target.kind == "ServiceEntry", let other = metadata.label(IstioLabel.revision),
            !other.hasSameBytes(as: revision)
        {
            route.direct = .otherRevision
            return route
        }
        route.direct = chosen(metadata, isPod ? .workload : .service, &route)
        if route.direct == nil {
            if isPod {
                if target["spec"]?["hostNetwork"]?.bool == true { route.direct = .hostNetwork }
            } else {
                if !hasAddress(target) { route.direct = .noAddress }
            }
        }
        route.takesIngress = !isPod && route.isBound && wantsIngress(metadata)
        return route
    }

    /// What the labels of an object, else of its namespace, lead to; `nil` where that is a waypoint which takes the
    /// traffic.
    private func chosen(_ metadata: ObjectMetadata, _ traffic: TrafficKind, _ route: inout WaypointRoute)
        -> DirectReason?
    {
        let namespace = namespaces[metadata.namespace]
        let choice: WaypointChoice
        if let own = WaypointChoice(metadata, in: metadata.namespace) {
            (choice, route.place) = (own, .object)
        } else if let inherited = namespace.flatMap({ WaypointChoice($0, in: metadata.namespace) }) {
            (choice, route.place) = (inherited, .namespace)
        } else {
            return .noLabel
        }
        switch choice {
        case .optedOut: return .optedOut
        case .invalid(let reference):
            route.waypoint = reference
            return .invalidLabel
        case .waypoint(let reference):
            route.waypoint = reference
            guard let waypoint = waypoints[reference] else { return .missing }
            guard waypoint.hasAddress else { return .notReady }
            guard waypoint.admits(metadata.namespace, labels: namespace?.labelTexts ?? [:]) else {
                return .notAllowed
            }
            guard waypoint.takes(traffic) else { return .wrongType }
            // istiod binds it, and ztunnel gets no address to send to.
            return waypoint.isReachable ? nil : .notReady
        }
    }

    /// The object's own label where it has one, else its namespace's.
    private func wantsIngress(_ metadata: ObjectMetadata) -> Bool {
        let text =
            metadata.label(WaypointLabel.ingress)
            ?? namespaces[metadata.namespace]?.label(WaypointLabel.ingress)
        return text.map { ["1", "t", "T", "true", "True", "TRUE"].contains($0) } ?? false
    }
}

extension WaypointRoute {
    /// Whether istiod binds the target to the waypoint, though no traffic may reach it by its address.
    package var isBound: Bool { direct == nil || direct == .noAddress || direct == .hostNetwork }
}

// MARK: - What a target is

extension WaypointResolver {
    /// Controllers of Istio whose Services are waypoints and east-west gateways themselves.
    private static let controllers = ["istio.io-mesh-controller", "istio.io-eastwest-controller"]

    private func nature(ofService service: Value) -> TargetNature? {
        if service.kind == "Service", service["spec"]?["type"]?.string == "ExternalName" { return .externalName }
        let controller = service.metadata.label(IstioLabel.managed)
        return controller.map(WaypointResolver.controllers.contains) == true ? .ofGateway : nil
    }

    /// A pod that has ended or has no address yet, and one of a Gateway that has an address.
    private func nature(ofPod pod: Value) -> TargetNature? {
        let status = pod["status"]
        if ["Succeeded", "Failed"].contains(status?["phase"]?.string ?? "") { return .podHasEnded }
        // One that is no address, and istiod leaves the pod out.
        let listed = (status?["podIPs"]?.list ?? []).map { $0["ip"]?.string ?? "" }
        let addresses = listed.isEmpty ? [status?["podIP"]?.string ?? ""] : listed
        guard addresses.allSatisfy({ IPAddress($0) != nil }) else { return .podWithoutAddress }
        let metadata = pod.metadata
        guard let name = metadata.label(IstioLabel.gatewayName), !name.isEmpty else { return nil }
        let gateway = WaypointReference(namespace: metadata.namespace, name: name)
        return waypoints[gateway]?.hasAddress == true ? .ofGateway : nil
    }

    private func hasAddress(_ target: Value) -> Bool {
        let spec = target["spec"]
        if target.kind == "ServiceEntry" { return serviceEntryHasAddress(target) }
        let listed = (spec?["clusterIPs"]?.list ?? []).compactMap(\.string)
        let addresses = listed.isEmpty ? [spec?["clusterIP"]?.string ?? ""] : listed
        return addresses.contains { !$0.isEmpty && $0 != "None" }
    }

    /// Its own addresses, else those that istiod gave to one of its hosts, where istiod may.
    private func serviceEntryHasAddress(_ entry: Value) -> Bool {
        let spec = entry["spec"]
        // With one that is no address, istiod takes the whole entry for unusable.
        if let own = spec?["addresses"]?.list, !own.isEmpty {
            return own.allSatisfy { IPAddress.isAddressOrRange($0.string ?? "") }
        }
        let resolution = spec?["resolution"]?.string ?? "NONE"
        guard resolution != "NONE",
            entry.metadata.label(WaypointLabel.allocatesAddress)?.lowercased() != "false"
        else { return false }
        let given = (entry["status"]?["addresses"]?.list ?? []).filter { IPAddress($0["value"]?.string ?? "") != nil }
        return (spec?["hosts"]?.list ?? []).compactMap(\.string).contains { host in
            (!host.hasPrefix("*") || resolution == "DYNAMIC_DNS") && given.contains { $0["host"]?.string == host }
        }
    }
}

extension Value {
    /// Whether it is of the Gateway API, and not of the Istio API that has a Gateway too; items of lists do not say it.
    fileprivate var isOfGatewayAPI: Bool {
        guard let version = self["apiVersion"]?.string else { return true }
        return version.hasPrefix("gateway.networking.k8s.io/")
    }
}
