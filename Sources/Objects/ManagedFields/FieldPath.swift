package import Values

/// The way to a field as the API server writes it in a conflict: `.spec.ports[port=80,protocol="TCP"].name`.
package struct FieldPath: Sendable {
    private enum Step: Sendable {
        case key(String)
        /// The item of a list that has these values.
        case item(Mapping)
        /// The item of a set that is this value.
        case member(Value)
    }

    private let steps: [Step]

    /// Keys may hold dots (`app.kubernetes.io/name`): `guides`, the objects that the path leads into, tell where each one
    /// ends. `nil` for a text of another form.
    package init?(_ text: String, guides: [Value]) {
        var steps: [Step] = []
        var rest = Array(text.utf8)[...]
        var guides = guides
        while let first = rest.first {
            rest = rest.dropFirst()
            switch first {
            case UInt8(ascii: "."):
                guard let key = FieldPath.key(rest, guides) else { return nil }
                rest = rest.dropFirst(key.utf8.count)
                steps.append(.key(key))
            case UInt8(ascii: "["):
                guard let end = FieldPath.end(of: rest), let step = FieldPath.item(rest[..<end]) else { return nil }
                rest = rest[(end + 1)...]
                steps.append(step)
            default: return nil
            }
            let step = steps[steps.count - 1]
            guides = guides.compactMap { FieldPath.child($0, step) }
        }
        self.steps = steps
    }

    /// What is there; `nil` where nothing is.
    package func value(in object: Value) -> Value? {
        steps.reduce(Value?.some(object)) { value, step in value.flatMap { FieldPath.child($0, step) } }
    }

    /// The object with another value there, or without the field; unchanged where the way ends before.
    package func replacing(in object: Value, with value: Value?) -> Value {
        FieldPath.replaced(object, steps[...], value) ?? .null
    }

    private static func replaced(_ object: Value, _ steps: ArraySlice<Step>, _ value: Value?) -> Value? {
        guard let step = steps.first else { return value }
        switch (step, object) {
        case (.key(let key), .map(var map)):
            guard let child = map[key] else { return object }
            map[key] = replaced(child, steps.dropFirst(), value)
            return .map(map)
        case (_, .list(let items)):
            return .list(
                items.compactMap { matches($0, step) ? replaced($0, steps.dropFirst(), value) : $0 })
        default: return object
        }
    }

    private static func child(_ value: Value, _ step: Step) -> Value? {
        if case .key(let key) = step { return value[key] }
        return value.list?.first { matches($0, step) }
    }

    /// Whether an item is meant; keys that it does not have are the server's defaults.
    private static func matches(_ item: Value, _ step: Step) -> Bool {
        switch step {
        case .key: false
        case .item(let keys): item.map != nil && keys.allSatisfy { (item[$0.key] ?? $0.value) == $0.value }
        case .member(let member): item == member
        }
    }
}

// MARK: - Reading

extension FieldPath {
    /// The longest key of a guide that the text begins with, else the text up to the next step.
    private static func key(_ text: ArraySlice<UInt8>, _ guides: [Value]) -> String? {
        let known = guides.flatMap { $0.map.map { Array($0.keys) } ?? [] }.filter { key in
            guard text.starts(with: key.utf8), !key.isEmpty else { return false }
            let next = text.dropFirst(key.utf8.count).first
            return next == nil || next == UInt8(ascii: ".") || next == UInt8(ascii: "[")
        }
        if let longest = known.max(by: { $0.utf8.count < $1.utf8.count }) { return longest }
        let key = text.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
        return key.isEmpty ? nil : String(decoding: key, as: UTF8.self)
    }

    /// The place of the bracket that closes; those inside strings do not count.
    private static func end(of text: ArraySlice<UInt8>) -> Int? {
        place(of: UInt8(ascii: "]"), in: text)
    }

    private static func place(of byte: UInt8, in text: ArraySlice<UInt8>) -> Int? {
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, text[index] == UInt8(ascii: "\\") {
                isEscaped = true
            } else if text[index] == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted, text[index] == byte {
                return index
            }
        }
        return nil
    }

    /// `name="a",port=80` or `="value"`.
    private static func item(_ text: ArraySlice<UInt8>) -> Step? {
        var keys = Mapping()
        var rest = text
        while !rest.isEmpty {
            let part = rest[..<(place(of: UInt8(ascii: ","), in: rest) ?? rest.endIndex)]
            rest = rest[part.endIndex...].dropFirst()
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")),
                let value = try? Value(json: Array(part[(equals + 1)...]), numbers: .native)
            else { return nil }
            if equals == part.startIndex { return .member(value) }
            keys[String(decoding: part[..<equals], as: UTF8.self)] = value
        }
        return keys.isEmpty ? nil : .item(keys)
    }
}
