/// Paths with `/` between their parts, as Go's package path treats them.
enum SlashPath {
    /// The last part; "." for an empty path, "/" for one of slashes only.
    static func base(of path: String) -> String {
        if path.isEmpty { return "." }
        let bytes = path.utf8
        guard let last = bytes.lastIndex(where: { $0 != slash }) else { return "/" }
        let start = bytes[...last].lastIndex(of: slash).map { bytes.index(after: $0) } ?? bytes.startIndex
        return String(path[start...last])
    }

    /// What follows the last dot of the last part, the dot included; empty without one.
    static func `extension`(of path: String) -> String {
        let bytes = path.utf8
        let start = bytes.lastIndex(of: slash) ?? bytes.startIndex
        guard let dot = bytes[start...].lastIndex(of: UInt8(ascii: ".")) else { return "" }
        return String(path[dot...])
    }

    /// The shortest path that means the same: no doubled slashes, no ".", no inner "..".
    static func clean(_ path: String) -> String {
        if isClean(path) { return path }
        let isRooted = path.utf8.first == slash
        var parts: [Substring] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isRooted {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isRooted { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    /// Whether a relative path has no empty part, and none that begins with a dot, so that there is nothing to change.
    private static func isClean(_ path: String) -> Bool {
        var previous = slash
        for byte in path.utf8 {
            if previous == slash, byte == slash || byte == UInt8(ascii: ".") { return false }
            previous = byte
        }
        return previous != slash
    }

    static func join(_ parts: String...) -> String {
        let joined = parts.filter { !$0.isEmpty }.joined(separator: "/")
        return joined.isEmpty ? "" : clean(joined)
    }

    private static let slash = UInt8(ascii: "/")
}
