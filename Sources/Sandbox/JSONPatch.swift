import Values

/// RFC 6902. Throws the API server's answer where an operation does not fit, a failed `test` included.
func jsonPatched(_ old: Value, _ operations: [Value]) throws(Failure) -> Value {
    var result = old
    for operation in operations {
        let path = pointer(operation["path"]?.string ?? "")
        switch operation["op"]?.string {
        case "test":
            guard find(path[...], in: result) == operation["value"] else { throw .rejected }
        case "add": result = try put(operation["value"] ?? .null, at: path[...], in: result, replacing: false)
        case "replace":
            guard find(path[...], in: result) != nil else { throw .rejected }
            result = try put(operation["value"] ?? .null, at: path[...], in: result, replacing: true)
        case "remove": result = try put(nil, at: path[...], in: result, replacing: true)
        case "move", "copy":
            let source = pointer(operation["from"]?.string ?? "")
            guard let value = find(source[...], in: result) else { throw .rejected }
            if operation["op"]?.string == "move" { result = try put(nil, at: source[...], in: result, replacing: true) }
            result = try put(value, at: path[...], in: result, replacing: false)
        default: throw .rejected
        }
    }
    return result
}

private func pointer(_ text: String) -> [String] {
    text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
        var result = ""
        var rest = part[...]
        while let first = rest.popFirst() {
            guard first == "~", let code = rest.popFirst() else {
                result.append(first)
                continue
            }
            result.append(code == "1" ? "/" : "~")
        }
        return result
    }
}

private func find(_ path: ArraySlice<String>, in value: Value) -> Value? {
    guard let step = path.first else { return value }
    switch value {
    case .map(let map): return map[step].flatMap { find(path.dropFirst(), in: $0) }
    case .list(let items):
        guard let index = Int(step), items.indices.contains(index) else { return nil }
        return find(path.dropFirst(), in: items[index])
    default: return nil
    }
}

/// Sets the value at the end of the path, or removes it.
private func put(
    _ new: Value?, at path: ArraySlice<String>, in value: Value, replacing: Bool
) throws(Failure) -> Value {
    guard let step = path.first else { return new ?? .null }
    let rest = path.dropFirst()
    switch value {
    case .map(var map):
        if rest.isEmpty {
            if new == nil, map[step] == nil { throw .rejected }
            map[step] = new
        } else {
            guard let child = map[step] else { throw .rejected }
            map[step] = try put(new, at: rest, in: child, replacing: replacing)
        }
        return .map(map)
    case .list(var items):
        let index = step == "-" ? items.count : Int(step) ?? -1
        if rest.isEmpty, let new, !replacing {
            guard (0...items.count).contains(index) else { throw .rejected }
            items.insert(new, at: index)
            return .list(items)
        }
        guard items.indices.contains(index) else { throw .rejected }
        if rest.isEmpty {
            if let new { items[index] = new } else { items.remove(at: index) }
        } else {
            items[index] = try put(new, at: rest, in: items[index], replacing: replacing)
        }
        return .list(items)
    default: throw .rejected
    }
}
