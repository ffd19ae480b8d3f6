import Values

extension ReleaseOptions {
    private static let longestName = 53
    private static let namePattern =
        #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#

    /// Throws where Helm refuses the release's name: it is no name in Kubernetes, or too long.
    package func checkName() throws(ReleaseNameError) {
        if name.isEmpty { throw ReleaseNameError(name: name, reason: "no name provided") }
        guard name.utf8.count <= ReleaseOptions.longestName, ReleaseOptions.isSubdomain(name) else {
            throw ReleaseNameError(
                name: name,
                reason: "invalid release name, must match regex \(ReleaseOptions.namePattern) "
                    + "and the length must not be longer than \(ReleaseOptions.longestName)")
        }
    }

    /// Labels of small letters, digits and inner dashes, with dots between them.
    private static func isSubdomain(_ name: String) -> Bool {
        name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.first, let last = label.last else { return false }
            let dash = UInt8(ascii: "-")
            return first != dash && last != dash && label.allSatisfy { $0 == dash || isLetterOrDigit($0) }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (0x30...0x39).contains(byte)
    }
}

/// A name that no release can have, in Helm's words.
package struct ReleaseNameError: Error, Equatable, CustomStringConvertible {
    let name: String
    let reason: String

    package var description: String { "release name check failed: release name \(quoted(name)): \(reason)" }
}
