package import Values

extension Catalogue {
    /// The catalogue as `sail versions -o json` prints it.
    package var value: Value {
        [
            "default": .string(defaultVersion),
            "aliases": .map(Mapping(aliases.map { (key: $0.name, value: .string($0.version)) })),
            "versions": .list(minors.flatMap { minor in minor.releases.map { value(of: $0, minor) } }),
            "changes": .map(Mapping(minors.map { (key: $0.name, value: .list($0.changes.map(\.tree))) })),
        ]
    }

    private func value(of release: Release, _ minor: Minor) -> Value {
        var map: Mapping = [
            "version": .string(release.version), "minor": .string(minor.name), "hub": .string(release.hub),
            "kubernetes": ["min": .string(minor.kubernetes.least), "max": .string(minor.kubernetes.most)],
            "endOfLife": .string(minor.endOfLife), "endOfLifeExpected": .bool(minor.isExpected),
            "platforms": .list(minor.platforms.map { .string($0.name) }),
            "compatibilityVersions": .list(minor.compatibilityVersions.map { .string($0) }),
        ]
        if let origin = release.chartOrigin { map["charts"] = .string(origin) }
        return .map(map)
    }
}

extension BehaviourChange {
    fileprivate var tree: Value {
        var map: Mapping = ["what": .string(text)]
        if let key, let value { map["keep"] = ["key": .string(key), "value": value] }
        return .map(map)
    }
}
