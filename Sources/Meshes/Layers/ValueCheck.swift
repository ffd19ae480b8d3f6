import Istio
import Values

/// Checks the user's values for each component with its chart's schema and places every fault in the layer that has it.
struct ValueCheck {
    /// The user's layers only: profiles are laid beneath every chart, though not every chart reads all of them.
    let layers: [Layer]
    let merged: Mapping
    /// What the mesh has for keys that have a flag: a value that says the same is no fault.
    private let settled: [String: String?]

    private typealias Fault = (path: [String], fault: Finding.Fault)

    private struct FaultKey: Hashable {
        let path: [String]
        let fault: Finding.Fault
    }

    init(_ layers: [Layer], settled: [String: String?] = [:]) {
        self.layers = layers
        self.settled = settled
        merged = layers.merged
    }

    /// The errors for charts with these schemas, in the order of the components; beside them what was only remembered:
    /// an earlier run or Helm took it, and it must not stop every later run.
    /// Advice is looked for as often as a message shows it: a file of any size may hold unknown keys only.
    func faults(_ schemas: [Component: ChartSchema]) -> (errors: IstioErrors, strays: [String]) {
        var (errors, strays): ([IstioError], [String]) = ([], [])
        var omitted = (errors: 0, strays: 0)
        for (path, fault) in refused + findings(schemas) where !isUnvalidated(path) {
            if !isStray(path) {
                if errors.count < IstioErrors.mostShown {
                    errors.append(error(at: path, fault))
                } else {
                    omitted.errors += 1
                }
            } else if merged.value(at: path)?.isNull == false, !isReadAtRoot(path) {
                // A null takes such a key back, and needs no words.
                if strays.count >= IstioErrors.mostShown {
                    omitted.strays += 1
                } else if fault == .unread, ChartSchema.readers(of: path).isEmpty {
                    strays.append(stray(path))
                } else {
                    strays.append("\(error(at: path, fault))")
                }
            }
        }
        if omitted.strays > 0 { strays.append("and \(omitted.strays) more keys of the stored settings") }
        return (IstioErrors(errors: errors, omitted: omitted.errors), strays)
    }

    private func stray(_ path: [String]) -> String {
        "\(place(of: path)): unknown key \(path.joined(separator: ".")), which has no effect"
    }

    /// Whether the value is of a layer that no schema is asked about.
    private func isUnvalidated(_ path: [String]) -> Bool {
        layers.last { $0.values.value(at: path) != nil }?.isUnvalidated ?? false
    }

    /// Whether a value comes from what was remembered, or takes that back by null.
    private func isStray(_ path: [String]) -> Bool {
        let having = layers.filter { $0.values.value(at: path) != nil }
        func isRemembered(_ layer: Layer) -> Bool { if case .remembered = layer.origin { true } else { false } }
        guard having.contains(where: isRemembered), let last = having.last else { return false }
        return isRemembered(last) || last.values.value(at: path)?.isNull == true
    }

    /// Keys for istiod's pods at the root, as Helm's values of its chart have them.
    private func isReadAtRoot(_ path: [String]) -> Bool {
        path.count == 1 && path[0] != Component.cni.traits.key && ChartSchema.podKeys.contains(path[0])
    }

    /// What the charts read and a values file does not have there.
    private var refused: [Fault] {
        let ztunnel = Component.ztunnel.traits.key
        let nested = merged.value(at: [ztunnel, ztunnel])?.isNull == false ? [[ztunnel, ztunnel]] : []
        return nested.map { ($0, .unread) } + KeyAdvice.refused(in: merged, settled: settled).map { ($0, .unread) }
            + Gateways.wanted(in: merged).map { ($0, .unread) }
            + merged.filter { isReadAtRoot([$0.key]) && !$0.value.isNull }.map { ([$0.key], .unread) }
    }

    private func findings(_ schemas: [Component: ChartSchema]) -> [Fault] {
        var found: [Fault] = []
        var seen: Set<FaultKey> = []
        let known = refused.map(\.path)
        for component in Component.allCases {
            guard let schema = schemas[component] else { continue }
            var check = SchemaCheck(schema: schema)
            check.check(layers.merged(for: component))
            for finding in check.findings {
                let path = scopedPath(of: finding.path, in: component, root: merged)
                // What one chart has no use for another may read; a section's own key goes to its chart only.
                let isReadElsewhere = finding.fault == .unread && !ChartSchema.readers(of: path).isEmpty
                let isKnown = known.contains { path.starts(with: $0) }
                if isReadElsewhere || isKnown { continue }
                guard seen.insert(FaultKey(path: path, fault: finding.fault)).inserted else { continue }
                found.append((path, finding.fault))
            }
        }
        return found
    }

    private func error(at path: [String], _ fault: Finding.Fault) -> IstioError {
        let place = place(of: path)
        let name = path.joined(separator: ".")
        if fault != .unread, let advice = KeyAdvice.text(at: path) {
            return .contradiction(place: place, what: "\(name) has no effect", remedy: advice)
        }
        switch fault {
        case .unread: return .unknownKey(place: place, path: name, hint: "; " + UnreadKey(path, in: merged).hint)
        case .missing(let field): return .missingField(place: place, path: name, field: field)
        case .wrongType(let expected, let found):
            let names = expected.map { typeNames[$0] ?? $0 }.joined(separator: " or ")
            return .wrongValue(place: place, path: name, expected: names, found: found)
        case .malformed(let expected, let found):
            return .wrongValue(place: place, path: name, expected: expected, found: found)
        case .notAllowed(let allowed, let found):
            let near = nearest(to: found, among: allowed).map { " (did you mean \($0)?)" } ?? ""
            let expected = allowed.count == 1 ? allowed[0] : "one of " + allowed.joined(separator: ", ")
            return .wrongValue(place: place, path: name, expected: expected, found: "\"\(found)\"" + near)
        }
    }

    /// Where the last layer that has the path has it.
    func place(of path: [String]) -> String {
        layers.last { $0.values.value(at: path) != nil }?.place(of: path) ?? "values"
    }
}

/// The types of JSON schemas in plain words.
let typeNames = [
    "object": "a map", "array": "a list", "string": "a string", "integer": "a whole number", "number": "a number",
    "boolean": "true or false", "null": "null",
]
