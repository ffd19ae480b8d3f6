package import Istio
import Values

/// Which versions a resource may name: any patch of a minor that the catalogue knows, the newest patch of one by
/// `v1.30-latest`, and old releases that the definitions keep so that resources which name them can still be read.
package struct VersionRule: Sendable {
    package let newest: String
    /// The minors in ascending order: `24`.
    private let minors: [Int]

    package init(_ catalogue: Catalogue) {
        newest = catalogue.defaultVersion
        minors = catalogue.minors.compactMap { IstioVersion($0.name)?.minor }.sorted()
    }

    /// Releases before the catalogue's: minor, first and last patch.
    private static let old = [
        (minor: 21, patches: 6...6), (minor: 22, patches: 5...8), (minor: 23, patches: 2...6),
    ]

    /// Which of them a kind knows.
    package struct Scope: Sendable, Equatable {
        /// Minors before ambient mode was supported.
        package var takesOld: Bool
        /// `v1.30-latest`.
        package var takesLatest: Bool

        package init(takesOld: Bool, takesLatest: Bool) {
            (self.takesOld, self.takesLatest) = (takesOld, takesLatest)
        }
    }

    package func allows(_ name: String, in scope: Scope) -> Bool {
        guard name.hasPrefix("v1."), let version = IstioVersion(name), version.major == 1 else { return false }
        let earlier = VersionRule.old.first { scope.takesOld && $0.minor == version.minor }
        guard minors.contains(version.minor) || earlier != nil else { return false }
        if let patch = version.patch {
            return (earlier?.patches.contains(patch) ?? true) && "v1.\(version.minor).\(patch)".hasSameBytes(as: name)
        }
        return scope.takesLatest && earlier?.minor != 21 && "v1.\(version.minor)-latest".hasSameBytes(as: name)
    }

    /// The same as a regular expression, for the API server.
    package func pattern(in scope: Scope) -> String {
        let latest = scope.takesLatest
        let newer = minors.map(String.init).joined(separator: "|")
        var choices = ["(\(newer))" + (latest ? #"(\.(0|[1-9][0-9]*)|-latest)"# : #"\.(0|[1-9][0-9]*)"#)]
        if scope.takesOld {
            for (minor, patches) in VersionRule.old.reversed() {
                let range =
                    patches.count == 1 ? "\(patches.lowerBound)" : "[\(patches.lowerBound)-\(patches.upperBound)]"
                choices.append("\(minor)" + (latest && minor != 21 ? #"(\.\#(range)|-latest)"# : #"\.\#(range)"#))
            }
        }
        return #"^v1\.("# + choices.joined(separator: "|") + ")$"
    }

    /// What was probably meant by a name that no resource may have.
    package func nearestName(to name: String, in catalogue: Catalogue) -> String? {
        let known = catalogue.names.filter(\.hasVersionPrefix)
        let prefixed = name.withVersionPrefix
        return known.contains(prefixed) ? prefixed : nearest(to: name, among: known)
    }
}
