import Values

/// A version of Istio as its releases, charts and image tags write it: `v1.30.3`, `1.30.3-rc.1`, `1.30-alpha.9f2c`.
package struct IstioVersion: Sendable, Hashable {
    package let major: Int
    package let minor: Int
    /// `nil` where the text names a minor only, as the tags of development builds do.
    package let patch: Int?
    /// What follows the numbers after a hyphen: `rc.1`; empty for a release.
    package let prerelease: String

    package init(major: Int, minor: Int, patch: Int?, prerelease: String = "") {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
    }

    /// Reads `MAJOR.MINOR[.PATCH][-REST]`, with or without a `v`; `nil` for any other text, and for numbers of more than
    /// nine digits or with a zero before them.
    package init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        if bytes.first == UInt8(ascii: "v") { bytes = bytes.dropFirst() }
        let build = bytes.firstIndex(of: UInt8(ascii: "+")) ?? bytes.endIndex
        bytes = bytes[..<build]
        let hyphen = bytes.firstIndex(of: UInt8(ascii: "-")) ?? bytes.endIndex
        let numbers = bytes[..<hyphen].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map(IstioVersion.number)
        guard (2...3).contains(numbers.count), let major = numbers[0], let minor = numbers[1] else { return nil }
        if numbers.count == 3, numbers[2] == nil { return nil }
        let rest = bytes[hyphen...].dropFirst()
        if hyphen < bytes.endIndex, rest.isEmpty { return nil }
        self.init(
            major: major, minor: minor, patch: numbers.count == 3 ? numbers[2] : nil,
            prerelease: String(decoding: rest, as: UTF8.self))
    }

    /// Digits only, and so few that the number cannot overflow.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...9).contains(digits.count) else { return nil }
        // As in semantic versions: 1.08 is none.
        if digits.count > 1, digits.first == UInt8(ascii: "0") { return nil }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    /// `1.30`
    package var minorName: String { "\(major).\(minor)" }

    /// Whether it comes before a release: `1.30.3-rc.1`.
    var isPrerelease: Bool { !prerelease.isEmpty && !namesNewestPatch }

    /// Whether this stands for the newest patch of its minor: `1.30`, `v1.30-latest`.
    package var namesNewestPatch: Bool { patch == nil && (prerelease.isEmpty || prerelease == "latest") }

    /// Whether both name the same release as far as both tell: `1.30-alpha.9f2c` and `1.30.3` do, and so do `1.30.3` and
    /// `1.30.3-debug`, for what a builder puts behind a release's number is no other release.
    package func agrees(with other: IstioVersion) -> Bool {
        guard (major, minor) == (other.major, other.minor) else { return false }
        guard let patch, let theirs = other.patch else { return true }
        return patch == theirs
    }

    /// How many minors this is ahead of the other; `nil` for another major.
    package func minors(aheadOf other: IstioVersion) -> Int? {
        major == other.major ? minor - other.minor : nil
    }
}

extension IstioVersion: CustomStringConvertible {
    /// Without a `v`: `1.30.3-rc.1`.
    package var description: String {
        minorName + (patch.map { ".\($0)" } ?? "") + (prerelease.isEmpty ? "" : "-" + prerelease)
    }
}

extension IstioVersion: Comparable {
    /// By the numbers; a prerelease is before its release.
    package static func < (first: IstioVersion, second: IstioVersion) -> Bool {
        let one = (first.major, first.minor, first.patch ?? 0)
        let two = (second.major, second.minor, second.patch ?? 0)
        if one != two { return one < two }
        if first.prerelease.isEmpty != second.prerelease.isEmpty { return !first.prerelease.isEmpty }
        return first.prerelease.precedesByBytes(second.prerelease)
    }
}

/// A minor of Kubernetes, as `/version` and the catalogue write it: `1.36`.
package struct KubernetesVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int

    /// Reads `1.36`, `v1.36.2` or `1.36+`; `nil` for any other text.
    package init?(_ text: some StringProtocol) {
        let plain = text.last == "+" ? String(text.dropLast()) : String(text)
        guard let version = IstioVersion(plain) else { return nil }
        (major, minor) = (version.major, version.minor)
    }

    package static func < (first: KubernetesVersion, second: KubernetesVersion) -> Bool {
        (first.major, first.minor) < (second.major, second.minor)
    }

    package var description: String { "\(major).\(minor)" }
}
