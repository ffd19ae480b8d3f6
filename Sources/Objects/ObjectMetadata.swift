package import Values

/// What `metadata` of an object holds, read without a fault whatever it holds: absent text is empty.
package struct ObjectMetadata: Sendable {
    /// `metadata` itself; `nil` where the object has none.
    package let value: Value?

    package var name: String { text("name") }
    /// Empty for objects of the whole cluster.
    package var namespace: String { text("namespace") }
    package var uid: String? { value?["uid"]?.string }
    package var resourceVersion: String? { value?["resourceVersion"]?.string }
    /// How often the spec was changed.
    package var generation: Int? { value?["generation"]?.int }
    /// RFC 3339.
    package var creationTimestamp: String? { value?["creationTimestamp"]?.string }
    /// RFC 3339; `nil` for an object that is not being deleted.
    package var deletionTimestamp: String? { value?["deletionTimestamp"]?.string }
    /// Whether a deletion is under way.
    package var isBeingDeleted: Bool { value?["deletionTimestamp"].map { !$0.isNull } ?? false }
    package var labels: Mapping { value?["labels"]?.map ?? Mapping() }
    package var annotations: Mapping { value?["annotations"]?.map ?? Mapping() }
    package var finalizers: [String] { value?["finalizers"]?.list?.compactMap(\.string) ?? [] }
    /// The objects that this one belongs to: `kind`, `name` and `uid` of each.
    package var ownerReferences: [Value] { value?["ownerReferences"]?.list ?? [] }
    /// The entries that say who manages which fields.
    package var managedFields: [Value] { value?["managedFields"]?.list ?? [] }

    /// `namespace/name`, or the name alone for objects of the whole cluster.
    package var title: String { namespace.isEmpty ? name : namespace + "/" + name }

    /// The text of a label; `nil` where it is absent.
    package func label(_ key: String) -> String? { value?["labels"]?[key]?.string }

    /// The text of an annotation; `nil` where it is absent.
    package func annotation(_ key: String) -> String? { value?["annotations"]?[key]?.string }

    /// Whether an object with this UID owns this one.
    package func isOwned(byUID uid: String) -> Bool {
        ownerReferences.contains { $0["uid"]?.string?.hasSameBytes(as: uid) == true }
    }

    private func text(_ key: String) -> String { value?[key]?.string ?? "" }
}

extension Mapping {
    /// The metadata of a Kubernetes object.
    package var metadata: ObjectMetadata { ObjectMetadata(value: self["metadata"]) }
}

extension Value {
    /// The metadata of a Kubernetes object.
    package var metadata: ObjectMetadata { ObjectMetadata(value: self["metadata"]) }

    /// `kind` of a Kubernetes object; empty where it is absent.
    package var kind: String { self["kind"]?.string ?? "" }

    /// The object with its kind: items of a list have none of their own.
    package func withKind(_ kind: String) -> Value {
        guard case .map(var map) = self else { return self }
        map["kind"] = .string(kind)
        return .map(map)
    }
}
