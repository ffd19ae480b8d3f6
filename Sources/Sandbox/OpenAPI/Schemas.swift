import Values

/// Schemas of OpenAPI from the table of types.
enum Schemas {
    private static let prefix = "io.k8s."
    private static let note =
        "Names and types of the fields only: the API server in memory has no descriptions. Those of a real cluster are "
        + "printed by kubectl explain there."

    /// A type's name among the schemas of a document.
    static func name(_ type: String) -> String { prefix + type }

    /// Adds a type and all that it refers to.
    static func collect(_ type: String, references: String, into found: inout Mapping) {
        guard found[name(type)] == nil, let structure = TypeTable.types[type] else { return }
        found[name(type)] = .empty
        var properties = Mapping()
        for field in structure.fields {
            properties[field.name] = schema(field.type, references: references)
            for named in named(in: field.type) { collect(named, references: references, into: &found) }
        }
        var schema: Mapping = ["type": "object"]
        if !properties.isEmpty { schema["properties"] = .map(properties) }
        let required = structure.fields.filter(\.isRequired).map { Value.string($0.name) }
        if !required.isEmpty { schema["required"] = .list(required) }
        if structure.isWhole { schema["x-kubernetes-map-type"] = "atomic" }
        if structure.isOpen { schema["x-kubernetes-preserve-unknown-fields"] = true }
        found[name(type)] = .map(schema)
    }

    /// A kind's own schema with what it is, a custom resource's with the fields that all objects have.
    static func mark(_ kind: Kind, _ version: String, _ name: String, references: String, in found: inout Mapping) {
        var schema = found[name]?.map ?? kind.schemas[version]?.map ?? Mapping()
        if !kind.isBuiltIn {
            var properties = schema["properties"]?.map ?? Mapping()
            properties["apiVersion"] = ["type": "string"]
            properties["kind"] = ["type": "string"]
            properties["metadata"] = Schemas.schema(.named("ObjectMeta"), references: references)
            schema["properties"] = .map(properties)
            collect("ObjectMeta", references: references, into: &found)
        }
        if schema["description"] == nil { schema["description"] = .string(note) }
        schema["x-kubernetes-group-version-kind"] = [kind.identity(version)]
        found[name] = .map(schema)
    }

    private static func named(in type: FieldType) -> [String] {
        switch type {
        case .scalar: []
        case .named(let name): [name]
        case .list(_, let item), .map(let item), .whole(let item): named(in: item)
        }
    }

    private static func schema(_ type: FieldType, references: String) -> Value {
        switch type {
        case .scalar(let scalar): return scalar.schema
        case .named(let type): return ["$ref": .string(references + name(type))]
        case .map(let item): return ["type": "object", "additionalProperties": schema(item, references: references)]
        case .whole(let item):
            guard case .map(var map) = schema(item, references: references), map["$ref"] == nil else {
                return schema(item, references: references)
            }
            map["x-kubernetes-map-type"] = "atomic"
            return .map(map)
        case .list(let form, let item):
            var map: Mapping = ["type": "array", "items": schema(item, references: references)]
            switch form {
            case .atomic: map["x-kubernetes-list-type"] = "atomic"
            case .set: map["x-kubernetes-list-type"] = "set"
            case .keyed(let keys):
                map["x-kubernetes-list-type"] = "map"
                map["x-kubernetes-list-map-keys"] = .list(keys.map(Value.string))
                map["x-kubernetes-patch-strategy"] = "merge"
                map["x-kubernetes-patch-merge-key"] = keys.first.map(Value.string)
            }
            return .map(map)
        }
    }
}

extension FieldType.Scalar {
    fileprivate var schema: Value {
        switch self {
        case .string, .quantity: ["type": "string"]
        case .time: ["type": "string", "format": "date-time"]
        case .bytes: ["type": "string", "format": "byte"]
        case .int32: ["type": "integer", "format": "int32"]
        case .int64: ["type": "integer", "format": "int64"]
        case .bool: ["type": "boolean"]
        case .number: ["type": "number", "format": "double"]
        case .intOrString: ["type": "string", "format": "int-or-string"]
        case .object: ["type": "object"]
        case .anything: ["description": "any value"]
        }
    }
}

extension Kind {
    /// Group, version and kind as OpenAPI marks schemas and operations with them.
    func identity(_ version: String) -> Value {
        ["group": .string(group), "version": .string(version), "kind": .string(name)]
    }

    /// The name of its schema in a document.
    func schemaName(_ version: String) -> String {
        if isBuiltIn { return Schemas.name(TypeTable.name(group: group, version: version, kind: name) ?? name) }
        return group.split(separator: ".").reversed().joined(separator: ".") + ".\(version).\(name)"
    }
}
