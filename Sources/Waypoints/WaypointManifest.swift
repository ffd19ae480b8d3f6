package import Values

/// A waypoint's Gateway as `istioctl waypoint` writes it (1.30): one HBONE listener on 15008.
package struct WaypointManifest: Sendable {
    package static let className = "istio-waypoint"
    package static let defaultName = "waypoint"

    package var name: String
    /// `nil` leaves the namespace out.
    package var namespace: String?
    /// `nil` leaves the type to istiod: the class's, else `service`.
    package var traffic: Waypoint.Traffic?
    package var revision: String?

    /// `none` is no name, since it opts out in labels; an empty one is the default. Throws what is wrong.
    package init(
        name: String = "", namespace: String? = nil, traffic: Waypoint.Traffic? = nil, revision: String? = nil
    ) throws(WaypointNameError) {
        self.name = name.isEmpty ? WaypointManifest.defaultName : name
        (self.namespace, self.traffic, self.revision) = (namespace, traffic, revision)
        guard isDNSSubdomain(self.name), self.name != "none" else { throw WaypointNameError(name: self.name) }
    }

    /// The Gateway.
    package var gateway: Value {
        var metadata: Mapping = ["name": .string(name)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        var labels = Mapping()
        if let revision { labels[WaypointLabel.revision] = .string(revision) }
        if let traffic { labels[WaypointLabel.trafficFor] = .string(traffic.rawValue) }
        if !labels.isEmpty { metadata["labels"] = .map(labels) }
        return [
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": .map(metadata),
            "spec": [
                "gatewayClassName": .string(WaypointManifest.className),
                "listeners": [["name": "mesh", "port": 15008, "protocol": "HBONE"]],
            ],
        ]
    }
}

/// A name that no waypoint can have.
package struct WaypointNameError: Error, CustomStringConvertible {
    package let name: String

    package var description: String {
        let shown = "\"\(name)\"".onOneLine
        return name == "none"
            ? "\(shown) is reserved: as a label it means no waypoint; choose another name"
            : "\(shown) cannot be a Gateway's name: use small letters, digits, dashes and dots"
    }
}
