import Objects
import Operations
import Planning
import Terminal
import Values

/// The differences of a plan's objects, field by field; text of several lines by its own lines.
struct DifferenceOutput {
    let digest: PlanDigest
    let style: Style
    let form: DifferenceForm
    let showsAll: Bool

    /// Lines of one object, and of all, in the short form.
    private static let shortObject = 10
    private static let shortPlan = 45

    /// The objects whose differences are shown, those with an effect on pods first, with their lines.
    var objects: [(change: Change, lines: [String])] {
        guard form != .none else { return [] }
        let rows = showsAll ? digest.rows(.content, .relabelled, .takenOver) : digest.rows(.content)
        return rows.map { ($0.change, lines($0)) }.filter { !$0.lines.isEmpty }
    }

    /// All objects whose differences are shown, each under a heading.
    var text: String {
        let blocks = objects.map { (heading: heading($0.change), lines: $0.lines) }
        guard form == .short else { return blocks.map { $0.heading + $0.lines.joined() }.joined() }
        return short(blocks)
    }

    /// As much as fits into a screen, and how much is left out.
    private func short(_ blocks: [(heading: String, lines: [String])]) -> String {
        var text = ""
        var left = DifferenceOutput.shortPlan
        var hidden = (objects: 0, lines: 0)
        for block in blocks {
            let room = min(DifferenceOutput.shortObject, left)
            guard room >= min(3, block.lines.count) else {
                hidden = (hidden.objects + 1, hidden.lines + block.lines.count)
                continue
            }
            let count = block.lines.count <= room ? block.lines.count : room - 1
            text += block.heading + block.lines.prefix(count).joined()
            if count < block.lines.count { text += more("\(lines(block.lines.count - count)) more: --diff=full") }
            left -= min(block.lines.count, room) + 1
        }
        guard hidden.objects > 0 else { return text }
        let objects = "\(hidden.objects) more \(hidden.objects == 1 ? "object" : "objects")"
        return text + style.paint("… \(lines(hidden.lines)) of \(objects): --diff=full", as: .faint) + "\n"
    }

    private func lines(_ count: Int) -> String { "\(count) \(count == 1 ? "line" : "lines")" }

    private func more(_ text: String) -> String { style.paint("  … \(text)", as: .faint) + "\n" }

    private func heading(_ change: Change) -> String {
        style.paint("\(change.action.name) \(change.identity)", as: .heading) + "\n"
    }

    private func lines(_ row: PlanDigest.Row) -> [String] {
        let change = row.change
        switch change.action {
        case .unchanged, .takeOver: return []
        case .conflict(let conflicts): return conflicts.map { "  \($0)\n" }
        case .owned(let release): return ["  it belongs to the Helm release \(release)\n"]
        case .refused(let message): return ["  \(message.onOneLine)\n"]
        case .terminating(let termination): return ["  \(termination)\n"]
        case .create where form == .short, .delete where form == .short: return []
        case .create where change.identity.kind == "CustomResourceDefinition":
            return ["  \(lines(yaml(change.predicted.map(readable)).count)) of schema\n"]
        case .create: return yaml(change.predicted.map { masked(readable($0)) }).map { paint(.added($0)) }
        case .delete: return yaml(change.live.map { masked(readable($0)) }).map { paint(.removed($0)) }
        case .change: return (showsAll ? row.differences : row.contents).flatMap(lines)
        }
    }

    /// The field's place, and beneath it what it was and what it will be.
    private func lines(_ difference: FieldDifference) -> [String] {
        let old = difference.old.map { text(of: $0, beside: difference.new) } ?? []
        let new = difference.new.map { text(of: $0, beside: difference.old) } ?? []
        let lines = lineDiff(old, new, context: old.count > 1 && new.count > 1 ? (form == .full ? 3 : 1) : 0)
        return ["  \(difference.place)\n"] + inner(lines).map(paint)
    }

    /// Without what is left out at both ends, which says nothing.
    private func inner(_ lines: [DiffLine]) -> ArraySlice<DiffLine> {
        var lines = lines[...]
        if case .skipped? = lines.first { lines = lines.dropFirst() }
        if case .skipped? = lines.last { lines = lines.dropLast() }
        return lines
    }

    /// A value by lines: text by its own, a list of plain values by its elements, the rest as YAML.
    private func text(of value: Value, beside other: Value?) -> [String] {
        switch value {
        case .string(let text):
            // A text that another type would be written like is quoted where the types differ.
            if let other, other.string == nil { return [(try? value.json(escapingHTML: false)) ?? text] }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            return lines.last == "" ? lines.dropLast() : lines
        case .list(let items) where items.allSatisfy({ $0.map == nil && $0.list == nil }):
            return items.map { $0.string ?? (try? $0.json(escapingHTML: false)) ?? "" }
        case .map(let map) where !map.isEmpty: return yaml(value)
        case .list(let items) where !items.isEmpty: return yaml(value)
        default: return [(try? value.json(escapingHTML: false)) ?? ""]
        }
    }

    private func paint(_ line: DiffLine) -> String {
        switch line {
        case .same(let text): "    \(text)\n"
        case .added(let text): style.paint("+   \(text)", as: .added) + "\n"
        case .removed(let text): style.paint("-   \(text)", as: .removed) + "\n"
        case .skipped(let count): style.paint("    … \(lines(count)) …", as: .faint) + "\n"
        }
    }

    private func yaml(_ object: Value?) -> [String] {
        guard let object, let bytes = try? object.printedYAML() else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }
}
