import Terminal
import Values

/// A key whose value differs between two sets of values.
struct ValueDifference {
    let path: String
    let old: Value?
    let new: Value?

    /// Lines with `-` and `+` as in a diff.
    func text(_ style: Style) -> String {
        func line(_ sign: String, _ value: Value?, _ role: Role) -> String {
            guard let text = value.flatMap({ try? $0.json(escapingHTML: false) }) else { return "" }
            return style.paint("\(sign) \(path): \(text)", as: role) + "\n"
        }
        return line("-", old, .removed) + line("+", new, .added)
    }

    var value: Value {
        var map: Mapping = ["path": .string(path)]
        map["old"] = old
        map["new"] = new
        return .map(map)
    }
}

/// The leaves that differ, by path in the order of their bytes.
func differences(_ old: Mapping, _ new: Mapping) -> [ValueDifference] {
    let left = leaves(old, prefix: "")
    let right = leaves(new, prefix: "")
    var result = left.filter { right[$0.key] != $0.value }
        .map { ValueDifference(path: $0.key, old: $0.value, new: right[$0.key]) }
    result += right.filter { left[$0.key] == nil }.map { ValueDifference(path: $0.key, old: nil, new: $0.value) }
    return result.sorted { $0.path.precedesByBytes($1.path) }
}

private func leaves(_ map: Mapping, prefix: String) -> Mapping {
    var result = Mapping()
    for (key, value) in map {
        let path = prefix + key
        if case .map(let inner) = value, !inner.isEmpty {
            for (inner, value) in leaves(inner, prefix: path + ".") { result[inner] = value }
        } else {
            result[path] = value
        }
    }
    return result
}
