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
    ///
    /// It names the live object's uid: another one of the same name, made since it was read, is left alone.
    package func patch(for live: Value) -> Value? {
        let metadata = live.metadata
        let different = labels.filter { metadata.label($0.key) != $0.value }
        guard !different.isEmpty else { return nil }
        let keys = different.keys.sorted { $0.precedesByBytes($1) }
        let texts = Mapping(keys.map { key in (key: key, value: (different[key] ?? nil).map(Value.string) ?? .null) })
        var patch: Mapping = ["labels": .map(texts)]
        patch["uid"] = metadata.uid.map(Value.string)
        return ["metadata": .map(patch)]
    }

    /// The change of the live object, which is sent as such a patch.
    package func change(of live: Value) -> Change {
        var change = Change(component: nil, identity: identity, action: .unchanged, live: live)
        change.manager = .sail
        change.patch = patch(for: live)
        if change.patch != nil { change.action = .change }
        return change
    }
}
