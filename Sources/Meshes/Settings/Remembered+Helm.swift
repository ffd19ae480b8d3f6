package import Istio
package import Values

/// The values that Helm gave a component's chart in one revision.
package struct HelmValues: Sendable, Equatable {
    package var values: Mapping
    /// Istio's version, as the chart has it.
    package var version: String

    package init(_ values: Mapping, version: String) {
        self.values = values
        self.version = version
    }
}

extension Remembered {
    /// Takes over what Helm changed of a component since sail's last run: what it added, changed and removed goes into
    /// the remembered values; what profile, platform and version say by themselves stays theirs.
    ///
    /// `old` is what the chart got in that run; without it all of `new` counts as added.
    package mutating func take(_ new: HelmValues, since old: HelmValues?, of component: Component) {
        if let own = new.values["profile"]?.string, !own.isEmpty { profile = own }
        let before = old.map { users($0, component) } ?? Mapping()
        let after = users(new, component)
        if ownValues.isEmpty {
            values.change(from: before, to: after)
        } else {
            ownValues[component, default: Mapping()].change(from: before, to: after)
        }
        let running = new.version.withVersionPrefix
        versions = allVersions
        versions[component] = running
        if component == .istiod { version = running }
    }

    /// The part of a chart's values that is a user's, as in a values file.
    private func users(_ given: HelmValues, _ component: Component) -> Mapping {
        var own = Remembered.withoutOurs(given.values)
        if let (minor, release) = try? Catalogue.builtIn().release(given.version, allowingOthers: true) {
            var mine = values
            mine.merge(ownValues[component] ?? Mapping())
            let lower = LowerLayers(
                minor, release, profile: profile ?? Profiles.ambient, platform: platform,
                user: [Layer(.remembered(place), mine)])
            own = own.without(lower.known.merged(for: component))
        }
        return Remembered.scoped(own, component)
    }
}

extension Mapping {
    /// Without the leaves that the other has too.
    fileprivate func without(_ other: Mapping) -> Mapping {
        var rest = Mapping()
        for (key, value) in self {
            if case .map(let inner) = value, case .map(let known)? = other[key] {
                let left = inner.without(known)
                if !left.isEmpty { rest[key] = .map(left) }
            } else if value != other[key] {
                rest[key] = value
            }
        }
        return rest
    }

    /// Makes the changes that lead from one map to another.
    fileprivate mutating func change(from old: Mapping, to new: Mapping) {
        for key in old.keys where new[key] == nil { remove(old[key] ?? .null, at: key) }
        for (key, value) in new where value != old[key] {
            if case .map(let inner) = value, self[key] == nil || self[key]?.map != nil {
                var own = self[key]?.map ?? Mapping()
                own.change(from: old[key]?.map ?? Mapping(), to: inner)
                self[key] = .map(own)
            } else {
                self[key] = value
            }
        }
    }

    /// Takes away what the value has: its leaves, and maps that are then empty.
    private mutating func remove(_ value: Value, at key: String) {
        guard case .map(let inner) = value, case .map(var own)? = self[key] else {
            self[key] = nil
            return
        }
        for name in inner.keys { own.remove(inner[name] ?? .null, at: name) }
        self[key] = own.isEmpty ? nil : .map(own)
    }
}
