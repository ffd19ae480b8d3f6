import GoRegexp
import Values

/// A condition on versions as Masterminds/semver v3 reads it: alternatives between `||`, each a list of comparisons.
struct VersionConstraint: Sendable {
    struct Alternative: Sendable {
        var comparisons: [VersionComparison]
        /// Prereleases count only where one of the comparisons names one.
        var acceptsPrereleases: Bool
    }

    private let alternatives: [Alternative]

    init(parsing text: Text) throws(SemanticVersionError) {
        // Far more than any chart asks for; longer ones would take long to search.
        if text.count > 10_000 { throw SemanticVersionError("improper constraint: " + quoted(text)) }
        var alternatives: [Alternative] = []
        for part in VersionConstraint.rewritingRanges(text).split(by: "||") {
            guard Patterns.shared.list.matches(part) else {
                throw SemanticVersionError("improper constraint: " + quoted(part))
            }
            var comparisons: [VersionComparison] = []
            for comparison in Patterns.shared.comparison.all(in: part) {
                comparisons.append(try VersionComparison(parsing: comparison))
            }
            alternatives.append(
                Alternative(
                    comparisons: comparisons,
                    acceptsPrereleases: comparisons.contains { !$0.version.prerelease.isEmpty }))
        }
        self.alternatives = alternatives
    }

    func accepts(_ version: SemanticVersion) -> Bool {
        alternatives.contains { alternative in
            (version.prerelease.isEmpty || alternative.acceptsPrereleases)
                && alternative.comparisons.allSatisfy { $0.accepts(version) }
        }
    }

    /// `1.2 - 3` becomes `>= 1.2, <= 3`.
    private static func rewritingRanges(_ text: Text) -> Text {
        var result = text
        let pattern = Patterns.shared.range
        for bounds in pattern.allBounds(in: text, limit: -1, slots: pattern.captureCount * 2) {
            let groups = stride(from: 0, to: bounds.count, by: 2).map { index in
                bounds[index] < 0 ? Text("") : text[bounds[index]..<bounds[index + 1]]
            }
            guard let found = result.firstIndex(of: groups[0]) else { continue }
            let rewritten: Text = ">= " + groups[1] + ", <= " + groups[1 + Patterns.versionGroups] + " "
            result = result[0..<found] + rewritten + result[(found + groups[0].count)..<result.count]
        }
        return result
    }

    /// The patterns that define which texts are constraints.
    struct Patterns: Sendable {
        /// How many groups a version has: itself, three numbers, and prerelease and metadata with their parts.
        static let versionGroups = 10

        static let shared = Patterns()

        let range: Pattern
        let list: Pattern
        let comparison: Pattern
        let single: Pattern

        private init() {
            // A number may be a wildcard; the bar is allowed there too, and refused when the number is read.
            let number = #"[0-9xX*|]+"#
            let identifiers = #"([0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)"#
            let version = #"(v?(\#(number))(\.\#(number))?(\.\#(number))?(-\#(identifiers))?(\+\#(identifiers))?)"#
            let operators = #"(=||!=|>|<|>=|=>|<=|=<|~|~>|\^)"#
            let one = #"\s*\#(operators)\s*\#(version)\s*"#
            range = Patterns.compile(#"\s*\#(version)\s+-\s+\#(version)\s*"#)
            list = Patterns.compile(#"^\#(one)((\s+|,\s*)\#(operators)\s*\#(version)\s*)*$"#)
            comparison = Patterns.compile(#"\#(operators)\s*\#(version)"#)
            single = Patterns.compile("^\(one)$")
        }

        /// The patterns are constants of this file and known to be well-formed; a fault would match nothing.
        private static func compile(_ expression: String) -> Pattern {
            (try? Pattern(Text(expression))) ?? .matchingNothing
        }
    }
}
