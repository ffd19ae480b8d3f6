import GoTemplate
import Values

/// Sprig's functions on slash-separated paths; the `os` ones are the same on Linux.
enum SprigPaths {
    static let functions: [Function] = [
        .onText("base", base), .onText("osBase", base),
        .onText("dir", directory), .onText("osDir", directory),
        .onText("clean", clean), .onText("osClean", clean),
        .onText("ext", fileExtension), .onText("osExt", fileExtension),
        Function("isAbs", [.string], returns: .bool) { .bool($0.text(0).hasPrefix("/")) },
        Function("osIsAbs", [.string], returns: .bool) { .bool($0.text(0).hasPrefix("/")) },
    ]

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    private static func base(_ path: Text) -> Text {
        if path.isEmpty { return "." }
        let bytes = path.bytes
        guard let last = bytes.lastIndex(where: { $0 != slash }) else { return "/" }
        let kept = bytes[...last]
        return Text(kept[(kept.lastIndex(of: slash).map { $0 + 1 } ?? 0)...])
    }

    private static func directory(_ path: Text) -> Text {
        let end = path.lastIndex(of: "/").map { $0 + 1 } ?? 0
        return clean(path[0..<end])
    }

    private static func fileExtension(_ path: Text) -> Text {
        let bytes = path.bytes
        guard let last = bytes.lastIndex(where: { $0 == dot || $0 == slash }), bytes[last] == dot else { return "" }
        return Text(bytes[last...])
    }

    /// Go's path.Clean: the shortest path to the same place by text alone.
    static func clean(_ path: Text) -> Text {
        let bytes = path.bytes
        let isRooted = bytes.first == slash
        var parts: [ArraySlice<UInt8>] = []
        for part in bytes.split(separator: slash) where !part.elementsEqual([dot]) {
            guard part.elementsEqual([dot, dot]) else {
                parts.append(part)
                continue
            }
            if let last = parts.last, !last.elementsEqual([dot, dot]) {
                parts.removeLast()
            } else if !isRooted {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: [slash])
        if isRooted { return Text([slash] + joined) }
        return parts.isEmpty ? "." : Text(Array(joined))
    }
}
