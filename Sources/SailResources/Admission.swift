package import Values

/// What an API server with the definitions makes of a resource: the resource as it would be stored, and all that it
/// would refuse.
package struct Admission: Sendable {
    /// Without unknown fields and nulls, and with all defaults.
    package private(set) var resource: Mapping
    package internal(set) var faults: [Fault] = []
    let schema: ResourceSchema
    let kind: ResourceKind

    /// What is wrong at a path of keys and positions.
    package struct Fault: Sendable, Equatable {
        package var path: [String]
        package var problem: Problem

        package init(_ path: [String], _ problem: Problem) {
            (self.path, self.problem) = (path, problem)
        }

        /// Whether the API server drops the field where it is not asked to be strict.
        package var isUnknownField: Bool {
            if case .unknownField = problem { true } else { false }
        }
    }

    /// Why a value is refused.
    package enum Problem: Sendable, Equatable {
        /// A field that the definition does not have; those that it has.
        case unknownField(known: [String])
        /// A value of another type.
        case wrongType(expected: String)
        /// Not one of the values that are known.
        case notOneOf([String])
        /// No version that a resource may name.
        case notAVersion
        case missing
        /// A number below the least.
        case below(Int)
        case outOfRange(String)
        case tooLong(most: Int)
        case empty
        case tooManyItems(most: Int)
        /// A second element of this name in a list that tells them apart by it.
        case duplicate(String)
        case noQuantity
        case immutable
        case broken(Rule)
    }

    /// Admits a new resource, or the change of `previous`.
    package init(
        _ document: Mapping, _ version: ResourceVersion, of kind: ResourceKind, _ schema: ResourceSchema,
        replacing previous: Mapping? = nil
    ) {
        (resource, self.schema, self.kind) = (document, schema, kind)
        let root = schema.type(version.type)
        var pruned = Mapping()
        for (key, value) in document {
            if ["apiVersion", "kind"].contains(key) {
                pruned[key] = value
            } else if key == "metadata" {
                pruned[key] = value
                refuseUnknownMetadata(value)
            } else if let field = root[key] {
                pruned[key] = prune(value, field.type, [key])
            } else {
                faults.append(Fault([key], .unknownField(known: ["apiVersion", "kind", "metadata"] + root.fieldNames)))
            }
        }
        // A status is written through its subresource alone.
        if previous == nil { pruned["status"] = nil }
        resource = complete(pruned, root)
        validate(resource, root, [])
        guard isAcceptedWithoutUnknownFields else { return }
        checkRules(resource, root, [])
        store(as: schema.type(kind.storedVersion.type), from: version)
        if let previous { checkImmutable(resource, previous, root, []) }
    }

    /// Whether a server that drops unknown fields takes the resource.
    package var isAcceptedWithoutUnknownFields: Bool { !faults.contains { !$0.isUnknownField } }

    /// What the stored version of the kind does not have is not kept.
    private mutating func store(as type: ObjectDefinition, from version: ResourceVersion) {
        guard version.name != kind.storedVersion.name else { return }
        let known = faults
        for field in type.fields {
            guard let value = resource[field.name] else { continue }
            resource[field.name] = prune(value, field.type, [field.name])
        }
        faults = known
    }

    private static let metadataFields = [
        "annotations", "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers",
        "generateName", "generation", "labels", "managedFields", "name", "namespace", "ownerReferences",
        "resourceVersion", "selfLink", "uid",
    ]

    private mutating func refuseUnknownMetadata(_ metadata: Value) {
        guard !metadata.isNull else { return }
        guard case .map(let map) = metadata else {
            faults.append(Fault(["metadata"], .wrongType(expected: "a map")))
            return
        }
        for key in map.keys where !Admission.metadataFields.contains(key) {
            faults.append(Fault(["metadata", key], .unknownField(known: Admission.metadataFields)))
        }
    }
}

// MARK: unknown fields, nulls and defaults

extension Admission {
    /// The value without fields that its type does not have. A map where a list or a text is wanted has none at all.
    private mutating func prune(_ value: Value, _ type: FieldType, _ path: [String]) -> Value {
        switch (value, type) {
        case (_, .anything): return value
        case (.map(let map), .map(let inner)):
            return .map(Mapping(map.map { (key: $0.key, value: prune($0.value, inner, path + [$0.key])) }))
        case (.map(let map), .object(let name)):
            let type = schema.type(name)
            return .map(
                kept(map, path, known: type.fieldNames) { key in type[key]?.type })
        case (.map(let map), _): return .map(kept(map, path, known: []) { _ in nil })
        case (.list(let elements), .list(let inner)):
            var kept: [Value] = []
            for (index, element) in elements.enumerated() { kept.append(prune(element, inner, path + ["\(index)"])) }
            return .list(kept)
        case (.list(let elements), _):
            var kept: [Value] = []
            for (index, element) in elements.enumerated() { kept.append(prune(element, .empty, path + ["\(index)"])) }
            return .list(kept)
        default: return value
        }
    }

    private mutating func kept(
        _ map: Mapping, _ path: [String], known: [String], _ type: (String) -> FieldType?
    ) -> Mapping {
        var kept = Mapping()
        for (key, value) in map {
            if let type = type(key) {
                kept[key] = prune(value, type, path + [key])
            } else {
                faults.append(Fault(path + [key], .unknownField(known: known)))
            }
        }
        return kept
    }

    /// The object with the defaults of its fields; a null counts as not given.
    private func complete(_ object: Mapping, _ type: ObjectDefinition) -> Mapping {
        var completed = object
        for field in type.fields where completed[field.name]?.isNull ?? true {
            completed[field.name] = schema.fallback(field)
        }
        for field in type.fields {
            guard let value = completed[field.name] else { continue }
            completed[field.name] = complete(value, field.type)
        }
        return completed
    }

    private func complete(_ value: Value, _ type: FieldType) -> Value {
        switch (value, type) {
        case (.map(let map), .object(let name)): .map(complete(map, schema.type(name)))
        case (.map(let map), .map(let inner)):
            .map(
                Mapping(map.lazy.filter { !$0.value.isNull }.map { (key: $0.key, value: complete($0.value, inner)) }))
        case (.list(let elements), .list(let inner)): .list(elements.map { complete($0, inner) })
        default: value
        }
    }
}
