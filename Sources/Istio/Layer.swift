package import Values

/// Where a layer of values comes from.
package enum Origin: Sendable, Equatable {
    case profile(String)
    case version(String)
    case compatibility(String)
    case platform(String)
    /// A values file, by the name the user gave.
    case file(String)
    /// A flag with its text: `--set cni.logLevel=debug`.
    case flag(String)
    /// What sail itself works out, with the reason.
    case derived(String)
}

extension Origin: CustomStringConvertible {
    package var description: String {
        switch self {
        case .profile(let name): "profile \(name)"
        case .version(let name): "version \(name)"
        case .compatibility(let name): "compatibility version \(name)"
        case .platform(let name): "platform \(name)"
        case .file(let name): name
        case .flag(let text): text
        case .derived(let reason): "sail (\(reason))"
        }
    }
}

/// Values from one place, scoped as the user writes them: `global`, `meshConfig`, `pilot`, `cni`, `ztunnel` and so on.
package struct Layer: Sendable {
    package let origin: Origin
    package let values: Mapping
    /// The text of the file, where positions in it can be shown.
    package let text: String?

    package init(_ origin: Origin, _ values: Mapping, text: String? = nil) {
        self.origin = origin
        self.values = values
        self.text = text
    }
}

extension Mapping {
    /// Lays `other` over this map: maps are merged key by key, anything else is replaced.
    ///
    /// A null stays, and removes the chart's own default later, as in Helm's merging of values files.
    mutating func overlay(_ other: Mapping) {
        for (key, value) in other {
            if case .map(let upper) = value, case .map(var lower)? = self[key] {
                lower.overlay(upper)
                self[key] = .map(lower)
            } else {
                self[key] = value
            }
        }
    }

    /// Sets the value along a path, making maps on the way.
    mutating func set(_ value: Value, at path: some Collection<String>) {
        guard let first = path.first else { return }
        let rest = path.dropFirst()
        guard !rest.isEmpty else {
            self[first] = value
            return
        }
        var inner = self[first]?.map ?? Mapping()
        inner.set(value, at: rest)
        self[first] = .map(inner)
    }

    /// The value along a path.
    package func value(at path: some Collection<String>) -> Value? {
        guard let first = path.first, let value = self[first] else { return nil }
        let rest = path.dropFirst()
        return rest.isEmpty ? value : value.map?.value(at: rest)
    }
}

extension Sequence<Layer> {
    /// All layers in one, the last one winning.
    package var merged: Mapping {
        var result = Mapping()
        for layer in self { result.overlay(layer.values) }
        return result
    }
}
