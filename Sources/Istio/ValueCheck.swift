import Values

/// Checks the merged values of each component with its chart's schema and places every fault in the layer that has it.
struct ValueCheck {
    let layers: [Layer]
    let merged: Mapping

    /// The errors for charts with these schemas, in the order of the components.
    func errors(_ schemas: [(component: Component, schema: Value)]) -> [IstioError] {
        var found: [(path: [String], fault: Finding.Fault)] = []
        var accepted: Set<[String]> = []
        let sections = Component.allCases.map(\.traits.key)
        for (component, schema) in schemas {
            var check = SchemaCheck(schema: schema)
            check.check(values(for: component, from: merged))
            for finding in check.findings {
                let path = scopedPath(of: finding.path, in: component, root: merged)
                var fault = finding.fault
                // At the root the sections of the other components are known too.
                if path.count == 1, case .unknown(let known) = fault { fault = .unknown(known: known + sections) }
                if !found.contains(where: { $0.path == path }) { found.append((path, fault)) }
            }
            if let known = schemaProperties(schema) { accepted.formUnion(known) }
        }
        return found.filter { !accepted.contains($0.path) }.map { error(at: $0.path, $0.fault) }
    }

    /// Paths two deep that one chart knows and another may not: what is global to all.
    private func schemaProperties(_ schema: Value) -> [[String]]? {
        schema[path: "properties", "global", "properties"]?.map?.keys.map { ["global", $0] }
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
            let near = nearestKey(to: found, among: allowed).map { " (did you mean \($0)?)" } ?? ""
            return .wrongValue(
                place: place, path: name, expected: "one of " + allowed.joined(separator: ", "),
                found: "\"\(found)\"" + near)
        }
    }

    private func unknownHint(_ key: String, known: [String]) -> String {
        if let near = nearestKey(to: key, among: known) { return "; did you mean \(near)?" }
        let sorted = known.sorted { $0.precedesByBytes($1) }
        let more = sorted.count > 12 ? " and \(sorted.count - 12) more" : ""
        return sorted.isEmpty ? "; remove it" : "; known here: " + sorted.prefix(12).joined(separator: ", ") + more
    }

    /// Where the last layer that has the path has it: `values.yaml:12:3`, or the flag itself.
    func place(of path: [String]) -> String {
        guard let layer = layers.last(where: { $0.values.value(at: path) != nil }) ?? layers.last(where: { has($0, path) })
        else { return "values" }
        guard let text = layer.text, let position = position(of: path, in: text, of: layer) else {
            return layer.origin.description
        }
        return "\(layer.origin):\(position.line):\(position.column)"
    }

    /// Whether the layer has the path up to an index of a list.
    private func has(_ layer: Layer, _ path: [String]) -> Bool {
        path.indices.reversed().contains { layer.values.value(at: path[...$0]) != nil && $0 > 0 }
    }

    /// In a resource the values lie below `spec.values`.
    private func position(of path: [String], in text: String, of layer: Layer) -> (line: Int, column: Int)? {
        for prefix in layer.prefixes {
            if let found = Istio.position(of: prefix + path, in: text), found.depth > prefix.count { return (found.line, found.column) }
        }
        return nil
    }
}

private let typeNames = [
    "object": "a map", "array": "a list", "string": "a string", "integer": "a whole number", "number": "a number",
    "boolean": "true or false", "null": "null",
]
