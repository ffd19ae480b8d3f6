import Values

/// A set of fields in the form of `fieldsV1`: a tree with exact membership of each place.
struct Fields: Equatable, Sendable {
    var isMember = false
    var children: [String: Fields] = [:]

    static let leaf = Fields(isMember: true)

    init(isMember: Bool = false) {
        self.isMember = isMember
    }

    init(_ value: Value) {
        let map = value.map ?? Mapping()
        isMember = map["."] != nil || map.isEmpty
        for (key, child) in map where key != "." { children[key] = Fields(child) }
    }

    var isEmpty: Bool { !isMember && children.isEmpty }

    var value: Value {
        var map = Mapping()
        if isMember, !children.isEmpty { map["."] = .empty }
        for key in children.keys.sorted(by: { $0.precedesByBytes($1) }) { map[key] = children[key]?.value }
        return .map(map)
    }

    func union(_ other: Fields) -> Fields {
        var result = self
        result.isMember = isMember || other.isMember
        for (key, child) in other.children { result.children[key] = (result.children[key] ?? Fields()).union(child) }
        return result
    }

    func subtracting(_ other: Fields) -> Fields {
        var result = Fields(isMember: isMember && !other.isMember)
        for (key, child) in children {
            let rest = other.children[key].map(child.subtracting) ?? child
            if !rest.isEmpty { result.children[key] = rest }
        }
        return result
    }

    func intersection(_ other: Fields) -> Fields {
        var result = Fields(isMember: isMember && other.isMember)
        for (key, child) in children {
            guard let common = other.children[key]?.intersection(child), !common.isEmpty else { continue }
            result.children[key] = common
        }
        return result
    }

    /// Every member as the API server writes it in conflicts: `.spec.ports[port=80,protocol="TCP"].name`, those of a level
    /// before those of the next.
    var paths: [String] {
        let keys = children.keys.sorted { $0.precedesByBytes($1) }
        return keys.filter { children[$0]?.isMember == true }.map(Fields.step)
            + keys.flatMap { key in (children[key]?.paths ?? []).map { Fields.step(key) + $0 } }
    }

    private static func step(_ key: String) -> String {
        let rest = String(key.dropFirst(2))
        switch key.prefix(2) {
        case "k:":
            let keys = (try? Value(json: rest, numbers: .native))?.map ?? Mapping()
            return "[" + keys.sorted.map { "\($0.key)=\((try? $0.value.json()) ?? "")" }.joined(separator: ",") + "]"
        case "v:": return "[=\(rest)]"
        default: return ".\(rest)"
        }
    }
}

extension Fields {
    /// What an applied configuration owns: leaves, items of lists, empty maps; not the structs on the way.
    init(applied value: Value, _ shape: Shape) {
        switch value {
        case .map(let map) where !shape.isAtomicMap():
            for (key, child) in map {
                let below = shape.field(key)
                var fields = Fields(applied: child, below)
                if child.isNull || child.map?.isEmpty == true || shape.isFree(key) { fields.isMember = true }
                if !fields.isEmpty { children["f:" + key] = fields }
            }
        case .list(let items):
            let (form, item) = shape.items
            guard form != .atomic else {
                isMember = true
                return
            }
            for value in items {
                var fields = form == .set ? .leaf : Fields(applied: value, item)
                fields.isMember = true
                children[itemKey(value, form)] = fields
            }
        default: isMember = true
        }
    }

    /// Everything in a value, itself included: what comes with something new.
    init(whole value: Value, _ shape: Shape) {
        isMember = true
        switch value {
        case .map(let map) where !shape.isAtomicMap():
            for (key, child) in map { children["f:" + key] = Fields(whole: child, shape.field(key)) }
        case .list(let items):
            let (form, item) = shape.items
            guard form != .atomic else { return }
            for value in items { children[itemKey(value, form)] = form == .set ? .leaf : Fields(whole: value, item) }
        default: break
        }
    }
}

/// `k:{"name":"c"}` or `v:"x"`: what names an item of a list.
func itemKey(_ item: Value, _ form: Shape.ListForm) -> String {
    guard case .keyed(let keys) = form else { return "v:" + String(decoding: item.jsonBytes, as: UTF8.self) }
    var map = Mapping()
    for key in keys { map[key] = item[key] ?? keyDefaults[key] }
    return "k:" + String(decoding: Value.map(map).jsonBytes, as: UTF8.self)
}

/// What differs between two values, as fields.
struct Difference {
    /// New or changed.
    var set = Fields()
    var removed = Fields()

    init(_ old: Value, _ new: Value, _ shape: Shape) {
        compare(old, new, shape)
    }

    private mutating func compare(_ old: Value, _ new: Value, _ shape: Shape) {
        // A list that is null is one without items.
        let old = old.isNull && new.list != nil ? Value.list([]) : old
        switch (old, new) {
        case (.map(let before), .map(let after)) where !shape.isAtomicMap():
            for key in Set(before.keys).union(after.keys) {
                compareChild("f:" + key, before[key], after[key], shape.field(key))
            }
        case (.list(let before), .list(let after)) where shape.items.form != .atomic:
            let (form, item) = shape.items
            let left = Dictionary(before.map { (itemKey($0, form), $0) }) { $1 }
            let right = Dictionary(after.map { (itemKey($0, form), $0) }) { $1 }
            for key in Set(left.keys).union(right.keys) {
                compareChild(key, left[key], right[key], form == .set ? .atomic : item)
            }
        default:
            if old != new { set.isMember = true }
        }
    }

    private mutating func compareChild(_ key: String, _ old: Value?, _ new: Value?, _ shape: Shape) {
        switch (old, new) {
        case (let old?, let new?):
            let below = Difference(old, new, shape)
            if !below.set.isEmpty { set.children[key] = below.set }
            if !below.removed.isEmpty { removed.children[key] = below.removed }
        case (nil, let new?): set.children[key] = Fields(whole: new, shape)
        case (let old?, nil): removed.children[key] = Fields(whole: old, shape)
        case (nil, nil): break
        }
    }
}
