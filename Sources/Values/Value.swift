/// A tree as YAML and JSON spell it: the one data model between files, charts and the cluster.
///
/// `int` is Go's int64 and `double` its float64; where Go makes float64 of every number
/// (values files, `fromYaml`), the reader already has.
package enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([Value])
    case map(Mapping)
}

extension Value {
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var int: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var list: [Value]? {
        if case .list(let value) = self { value } else { nil }
    }

    package var map: Mapping? {
        if case .map(let value) = self { value } else { nil }
    }

    /// The value under `key` where this is a map that has it.
    package subscript(key: String) -> Value? {
        if case .map(let map) = self { map[key] } else { nil }
    }

    /// The value along a path of keys, `nil` as soon as one is missing.
    package subscript(path path: String...) -> Value? {
        var current = self
        for key in path {
            guard let next = current[key] else { return nil }
            current = next
        }
        return current
    }
}

extension Value: Equatable {
    /// Strings are equal byte for byte, maps whatever the order of their keys.
    package static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let first), .bool(let second)): first == second
        case (.int(let first), .int(let second)): first == second
        case (.double(let first), .double(let second)): first == second
        case (.string(let first), .string(let second)): first.hasSameBytes(as: second)
        case (.list(let first), .list(let second)): first == second
        case (.map(let first), .map(let second)): first == second
        default: false
        }
    }
}

/// There is no nil literal: in `map[key] = condition ? nil : value` it would mean null where removal is meant.
extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(arrayLiteral elements: Value...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, Value)...) {
        self = .map(Mapping(elements.map { (key: $0.0, value: $0.1) }))
    }
}
