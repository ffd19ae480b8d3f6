internal import Istio
internal import Objects
package import Values

/// The API group of Gateways, their classes and routes.
package let gatewayGroup = "gateway.networking.k8s.io"

/// A waypoint's Gateway as `istioctl waypoint` writes it (1.30): one HBONE listener on 15008.
package struct WaypointManifest: Sendable {
    package static let className = "istio-waypoint"
    package static let defaultName = "waypoint"
    package static let apiVersion = gatewayGroup + "/v1"

    package var name: String
    /// `nil` leaves the namespace out.
    package var namespace: String?
    /// `nil` leaves the type to istiod: the class's, else `service`.
    package var traffic: Waypoint.Traffic?
    package var revision: String?
    /// From where its listener takes routes (`allowedRoutes.namespaces`); `nil` leaves it to the default, its own namespace.
    package var admission: Value?
    /// The ConfigMap of `spec.infrastructure.parametersRef`.
    package var parameters: String?

    /// `none` is no name, since it opts out in labels; an empty one is the default. Throws what is wrong.
    package init(
        name: String = "", namespace: String? = nil, traffic: Waypoint.Traffic? = nil, revision: String? = nil
    ) throws(WaypointNameError) {
        self.name = name.isEmpty ? WaypointManifest.defaultName : name
        (self.namespace, self.traffic, self.revision) = (namespace, traffic, revision)
        // istiod gives its Service the same name, which has to be a label of RFC 1035.
        let startsWithLetter = self.name.utf8.first.map { $0 >= UInt8(ascii: "a") } ?? false
        guard isDNSLabel(self.name), startsWithLetter, self.name != "none" else {
            throw WaypointNameError(name: self.name)
        }
    }

    /// The Gateway.
    package var gateway: Value {
        var metadata: Mapping = ["name": .string(name)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        var labels = Mapping()
        if let revision { labels[IstioLabel.revision] = .string(revision) }
        if let traffic { labels[WaypointLabel.trafficFor] = .string(traffic.rawValue) }
        if !labels.isEmpty { metadata["labels"] = .map(labels) }
        var listener: Mapping = ["name": "mesh", "port": 15008, "protocol": "HBONE"]
        if let admission { listener["allowedRoutes"] = ["namespaces": admission] }
        var spec: Mapping = [
            "gatewayClassName": .string(WaypointManifest.className), "listeners": [.map(listener)],
        ]
        if let parameters {
            spec["infrastructure"] = [
                "parametersRef": ["group": "", "kind": "ConfigMap", "name": .string(parameters)]
            ]
        }
        return [
            "apiVersion": .string(WaypointManifest.apiVersion), "kind": "Gateway", "metadata": .map(metadata),
            "spec": .map(spec),
        ]
    }

    /// `allowedRoutes.namespaces` for the waypoint's own namespace and these.
    package static func admitting(_ namespaces: [String], own: String) -> Value {
        let names = Set(namespaces + [own]).sorted { $0.precedesByBytes($1) }
        return [
            "from": "Selector",
            "selector": [
                "matchExpressions": [
                    [
                        "key": "kubernetes.io/metadata.name", "operator": "In",
                        "values": .list(names.map(Value.string)),
                    ]
                ]
            ],
        ]
    }

    /// Fills what this run does not say from the Gateway that is there: what is not given stays as it is.
    package mutating func keep(_ live: Value) {
        traffic = traffic ?? live.metadata.label(WaypointLabel.trafficFor).flatMap(Waypoint.Traffic.init)
        revision = revision ?? live.metadata.label(IstioLabel.revision)
        let listener = live["spec"]?["listeners"]?.list?.first { $0["name"]?.string == "mesh" }
        let admitted = listener?["allowedRoutes"]?["namespaces"]
        // What the server fills in by default is no choice.
        if admitted != ["from": "Same"] { admission = admission ?? admitted }
        parameters = parameters ?? WaypointManifest.parameters(of: live)
    }

    /// The ConfigMap that a Gateway takes its options from; `nil` for none, or one of another kind.
    package static func parameters(of gateway: Value) -> String? {
        let reference = gateway["spec"]?["infrastructure"]?["parametersRef"]
        guard reference?["kind"]?.string == "ConfigMap", reference?["group"]?.string ?? "" == "" else { return nil }
        return reference?["name"]?.string
    }
}

/// A name that no waypoint can have.
package struct WaypointNameError: Error, CustomStringConvertible {
    package let name: String

    package var description: String {
        let shown = "\"\(name)\"".onOneLine
        return name == "none"
            ? "\(shown) is reserved: as a label it means no waypoint; choose another name"
            : "\(shown) cannot be a waypoint's name, which its Service gets too: use at most 63 small letters, digits and "
                + "dashes, with a letter first"
    }
}
