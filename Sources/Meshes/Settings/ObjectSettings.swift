import Istio
import Objects
import Patches
package import Values

/// What `k8s` of a component in an IstioOperator says and no value of the chart can: it is laid over the rendered objects,
/// as istioctl does.
package struct ObjectSettings: Sendable, Equatable {
    /// The fields as the resource has them.
    package private(set) var fields = Mapping()
    /// Where each is given, for messages.
    private(set) var places: [String: String] = [:]

    /// Whether any of it comes from stored settings.
    private(set) var hasStored = false

    package init() {}

    /// From stored settings, which were found at `place`.
    package init(stored fields: Mapping, place: String) {
        self.fields = fields
        hasStored = !fields.isEmpty
        for key in fields.keys { places[key] = place }
    }

    mutating func set(_ value: Value, at field: String, place: String) {
        fields[field] = value.withWholeNumbers
        places[field] = place
    }

    /// Takes the other's fields over one's own: maps key by key, variables by name, other lists whole.
    mutating func merge(_ other: ObjectSettings) {
        for (field, value) in other.fields {
            places[field] = other.places[field]
            switch (field, fields[field], value) {
            case ("env", .list(let old)?, .list(let new)):
                let names = Set(new.compactMap { $0["name"]?.string })
                fields[field] = .list(
                    old.filter { !($0["name"]?.string.map(names.contains) ?? false) } + new)
            case (_, .map(var old)?, .map(let new)):
                old.merge(new)
                fields[field] = .map(old)
            default: fields[field] = value
            }
        }
    }
}

/// A patch of a component's object, and what is said of it.
struct SettingPatch {
    /// `components.pilot.k8s.strategy`
    let origin: String
    let place: String
    let target: PatchTarget
    let content: ObjectPatch.Content
}

extension ObjectSettings {
    /// The patches that the fields are, for a component whose workload has this name; overlays last, as istioctl has it.
    func patches(of component: Component, workload: String?) throws(PatchError) -> [SettingPatch] {
        let traits = component.traits
        var patches: [SettingPatch] = []
        for (field, value) in fields where field != "overlays" && !value.isNull {
            guard let row = SettingField.patched[field], let name = workload else { continue }
            let kind = row.kind ?? component.workload?.kind ?? ""
            let target = try PatchTarget(["kind": .string(kind), "name": .string(quotedPattern(name))])
            patches.append(
                SettingPatch(
                    origin: "components.\(traits.operatorKey).k8s.\(field)", place: places[field] ?? field,
                    target: target,
                    content: .merge(row.patch(value, container: traits.container))))
        }
        for overlay in fields["overlays"]?.list ?? [] { patches += try overlayPatches(overlay, traits) }
        return patches
    }

    /// The patches of `{kind, name, patches: [{path, value}]}`.
    private func overlayPatches(_ overlay: Value, _ traits: ComponentTraits) throws(PatchError)
        -> [SettingPatch]
    {
        var target = Mapping()
        for key in ["kind", "name"] {
            target[key] = overlay[key]?.string.map { .string(quotedPattern($0)) }
        }
        let wanted = try PatchTarget(target)
        var patches: [SettingPatch] = []
        for patch in overlay["patches"]?.list ?? [] {
            patches.append(
                SettingPatch(
                    origin: "components.\(traits.operatorKey).k8s.overlays",
                    place: places["overlays"] ?? "overlays",
                    target: wanted,
                    content: .overlay(try OverlayPath(patch["path"]?.string ?? ""), patch["value"])))
        }
        return patches
    }
}

/// How a field of `k8s` changes an object.
struct SettingField {
    /// Where its value goes.
    enum Place {
        case object, pod, container
    }

    /// The kind of the object; the component's workload where `nil`.
    var kind: String?
    let place: Place
    /// The field of the object, where its name differs.
    var name = ""

    static let patched: [String: SettingField] = [
        "env": SettingField(place: .container, name: "env"),
        "hpaSpec": SettingField(kind: "HorizontalPodAutoscaler", place: .object),
        "imagePullPolicy": SettingField(place: .container, name: "imagePullPolicy"),
        "nodeSelector": SettingField(place: .pod, name: "nodeSelector"),
        "podDisruptionBudget": SettingField(kind: "PodDisruptionBudget", place: .object),
        "priorityClassName": SettingField(place: .pod, name: "priorityClassName"),
        "readinessProbe": SettingField(place: .container, name: "readinessProbe"),
        "securityContext": SettingField(place: .pod, name: "securityContext"),
        "service": SettingField(kind: "Service", place: .object),
        "strategy": SettingField(place: .object, name: "strategy"),
        "volumeMounts": SettingField(place: .container, name: "volumeMounts"),
        "volumes": SettingField(place: .pod, name: "volumes"),
    ]

    /// The strategic merge patch with a value of the field.
    func patch(_ value: Value, container: String) -> Value {
        let value = name == "env" ? SettingField.exclusive(value) : value
        switch place {
        case .object: return ["spec": name.isEmpty ? value : .map([name: withoutOthers(value)])]
        case .pod: return ["spec": ["template": ["spec": .map([name: value])]]]
        case .container:
            let own: Mapping = ["name": .string(container), name: withoutOthers(value)]
            return ["spec": ["template": ["spec": ["containers": [.map(own)]]]]]
        }
    }

    /// What cannot stand beside the value: the limits of a rolling update, or another way to probe.
    private func withoutOthers(_ value: Value) -> Value {
        guard case .map(var map) = value else { return value }
        if name == "strategy", map["type"]?.string == "Recreate" { map["rollingUpdate"] = .null }
        let ways = ["exec", "grpc", "httpGet", "tcpSocket"]
        if name == "readinessProbe", let own = ways.first(where: { map[$0]?.map != nil }) {
            for way in ways where way != own { map[way] = .null }
        }
        return .map(map)
    }

    /// Variables that have either a value or a source: what the chart gives in the other form goes.
    private static func exclusive(_ value: Value) -> Value {
        .list(
            (value.list ?? []).map { entry in
                guard case .map(var map) = entry else { return entry }
                if map["valueFrom"]?.map != nil {
                    map["value"] = .null
                } else {
                    map["valueFrom"] = .null
                }
                return .map(map)
            })
    }
}

extension Value {
    /// Numbers of a values file are floats; those that are whole are integers to Kubernetes.
    var withWholeNumbers: Value {
        switch self {
        case .double(let number): Int(exactly: number).map { .int($0) } ?? self
        case .list(let items): .list(items.map(\.withWholeNumbers))
        case .map(let map): .map(Mapping(map.map { (key: $0.key, value: $0.value.withWholeNumbers) }))
        default: self
        }
    }
}
