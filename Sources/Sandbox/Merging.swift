import Values

/// The live value with an applied configuration laid over it.
func merged(_ live: Value, _ applied: Value, _ shape: Shape) -> Value {
    switch (live, applied) {
    case (.map(var map), .map(let changes)) where !shape.isAtomicMap():
        for (key, change) in changes {
            map[key] = map[key].map { merged($0, change, shape.field(key)) } ?? change
        }
        return .map(map)
    case (.list(let items), .list(let changes)) where shape.items.form != .atomic:
        let (form, item) = shape.items
        return .list(
            mergedItems(items, changes, form, liveFirst: true) { form == .set ? $0 : merged($0, $1, item) })
    default: return applied
    }
}

/// Changed items in their own order, the live ones that are not among them kept in place around them; `liveFirst` says
/// which go first where the order is open (an apply's do not, a strategic merge's do).
private func mergedItems(
    _ items: [Value], _ changes: [Value], _ form: Shape.ListForm, liveFirst: Bool, merge: (Value, Value) -> Value
) -> [Value] {
    let live = Dictionary(items.map { (itemKey($0, form), $0) }) { first, _ in first }
    let wanted = Set(changes.map { itemKey($0, form) })
    var result: [Value] = []
    var rest = items[...]
    for change in changes {
        let key = itemKey(change, form)
        while liveFirst, let first = rest.first, !wanted.contains(itemKey(first, form)) {
            result.append(first)
            rest = rest.dropFirst()
        }
        // Items before this one that are not of this list stay before it.
        if let position = rest.firstIndex(where: { itemKey($0, form) == key }) {
            result += rest[..<position].filter { !wanted.contains(itemKey($0, form)) }
            rest = rest[(position + 1)...]
        }
        result.append(live[key].map { merge($0, change) } ?? change)
    }
    return result + rest.filter { !wanted.contains(itemKey($0, form)) }
}

/// The value without `fields`; what is left without content of its own because of that goes too, unless `kept`.
func removing(_ fields: Fields, from value: Value, _ shape: Shape, kept: Fields) -> Value {
    switch value {
    case .map(var map) where !shape.isAtomicMap():
        for (key, child) in fields.children {
            let name = String(key.dropFirst(2))
            guard let current = map[name] else { continue }
            let keptHere = kept.children[key] ?? Fields()
            if child.isMember, keptHere.isEmpty {
                map[name] = nil
            } else if !child.children.isEmpty {
                let rest = removing(child, from: current, shape.field(name), kept: keptHere)
                let isBare = rest.map?.isEmpty ?? rest.list?.isEmpty ?? false
                map[name] = isBare && rest != current && keptHere.isEmpty ? Value?.none : rest
            }
        }
        return .map(map)
    case .list(let items):
        let (form, item) = shape.items
        guard form != .atomic else { return value }
        return .list(
            items.compactMap { value in
                let key = itemKey(value, form)
                guard let child = fields.children[key] else { return value }
                let keptHere = kept.children[key] ?? Fields()
                if child.isMember, keptHere.isEmpty { return nil }
                return removing(child, from: value, item, kept: keptHere)
            })
    default: return value
    }
}

/// RFC 7386.
func mergePatched(_ old: Value, _ patch: Value) -> Value {
    guard case .map(let changes) = patch else { return patch }
    var map = old.map ?? Mapping()
    for (key, value) in changes { map[key] = value.isNull ? Value?.none : mergePatched(map[key] ?? .null, value) }
    return .map(map)
}

/// A strategic merge: lists with keys merged by them, `$patch: delete` and nulls honoured.
func strategicallyPatched(_ old: Value, _ patch: Value, _ shape: Shape) -> Value {
    switch patch {
    case .map(let changes):
        if changes["$patch"]?.string == "replace" {
            var map = changes
            map["$patch"] = nil
            return .map(map)
        }
        var map = old.map ?? Mapping()
        for (key, value) in changes where !key.hasPrefix("$") {
            map[key] =
                value.isNull ? Value?.none : strategicallyPatched(map[key] ?? .null, value, shape.field(key))
        }
        return .map(map)
    case .list(let changes):
        let (form, item) = shape.items
        guard form != .atomic, var items = old.list else { return patch }
        let gone = Set(changes.filter { $0["$patch"]?.string == "delete" }.map { itemKey($0, form) })
        items.removeAll { gone.contains(itemKey($0, form)) }
        let kept = changes.filter { $0["$patch"]?.string != "delete" }
        return .list(
            mergedItems(items, kept, form, liveFirst: false) { strategicallyPatched($0, $1, item) })
    default: return patch
    }
}
