import Istio
import Operations
import Planning
import Terminal
import Values

/// What a run is about to do, for people: the table, the differences, what behaves differently, and what it comes to.
struct PreviewOutput {
    let preview: RunPreview
    let style: Style
    let width: Int?

    /// All but the summary.
    var plan: String {
        var table = PlanOutput(digest: preview.digest, style: style, width: width)
        (table.form, table.showsAll) = (preview.form, preview.showsAll)
        let differences = DifferenceOutput(
            digest: preview.digest, style: style, form: preview.form, showsAll: preview.showsAll)
        return [table.table + preview.plan.changedByLines, differences.text, behaviour].filter { !$0.isEmpty }.joined(
            separator: "\n") + "\n"
    }

    /// As the result of a command.
    var text: String {
        preview.plan.isEmpty ? "no changes: the cluster is as it should be\n" : plan + summary
    }

    /// A heading, and for each minor what it changes with the value that keeps the old behaviour.
    private var behaviour: String {
        guard !preview.behaviour.isEmpty else { return "" }
        var text = style.paint("behaviour changes", as: .heading) + "\n"
        for (minor, change) in preview.behaviour {
            text += hanging("- ", "\(minor): \(change.text)")
            if let flag = change.flag { text += hanging("  ", "to keep the old behaviour: \(flag)") }
        }
        return text
    }

    /// Cluster, versions, changes and impact, which stand right above the question.
    var summary: String {
        let cluster =
            ["\(preview.cluster.name) (\(preview.cluster.server))"]
            + (preview.namespace.isEmpty ? [] : ["namespace \(preview.namespace)"])
            + (preview.profile.map { ["profile \($0)"] } ?? []) + (preview.platform.map { ["platform \($0)"] } ?? [])
        let isOfMesh = preview.subject == nil
        let hasImpact = !preview.impacts.isEmpty || preview.direction == .remove || !isOfMesh
        return hanging("cluster   ", cluster.joined(separator: ", ").onOneLine)
            + (isOfMesh ? hanging("version   ", preview.versions.onOneLine) : "")
            + hanging("changes   ", preview.digest.summary)
            + (preview.impact.isEmpty
                ? "" : hanging("impact    ", preview.impact.onOneLine, as: hasImpact ? .warning : nil))
    }

    private func hanging(_ term: String, _ text: String, as role: Role? = nil) -> String {
        style.hanging(term, text, width: width, as: role)
    }
}

extension Style {
    /// A term and its text, which is wrapped behind it where there is a window.
    func hanging(_ term: String, _ text: String, width: Int?, as role: Role? = nil) -> String {
        let margin = term.utf8.count
        let lines = width.map { wrap(text, width: max(20, $0 - margin)) } ?? [text]
        let painted = lines.map { line in role.map { paint(line, as: $0) } ?? line }
        return term + painted.joined(separator: "\n" + String(repeating: " ", count: margin)) + "\n"
    }
}
