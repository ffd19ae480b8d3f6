package import Values

/// The fields that a manager owns, as `metadata.managedFields` spells them (fieldsV1).
///
/// `{"f:spec":{"f:ports":{"k:{\"port\":80}":{".":{},"f:port":{}}}}}`: names behind `f:`, items of keyed lists behind
/// `k:`, items of sets behind `v:`; `.` is the item itself.
package struct FieldSet: Equatable, Sendable {
    /// Whether the field itself is a member; always for one without children.
    package private(set) var isMember: Bool
    /// The sets beneath, by path element.
    package private(set) var children: [String: FieldSet]

    package init() {
        isMember = false
        children = [:]
    }

    /// Reads a `fieldsV1` tree.
    package init(fieldsV1 value: Value) {
        isMember = false
        children = [:]
        for (key, child) in value.map ?? Mapping() {
            if key == "." { isMember = true } else { children[key] = FieldSet(fieldsV1: child) }
        }
        if children.isEmpty { isMember = true }
    }

    package var isEmpty: Bool { !isMember && children.isEmpty }

    package func union(_ other: FieldSet) -> FieldSet {
        var result = self
        result.isMember = isMember || other.isMember
        for (key, child) in other.children { result.children[key] = (result.children[key] ?? FieldSet()).union(child) }
        return result
    }

    /// The members that `other` does not have. What `other` owns a part of is not left over itself.
    package func subtracting(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        result.isMember = isMember && other.isEmpty
        for (key, child) in children {
            let rest = other.children[key].map(child.subtracting) ?? child
            if !rest.isEmpty { result.children[key] = rest }
        }
        return result
    }

    /// Whether the field at the end of `path`, or anything beneath it, is a member; path elements as in fieldsV1.
    package func contains(_ path: [String]) -> Bool {
        var current = self
        for element in path {
            guard let next = current.children[element] else { return false }
            current = next
        }
        return true
    }

    /// The tree for `managedFields`, keys sorted.
    package var fieldsV1: Value {
        var map = Mapping()
        if isMember, !children.isEmpty { map["."] = .map(Mapping()) }
        for key in children.keys.sorted() { map[key] = children[key]?.fieldsV1 }
        return .map(map)
    }

    /// The value without the members of this set; an item of a list goes as a whole where it is a member itself.
    package func removed(from value: Value) -> Value {
        switch value {
        case .map(var map):
            for (key, child) in children where key.hasPrefix("f:") {
                let name = String(key.dropFirst(2))
                guard let current = map[name] else { continue }
                map[name] = child.isRemovedWhole(current) ? Optional.none : child.removed(from: current)
            }
            return .map(map)
        case .list(let items):
            return .list(
                items.compactMap { item in
                    guard let child = child(forItem: item) else { return item }
                    return child.isMember ? nil : child.removed(from: item)
                })
        default: return value
        }
    }

    private func isRemovedWhole(_ value: Value) -> Bool {
        if children.isEmpty { return isMember }
        // A map or list that was made by the manager goes with its last entry.
        let rest = removed(from: value)
        return isMember && (rest.map?.isEmpty ?? rest.list?.isEmpty ?? false)
    }

    private func child(forItem item: Value) -> FieldSet? {
        for (key, child) in children {
            guard let value = try? Value(json: String(key.dropFirst(2)), numbers: .native) else { continue }
            if key.hasPrefix("v:"), value == item { return child }
            if key.hasPrefix("k:"), let keys = value.map, keys.allSatisfy({ item[$0.key] == $0.value }) { return child }
        }
        return nil
    }
}
