/// Unicode 15's scripts as Go's regular expressions know them: `\p{Greek}`; the table is in ScriptTable.swift.
enum Scripts {
    /// The code points of a script, by its name in Go's spelling: first letter upper case, the others lower.
    static func ranges(_ name: String) -> [ClosedRange<UInt32>]? {
        guard let row = table.first(where: { $0.name == name }) else { return nil }
        return row.ranges.split { $0 == " " || $0 == "\n" }.compactMap { range in
            let bounds = range.split(separator: "-").compactMap { UInt32($0, radix: 16) }
            guard let first = bounds.first, let last = bounds.last else { return nil }
            return first...last
        }
    }
}
