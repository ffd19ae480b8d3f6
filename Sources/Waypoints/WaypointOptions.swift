internal import Istio
internal import Objects
package import Values
internal import YAML

/// What shapes a waypoint's objects: the overlays that istiod lays over its template, as a ConfigMap of the Gateway's
/// namespace holds them. Each key is a strategic merge patch of one object.
package struct WaypointOptions: Sendable, Equatable {
    /// The keys that istiod takes (1.30); with any other it renders nothing at all, and says so in its log alone.
    package static let keys = [
        "deployment", "service", "serviceAccount", "horizontalPodAutoscaler", "podDisruptionBudget",
    ]

    /// The patches by their keys.
    package private(set) var overlays: [String: Value] = [:]

    package var isEmpty: Bool { overlays.isEmpty }

    /// The name of the ConfigMap that sail keeps for a waypoint.
    package static func configMapName(of waypoint: String) -> String { waypoint + "-waypoint-options" }

    package init() {}

    /// The overlays of a ConfigMap's data, or of a file of --parameters, where each may be a map or its text. `place` says
    /// where they are from.
    package init(_ data: Mapping, from place: String) throws(WaypointOptionsError) {
        for (key, value) in data {
            guard WaypointOptions.keys.contains(key) else { throw .unknownKey(key, place: place) }
            var patch = value
            if let text = value.string {
                do { patch = try Value(yaml: text, numbers: .native) } catch { throw .notYAML(key, place: place) }
            }
            guard let map = patch.map else { throw .noMap(key, place: place) }
            for name in ["name", "namespace", "ownerReferences"] where map["metadata"]?[name] != nil {
                throw .fixedField("\(key).metadata.\(name)", place: place)
            }
            if !map.isEmpty { overlays[key] = patch }
        }
    }

    /// The ConfigMap that holds them.
    package func configMap(of waypoint: String, in namespace: String?) -> Value {
        let data = Mapping(
            WaypointOptions.keys.compactMap { key in
                overlays[key].map { (key: key, value: .string((try? $0.yaml()) ?? "")) }
            })
        var metadata: Mapping = ["name": .string(WaypointOptions.configMapName(of: waypoint))]
        if let namespace { metadata["namespace"] = .string(namespace) }
        metadata["labels"] = [
            "app.kubernetes.io/managed-by": "sail", IstioLabel.gatewayName: .string(waypoint),
        ]
        return ["apiVersion": "v1", "kind": "ConfigMap", "metadata": .map(metadata), "data": .map(data)]
    }

    /// Whether an HPA sets the number of pods.
    package var isAutoscaled: Bool { overlays["horizontalPodAutoscaler"] != nil }
    /// Whether there is a PodDisruptionBudget.
    package var hasBudget: Bool { overlays["podDisruptionBudget"] != nil }
}

// MARK: - Flags

/// One flag's change of a waypoint's options; `nil` takes the option off.
package enum WaypointOptionEdit: Sendable, Equatable {
    case replicas(Int?)
    case autoscaling(Autoscaling?)
    /// `minAvailable`: a number or a percentage.
    case disruptionBudget(Value?)
    case resources(Value?)

    /// The range of an HPA and the share of the CPU request that it aims at.
    package struct Autoscaling: Sendable, Equatable {
        package var least: Int
        package var most: Int
        package var percent: Int

        package init(least: Int, most: Int, percent: Int) {
            (self.least, self.most, self.percent) = (least, most, percent)
        }
    }
}

extension WaypointOptions {
    /// The proxy's container.
    package static let container = "istio-proxy"

    /// Makes the changes that flags ask for, in order.
    package mutating func apply(_ edits: [WaypointOptionEdit]) {
        for edit in edits {
            switch edit {
            case .replicas(let number): set(number.map(Value.int), "deployment", ["spec", "replicas"])
            case .autoscaling(let scaling):
                overlays["horizontalPodAutoscaler"] = scaling.map(WaypointOptions.autoscaler)
                // Both would set the number of pods in turn.
                if scaling != nil { set(nil, "deployment", ["spec", "replicas"]) }
            case .disruptionBudget(let least):
                overlays["podDisruptionBudget"] = least.map { ["spec": ["minAvailable": $0]] }
            case .resources(let resources): setResources(resources)
            }
        }
    }

    private static func autoscaler(_ scaling: WaypointOptionEdit.Autoscaling) -> Value {
        [
            "spec": [
                "minReplicas": .int(scaling.least), "maxReplicas": .int(scaling.most),
                "metrics": [
                    [
                        "type": "Resource",
                        "resource": [
                            "name": "cpu",
                            "target": ["type": "Utilization", "averageUtilization": .int(scaling.percent)],
                        ],
                    ]
                ],
            ]
        ]
    }

    private mutating func setResources(_ resources: Value?) {
        let path = ["spec", "template", "spec", "containers"]
        var containers = path.reduce(overlays["deployment"]) { $0?[$1] }?.list ?? []
        let index = containers.firstIndex { $0["name"]?.string == WaypointOptions.container }
        var own = index.flatMap { containers[$0].map } ?? ["name": .string(WaypointOptions.container)]
        own["resources"] = resources
        if let index { containers.remove(at: index) }
        if own.count > 1 { containers.insert(.map(own), at: index ?? containers.count) }
        set(containers.isEmpty ? nil : .list(containers), "deployment", path)
    }

    /// Sets a field of an overlay, or takes it off with the maps that hold nothing else.
    private mutating func set(_ value: Value?, _ key: String, _ path: [String]) {
        var changed = overlays[key]?.map ?? Mapping()
        changed.set(value, at: path)
        overlays[key] = changed.isEmpty ? nil : .map(changed)
    }
}

/// Options that istiod would not take.
package enum WaypointOptionsError: Error, CustomStringConvertible {
    case unknownKey(String, place: String)
    case notYAML(String, place: String)
    case noMap(String, place: String)
    case fixedField(String, place: String)

    package var description: String {
        switch self {
        case .unknownKey(let key, let place):
            "\(place): key \(key.onOneLine) is unknown, and istiod makes nothing of a waypoint with it; the keys are "
                + WaypointOptions.keys.joined(separator: ", ")
        case .notYAML(let key, let place): "\(place): \(key.onOneLine) is no YAML; give the patch of one object"
        case .noMap(let key, let place): "\(place): \(key.onOneLine) is no map; give the patch of one object"
        case .fixedField(let field, let place):
            "\(place): \(field.onOneLine) cannot be changed; istiod sets it, so leave it out"
        }
    }
}
