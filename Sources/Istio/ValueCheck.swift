import Values

/// Checks the user's values for each component with its chart's schema and places every fault in the layer that has it.
struct ValueCheck {
    /// The user's layers only: profiles are laid beneath every chart, though not every chart reads all of them.
    let layers: [Layer]
    let merged: Mapping

    init(_ layers: [Layer]) {
        self.layers = layers
        merged = layers.merged
    }

    /// The errors for charts with these schemas, in the order of the components; beside them the unknown keys that were
    /// only remembered: Helm takes any key, and what somebody gave it must not stop every later run.
    func faults(_ schemas: [(component: Component, schema: Value)]) -> (errors: [IstioError], strays: [String]) {
        let found = findings(schemas)
        // A null takes such a key back, and needs no words.
        let strays = found.filter { isStray($0.path, $0.fault) && merged.value(at: $0.path)?.isNull == false }
        return (
            found.filter { !isStray($0.path, $0.fault) }.map { error(at: $0.path, $0.fault) },
            strays.map { "\(place(of: $0.path)): unknown key \($0.path.joined(separator: ".")), which has no effect" }
        )
    }

    /// Whether an unknown key comes from what was remembered, or takes that back by null.
    private func isStray(_ path: [String], _ fault: Finding.Fault) -> Bool {
        guard case .unknown = fault else { return false }
        let having = layers.filter { $0.values.value(at: path) != nil }
        func isRemembered(_ layer: Layer) -> Bool { if case .remembered = layer.origin { true } else { false } }
        guard having.contains(where: isRemembered), let last = having.last else { return false }
        return isRemembered(last) || last.values.value(at: path)?.isNull == true
    }

    private func findings(
        _ schemas: [(component: Component, schema: Value)]
    ) -> [(path: [String], fault: Finding.Fault)] {
        var found: [(path: [String], fault: Finding.Fault)] = []
        for (component, schema) in schemas {
            var check = SchemaCheck(schema: schema)
            check.check(values(for: component, from: layers.seen(by: component).merged))
            for finding in check.findings {
                let path = scopedPath(of: finding.path, in: component, root: merged)
                if found.contains(where: { $0.path == path }) || isKnownElsewhere(path, schemas) { continue }
                found.append((path, withSections(finding.fault, path)))
            }
        }
        return found
    }

    /// What `global` holds for one chart need not be known to another.
    private func isKnownElsewhere(_ path: [String], _ schemas: [(component: Component, schema: Value)]) -> Bool {
        path.count == 2 && path[0] == "global"
            && schemas.contains { $0.schema[path: "properties", "global", "properties", path[1]] != nil }
    }

    /// At the root the sections of all components are known.
    private func withSections(_ fault: Finding.Fault, _ path: [String]) -> Finding.Fault {
        guard path.count == 1, case .unknown(let known) = fault else { return fault }
        return .unknown(known: known + Component.allCases.map(\.traits.key).filter { !known.contains($0) })
    }

    private func error(at path: [String], _ fault: Finding.Fault) -> IstioError {
        let place = place(of: path)
        let name = path.joined(separator: ".")
        switch fault {
        case .unknown(let known):
            return .unknownKey(place: place, path: name, hint: unknownHint(path[path.count - 1], known: known))
        case .wrongType(let expected, let found):
            let names = expected.map { typeNames[$0] ?? $0 }.joined(separator: " or ")
            return .wrongValue(place: place, path: name, expected: names, found: found)
        case .notAllowed(let allowed, let found):
            let near = nearest(to: found, among: allowed).map { " (did you mean \($0)?)" } ?? ""
            return .wrongValue(
                place: place, path: name, expected: "one of " + allowed.joined(separator: ", "),
                found: "\"\(found)\"" + near)
        }
    }

    private func unknownHint(_ key: String, known: [String]) -> String {
        if let near = nearest(to: key, among: known) { return "; did you mean \(near)?" }
        let sorted = known.sorted { $0.precedesByBytes($1) }
        let more = sorted.count > 12 ? " and \(sorted.count - 12) more" : ""
        return sorted.isEmpty ? "; remove it" : "; known here: " + sorted.prefix(12).joined(separator: ", ") + more
    }

    /// Where the last layer that has the path has it.
    func place(of path: [String]) -> String {
        layers.last { $0.values.value(at: path) != nil }?.place(of: path) ?? "values"
    }
}

private let typeNames = [
    "object": "a map", "array": "a list", "string": "a string", "integer": "a whole number", "number": "a number",
    "boolean": "true or false", "null": "null",
]
