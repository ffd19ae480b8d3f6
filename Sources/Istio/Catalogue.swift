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
    package func release(_ name: String?) throws(IstioError) -> (minor: Minor, release: Release) {
        let given = name ?? defaultVersion
        let digits = (UInt8(ascii: "0")...UInt8(ascii: "9"))
        let wanted = given.utf8.first.map(digits.contains) == true ? "v" + given : given
        let version = aliases.first { $0.name == wanted }?.version ?? wanted
        for minor in minors {
            if let release = minor.releases.first(where: { $0.version == version }) { return (minor, release) }
        }
        throw .unknownVersion(given, nearest: nearest(to: wanted, among: names))
    }
}

/// What the patch releases of one Istio minor have in common.
package struct Minor: Sendable {
    /// `1.30`
    package let name: String
    /// The oldest and newest Kubernetes minor that it supports: `1.32`.
    package let kubernetes: (least: String, most: String)
    /// The last day of support: `2027-01-31`; not announced but expected where `isExpected`.
    package let endOfLife: String
    package let isExpected: Bool
    /// The file below profiles/ that makes the mesh ambient.
    package let profile: String
    /// Platforms with their files below profiles/.
    package let platforms: [(name: String, file: String)]
    package let compatibilityVersions: [String]
    /// Newest first.
    package let releases: [Release]
    /// What differs from the minor before, with the value that keeps the old behaviour.
    package let changes: [BehaviourChange]

    init(_ value: Value) {
        name = value["minor"]?.string ?? ""
        kubernetes = (value[path: "kubernetes", "min"]?.string ?? "", value[path: "kubernetes", "max"]?.string ?? "")
        endOfLife = value["endOfLife"]?.string ?? ""
        isExpected = value["expected"]?.bool ?? false
        profile = value["profile"]?.string ?? ""
        platforms = (value["platforms"]?.map ?? Mapping()).map { ($0.key, $0.value.string ?? "") }
        compatibilityVersions = (value["compatibilityVersions"]?.list ?? []).compactMap(\.string)
        releases = (value["releases"]?.list ?? []).map {
            Release(version: $0["version"]?.string ?? "", hub: $0["hub"]?.string ?? "")
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
    package let hub: String
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
