import Assets
package import Values

/// The Istio releases that sail knows, newest first: charts/versions.yaml, with a user's catalogue laid over it.
package struct Catalogue: Sendable {
    package let defaultVersion: String
    /// What a version may also be called, with the release that it means: those of the file first, then
    /// `v1.MINOR-latest` of each minor.
    package private(set) var aliases: [(name: String, version: String)]
    /// The same as they are written: an alias may name another one.
    let chains: [(name: String, version: String)]
    package let minors: [Minor]

    private static let path = "charts/versions.yaml"

    /// The catalogue in this binary; throws `IstioError.damagedAsset`.
    package static func builtIn() throws(IstioError) -> Catalogue {
        let value = try builtInValue(at: path)
        return try Catalogue(value, builtIn: value)
    }

    /// The catalogue in this binary with a user's laid over it; throws what is wrong with that.
    package static func builtIn(overlaidBy file: CatalogueFile?) throws -> Catalogue {
        guard let file else { return try builtIn() }
        let value = try builtInValue(at: path)
        let catalogue = try Catalogue(file.value.catalogue(over: value), builtIn: value)
        try file.check(against: catalogue)
        return catalogue
    }

    /// `builtIn` tells which releases there are charts for in the binary.
    private init(_ value: Value, builtIn: Value) throws(IstioError) {
        let known = Dictionary((builtIn["minors"]?.list ?? []).map { ($0["minor"]?.string ?? "", $0) }) { first, _ in
            first
        }
        minors = (value["minors"]?.list ?? []).map { minor in
            Minor(minor, builtIn: known[minor["minor"]?.string ?? ""], hub: value["hub"]?.string)
        }
        let named = (value["aliases"]?.map ?? Mapping()).map { (name: $0.key, version: $0.value.string ?? "") }
        let latest = minors.compactMap { minor in
            minor.newest.map { (name: IstioVersion.latestName(ofMinor: minor.name), version: $0.version) }
        }
        let all = named + latest.filter { alias in !named.contains { $0.name.hasSameBytes(as: alias.name) } }
        chains = all
        aliases = all.map { ($0.name, Catalogue.target(of: $0.name, in: all) ?? "") }
        guard let version = value["default"]?.string, !minors.isEmpty else {
            throw .damagedAsset(path: Catalogue.path, reason: "has no versions")
        }
        defaultVersion = version
    }

    package var releases: [Release] { minors.flatMap(\.releases) }

    /// All versions and aliases that `--version` takes.
    package var names: [String] { releases.map(\.version) + aliases.map(\.name) }

    /// What a name that may be an alias of an alias means in the end; `nil` where it leads back to itself.
    static func target(of name: String, in aliases: [(name: String, version: String)]) -> String? {
        var name = name
        for _ in 0...aliases.count {
            guard let alias = aliases.first(where: { $0.name.hasSameBytes(as: name) }) else { return name }
            name = alias.version
        }
        return nil
    }

    /// The same catalogue with other meanings of some aliases: what a source of charts says is the newest.
    package func renaming(_ newer: [String: String]) -> Catalogue {
        var catalogue = self
        catalogue.aliases.removeAll { newer[$0.name] != nil }
        catalogue.aliases += newer.sorted { $0.key.precedesByBytes($1.key) }.map { (name: $0.key, version: $0.value) }
        return catalogue
    }
}

// MARK: - Finding a release

extension Catalogue {
    /// The release by its version, with or without the `v`, or by an alias; the default one for `nil`.
    ///
    /// A later patch of a minor that there are charts for is found too. `allowingOthers` takes any version, for charts
    /// that the user brings.
    package func release(
        _ name: String?, allowingOthers: Bool = false
    ) throws(IstioError) -> (minor: Minor, release: Release) {
        let given = name ?? defaultVersion
        let wanted = Catalogue.withPrefix(given)
        let version = Catalogue.withPrefix(Catalogue.target(of: wanted, in: aliases) ?? wanted)
        for minor in minors {
            if let release = minor.releases.first(where: { $0.version.hasSameBytes(as: version) }) {
                return (minor, release)
            }
        }
        // What a builder puts behind a plus sign is part of no release.
        if let number = IstioVersion(version), number.patch != nil, !version.utf8.contains(UInt8(ascii: "+")) {
            let minor = minors.first { $0.name == number.minorName }
            if let minor, let release = minor.laterPatch(number) { return (minor, release) }
            if allowingOthers {
                let hub = minors.lazy.compactMap(\.pinnedHub).first
                let other = Release(version: number.releaseName, hub: hub ?? "", pinnedHub: hub)
                return (minor ?? unknownMinor(number), other)
            }
        }
        throw unknown(given, wanted)
    }

    /// The listed release with the same numbers, or the newest of the minor where only that is known; else the version as
    /// it is: what `--version` takes for what runs.
    package func name(for version: IstioVersion) -> String {
        let own = minors.first { $0.name == version.minorName }?.releases ?? []
        guard let patch = version.patch else { return own.first?.version ?? version.releaseName }
        return own.first { IstioVersion($0.version)?.patch == patch }?.version ?? version.releaseName
    }

    /// The name with its `v`; a minor alone means its newest patch.
    private static func withPrefix(_ name: String) -> String {
        if let number = IstioVersion(name), number.namesNewestPatch { return number.latestName }
        let digits = (UInt8(ascii: "0")...UInt8(ascii: "9"))
        return name.utf8.first.map(digits.contains) == true ? name.withVersionPrefix : name
    }

    /// A minor of which nothing is known but that it has the profiles of the nearest one.
    private func unknownMinor(_ number: IstioVersion) -> Minor {
        let oldest = minors[minors.count - 1]
        let isOld = (IstioVersion(oldest.name).map { number < $0 }) ?? false
        return (isOld ? oldest : minors[0]).renamed(number.minorName)
    }

    /// Numbers are near by number, other names by letters.
    private func unknown(_ given: String, _ wanted: String) -> IstioError {
        guard let number = IstioVersion(wanted) else {
            let near = nearest(to: wanted, among: names)
            return .unknownVersion(given, nearest: near, known: near == nil ? chartedVersions : "")
        }
        if number.patch == nil, !number.namesNewestPatch, minors.contains(where: { $0.name == number.minorName }) {
            return .unknownVersion(given, nearest: number.latestName)
        }
        let charted = minors.filter { $0.chartsVersion != nil && $0.newest != nil }
        let isOld = charted.last.flatMap { IstioVersion($0.name) }.map { number < $0 } ?? false
        let near =
            charted.filter { distance($0, number) < Int.max }.min { distance($0, number) < distance($1, number) }
            ?? (isOld ? charted.last : charted.first)
        guard let near, let release = near.nearest(to: number) else {
            return .unknownVersion(given, nearest: nil, known: chartedVersions)
        }
        return .noCharts(
            given,
            nearest: number.namesNewestPatch ? IstioVersion.latestName(ofMinor: near.name) : release.version,
            known: chartedVersions)
    }

    private func distance(_ minor: Minor, _ number: IstioVersion) -> Int {
        IstioVersion(minor.name).flatMap { $0.minors(aheadOf: number) }.map(abs) ?? Int.max
    }

    /// `v1.24.0 to v1.31.0`: the listed versions with charts in the binary.
    package var chartedVersions: String {
        let charted = minors.filter { $0.chartsVersion != nil }
        return "\(charted.last?.releases.last?.version ?? "") to \(charted.first?.newest?.version ?? "")"
    }
}

/// What a built-in YAML file of settings holds; throws `IstioError.damagedAsset`.
package func builtInValue(at path: String) throws(IstioError) -> Value {
    guard let json = Assets.json(at: path) else { throw .damagedAsset(path: path, reason: "is not there") }
    do throws(JSONError) {
        return try Value(json: json)
    } catch {
        throw .damagedAsset(path: path, reason: error.description)
    }
}
