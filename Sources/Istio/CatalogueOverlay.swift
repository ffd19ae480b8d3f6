import Values

extension Value {
    /// This catalogue laid over another one: what it says of a minor or release counts, and all else stays.
    ///
    /// Maps are merged key by key; minors go by `minor`, releases by `version`, both newest first; other lists
    /// replace those beneath. What a registry is called here becomes `pinnedHub`, since the charts do not know it.
    func catalogue(over base: Value) -> Value {
        var result = base.map ?? Mapping()
        for (key, value) in map ?? Mapping() {
            switch key {
            case "minors": result[key] = .list(merged(result[key], value, by: "minor") { $0.minor(over: $1) })
            case "aliases":
                var aliases = result[key]?.map ?? Mapping()
                aliases.merge(value.map ?? Mapping())
                result[key] = .map(aliases)
            default: result[key] = value
            }
        }
        let minors = result["minors"]?.list ?? []
        result["minors"] = .list(minors.map { $0.completed(from: base["minors"]?.list ?? []) })
        return .map(result)
    }

    private func minor(over base: Value?) -> Value {
        var result = base?.map ?? Mapping()
        for (key, value) in map ?? Mapping() {
            switch key {
            case "releases": result[key] = .list(merged(result[key], value, by: "version") { $0.release(over: $1) })
            case "platforms", "kubernetes":
                var inner = result[key]?.map ?? Mapping()
                inner.merge(value.map ?? Mapping())
                result[key] = .map(inner)
            default: result[key] = value
            }
        }
        return .map(result)
    }

    private func release(over base: Value?) -> Value {
        var result = base?.map ?? Mapping()
        for (key, value) in map ?? Mapping() { result[key == "hub" ? "pinnedHub" : key] = value }
        return .map(result)
    }

    /// A minor that only this catalogue has gets the profiles of the nearest older one.
    private func completed(from known: [Value]) -> Value {
        guard self["profile"] == nil, var map = map else { return self }
        let number = self["minor"]?.string.flatMap { IstioVersion($0) }
        let older = known.first { other in
            guard let number, let own = other["minor"]?.string.flatMap({ IstioVersion($0) }) else { return false }
            return own <= number
        }
        for key in ["profile", "platforms", "compatibilityVersions"] where map[key] == nil {
            map[key] = (older ?? known.last)?[key]
        }
        return .map(map)
    }
}

/// Both lists as one, by the version under a key, newest first.
private func merged(_ base: Value?, _ over: Value, by key: String, _ merge: (Value, Value?) -> Value) -> [Value] {
    var result = base?.list ?? []
    for item in over.list ?? [] {
        if let index = result.firstIndex(where: { $0[key] == item[key] }) {
            result[index] = merge(item, result[index])
        } else {
            result.append(merge(item, nil))
        }
    }
    func number(_ value: Value) -> IstioVersion? { value[key]?.string.flatMap { IstioVersion($0) } }
    return result.enumerated().sorted { one, other in
        guard let first = number(one.element), let second = number(other.element), first != second else {
            return one.offset < other.offset
        }
        return first > second
    }.map(\.element)
}
