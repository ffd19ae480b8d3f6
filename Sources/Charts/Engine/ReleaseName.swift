import Values

extension ReleaseOptions {
    private static let longestName = 53
    private static let namePattern =
        #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#

    /// Throws where Helm refuses the release's name: it is no name in Kubernetes, or too long.
    package func checkName() throws(ReleaseNameError) {
        if name.isEmpty { throw ReleaseNameError(name: name, reason: "no name provided") }
        guard name.utf8.count <= ReleaseOptions.longestName, isDNSSubdomain(name) else {
            throw ReleaseNameError(
                name: name,
                reason: "invalid release name, must match regex \(ReleaseOptions.namePattern) "
                    + "and the length must not be longer than \(ReleaseOptions.longestName)")
        }
    }
}

/// A name that no release can have, in Helm's words.
package struct ReleaseNameError: Error, Equatable, CustomStringConvertible {
    let name: String
    let reason: String

    package var description: String { "release name check failed: release name \(quoted(name)): \(reason)" }
}
