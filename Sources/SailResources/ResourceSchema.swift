package import Istio
package import Values

/// What a field of a resource may hold.
package indirect enum FieldType: Sendable, Equatable {
    case string
    case bool
    case int32
    case int64
    case number
    /// A quantity of Kubernetes, such as 500m or 1Gi.
    case quantity
    case intOrString
    /// A time as RFC 3339 has it.
    case time
    /// A version of Istio, as `VersionRule` has it.
    case version
    /// One of these strings.
    case oneOf([String])
    /// Anything, kept as it is.
    case anything
    /// A map without any known field.
    case empty
    case list(FieldType)
    case map(FieldType)
    /// An object of the table.
    case object(String)
}

/// How the API server tells the elements of a list apart.
package enum ListKind: String, Sendable {
    case plain, atomic
    /// By the field `name`.
    case keyed
}

/// A field of an object: a line of the table.
package struct FieldDefinition: Sendable {
    package var name: String
    package var type: FieldType
    package var isRequired = false
    package var isImmutable = false
    package var list = ListKind.plain
    package var fallback: Fallback?
    package var minimum: Int?
    package var mostItems: Int?
    package var length: ClosedRange<Int>?
    package var text = ""

    /// What a field holds that is not given.
    package enum Fallback: Sendable {
        case value(Value)
        /// The newest version of the catalogue.
        case newestVersion
        /// An object of its fields' own defaults.
        case fields
    }
}

/// An object: its fields, and the rules over several of them.
package struct ObjectDefinition: Sendable {
    package var name: String
    package var isAtomic = false
    package var rules: [Rule] = []
    package var fields: [FieldDefinition] = []
    package var text = ""

    package subscript(name: String) -> FieldDefinition? { fields.first { $0.name.hasSameBytes(as: name) } }
}

/// All objects of the definitions.
package struct ResourceSchema: Sendable {
    package let types: [String: ObjectDefinition]
    /// The versions that resources of a kind may ask for.
    package let versions: VersionRule

    package init(versions: VersionRule) {
        var read: [String: ObjectDefinition] = [:]
        for table in ResourceSchema.tables {
            for type in TableReader(table).types { read[type.name] = type }
        }
        types = read
        self.versions = versions
    }

    /// The definitions with the versions of the built-in catalogue; throws `IstioError.damagedAsset`.
    package static func builtIn() throws(IstioError) -> ResourceSchema {
        if let known { return known }
        return ResourceSchema(versions: VersionRule(try Catalogue.builtIn()))
    }

    private static let known = (try? Catalogue.builtIn()).map { ResourceSchema(versions: VersionRule($0)) }

    static let tables = [resourceTable, valueTable, meshConfigTable, providerTable, podTable, volumeTable]

    /// An object by its name; without fields where the table has none of that name.
    package func type(_ name: String) -> ObjectDefinition { types[name] ?? ObjectDefinition(name: name) }

    /// The keys that `spec.values` of a kind has, or one of its sections.
    package func valueFields(of kind: ResourceKind, in section: String? = nil) -> [String] {
        var type = self.type(kind.storedVersion.type)
        for name in ["spec", "values"] + (section.map { [$0] } ?? []) {
            guard case .object(let inner)? = type[name]?.type else { return [] }
            type = self.type(inner)
        }
        return type.fieldNames
    }

    /// What a field holds that is not given.
    package func fallback(_ field: FieldDefinition) -> Value? {
        switch field.fallback {
        case nil: nil
        case .value(let value): value
        case .newestVersion: .string(versions.newest)
        case .fields:
            if case .object(let name) = field.type {
                .map(
                    Mapping(
                        type(name).fields.compactMap { inner in
                            fallback(inner).map { (key: inner.name, value: $0) }
                        }))
            } else {
                [:]
            }
        }
    }
}

extension ObjectDefinition {
    /// The names of its fields in the order of the table.
    package var fieldNames: [String] { fields.map(\.name) }
}

extension FieldType: CustomStringConvertible {
    /// What a message says that is wanted.
    package var description: String {
        switch self {
        case .string, .time, .oneOf, .version: "a string"
        case .bool: "true or false"
        case .int32, .int64: "a whole number"
        case .number: "a number"
        case .quantity, .intOrString: "a whole number or a string"
        case .anything: "any value"
        case .empty, .map, .object: "a map"
        case .list: "a list"
        }
    }
}
