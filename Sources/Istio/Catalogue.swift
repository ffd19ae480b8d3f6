import Assets
package import Values

/// The Istio releases that the built-in charts can install, newest minor first, as charts/versions.yaml lists them.
package struct Catalogue: Sendable {
    package let releases: [Release]
    package let aliases: [(name: String, version: String)]
    package let defaultVersion: String

    /// The release by its version, with or without the `v`, or by an alias. Throws where there is none.
    package func release(_ name: String?) throws -> Release {
        let wanted = name ?? defaultVersion
        let target = aliases.first { $0.name == wanted || "v" + wanted == $0.name }?.version ?? wanted
        if let release = releases.first(where: { $0.version == target || $0.version == "v" + target }) { return release }
        let names = releases.map(\.version) + aliases.map(\.name)
        throw IstioError.unknownVersion(wanted, nearest: nearestKey(to: wanted.hasPrefix("v") ? wanted : "v" + wanted, among: names))
    }
}

/// One patch release of Istio.
package struct Release: Sendable {
    /// `v1.30.3`
    package let version: String
    package let hub: String
    /// The oldest and newest Kubernetes minor it was tested with: `1.31`.
    package let kubernetes: (least: String, most: String)
    /// The day from which it gets no fixes: `2026-05-31`, empty where it is not yet known.
    package let endOfLife: String
    package let platforms: [String]

    /// `1.30.3`
    package var number: String { version.hasPrefix("v") ? String(version.dropFirst()) : version }

    /// `1.30`
    package var minor: String { number.split(separator: ".").prefix(2).joined(separator: ".") }
}
