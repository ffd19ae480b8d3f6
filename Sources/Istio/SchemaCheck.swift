import Values

/// A value that a chart's schema does not allow.
struct Finding: Equatable {
    enum Fault: Equatable {
        /// No such key; those known beside it.
        case unknown(known: [String])
        case wrongType(expected: [String], found: String)
        case notAllowed(allowed: [String], found: String)
    }

    /// The path within the chart's values.
    let path: [String]
    let fault: Fault
}

/// Compares values with a JSON schema as far as names, types and enumerations go; the rest is the charts' validator's.
///
/// A null is allowed everywhere: it takes the chart's default away.
struct SchemaCheck {
    private let schema: Value
    private(set) var findings: [Finding] = []

    init(schema: Value) {
        self.schema = schema
    }

    mutating func check(_ values: Mapping) {
        check(.map(values), against: schema, at: [])
    }

    private mutating func check(_ value: Value, against schema: Value, at path: [String]) {
        let schema = resolved(schema)
        guard !value.isNull else { return }
        let expected = types(schema)
        if !expected.isEmpty, !expected.contains(where: { matches(value, type: $0) }) {
            findings.append(Finding(path: path, fault: .wrongType(expected: expected, found: typeName(value))))
            return
        }
        if case .list(let allowed)? = schema["enum"], !allowed.contains(value) {
            let names = allowed.compactMap(\.string)
            findings.append(
                Finding(path: path, fault: .notAllowed(allowed: names, found: value.string ?? typeName(value))))
        }
        switch value {
        case .map(let map): check(map, against: schema, at: path)
        case .list(let list):
            guard let items = schema["items"] else { return }
            for (index, element) in list.enumerated() { check(element, against: items, at: path + ["\(index)"]) }
        default: break
        }
    }

    private mutating func check(_ map: Mapping, against schema: Value, at path: [String]) {
        let properties = schema["properties"]?.map
        for (key, value) in map {
            if let property = properties?[key] {
                check(value, against: property, at: path + [key])
            } else if case .bool(false)? = schema["additionalProperties"] {
                let known = (properties?.keys ?? []).filter { !$0.hasPrefix("_") }
                findings.append(Finding(path: path + [key], fault: .unknown(known: known)))
            } else if let rest = schema["additionalProperties"], rest.map != nil {
                check(value, against: rest, at: path + [key])
            }
        }
    }

    /// Follows `$ref` within the document; keys beside it are kept where the target has none.
    private func resolved(_ schema: Value) -> Value {
        var schema = schema
        for _ in 0..<16 {
            guard let reference = schema["$ref"]?.string else { return schema }
            if reference == "#" { return self.schema }
            guard reference.hasPrefix("#/"),
                let target = self.schema.map?.value(at: reference.dropFirst(2).split(separator: "/").map(String.init))
            else { return schema }
            schema = target
        }
        return schema
    }

    private func types(_ schema: Value) -> [String] {
        switch schema["type"] {
        case .string(let type): [type]
        case .list(let types): types.compactMap(\.string)
        default: []
        }
    }
}

private func matches(_ value: Value, type: String) -> Bool {
    switch (value, type) {
    case (.bool, "boolean"), (.string, "string"), (.list, "array"), (.map, "object"), (.int, "integer"),
        (.int, "number"), (.double, "number"):
        true
    case (.double(let number), "integer"): number == number.rounded()
    default: false
    }
}

/// The value's type by its JSON name, with a short value itself.
private func typeName(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): "boolean \(value)"
    case .int(let value): "number \(value)"
    case .double(let value): value == value.rounded() && abs(value) < 1e15 ? "number \(Int(value))" : "number \(value)"
    case .string(let value): value.utf8.count <= 40 ? "string \"\(value)\"" : "string"
    case .list: "array"
    case .map: "object"
    }
}
