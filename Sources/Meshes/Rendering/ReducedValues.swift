import Charts
internal import Istio
import Objects
package import Values
import YAML

extension Mesh {
    /// The values that a component's chart needs from outside, none of them without effect on an object.
    ///
    /// Istio's own charts hold profiles, platforms and compatibility versions, and take their names; sail's charts get what
    /// is in them as values. istiod's chart records the values that it was given, so all of the user's count there.
    /// Throws `IstioError` where the component cannot be rendered.
    package func reducedValues(of part: MeshPart, forIstioCharts isIstios: Bool) throws -> Mapping {
        var reduction = ValueReduction(self, part, isIstios: isIstios)
        return try reduction.result()
    }
}

/// Takes away from a component's values what makes no difference to its objects.
private struct ValueReduction {
    let mesh: Mesh
    let part: MeshPart
    /// Whether the chart holds profiles and the like, and takes their names.
    let isIstios: Bool
    /// The layers that the chart holds itself, by the key that names them; the version's always counts.
    private var held: [[String]: Layer] = [:]
    private var base = Mapping()
    private var wanted: [ObjectReference: Value] = [:]

    init(_ mesh: Mesh, _ part: MeshPart, isIstios: Bool) {
        (self.mesh, self.part, self.isIstios) = (mesh, part, isIstios)
        for layer in mesh.layers where layer.applies(to: part.component) {
            switch layer.origin {
            case .version: base.merge(layer.values)
            case .profile: held[["profile"]] = layer
            case .compatibility: held[["compatibilityVersion"]] = layer
            case .platform: held[["global", "platform"]] = layer
            default: break
            }
        }
        if !isIstios || !part.isChecked { (held, base) = ([:], Mapping()) }
    }

    mutating func result() throws -> Mapping {
        wanted = try objects(part.values)
        var values = candidates()
        let recorded =
            isIstios && part.component == .istiod ? Set(leaves(part.values["originalValues"]?.map ?? Mapping())) : []
        for path in leaves(values) where !recorded.contains(path) {
            var fewer = values
            fewer.set(nil, at: path)
            if try objects(given(fewer)) == wanted { values = fewer }
        }
        return values
    }

    /// All that differs from what the chart holds, with the names of what it holds.
    private func candidates() -> Mapping {
        var values = part.values
        if isIstios, part.isChecked {
            values["originalValues"] = Value?.none
            values["istioVersion"] = Value?.none
        }
        var result = difference(beneath, composed(values))
        guard isIstios, part.isChecked else { return result }
        result["istioVersion"] = Value?.none
        if held[["profile"]] != nil { result.set(.string(mesh.profile), at: ["profile"]) }
        if held[["global", "platform"]] != nil, let platform = mesh.platform {
            result.set(.string(platform), at: ["global", "platform"])
        }
        // What istiod records is given again, whether or not it is the chart's default.
        if part.component == .istiod, let recorded = part.values["originalValues"]?.map { result.fill(from: recorded) }
        return result
    }

    /// The values of the chart with all that it holds.
    private var beneath: Mapping {
        var values = part.chart.values
        values.merge(base)
        for key in [["profile"], ["compatibilityVersion"], ["global", "platform"]] {
            if let layer = held[key] { values.merge(layer.values) }
        }
        return values
    }

    /// A null stays: it takes a default away, also one that a template adds.
    private func composed(_ values: Mapping) -> Mapping {
        var all = part.chart.values
        all.merge(values)
        return all
    }

    /// What sail's chart gets where Istio's gets these values: the layers whose names are among them lie beneath.
    private func given(_ values: Mapping) -> Mapping {
        guard isIstios, part.isChecked else { return values }
        var result = base
        for key in [["profile"], ["compatibilityVersion"], ["global", "platform"]] {
            if let layer = held[key], values.value(at: key) != nil { result.merge(layer.values) }
        }
        var own = values
        own["profile"] = Value?.none
        result.merge(own)
        if let recorded = part.values["originalValues"] { result["originalValues"] = recorded }
        return result
    }

    private func objects(_ values: Mapping) throws -> [ObjectReference: Value] {
        var renderer = MeshRenderer(mesh)
        let objects = try renderer.objects(of: part, with: values)
        var found: [ObjectReference: Value] = [:]
        for object in objects { found[object.identity] = try Value(yaml: object.text.bytes, numbers: .native) }
        return found
    }
}

/// What turns the one map into the other when laid over it; keys that the other lacks stay.
func difference(_ old: Mapping, _ new: Mapping) -> Mapping {
    var result = Mapping()
    for (key, value) in new {
        let before = old[key]
        if case .map(let inner) = value, case .map(let outer)? = before {
            let changes = difference(outer, inner)
            if !changes.isEmpty { result[key] = .map(changes) }
        } else if value != before {
            result[key] = value
        }
    }
    return result
}

/// The paths of all values that are no maps, or empty ones.
private func leaves(_ map: Mapping) -> [[String]] {
    map.flatMap { key, value -> [[String]] in
        guard case .map(let inner) = value, !inner.isEmpty else { return [[key]] }
        return leaves(inner).map { [key] + $0 }
    }
}

extension Mapping {
    /// Adds what the other map has and this one lacks.
    fileprivate mutating func fill(from other: Mapping) {
        for (key, value) in other {
            switch (self[key], value) {
            case (nil, _): self[key] = value
            case (.map(var inner)?, .map(let outer)):
                inner.fill(from: outer)
                self[key] = .map(inner)
            default: break
            }
        }
    }
}
