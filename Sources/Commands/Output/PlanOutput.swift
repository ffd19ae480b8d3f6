import Istio
import Objects
import Planning
import Terminal
import Values
import YAML

/// A plan as people and programs read it.
struct PlanOutput {
    let plan: Plan
    let style: Style
    /// Columns of the window; `nil` where there is none, and nothing is wrapped.
    let width: Int?
    /// Whether the differences of each object are shown, or only the list.
    var showsDifferences = true

    /// The table of changes, then a unified diff of each object.
    var text: String {
        guard !plan.isEmpty else { return "no changes: the cluster is as it should be\n" }
        var text = table
        if showsDifferences { text += "\n" + differences }
        return text + plan.changedByLines + summary + "\n"
    }

    /// A unified diff of each object that changes.
    var differences: String { plan.changes.map(difference).joined() }

    /// In a window too narrow for a column of effects, those that matter stand below their objects.
    private var table: String {
        let full = table(sayingNone: true)
        guard let width, full.room(in: width) < 24 else { return full.text(width: width, style: style) }
        return table(sayingNone: false).text(width: width, overflowing: 5, style: style)
    }

    private func table(sayingNone: Bool) -> Table {
        var table = Table(["", "COMPONENT", "OBJECT", "EFFECT"])
        for change in plan.changes where change.action != .unchanged {
            let showsEffect = sayingNone && change.action == .change || change.impact != .none
            let effect = change.action.termination.map(\.description) ?? (showsEffect ? "\(change.impact)" : "")
            table.append([sign(change.action), change.component?.rawValue ?? "", change.identity.description, effect])
        }
        return table
    }

    /// `5 to create, 2 to change, 31 unchanged`
    var summary: String {
        let counts: [(Int, String)] = [
            (plan.count { $0 == .create }, "to create"), (plan.count { $0 == .change }, "to change"),
            (plan.count { $0 == .takeOver }, "to take over"), (plan.deletions.count, "to delete"),
            (plan.terminating.count, "to create after deletion"), (plan.conflicts.count, "in conflict"),
            (plan.refusals.count + plan.foreign.count, "refused"),
            (plan.count { $0 == .unchanged }, "unchanged"),
        ]
        return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    private func sign(_ action: Action) -> String {
        switch action {
        case .create: style.paint("+", as: .added)
        case .terminating: style.paint("-+", as: .warning)
        case .change: style.paint("~", as: .warning)
        case .takeOver: style.paint("=", as: .warning)
        case .delete: style.paint("-", as: .removed)
        case .conflict, .owned, .refused: style.paint("!", as: .error)
        case .unchanged: " "
        }
    }

    private func difference(_ change: Change) -> String {
        let old = change.live.map { masked(comparable($0), against: change.predicted.map(comparable)) }
        let new = change.predicted.map { masked(comparable($0), against: change.live.map(comparable)) }
        let lines: [DiffLine]
        switch change.action {
        case .unchanged, .takeOver: return ""
        case .conflict(let conflicts):
            return header(change) + conflicts.map { "  \($0)\n" }.joined()
        case .owned(let release): return header(change) + "  it belongs to the Helm release \(release)\n"
        case .refused(let message): return header(change) + "  \(message)\n"
        case .terminating(let termination): return header(change) + "  \(termination)\n"
        case .create where change.identity.kind == "CustomResourceDefinition":
            return header(change) + "  \(self.lines(new).count) lines of schema\n"
        case .create: lines = lineDiff([], self.lines(new))
        case .delete: lines = lineDiff(self.lines(old), [])
        case .change: lines = lineDiff(self.lines(old), self.lines(new))
        }
        return header(change) + lines.map(paint).joined()
    }

    private func header(_ change: Change) -> String {
        style.paint("\(change.action.name) \(change.identity)", as: .heading) + "\n"
    }

    private func paint(_ line: DiffLine) -> String {
        switch line {
        case .same(let text): "  \(text)\n"
        case .added(let text): style.paint("+ \(text)", as: .added) + "\n"
        case .removed(let text): style.paint("- \(text)", as: .removed) + "\n"
        case .skipped(let count): style.paint("  … \(count) \(count == 1 ? "line" : "lines") …", as: .faint) + "\n"
        }
    }

    private func lines(_ object: Value?) -> [String] {
        guard let object, let bytes = try? object.yamlBytes() else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    /// The plan for programs: each object with its action, effect, and both states where they differ.
    var value: Value {
        let changes = plan.changes.map { change -> Value in
            var map: Mapping = [
                "component": .string(change.component?.rawValue ?? ""),
                "apiVersion": .string(change.identity.apiVersion),
                "kind": .string(change.identity.kind), "name": .string(change.identity.name),
                "action": .string(change.action.name), "effect": .string(change.impact.description),
            ]
            if !change.changedBy.isEmpty { map["changedBy"] = .list(change.changedBy.map(Value.string)) }
            if !change.identity.namespace.isEmpty { map["namespace"] = .string(change.identity.namespace) }
            if case .conflict(let conflicts) = change.action {
                map["conflicts"] = .list(conflicts.map(\.value))
            }
            if case .owned(let release) = change.action {
                map["release"] = ["name": .string(release.name), "namespace": .string(release.namespace)]
            }
            if case .refused(let message) = change.action { map["message"] = .string(message) }
            if let termination = change.action.termination {
                map["message"] = .string(termination.description)
                map["heldBy"] = .list(termination.holders.map(Value.string))
            }
            if change.action != .unchanged {
                if let live = change.live { map["before"] = masked(comparable(live)) }
                if let predicted = change.predicted { map["after"] = masked(comparable(predicted)) }
            }
            return .map(map)
        }
        return ["changes": .list(changes), "summary": .string(summary)]
    }
}

extension FieldConflict {
    /// For programs.
    fileprivate var value: Value {
        var map: Mapping = ["manager": .string(manager), "field": .string(field)]
        if let values {
            map["live"] = values.live ?? .null
            map["wanted"] = values.wanted ?? .null
        }
        return .map(map)
    }
}
