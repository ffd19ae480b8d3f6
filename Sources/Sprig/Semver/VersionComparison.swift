import GoRegexp
import GoTemplate
import Values

/// One comparison of a constraint: an operator and a version whose last numbers may be wild or missing.
struct VersionComparison: Sendable {
    enum Operator: Sendable {
        case equal, notEqual, greater, less, greaterOrEqual, lessOrEqual, tilde, caret
    }

    /// Which numbers of the version are given.
    enum Precision: Sendable {
        case full, minor, major, none
    }

    let relation: Operator
    let version: SemanticVersion
    let precision: Precision

    private static let operators: [Text: Operator] = [
        "": .equal, "=": .equal, "!=": .notEqual, ">": .greater, "<": .less, ">=": .greaterOrEqual,
        "=>": .greaterOrEqual, "<=": .lessOrEqual, "=<": .lessOrEqual, "~": .tilde, "~>": .tilde, "^": .caret,
    ]

    init(parsing text: Text) throws(SemanticVersionError) {
        guard let groups = VersionConstraint.Patterns.shared.single.firstCaptures(in: text),
            let relation = VersionComparison.operators[groups[1] ?? ""]
        else { throw SemanticVersionError("improper constraint: " + quoted(text)) }
        self.relation = relation
        let numbers = groups[3...5].map { $0 ?? "" }
        let prerelease = groups[6] ?? ""
        let complete: Text
        if VersionComparison.isOpen(numbers[0]) {
            (precision, complete) = (.none, "0.0.0" + prerelease)
        } else if VersionComparison.isOpen(numbers[1]) {
            (precision, complete) = (.major, numbers[0] + ".0.0" + prerelease)
        } else if VersionComparison.isOpen(numbers[2]) {
            (precision, complete) = (.minor, numbers[0] + numbers[1] + ".0" + prerelease)
        } else {
            (precision, complete) = (.full, groups[2] ?? "")
        }
        do {
            version = try SemanticVersion(parsing: complete)
        } catch {
            throw SemanticVersionError("constraint parser error")
        }
    }

    private static func isOpen(_ number: Text) -> Bool {
        ["", "x", "X", "*", ".x", ".X", ".*"].contains(number)
    }

    func accepts(_ candidate: SemanticVersion) -> Bool {
        switch relation {
        case .equal: precision == .full ? candidate.compare(version) == 0 : isClose(candidate)
        case .notEqual: isDifferent(candidate)
        case .greater: isGreater(candidate)
        case .less: candidate.compare(version) < 0
        case .greaterOrEqual: candidate.compare(version) >= 0
        case .lessOrEqual: isLessOrEqual(candidate)
        case .tilde: isClose(candidate)
        case .caret: isCompatible(candidate)
        }
    }

    private func isDifferent(_ candidate: SemanticVersion) -> Bool {
        if precision == .full { return candidate.compare(version) != 0 }
        if version.major != candidate.major { return true }
        switch precision {
        case .major: return false
        case .minor:
            if version.minor != candidate.minor { return true }
            if candidate.prerelease.isEmpty, version.prerelease.isEmpty { return false }
            return SemanticVersion.comparePrereleases(candidate.prerelease, version.prerelease) != 0
        default: return candidate.compare(version) != 0
        }
    }

    /// `>11` means 12 and later, `>11.1` means 11.2 and later.
    private func isGreater(_ candidate: SemanticVersion) -> Bool {
        if precision == .full || precision == .none && candidate.major == version.major {
            return candidate.compare(version) > 0
        }
        if candidate.major != version.major { return candidate.major > version.major }
        return precision == .minor && candidate.minor > version.minor
    }

    private func isLessOrEqual(_ candidate: SemanticVersion) -> Bool {
        if precision == .full { return candidate.compare(version) <= 0 }
        if candidate.major != version.major { return candidate.major < version.major }
        return precision == .major || candidate.minor <= version.minor
    }

    /// `~1.2.3`: at least that, with the same major and, where given, minor number; `~0.0.0` accepts all later ones.
    private func isClose(_ candidate: SemanticVersion) -> Bool {
        if candidate.compare(version) < 0 { return false }
        let isZero = version.major == 0 && version.minor == 0 && version.patch == 0
        if isZero, precision == .full || precision == .none { return true }
        return candidate.major == version.major && (precision == .major || candidate.minor == version.minor)
    }

    /// `^1.2.3`: at least that, with the same first number that is not zero.
    private func isCompatible(_ candidate: SemanticVersion) -> Bool {
        if candidate.compare(version) < 0 { return false }
        if version.major > 0 || precision == .major { return candidate.major == version.major }
        if candidate.major > 0 { return false }
        if version.minor > 0 || precision == .minor { return candidate.minor == version.minor }
        return candidate.minor == 0 && candidate.patch == version.patch
    }
}
