/// The type of a field of a built-in kind.
indirect enum FieldType: Sendable {
    enum Scalar: Character, Sendable {
        case string = "s"
        case time = "t"
        case bytes = "y"
        case int32 = "i"
        case int64 = "l"
        case bool = "b"
        case number = "n"
        case intOrString = "x"
        case quantity = "q"
        case object = "o"
        case anything = "a"
    }

    case scalar(Scalar)
    /// A type of the table, by name.
    case named(String)
    case list(Shape.ListForm, FieldType)
    case map(FieldType)
    /// A struct or a map that is replaced as a whole.
    case whole(FieldType)

    /// Reads what stands behind a field's colon: `[name]EnvVar`, `{}s`, `i`.
    init(_ text: Substring) {
        if text.hasPrefix("!") {
            self = .whole(FieldType(text.dropFirst()))
        } else if text.hasPrefix("{}") {
            self = .map(FieldType(text.dropFirst(2)))
        } else if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let keys = text[text.index(after: text.startIndex)..<end].split(separator: ",").map(String.init)
            let form: Shape.ListForm = keys.isEmpty ? .atomic : keys == ["*"] ? .set : .keyed(keys)
            self = .list(form, FieldType(text[text.index(after: end)...]))
        } else if text.count == 1, let scalar = text.first.flatMap(Scalar.init(rawValue:)) {
            self = .scalar(scalar)
        } else {
            self = .named(String(text))
        }
    }
}

/// A struct of the API: its fields in order.
struct StructType: Sendable {
    struct Field: Sendable {
        var name: String
        var type: FieldType
        var isRequired: Bool
    }

    var fields: [Field] = []
    /// Whether it has fields that the table does not list.
    var isOpen = false
    /// Whether it is replaced as a whole.
    var isWhole = false

    func field(_ name: String) -> FieldType? { fields.first { $0.name == name }?.type }
}

extension TypeTable {
    /// All types by name.
    static let types: [String: StructType] = {
        var types: [String: StructType] = [:]
        var current = ""
        for word in fields.split(whereSeparator: \.isWhitespace) {
            guard let colon = word.firstIndex(of: ":") else {
                current = String(word.prefix { $0 != "!" && $0 != "*" })
                types[current] = StructType(isOpen: word.hasSuffix("*"), isWhole: word.hasSuffix("!"))
                continue
            }
            let text = word[word.index(after: colon)...]
            let isRequired = text.hasSuffix("+")
            types[current]?.fields.append(
                StructType.Field(
                    name: String(word[..<colon]), type: FieldType(isRequired ? text.dropLast() : text),
                    isRequired: isRequired))
        }
        return types
    }()

    private static let names: [String: String] = {
        let pairs = kinds.split(whereSeparator: \.isWhitespace).map { $0.split(separator: "=").map(String.init) }
        return Dictionary(pairs.map { ($0[0], $0[1]) }) { first, _ in first }
    }()

    /// The name of a kind's type.
    static func name(group: String, version: String, kind: String) -> String? {
        names["\(group.isEmpty ? "core" : group)/\(version)/\(kind)"]
    }
}
