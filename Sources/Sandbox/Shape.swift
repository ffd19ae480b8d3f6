import Values

/// How the parts of a value are owned and merged: OpenAPI's list and map types, of a built-in kind or of a custom
/// resource's schema.
enum Shape: Sendable {
    case type(FieldType)
    case schema(Value)
    /// Owned and replaced as a whole.
    case atomic
    /// Of no known type: maps are merged, lists replaced.
    case unknown

    enum ListForm: Equatable, Sendable {
        case atomic
        case keyed([String])
        case set
    }

    private static let metadata = Shape.type(.named("ObjectMeta"))

    func isAtomicMap() -> Bool {
        switch self {
        case .atomic, .type(.whole), .type(.scalar): true
        case .type(.named(let name)): TypeTable.types[name]?.isWhole ?? false
        case .type, .unknown: false
        case .schema(let schema): schema["x-kubernetes-map-type"]?.string == "atomic"
        }
    }

    /// Whether keys of the map are free: those are owned themselves, fields of a struct are not.
    func isFree(_ key: String) -> Bool {
        guard case .schema(let schema) = self else { return false }
        return schema["properties"]?[key] == nil
    }

    func field(_ name: String) -> Shape {
        switch self {
        case .atomic, .type(.scalar), .type(.whole): return .atomic
        case .unknown, .type(.list): return .unknown
        case .type(.map(let item)): return .type(item)
        case .type(.named(let type)): return TypeTable.types[type]?.field(name).map(Shape.type) ?? .unknown
        case .schema(let schema):
            if name == "metadata", schema["properties"]?["metadata"]?["properties"] == nil { return Shape.metadata }
            return .schema(schema["properties"]?[name] ?? schema["additionalProperties"] ?? .empty)
        }
    }

    /// The form of a list of this shape, and its items' shape.
    var items: (form: ListForm, item: Shape) {
        switch self {
        case .type(.list(let form, let item)): return (form, .type(item))
        case .atomic, .type, .unknown: return (.atomic, .atomic)
        case .schema(let schema):
            let item = Shape.schema(schema["items"] ?? .empty)
            switch schema["x-kubernetes-list-type"]?.string {
            case "map": return (.keyed((schema["x-kubernetes-list-map-keys"]?.list ?? []).compactMap(\.string)), item)
            case "set": return (.set, item)
            default: return (.atomic, item)
            }
        }
    }
}

extension Kind {
    /// How its objects of a version are merged.
    func shape(_ version: String) -> Shape {
        if let schema = schemas[version] { return .schema(schema) }
        return TypeTable.name(group: group, version: version, kind: name).map { .type(.named($0)) } ?? .unknown
    }
}

/// Values that a list's keys have where an item does not say: without them an item has no key.
let keyDefaults: [String: Value] = ["protocol": "TCP"]
