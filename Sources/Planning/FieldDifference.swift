internal import Objects
package import Values

/// A field in which two states of an object differ.
package struct FieldDifference: Sendable, Equatable {
    /// A step from a value to one inside it: a key of a map, or an element of a list by its name or its number.
    package enum Step: Sendable, Equatable {
        case key(String)
        case element(String)
    }

    package var path: [Step]
    /// `nil` where the field is absent.
    package var old: Value?
    package var new: Value?

    package init(path: [Step], old: Value?, new: Value?) {
        self.path = path
        self.old = old
        self.new = new
    }

    /// `spec.template.spec.containers[discovery].image`, `metadata.labels[helm.sh/chart]`
    package var place: String {
        var text = ""
        for step in path {
            switch step {
            case .key(let key) where key.utf8.contains { ".[]/ ".utf8.contains($0) } || key.isEmpty: text += "[\(key)]"
            case .key(let key): text += text.isEmpty ? key : "." + key
            case .element(let name): text += "[\(name)]"
            }
        }
        return text.onOneLine
    }
}

/// The fields in which two states of an object differ, in the order of their keys.
///
/// Elements of a list are told apart by the key that names them, as containers by their names; lists without one are
/// laid side by side. A list of plain values is one field.
package func fieldDifferences(_ old: Value?, _ new: Value?) -> [FieldDifference] {
    var comparison = FieldComparison()
    comparison.compare(old, new, [])
    return comparison.found
}

private struct FieldComparison {
    var found: [FieldDifference] = []

    mutating func compare(_ old: Value?, _ new: Value?, _ path: [FieldDifference.Step]) {
        guard old != new else { return }
        switch (old, new) {
        case (.map(let old)?, .map(let new)?): compare(old, new, path)
        case (nil, .map(let new)?) where isPartByPart(path): compare(Mapping(), new, path)
        case (.map(let old)?, nil) where isPartByPart(path): compare(old, Mapping(), path)
        case (.list(let old)?, .list(let new)?): compare(old, new, path)
        default: found.append(FieldDifference(path: path, old: old, new: new))
        }
    }

    /// Labels and annotations are fields of their own, even where all of them are new.
    private func isPartByPart(_ path: [FieldDifference.Step]) -> Bool {
        path.last == .key("labels") || path.last == .key("annotations")
    }

    private mutating func compare(_ old: Mapping, _ new: Mapping, _ path: [FieldDifference.Step]) {
        let keys = old.keys + new.keys.filter { old[$0] == nil }
        for key in keys.sorted(by: { $0.precedesByBytes($1) }) { compare(old[key], new[key], path + [.key(key)]) }
    }

    private mutating func compare(_ old: [Value], _ new: [Value], _ path: [FieldDifference.Step]) {
        let before = found.count
        if let oldNames = names(old, new), let newNames = names(new, old) {
            for (name, value) in zip(oldNames, old) {
                let other = newNames.firstIndex { $0.hasSameBytes(as: name) }.map { new[$0] }
                compare(value, other, path + [.element(name)])
            }
            for (name, value) in zip(newNames, new) where !oldNames.contains(where: { $0.hasSameBytes(as: name) }) {
                compare(nil, value, path + [.element(name)])
            }
            guard found.count == before else { return }
            // Nothing but the order differs.
            let (was, will) = (Value.list(oldNames.map(Value.string)), Value.list(newNames.map(Value.string)))
            found.append(FieldDifference(path: path, old: was, new: will))
        } else if (old + new).contains(where: { $0.map != nil }) {
            compareInOrder(old, new, path)
        } else {
            found.append(FieldDifference(path: path, old: .list(old), new: .list(new)))
        }
    }

    /// Elements without names: what one side alone has is paired where both have as many in the same place.
    private mutating func compareInOrder(_ old: [Value], _ new: [Value], _ path: [FieldDifference.Step]) {
        let texts = [old, new].map { $0.map { (try? $0.json()) ?? "" } }
        let lines = lineDiff(texts[0], texts[1], context: old.count + new.count)
        var (removed, added): (Range<Int>, Range<Int>) = (0..<0, 0..<0)
        for line in lines + [.skipped(0)] {
            switch line {
            case .removed: removed = removed.lowerBound..<removed.upperBound + 1
            case .added: added = added.lowerBound..<added.upperBound + 1
            case .same, .skipped:
                pair(old[removed], new[added], path)
                let (next, nextNew) = (removed.upperBound + 1, added.upperBound + 1)
                (removed, added) = (next..<next, nextNew..<nextNew)
            }
        }
    }

    private mutating func pair(_ old: ArraySlice<Value>, _ new: ArraySlice<Value>, _ path: [FieldDifference.Step]) {
        if old.count == new.count {
            for (index, value) in old.enumerated() {
                compare(value, new[new.startIndex + index], path + [.element("\(new.startIndex + index)")])
            }
            return
        }
        for index in old.indices { compare(old[index], nil, path + [.element("\(index)")]) }
        for index in new.indices { compare(nil, new[index], path + [.element("\(index)")]) }
    }

    /// The names of a list's elements by the first key that tells all of them apart on both sides; `nil` without one.
    private func names(_ items: [Value], _ others: [Value]) -> [String]? {
        for key in ["name", "mountPath", "port", "containerPort", "key", "uid"] {
            guard let own = names(items, by: key), names(others, by: key) != nil else { continue }
            return own
        }
        return nil
    }

    private func names(_ items: [Value], by key: String) -> [String]? {
        var names: [String] = []
        var seen: Set<Text> = []
        for item in items {
            guard let value = item[key], let name = value.string ?? value.int.map(String.init),
                seen.insert(Text(name)).inserted
            else { return nil }
            names.append(name)
        }
        return names
    }
}
