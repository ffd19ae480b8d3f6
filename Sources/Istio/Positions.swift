/// Finds where a block-style YAML text sets the key at a path; keys of flow maps are found at the map's own key.
///
/// Lines and columns count from 1. Reads lines, not tokens: it is asked only when there is an error to be placed.
package func position(of path: [String], in text: String) -> (line: Int, column: Int)? {
    var finder = PositionFinder(path: path)
    for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
        finder.take(Array(line), number: index + 1)
    }
    return finder.best
}

private struct PositionFinder {
    let path: [String]
    private(set) var best: (line: Int, column: Int)?
    private var bestDepth = 0
    /// The open keys and list indexes with their indentation.
    private var open: [(indent: Int, name: String)] = []

    init(path: [String]) {
        self.path = path
    }

    mutating func take(_ line: [UInt8], number: Int) {
        var indent = line.prefix { $0 == UInt8(ascii: " ") }.count
        guard indent < line.count, line[indent] != UInt8(ascii: "#") else { return }
        if line.starts(with: "---".utf8) { open = [] }
        while indent + 1 < line.count, line[indent] == UInt8(ascii: "-"), line[indent + 1] == UInt8(ascii: " ") {
            takeListItem(indent)
            indent += 1 + line[(indent + 1)...].prefix { $0 == UInt8(ascii: " ") }.count
        }
        guard let key = key(in: line[indent...]) else { return }
        while let last = open.last, last.indent > indent || (last.indent == indent && !isListItem(last.name)) {
            open.removeLast()
        }
        open.append((indent, key))
        let names = open.map { isListItem($0.name) ? String($0.name.dropFirst()) : $0.name }
        guard names.count > bestDepth, path.starts(with: names) else { return }
        best = (number, indent + 1)
        bestDepth = names.count
    }

    private mutating func takeListItem(_ indent: Int) {
        while let last = open.last, last.indent > indent { open.removeLast() }
        if let last = open.last, last.indent == indent, isListItem(last.name) {
            open[open.count - 1].name = "\u{0}\((Int(last.name.dropFirst()) ?? 0) + 1)"
        } else {
            open.append((indent, "\u{0}0"))
        }
    }

    /// Names of list items are their indexes behind a NUL, which no key holds.
    private func isListItem(_ name: String) -> Bool { name.utf8.first == 0 }

    private func key(in line: ArraySlice<UInt8>) -> String? {
        guard let first = line.first else { return nil }
        let colon = UInt8(ascii: ":")
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            let rest = line.dropFirst()
            guard let end = rest.firstIndex(of: first), end + 1 < line.endIndex, line[end + 1] == colon else { return nil }
            return String(decoding: rest[..<end], as: UTF8.self)
        }
        guard
            let end = line.indices.first(where: {
                line[$0] == colon && ($0 + 1 == line.endIndex || [32, 9, 13].contains(line[$0 + 1]))
            })
        else { return nil }
        return String(decoding: line[..<end], as: UTF8.self)
    }
}
