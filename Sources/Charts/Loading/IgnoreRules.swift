import Values

/// The rules of a `.helmignore` file, in order, with Helm's own rule for hidden files in `templates/` last.
struct IgnoreRules: Sendable {
    private struct Rule {
        var pattern: ShellPattern
        var isNegated: Bool
        /// The rule ends in `/` and is about folders only.
        var isForFolders: Bool
        /// The rule has no slash and looks at a path's last part only.
        var isForNames: Bool
    }

    private var rules: [Rule] = []

    /// The rules of a chart without the file.
    init() {
        self.init(parsed: [])
    }

    /// Reads the text of a `.helmignore`; throws `ChartError` for a pattern that Helm refuses.
    init(_ text: Text) throws(ChartError) {
        var lines = text.string.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if let first = lines.first, first.starts(with: [0xEF, 0xBB, 0xBF]) { lines[0] = first.dropFirst(3) }
        var rules: [Rule] = []
        for line in lines {
            if let rule = try IgnoreRules.rule(Substring(line).trimmingSpace) { rules.append(rule) }
        }
        self.init(parsed: rules)
    }

    private init(parsed: [Rule]) {
        rules = parsed
        if let hidden = try? IgnoreRules.rule("templates/.?*") { rules.append(hidden) }
    }

    private static func rule(_ text: String) throws(ChartError) -> Rule? {
        if text.isEmpty || text.utf8.first == UInt8(ascii: "#") { return nil }
        if text.contains("**") { throw .ignorePattern("double-star (**) syntax is not supported") }
        do throws(ShellPattern.SyntaxError) {
            // The whole text must be a pattern, even where parts of it are cut off below.
            _ = try ShellPattern(text)
            var pattern = text[...]
            let isNegated = pattern.utf8.first == UInt8(ascii: "!")
            if isNegated { pattern = pattern.dropFirst() }
            let isForFolders = pattern.utf8.last == UInt8(ascii: "/")
            if isForFolders { pattern = pattern.dropLast() }
            let isForNames = !pattern.utf8.contains(UInt8(ascii: "/"))
            if pattern.utf8.first == UInt8(ascii: "/") { pattern = pattern.dropFirst() }
            return Rule(
                pattern: try ShellPattern(String(pattern)), isNegated: isNegated, isForFolders: isForFolders,
                isForNames: isForNames)
        } catch {
            throw .ignorePattern(error.description)
        }
    }

    /// Whether the file or folder of that path, relative to the chart, is left out.
    ///
    /// A negated rule leaves out all that it does not match: `!a.txt` removes even Chart.yaml (Helm's rule).
    func ignores(_ path: String, isFolder: Bool) -> Bool {
        let name = SlashPath.base(of: path)
        for rule in rules {
            if rule.isNegated, rule.isForFolders, !isFolder { return true }
            guard rule.isNegated || !rule.isForFolders || isFolder else { continue }
            if rule.pattern.matches(rule.isForNames ? name : path) != rule.isNegated { return true }
        }
        return false
    }
}

extension Substring {
    /// Without the white space around it, as Go's TrimSpace.
    var trimmingSpace: String {
        var scalars = unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
