import Values

/// What a schema says of a key, for people and in one piece.
extension ChartSchema {
    /// The part of the schema at a path, references followed; `null` where it has no word about it.
    func part(at path: [String]) -> Value {
        var part = root
        for key in path {
            part = resolved(part)
            guard let next = part["properties"]?[key] ?? part["items"] ?? part["additionalProperties"] else {
                return .null
            }
            part = next
        }
        return resolved(part)
    }

    /// `a map of strings`, `true or false`, `one of A, B`; `anything` where the schema does not say.
    func typeText(at path: [String]) -> String { typeText(of: part(at: path), depth: 0) }

    private func typeText(of part: Value, depth: Int) -> String {
        if let title = part["title"]?.string { return title }
        let allowed = (part["enum"]?.list ?? []).compactMap { $0.isNull ? nil : $0.string ?? (try? $0.json()) }
            .filter { !$0.isEmpty }
        if !allowed.isEmpty { return allowed.count == 1 ? allowed[0] : "one of " + allowed.joined(separator: ", ") }
        var names: [String] = []
        switch part["type"] {
        case .string(let name): names = [name]
        case .list(let list): names = list.compactMap(\.string).filter { $0 != "null" }
        default: break
        }
        let texts = names.map { name -> String in
            switch name {
            case "object": mapText(part, depth)
            case "array": part["items"].map { "a list" + inner(of: $0, depth) } ?? "a list"
            default: typeNames[name] ?? name
            }
        }
        return texts.isEmpty ? "anything" : texts.joined(separator: " or ")
    }

    private func mapText(_ part: Value, _ depth: Int) -> String {
        guard part["properties"] == nil, let values = part["additionalProperties"], values.map != nil else {
            return "a map"
        }
        return "a map" + inner(of: values, depth)
    }

    /// ` of strings`; nothing where the elements may be anything.
    private func inner(of part: Value, _ depth: Int) -> String {
        guard depth < 3 else { return "" }
        let part = resolved(part)
        guard case .string(let name)? = part["type"] else { return "" }
        let plural = [
            "string": "strings", "object": "maps", "integer": "whole numbers", "number": "numbers", "array": "lists",
            "boolean": "booleans",
        ]
        return plural[name].map { " of \($0)" } ?? ""
    }

    /// The part at a path with all references written out, as far as sixteen deep; without what no chart reads.
    func expanded(at path: [String]) -> Value { expanded(part(at: path), depth: 0) }

    private func expanded(_ part: Value, depth: Int) -> Value {
        guard depth < 16, case .map(var map) = resolved(part) else { return part.map == nil ? part : [:] }
        for key in ["items", "additionalProperties"] {
            if let inner = map[key], inner.map != nil { map[key] = expanded(inner, depth: depth + 1) }
        }
        if case .map(let properties)? = map["properties"] {
            map["properties"] = .map(
                Mapping(
                    properties.compactMap { key, value in
                        value.map == nil ? nil : (key: key, value: expanded(value, depth: depth + 1))
                    }))
        }
        for key in ["$schema", "$comment", "$defs"] { map[key] = nil }
        return .map(map)
    }
}
