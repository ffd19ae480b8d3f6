package import Objects
package import Values

/// Labels that an object of another owner is to have, or, for `nil`, not to have.
///
/// They are sent as a merge patch, as `kubectl label` does: an apply of one label would give up the others that sail
/// applied to the same namespace before, and could not take off a label that another manager set.
package struct LabelEdit: Sendable, Equatable {
    package var identity: ObjectReference
    package var labels: [String: String?]

    package init(_ identity: ObjectReference, _ labels: [String: String?]) {
        (self.identity, self.labels) = (identity, labels)
    }

    /// The merge patch that leads there; `nil` where the live object has these labels, and lacks the others, already.
    package func patch(for live: Value) -> Value? {
        let metadata = live.metadata
        let different = labels.filter { metadata.label($0.key) != $0.value }
        guard !different.isEmpty else { return nil }
        let keys = different.keys.sorted { $0.precedesByBytes($1) }
        let texts = Mapping(keys.map { key in (key: key, value: (different[key] ?? nil).map(Value.string) ?? .null) })
        return ["metadata": ["labels": .map(texts)]]
    }
}
