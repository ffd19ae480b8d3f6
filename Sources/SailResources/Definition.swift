package import Istio
package import Values

/// The custom resource definitions of the group, as an API server takes them.
package struct Definitions {
    private let schema: ResourceSchema

    package init(_ catalogue: Catalogue) {
        schema = ResourceSchema(versions: VersionRule(catalogue))
    }

    /// The definition of a kind.
    package func definition(of kind: ResourceKind) -> Value {
        var names: Mapping = [
            "kind": .string(kind.name), "listKind": .string(kind.name + "List"), "plural": .string(kind.plural),
            "singular": .string(kind.name.lowercased()), "categories": ["istio-io"],
        ]
        if !kind.shortNames.isEmpty { names["shortNames"] = .list(kind.shortNames.map { .string($0) }) }
        let versions = kind.versions.enumerated().map { index, version in
            self.version(version, of: kind, isStored: index == 0)
        }
        return [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": .string(kind.definitionName)],
            "spec": [
                "group": .string(ResourceKind.group), "names": .map(names), "scope": "Cluster",
                "versions": .list(versions),
            ],
        ]
    }

    private func version(_ version: ResourceVersion, of kind: ResourceKind, isStored: Bool) -> Value {
        var map: Mapping = ["name": .string(version.name), "served": true, "storage": .bool(isStored)]
        if version.isDeprecated {
            map["deprecated"] = true
            map["deprecationWarning"] = .string(
                "\(ResourceKind.group)/\(version.name) \(kind.name) is deprecated, and every write through it removes "
                    + "spec.targetRef; use \(kind.storedVersion.name)")
        }
        map["additionalPrinterColumns"] = .list(
            version.columns.map { column in
                [
                    "name": .string(column.name), "type": column.name == "Age" ? "date" : "string",
                    "jsonPath": .string(column.path), "description": .string(column.text),
                ]
            })
        map["subresources"] = ["status": [:]]
        map["schema"] = ["openAPIV3Schema": .map(root(version, of: kind))]
        return .map(map)
    }

    private func root(_ version: ResourceVersion, of kind: ResourceKind) -> Mapping {
        let type = schema.type(version.type)
        var root = object(type, kind, text: kind.text)
        var fields: Mapping = [
            "apiVersion": ["type": "string", "description": "The group and version of the resource."],
            "kind": ["type": "string", "description": "The kind of the resource."], "metadata": ["type": "object"],
        ]
        for (key, value) in root["properties"]?.map ?? Mapping() { fields[key] = value }
        root["properties"] = .map(fields)
        return root
    }

    private func object(_ type: ObjectDefinition, _ kind: ResourceKind, text: String) -> Mapping {
        var map: Mapping = ["type": "object"]
        let description = text.isEmpty ? type.text : text
        if !description.isEmpty { map["description"] = .string(description) }
        map["properties"] = .map(
            Mapping(type.fields.map { (key: $0.name, value: .map(field($0, kind))) }))
        let required = type.fields.filter(\.isRequired).map { Value.string($0.name) }
        if !required.isEmpty { map["required"] = .list(required) }
        if type.isAtomic { map["x-kubernetes-map-type"] = "atomic" }
        if !type.rules.isEmpty {
            map["x-kubernetes-validations"] = .list(
                type.rules.map { ["rule": .string($0.expression), "message": .string($0.message)] })
        }
        return map
    }

    private func field(_ field: FieldDefinition, _ kind: ResourceKind) -> Mapping {
        var map = self.type(field.type, kind, text: field.text)
        if let fallback = schema.fallback(field) { map["default"] = fallback }
        if let least = field.minimum { map["minimum"] = .int(least) }
        if let most = field.mostItems { map["maxItems"] = .int(most) }
        if let length = field.length {
            (map["minLength"], map["maxLength"]) = (.int(length.lowerBound), .int(length.upperBound))
        }
        switch field.list {
        case .plain: break
        case .atomic: map["x-kubernetes-list-type"] = "atomic"
        case .keyed:
            map["x-kubernetes-list-type"] = "map"
            map["x-kubernetes-list-map-keys"] = ["name"]
        }
        if field.isImmutable {
            map["x-kubernetes-validations"] = [["rule": "self == oldSelf", "message": "Value is immutable"]]
        }
        return map
    }

    private func type(_ type: FieldType, _ kind: ResourceKind, text: String) -> Mapping {
        var map: Mapping
        switch type {
        case .object(let name): return object(schema.type(name), kind, text: text)
        case .string: map = ["type": "string"]
        case .bool: map = ["type": "boolean"]
        case .int32, .int64: map = ["type": "integer", "format": type == .int32 ? "int32" : "int64"]
        case .number: map = ["type": "number"]
        case .quantity, .intOrString:
            map = ["anyOf": [["type": "integer"], ["type": "string"]], "x-kubernetes-int-or-string": true]
            if type == .quantity { map["pattern"] = .string(Quantity.pattern) }
        case .time: map = ["type": "string", "format": "date-time"]
        case .version:
            map = ["type": "string", "pattern": .string(schema.versions.pattern(in: kind.versionScope))]
        case .oneOf(let known): map = ["type": "string", "enum": .list(known.map { .string($0) })]
        case .anything: map = ["x-kubernetes-preserve-unknown-fields": true]
        case .empty: map = ["type": "object"]
        case .list(let inner): map = ["type": "array", "items": .map(self.type(inner, kind, text: ""))]
        case .map(let inner): map = ["type": "object", "additionalProperties": .map(self.type(inner, kind, text: ""))]
        }
        if !text.isEmpty { map["description"] = .string(text) }
        return map
    }
}
