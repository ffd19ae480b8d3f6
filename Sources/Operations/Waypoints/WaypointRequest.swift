package import Waypoints

/// What `sail waypoint apply` is asked for. What is not given stays as it is on the cluster.
package struct WaypointRequest: Sendable {
    /// `waypoint` where empty.
    package var name = ""
    /// The context's where `nil`.
    package var namespace: String?
    package var traffic: Waypoint.Traffic?
    package var revision: String?
    /// What shall go through it, once it is ready.
    package var enrolments: [WaypointEnrolment] = []
    /// Other namespaces that may, and shall, use it; none but its own for an empty list.
    package var otherNamespaces: [String]?
    /// Whether ingress gateways go through it too, for what is enrolled.
    package var takesIngress = false
    /// Whether labels that mean another waypoint, and options of the user's own ConfigMap, are replaced.
    package var overwrites = false
    package var options: [WaypointOptionEdit] = []
    /// The path of a file of overlays, which replace those that are there.
    package var parameterFile: String?

    package init() {}

    /// Whether labels are set.
    var enrolls: Bool { !enrolments.isEmpty || otherNamespaces?.isEmpty == false }
}

/// What is led through a waypoint by a label of its own.
package enum WaypointEnrolment: Sendable, Equatable {
    /// The waypoint's namespace.
    case namespace
    case service(String)
    case serviceEntry(String)
    case pod(String)
    /// Pods with these labels, as they are now.
    case pods(selector: String)

    /// `namespace`, `service/NAME`, `serviceentry/NAME`, `pod/NAME` or `pods=SELECTOR`; `nil` for any other word.
    package init?(_ word: String) {
        let selector = "pods="
        if word == "namespace" {
            self = .namespace
            return
        }
        if word.hasPrefix(selector), word.utf8.count > selector.utf8.count {
            self = .pods(selector: String(word.dropFirst(selector.count)))
            return
        }
        let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        switch parts[0] {
        case "service", "svc": self = .service(parts[1])
        case "serviceentry", "se": self = .serviceEntry(parts[1])
        case "pod": self = .pod(parts[1])
        default: return nil
        }
    }

    /// Whether it is about pods' own addresses.
    var isOfPods: Bool {
        switch self {
        case .pod, .pods: true
        default: false
        }
    }
}
