import Values

/// A value that a chart's schema does not allow.
struct Finding: Equatable {
    enum Fault: Hashable {
        /// A key that the chart does not read.
        case unread
        /// A map without a field that it must have.
        case missing(field: String)
        case wrongType(expected: [String], found: String)
        /// A value of the right type that is not what its title says.
        case malformed(expected: String, found: String)
        case notAllowed(allowed: [String], found: String)
    }

    /// The path within the chart's values.
    let path: [String]
    let fault: Fault
}

/// Compares values with a JSON schema as far as names, types, required fields, patterns and enumerations go; the rest
/// is the charts' validator's.
///
/// A null is allowed everywhere: it takes the chart's default away. A property whose schema is `true` is there for
/// files that several charts share: the chart does not read it.
struct SchemaCheck {
    private let schema: ChartSchema
    private(set) var findings: [Finding] = []

    init(schema: ChartSchema) {
        self.schema = schema
    }

    mutating func check(_ values: Mapping) {
        check(.map(values), against: schema.root, at: [])
    }

    private mutating func check(_ value: Value, against part: Value, at path: [String]) {
        let part = schema.resolved(part)
        guard !value.isNull else { return }
        if let fault = fault(of: value, against: part) {
            findings.append(Finding(path: path, fault: fault))
            return
        }
        switch value {
        case .map(let map): check(map, against: part, at: path)
        case .list(let list):
            guard let items = part["items"] else { return }
            for (index, element) in list.enumerated() {
                let place = path + ["\(index)"]
                // Only a key is taken away by null.
                let expected = types(schema.resolved(items))
                if element.isNull, !expected.isEmpty {
                    findings.append(Finding(path: place, fault: .wrongType(expected: expected, found: "null")))
                }
                check(element, against: items, at: place)
            }
        default: break
        }
    }

    /// What is wrong with the value itself, whatever it holds.
    private func fault(of value: Value, against part: Value) -> Finding.Fault? {
        let title = part["title"]?.string
        let expected = types(part)
        if !expected.isEmpty, !expected.contains(where: { matches(value, type: $0) }) {
            return .wrongType(expected: title.map { [$0] } ?? expected, found: typeName(value))
        }
        if case .list(let allowed)? = part["enum"], !allowed.contains(value) {
            let names = allowed.filter { !$0.isNull }.map { $0.string ?? plainText(of: $0) }.filter { !$0.isEmpty }
            return .notAllowed(allowed: names, found: value.string ?? plainText(of: value))
        }
        if let pattern = part["pattern"]?.string, let text = value.string, !schema.matches(text, pattern: pattern) {
            return .malformed(expected: title ?? "of the form \(pattern)", found: typeName(value))
        }
        if let least = part["minimum"]?.int, let most = part["maximum"]?.int, !isWithin(value, least, most) {
            return .malformed(expected: "\(title ?? "a number") from \(least) to \(most)", found: typeName(value))
        }
        // The only bound of a list in use is that of one which must be empty.
        if part["maxItems"] != nil, value.list?.isEmpty == false {
            return .malformed(expected: "an empty list", found: typeName(value))
        }
        return nil
    }

    private mutating func check(_ map: Mapping, against part: Value, at path: [String]) {
        let present = (part["dependencies"]?.map ?? Mapping()).filter { map[$0.key]?.isNull == false }
        for field in (part["required"]?.list ?? []) + present.flatMap({ $0.value.list ?? [] }) {
            guard let name = field.string, map[name]?.isNull != false else { continue }
            findings.append(Finding(path: path, fault: .missing(field: name)))
        }
        let properties = part["properties"]?.map
        for (key, value) in map {
            let property = properties?[key] ?? part["additionalProperties"] ?? .null
            switch property {
            case .map: check(value, against: property, at: path + [key])
            case .bool(let isShared) where !isShared || properties?[key] != nil:
                if !value.isNull { findings.append(Finding(path: path + [key], fault: .unread)) }
            default: break
            }
        }
    }

    /// The types that the value may have; null goes without saying.
    private func types(_ schema: Value) -> [String] {
        switch schema["type"] {
        case .string(let type): [type]
        case .list(let types): types.compactMap(\.string).filter { $0 != "null" }
        default: []
        }
    }
}

private func matches(_ value: Value, type: String) -> Bool {
    switch (value, type) {
    case (.bool, "boolean"), (.string, "string"), (.list, "array"), (.map, "object"), (.int, "integer"),
        (.int, "number"), (.double, "number"):
        true
    // A whole number that 64 bits hold, as Kubernetes wants it.
    case (.double(let number), "integer"): Int(exactly: number) != nil
    default: false
    }
}

/// Whether a number is within bounds; any other value is.
private func isWithin(_ value: Value, _ least: Int, _ most: Int) -> Bool {
    switch value {
    case .int(let number): least <= number && number <= most
    case .double(let number): Double(least) <= number && number <= Double(most)
    default: true
    }
}

/// A scalar as JSON, the type's name for the others.
private func plainText(of value: Value) -> String {
    if value.map != nil || value.list != nil { return typeName(value) }
    return (try? value.json()) ?? typeName(value)
}

/// The value's type by its JSON name, with a short value itself.
func typeName(_ value: Value) -> String {
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
