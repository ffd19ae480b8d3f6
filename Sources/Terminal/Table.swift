internal import Values

/// Rows under headings, each column as wide as its widest cell; the last column is not padded. Cells are shown on one
/// line each, whatever came from elsewhere with them.
package struct Table: Sendable {
    private let headings: [String]
    private var rows: [[String]] = []

    package init(_ headings: [String]) {
        self.headings = headings
    }

    /// Whether it has no row.
    package var isEmpty: Bool { rows.isEmpty }

    package init(_ headings: [String], rows: [[String]]) {
        self.headings = headings
        self.rows = rows.map { $0.map(\.onOneLine) }
    }

    package mutating func append(_ cells: [String]) {
        rows.append(cells.map(\.onOneLine))
    }

    /// The table as text; where `width` is given, the last column is wrapped to fit into it.
    package func text(width: Int? = nil, style: Style = .plain) -> String {
        let widths = widths
        let margin = Table.margin(widths)
        let room = width.map { max(16, $0 - margin) }
        var result = line(headings, widths: widths) { style.paint($0, as: .strong) }
        for row in rows {
            let last = row.last ?? ""
            let pieces = room.map { wrap(last, width: $0) } ?? [last]
            result += line(row.dropLast() + [pieces[0]], widths: widths) { $0 }
            for piece in pieces.dropFirst() { result += String(repeating: " ", count: margin) + piece + "\n" }
        }
        return result
    }

    /// The columns of a window that are left for the last cells.
    package func room(in width: Int) -> Int {
        width - Table.margin(widths)
    }

    /// The table as text where a last cell that does not fit behind the others stands below its row, indented; as one
    /// line for each row where no `width` is given.
    package func text(width: Int?, overflowing indent: Int, style: Style = .plain) -> String {
        guard let width else { return text(style: style) }
        let margin = Table.margin(widths)
        var below: [Int: String] = [:]
        var short = self
        if let last = headings.last, margin + breadth(last) > width {
            short = Table(headings.dropLast() + [""], rows: rows)
        }
        for (index, row) in rows.enumerated() {
            guard let last = row.last, !last.isEmpty, margin + breadth(last) > width else {
                continue
            }
            below[index] = last
            short.rows[index] = row.dropLast() + [""]
        }
        var lines = short.text(style: style).split(separator: "\n").map { $0 + "\n" }
        let room = max(20, width - indent)
        for (index, text) in below {
            let pieces = wrap(text, width: room).map { String(repeating: " ", count: indent) + $0 + "\n" }
            lines[index + 1] += pieces.joined()
        }
        return lines.joined()
    }

    /// Of each column, that of its widest cell.
    private var widths: [Int] {
        var widths = headings.map(breadth)
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], breadth(cell)) }
        }
        return widths
    }

    /// What is before the last column.
    private static func margin(_ widths: [Int]) -> Int { widths.dropLast().reduce(0) { $0 + $1 + 2 } }

    private func line(_ cells: [String], widths: [Int], paint: (String) -> String) -> String {
        var line = ""
        var missing = 0
        for (column, cell) in cells.enumerated() where !cell.isEmpty || column < cells.count - 1 {
            line += String(repeating: " ", count: missing) + (cell.isEmpty ? "" : paint(cell))
            missing = widths[column] - breadth(cell) + 2
        }
        return line + "\n"
    }
}

/// The columns that a cell takes: marks of colours take none.
private func breadth(_ cell: String) -> Int {
    guard cell.unicodeScalars.contains(Mark.first) else { return columns(of: cell) }
    return columns(of: Mark.removed(from: cell))
}
