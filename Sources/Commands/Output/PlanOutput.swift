import Istio
import Objects
import Operations
import Planning
import Terminal

/// The table of a plan as people read it: objects with an effect on pods first, those that differ in labels alone in one
/// line, many new ones in a line for each component.
struct PlanOutput {
    let digest: PlanDigest
    let style: Style
    /// Columns of the window; `nil` where there is none, and nothing is wrapped.
    let width: Int?
    var form = DifferenceForm.short
    var showsAll = false

    /// New objects up to this number have a line each.
    private static let listed = 5

    /// The table of changes with the line of version labels; in a window too narrow for a column of effects, these stand
    /// below their objects.
    var table: String {
        let table = self.table(rows)
        let text =
            if let width {
                table.room(in: width) < 24
                    ? table.text(width: width, overflowing: 5, style: style) : table.text(width: width, style: style)
            } else {
                table.text(style: style)
            }
        return (rows.isEmpty ? "" : text) + labelLines
    }

    private var shown: [PlanDigest.Row] {
        showsAll ? digest.rows(.content, .relabelled, .takenOver) : digest.rows(.content, .takenOver)
    }

    /// Objects in lines of their own, then those that come in numbers.
    private var rows: [[String]] {
        var rows: [[String]] = []
        var folded: [(sign: String, component: String, kinds: [String])] = []
        for row in shown {
            let change = row.change
            let sign = sign(row)
            guard isFolded(row) else {
                rows.append([sign, name(of: change), change.identity.description, effect(change)])
                continue
            }
            if let index = folded.firstIndex(where: { $0.sign == sign && $0.component == name(of: change) }) {
                folded[index].kinds.append(change.identity.kind)
            } else {
                folded.append((sign, name(of: change), [change.identity.kind]))
            }
        }
        return rows + folded.map { [$0.sign, $0.component, counted($0.kinds), ""] }
    }

    private func name(of change: Change) -> String { change.component?.rawValue ?? "" }

    /// Whether so many objects of the kind of change are in the plan that each component has one line of them.
    private func isFolded(_ row: PlanDigest.Row) -> Bool {
        guard !showsAll, form != .full else { return false }
        if row.change.action == .create { return digest.rows.count { $0.change.action == .create } > PlanOutput.listed }
        return row.weight == .takenOver && digest.count(.takenOver) > PlanOutput.listed
    }

    /// `18 objects: 15 CustomResourceDefinitions, Namespace, ServiceAccount`
    private func counted(_ kinds: [String]) -> String {
        var counts: [(kind: String, count: Int)] = []
        for kind in kinds {
            if let index = counts.firstIndex(where: { $0.kind == kind }) {
                counts[index].count += 1
            } else {
                counts.append((kind, 1))
            }
        }
        let parts = counts.map { $0.count == 1 ? $0.kind : "\($0.count) \($0.kind)s" }
        return "\(kinds.count) \(kinds.count == 1 ? "object" : "objects"): " + parts.joined(separator: ", ")
    }

    private func table(_ rows: [[String]]) -> Table {
        // Objects beside the mesh have no component.
        var shown = [0, 2]
        if rows.contains(where: { !$0[1].isEmpty }) { shown.insert(1, at: 1) }
        if rows.contains(where: { $0.last?.isEmpty == false }) { shown.append(3) }
        var table = Table(shown.map { ["", "COMPONENT", "OBJECT", "EFFECT"][$0] })
        for row in rows { table.append(shown.map { row[$0] }) }
        return table
    }

    private func effect(_ change: Change) -> String {
        if let termination = change.action.termination { return style.paint(termination.description, as: .warning) }
        guard change.impact != .none else { return "" }
        return style.paint("\(change.impact)", as: .warning)
    }

    /// `version labels 1.29.6 → 1.30.3 on 30 objects, 23 of which differ in nothing else (--show-all)`
    private var labelLines: String {
        var lines = digest.versionLabels.map(\.description)
        let hidden = digest.count(.relabelled)
        if !showsAll, hidden > 0, let last = lines.indices.last {
            lines[last] += ", \(hidden) of which differ in nothing else (--show-all)"
        }
        return lines.map { line in
            let pieces = width.map { wrap(line, width: max(20, $0 - 3)) } ?? [line]
            return style.paint("~", as: .warning) + "  " + pieces.joined(separator: "\n   ") + "\n"
        }.joined()
    }

    private func sign(_ row: PlanDigest.Row) -> String {
        if row.weight == .takenOver { return style.paint("=", as: .warning) }
        return switch row.change.action {
        case .create: style.paint("+", as: .added)
        case .terminating: style.paint("-+", as: .warning)
        case .change: style.paint("~", as: .warning)
        case .takeOver: style.paint("=", as: .warning)
        case .delete: style.paint("-", as: .removed)
        case .conflict, .owned, .refused: style.paint("!", as: .error)
        case .unchanged: " "
        }
    }
}
