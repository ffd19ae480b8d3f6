package import Objects
package import Values

/// An object with a strategic merge patch laid over it, as `kubectl patch --type strategic` does; a custom resource has no
/// types that declare keys, and gets a JSON merge patch. `nil` where the patch deletes the object.
package func strategicallyMerged(
    _ object: Value, _ patch: Value, of identity: ObjectReference
) throws(PatchError) -> Value? {
    guard case .map(var changes) = patch else { throw PatchError("a strategic merge patch must be a map") }
    if let directive = changes["$patch"] {
        switch directive.string {
        case "delete": return nil
        case "replace":
            changes["$patch"] = nil
            return .map(changes)
        case "merge": changes["$patch"] = nil
        default: throw unknownDirective(directive)
        }
    }
    guard let type = mergeType(identity) else { return jsonMerged(object, .map(changes)) }
    return try StrategicMerge.merged(object.map ?? Mapping(), changes, type)
}

/// RFC 7386: maps are merged key by key, null takes a key away, all else is replaced.
package func jsonMerged(_ value: Value, _ patch: Value) -> Value {
    guard case .map(let changes) = patch else { return patch }
    var map = value.map ?? Mapping()
    for (key, change) in changes { map[key] = change.isNull ? Value?.none : jsonMerged(map[key] ?? .null, change) }
    return .map(map)
}

private func unknownDirective(_ value: Value) -> PatchError {
    let text = (try? value.json(escapingHTML: false)) ?? "another value"
    return PatchError("$patch is \(text.onOneLine), not replace, merge or delete")
}

private enum StrategicMerge {
    private static let deletion = "$deleteFromPrimitiveList/"

    static func merged(_ old: Mapping, _ patch: Mapping, _ type: String) throws(PatchError) -> Value {
        var (map, changes) = (old, patch)
        if let directive = changes.removeValue(forKey: "$patch") {
            switch directive.string {
            case "replace": return .map(changes)
            case "delete": return .map(Mapping())
            case "merge": break
            default: throw unknownDirective(directive)
            }
        }
        if let kept = changes.removeValue(forKey: "$retainKeys") { try retain(kept, of: &map, changes) }
        for (key, change) in changes {
            if key.hasPrefix("$") {
                try apply(key, change, &map)
            } else if change.isNull {
                map[key] = nil
            } else if let current = map[key] {
                map[key] = try merged(current, change, fieldMerge(key, of: type), key)
            } else {
                map[key] = try plain(change)
            }
        }
        return .map(map)
    }

    /// Keys that are in neither list nor patch go away.
    private static func retain(_ kept: Value, of map: inout Mapping, _ changes: Mapping) throws(PatchError) {
        guard let names = kept.list.map({ $0.compactMap(\.string) }), names.count == kept.list?.count else {
            throw PatchError("$retainKeys must be a list of keys")
        }
        for (key, change) in changes where !change.isNull && !key.hasPrefix("$") && !names.contains(key) {
            throw PatchError("$retainKeys does not name \(key), which the patch sets")
        }
        for key in map.keys where !names.contains(key) { map[key] = nil }
    }

    /// `$deleteFromPrimitiveList/finalizers: [a]`
    private static func apply(_ key: String, _ change: Value, _ map: inout Mapping) throws(PatchError) {
        guard key.hasPrefix(deletion), let values = change.list else {
            throw PatchError("\(key.onOneLine) is no directive that sail takes; leave it out")
        }
        let field = String(key.dropFirst(deletion.count))
        guard let list = map[field]?.list else { return }
        map[field] = .list(list.filter { !values.contains($0) })
    }

    private static func merged(
        _ old: Value, _ change: Value, _ field: FieldMerge, _ name: String
    ) throws(PatchError) -> Value {
        switch (old, change) {
        case (.map(let map), .map(let changes)) where !field.isReplaced: return try merged(map, changes, field.type)
        case (.list(let items), .list(let changes)):
            if field.isSet {
                let all = items + changes.filter { !items.contains($0) }
                return .list(ordered(all, changes, items) { $0 })
            }
            guard let key = field.key else { return try plain(change) }
            return .list(try mergedItems(items, changes, field.type, key, name))
        default: return try plain(change)
        }
    }

    /// The items of a list that is merged by a key, in the order in which Kubernetes leaves them.
    private static func mergedItems(
        _ old: [Value], _ patch: [Value], _ type: String, _ key: String, _ name: String
    ) throws(PatchError) -> [Value] {
        let (server, changes) = try taken(patch, from: old, key, name)
        var items = server
        var positions = firstPositions(server.map { $0[key] })
        for change in changes {
            let wanted = try identity(change, key, name)
            if let index = positions[wanted] {
                items[index] = try merged(items[index].map ?? Mapping(), change.map ?? Mapping(), type)
            } else {
                positions[wanted] = items.count
                items.append(try plain(change))
            }
        }
        return ordered(items, changes.map { $0[key] }, server.map { $0[key] }) { $0[key] }
    }

    /// What is left of a list after the directives among a patch's items, and the items without these.
    private static func taken(
        _ patch: [Value], from old: [Value], _ key: String, _ name: String
    ) throws(PatchError) -> (server: [Value], changes: [Value]) {
        var (replaces, changes, deleted) = (false, [Value](), Set<String>())
        for change in patch {
            guard case .map(var map) = change else { throw PatchError("an item of \(name) must be a map with \(key)") }
            guard let directive = map.removeValue(forKey: "$patch") else {
                changes.append(change)
                continue
            }
            switch directive.string {
            // Alone in an item: the list becomes what else the patch has.
            case "replace" where map.isEmpty: replaces = true
            case "replace": throw PatchError("$patch: replace is an item of its own in \(name)")
            case "delete": deleted.insert(try identity(.map(map), key, name))
            case "merge": changes.append(.map(map))
            default: throw unknownDirective(directive)
            }
        }
        let server = replaces ? [] : old.filter { item in !(text(item[key]).map(deleted.contains) ?? false) }
        return (server, changes)
    }

    /// The key of a patch's item, which it must have.
    private static func identity(_ item: Value, _ key: String, _ name: String) throws(PatchError) -> String {
        guard let value = item[key], !value.isNull, let text = text(value) else {
            throw PatchError("an item of \(name) has no \(key), by which it is merged")
        }
        return text
    }

    /// Patched items keep the patch's order, the others their own; one of the others goes before a patched one where it
    /// already did.
    private static func ordered(
        _ items: [Value], _ patched: [Value?], _ server: [Value?], by key: (Value) -> Value?
    ) -> [Value] {
        let (places, before) = (firstPositions(patched), firstPositions(server))
        let named = items.enumerated().map { (offset: $0, item: $1, name: text(key($1)) ?? "") }
        let right = named.filter { places[$0.name] != nil }.sorted {
            (places[$0.name] ?? 0, $0.offset) < (places[$1.name] ?? 0, $1.offset)
        }
        let left = named.filter { places[$0.name] == nil }
        var (first, second) = (left[...], right[...])
        var result: [Value] = []
        while let other = first.first, let next = second.first {
            if let earlier = before[other.name], let later = before[next.name], earlier < later {
                result.append(other.item)
                first = first.dropFirst()
            } else {
                result.append(next.item)
                second = second.dropFirst()
            }
        }
        return result + second.map(\.item) + first.map(\.item)
    }

    /// Where each key is first.
    private static func firstPositions(_ keys: [Value?]) -> [String: Int] {
        var positions: [String: Int] = [:]
        for (position, key) in keys.enumerated() {
            if let text = text(key), positions[text] == nil { positions[text] = position }
        }
        return positions
    }

    /// A key as text by which it is found; numbers are the same whether they are whole or not by type.
    private static func text(_ key: Value?) -> String? {
        guard let key else { return nil }
        return key.int.map(String.init) ?? (try? key.json(escapingHTML: false))
    }

    /// What is new, without nulls and directives.
    private static func plain(_ value: Value) throws(PatchError) -> Value {
        switch value {
        case .map(let map):
            var result = Mapping()
            for (key, inner) in map where !inner.isNull && !key.hasPrefix("$") { result[key] = try plain(inner) }
            return .map(result)
        case .list(let items):
            var result: [Value] = []
            for item in items where item["$patch"] == nil { result.append(try plain(item)) }
            return .list(result)
        default: return value
        }
    }
}
