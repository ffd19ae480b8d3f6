import Planning
import Terminal

/// The components from top to bottom in the order of their turns, with what happens to their pods: a picture in SVG, as wide
/// as a narrow window.
struct TurnDrawing {
    private struct Row {
        var lines: [(text: String, mark: String)]
        var nodes: Int
        var rolls: Bool

        /// What the row takes from the top of one circle to that of the next.
        var height: Int { max(58, 34 + 18 * lines.count + (nodes > 0 ? 20 : 0)) }
    }

    private let names: [String]
    private let rows: [Row]
    private static let width = 340
    /// The most nodes that are drawn.
    private static let mostNodes = 20

    init(_ turns: [PlanReview.Turn]) {
        names = turns.map(\.component)
        rows = turns.map { turn in
            let objects =
                turn.changes == 0 ? "no changes" : "\(turn.changes) \(turn.changes == 1 ? "object" : "objects")"
            let impacts = turn.impacts.prefix(4).flatMap { impact in
                // What it does, and below it what that means for traffic.
                impact.text.split(separator: ": ", maxSplits: 1).flatMap { wrap(String($0), width: 40).prefix(3) }
            }
            let blocked = turn.blocked == 0 ? [] : [("\(turn.blocked) blocked", "bad")]
            return Row(
                lines: [(objects, "faint")] + blocked + impacts.map { ($0, "warn") },
                nodes: turn.impacts.compactMap(\.nodes).max() ?? 0, rolls: !turn.impacts.isEmpty)
        }
    }

    var text: String {
        var top = 4
        var parts: [String] = []
        for (index, row) in rows.enumerated() {
            if index + 1 < rows.count {
                parts.append("<line class=\"way\" x1=\"18\" y1=\"\(top + 28)\" x2=\"18\" y2=\"\(top + row.height)\"/>")
            }
            parts.append(
                "<circle class=\"\(row.rolls ? "rolls" : "stop")\" cx=\"18\" cy=\"\(top + 14)\" r=\"13\"/>"
                    + "<text class=\"number\" x=\"18\" y=\"\(top + 18)\">\(index + 1)</text>"
                    + "<text class=\"name\" x=\"44\" y=\"\(top + 19)\">\(names[index].inHTML)</text>")
            for (number, line) in row.lines.enumerated() {
                parts.append(
                    "<text class=\"\(line.mark)\" x=\"44\" y=\"\(top + 38 + 18 * number)\">\(line.text.inHTML)</text>")
            }
            parts += nodes(row, y: top + 30 + 18 * row.lines.count)
            top += row.height
        }
        let label = "Order: \(names.joined(separator: ", "))".inHTML
        return "<svg role=\"img\" aria-label=\"\(label)\" width=\"\(TurnDrawing.width)\" height=\"\(top)\" "
            + "viewBox=\"0 0 \(TurnDrawing.width) \(top)\" xmlns=\"http://www.w3.org/2000/svg\">\n"
            + parts.joined(separator: "\n") + "\n</svg>"
    }

    /// A square for each node whose pods are replaced, and a number for those that are too many.
    private func nodes(_ row: Row, y: Int) -> [String] {
        let count = min(max(0, row.nodes), TurnDrawing.mostNodes)
        guard count > 0 else { return [] }
        var parts = (0..<count).map {
            "<rect class=\"node\" x=\"\(44 + 12 * $0)\" y=\"\(y)\" width=\"9\" height=\"9\" rx=\"2\"/>"
        }
        if row.nodes > count {
            parts.append(
                "<text class=\"warn\" x=\"\(48 + 12 * count)\" y=\"\(y + 9)\">+\(row.nodes - count)</text>")
        }
        return parts
    }
}
