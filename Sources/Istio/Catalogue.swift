import Assets
package import Values
import YAML

/// The Istio releases that the built-in charts can install, newest first, as charts/versions.yaml lists them.
package struct Catalogue: Sendable {
    package let defaultVersion: String
    package let aliases: [(name: String, version: String)]
    package let minors: [Minor]

    private static let path = "charts/versions.yaml"

    /// The catalogue in this binary; throws `IstioError.damagedAsset`.
    package static func builtIn() throws(IstioError) -> Catalogue {
        try Catalogue(builtInValue(at: path))
    }

    package init(_ value: Value) throws(IstioError) {
        minors = (value["minors"]?.list ?? []).map(Minor.init)
        let latest = minors.compactMap { minor in
            minor.releases.first.map { (name: "v\(minor.name)-latest", version: $0.version) }
        }
        let named = (value["aliases"]?.map ?? Mapping()).map { (name: $0.key, version: $0.value.string ?? "") }
        aliases = named + latest
        guard let version = value["default"]?.string, !minors.isEmpty else {
            throw .damagedAsset(path: Catalogue.path, reason: "has no versions")
        }
        defaultVersion = version
    }

    package var releases: [Release] { minors.flatMap(\.releases) }

    /// All versions and aliases that `--version` takes.
    package var names: [String] { releases.map(\.version) + aliases.map(\.name) }

    /// The release by its version, with or without the `v`, or by an alias; the default one for `nil`.
    ///
    /// `allowingOthers` takes versions that are not listed too, for charts that the user brings.
    package func release(
        _ name: String?, allowingOthers: Bool = false
    ) throws(IstioError) -> (minor: Minor, release: Release) {
        let given = name ?? defaultVersion
        let digits = (UInt8(ascii: "0")...UInt8(ascii: "9"))
        let wanted = given.utf8.first.map(digits.contains) == true ? "v" + given : given
        let version = aliases.first { $0.name == wanted }?.version ?? wanted
        for minor in minors {
            if let release = minor.releases.first(where: { $0.version == version }) { return (minor, release) }
        }
        if allowingOthers, let other = otherRelease(version) { return other }
        throw .unknownVersion(given, nearest: nearest(to: wanted, among: names))
    }

    /// The listed release with the same numbers, or the newest of the minor where only that is known; else the version as
    /// it is: what `--version` takes for what runs.
    package func name(for version: IstioVersion) -> String {
        let own = minors.first { $0.name == version.minorName }?.releases ?? []
        guard let patch = version.patch else { return own.first?.version ?? "v\(version)" }
        return own.first { IstioVersion($0.version)?.patch == patch }?.version ?? "v\(version)"
    }

    /// A release that is not listed, with what is known of its minor, or of the nearest one; `nil` for no version.
    private func otherRelease(_ version: String) -> (minor: Minor, release: Release)? {
        guard version.hasPrefix("v"), let parsed = IstioVersion(version), parsed.patch != nil else { return nil }
        let release = Release(version: version, hub: "")
        let name = parsed.minorName
        if let minor = minors.first(where: { $0.name == name }) { return (minor, release) }
        let oldest = minors[minors.count - 1]
        let isOld = IstioVersion(oldest.name).map { (parsed.minors(aheadOf: $0) ?? 0) < 0 } ?? false
        return ((isOld ? oldest : minors[0]).renamed(name), release)
    }
}

/// What the patch releases of one Istio minor have in common.
package struct Minor: Sendable {
    /// `1.30`
    package private(set) var name: String
    /// The oldest and newest Kubernetes minor that it supports: `1.32`; empty where not known.
    package private(set) var kubernetes: (least: String, most: String)
    /// The last day of support: `2027-01-31`; not announced but expected where `isExpected`; empty where not known.
    package private(set) var endOfLife: String
    package let isExpected: Bool
    /// The file below profiles/ that makes the mesh ambient.
    package let profile: String
    /// Platforms with their files below profiles/.
    package let platforms: [(name: String, file: String)]
    package let compatibilityVersions: [String]
    /// Newest first.
    package let releases: [Release]
    /// What differs from the minor before, with the value that keeps the old behaviour.
    package private(set) var changes: [BehaviourChange]

    /// Another minor, of which nothing is known but that it has these profiles.
    fileprivate func renamed(_ name: String) -> Minor {
        var other = self
        other.name = name
        (other.kubernetes, other.endOfLife, other.changes) = (("", ""), "", [])
        return other
    }

    init(_ value: Value) {
        name = value["minor"]?.string ?? ""
        kubernetes = (value[path: "kubernetes", "min"]?.string ?? "", value[path: "kubernetes", "max"]?.string ?? "")
        endOfLife = value["endOfLife"]?.string ?? ""
        isExpected = value["expected"]?.bool ?? false
        profile = value["profile"]?.string ?? ""
        platforms = (value["platforms"]?.map ?? Mapping()).map { ($0.key, $0.value.string ?? "") }
        compatibilityVersions = (value["compatibilityVersions"]?.list ?? []).compactMap(\.string)
        releases = (value["releases"]?.list ?? []).map {
            Release(
                version: $0["version"]?.string ?? "", hub: $0["hub"]?.string ?? "", chartOrigin: $0["charts"]?.string)
        }
        changes = (value["changes"]?.list ?? []).map {
            BehaviourChange(
                text: $0["what"]?.string ?? "", key: $0[path: "keep", "key"]?.string,
                value: $0[path: "keep", "value"])
        }
    }
}

/// One patch release of Istio: `v1.30.3`, and the registry with its images.
package struct Release: Sendable, Equatable {
    package let version: String
    /// Empty for a release that the catalogue does not list.
    package let hub: String
    /// What sail's charts for it were written from, where that is not the release itself: `release candidate`.
    package var chartOrigin: String?

    package var isListed: Bool { !hub.isEmpty }

    /// 31 of `v1.31.0`.
    var minorNumber: Int {
        let parts = version.split(separator: ".")
        return parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    }

    /// What a user must know of the charts; `nil` where they are the release's own.
    package var chartNotice: String? {
        chartOrigin.map { "the charts of \(version) are as of the \($0)" }
    }
}

/// What a user must know before an upgrade, and the value that keeps the old behaviour.
package struct BehaviourChange: Sendable, Equatable {
    package let text: String
    package let key: String?
    package let value: Value?
}

/// A built-in YAML file; throws `IstioError.damagedAsset`.
func builtInValue(at path: String) throws(IstioError) -> Value {
    guard let text = Assets.text(at: path) else { throw .damagedAsset(path: path, reason: "is not there") }
    do throws(YAMLError) {
        return try Value(yaml: text)
    } catch {
        throw .damagedAsset(path: path, reason: error.description)
    }
}
