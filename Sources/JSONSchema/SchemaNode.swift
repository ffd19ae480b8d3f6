import GoTemplate
import Values

/// A JSON value as schemas and their instances are made of; numbers keep their text.
indirect enum SchemaNode: Sendable {
    case null
    case bool(Bool)
    /// The number as JSON or Go's `%v` spells it.
    case number(String)
    case string(String)
    case list([SchemaNode])
    case map(SchemaMap)
}

/// A JSON object, its members sorted by name so that messages come in a fixed order.
struct SchemaMap: Sendable {
    let members: [(name: String, value: SchemaNode)]
    private let positions: [Text: Int]

    /// Of two members of one name the later one counts.
    init(_ members: some Sequence<(name: String, value: SchemaNode)>) {
        let last = Dictionary(members.map { (Text($0.name), $0.value) }) { _, later in later }
        let sorted = last.sorted { $0.key < $1.key }
        self.members = sorted.map { (name: $0.key.string, value: $0.value) }
        positions = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.key, $0) })
    }

    var count: Int { members.count }
    var names: [String] { members.map(\.name) }

    subscript(name: String) -> SchemaNode? {
        positions[Text(name)].map { members[$0].value }
    }
}

extension SchemaNode {
    var map: SchemaMap? { if case .map(let map) = self { map } else { nil } }
    var list: [SchemaNode]? { if case .list(let list) = self { list } else { nil } }
    var string: String? { if case .string(let text) = self { text } else { nil } }
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The number's exact value.
    var number: ExactDecimal? {
        if case .number(let text) = self { ExactDecimal(text) } else { nil }
    }

    var type: SchemaType {
        switch self {
        case .null: .null
        case .bool: .boolean
        case .number: .number
        case .string: .string
        case .list: .array
        case .map: .object
        }
    }

    /// The values that a schema validates.
    init(_ datum: GoValue) {
        switch datum {
        case .none: self = .null
        case .bool(let value): self = .bool(value)
        case .string(let text): self = .string(text.string)
        case .list(let list): self = .list(list.elements.map { SchemaNode($0) })
        case .map(let map):
            self = .map(SchemaMap(map.entries.lazy.map { (name: $0.key.string, value: SchemaNode($0.value)) }))
        default: self = .number(formatValue(datum).string)
        }
    }

    /// Whether two values are the same JSON; numbers are compared by value.
    func isEqual(to other: SchemaNode) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let first), .bool(let second)): first == second
        case (.string(let first), .string(let second)): first.hasSameBytes(as: second)
        case (.number, .number): number != nil && number == other.number
        case (.list(let first), .list(let second)):
            first.count == second.count && zip(first, second).allSatisfy { $0.isEqual(to: $1) }
        case (.map(let first), .map(let second)):
            first.count == second.count
                && zip(first.members, second.members).allSatisfy { pair in
                    pair.0.name.hasSameBytes(as: pair.1.name) && pair.0.value.isEqual(to: pair.1.value)
                }
        default: false
        }
    }

    /// The value at the end of a JSON pointer's tokens; `nil` where there is none.
    subscript(tokens tokens: [String]) -> SchemaNode? {
        var current = self
        for token in tokens {
            switch current {
            case .map(let map):
                guard let next = map[token] else { return nil }
                current = next
            case .list(let list):
                guard let index = Int(token), list.indices.contains(index) else { return nil }
                current = list[index]
            default: return nil
            }
        }
        return current
    }
}

/// A set of JSON's types; a list of them prints in this order.
struct SchemaType: OptionSet, Sendable {
    let rawValue: Int

    static let null = SchemaType(rawValue: 1)
    static let boolean = SchemaType(rawValue: 2)
    static let number = SchemaType(rawValue: 4)
    static let integer = SchemaType(rawValue: 8)
    static let string = SchemaType(rawValue: 16)
    static let array = SchemaType(rawValue: 32)
    static let object = SchemaType(rawValue: 64)

    private static let table: [(name: String, type: SchemaType)] = [
        ("null", .null), ("boolean", .boolean), ("number", .number), ("integer", .integer), ("string", .string),
        ("array", .array), ("object", .object),
    ]

    var names: [String] { SchemaType.table.filter { contains($0.type) }.map(\.name) }

    /// The types that the keyword `type` names, one or a list.
    static func named(by node: SchemaNode) -> SchemaType {
        let names = node.string.map { [$0] } ?? (node.list ?? []).compactMap(\.string)
        return names.reduce(into: []) { types, name in
            if let row = table.first(where: { $0.name == name }) { types.insert(row.type) }
        }
    }
}
