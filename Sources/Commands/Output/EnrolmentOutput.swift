import Objects
import Operations
import Terminal
import Values

/// What enrolling changes, for people: the labels, the workloads with what becomes of their pods, and what stops working.
struct EnrolmentOutput {
    private let content: EnrolmentPlan
    private let style: Style
    private let width: Int?

    /// The most rows of workloads, and of hazards.
    private static let mostRows = 40

    init(_ plan: EnrolmentPlan, _ style: Style, _ width: Int?) {
        (content, self.style, self.width) = (plan, style, width)
    }

    /// Among the messages.
    init(_ plan: EnrolmentPlan, _ console: Console) {
        self.init(plan, console.messageStyle, console.messageWindow)
    }

    /// All but the summary.
    var plan: String {
        let notes = content.notes.map { hanging("note: ", $0) }.joined()
        return [labels, workloads, hazards, notes].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Cluster, label and effect, which stand right above the question.
    var summary: String {
        "\n" + hanging("cluster   ", "\(content.cluster.name) (\(content.cluster.server))")
            + hanging("changes   ", changes) + hanging("effect    ", content.effect)
            + (content.hazards.isEmpty ? "" : hanging("hazards   ", hazardCount, as: .warning))
    }

    private var changes: String {
        guard !content.labels.isEmpty else { return "none" }
        return "label \(content.request.labelText) on \(content.subject)"
    }

    private var hazardCount: String {
        let count = content.hazards.count
        return content.request.isRemoval
            ? "\(count) \(count == 1 ? "policy is" : "policies are") no longer enforced"
            : "\(count) \(count == 1 ? "thing" : "things") to look at, listed above"
    }

    /// `+  Namespace shop  label istio.io/dataplane-mode=ambient`; pods beyond a few are counted.
    private var labels: String {
        let named = content.labels.prefix(5).map { label in
            let before = label.before.map { " (was \($0))" } ?? ""
            let sign = label.after == nil ? "-" : label.before == nil ? "+" : "~"
            let text = label.after.map { "=\($0)\(before)" } ?? ""
            return "\(painted(sign))  \(label.object)  label \(label.name)\(text)\n"
        }
        let rest = content.labels.count - named.count
        return named.joined() + (rest > 0 ? "   \(rest) more pods with the same label\n" : "")
    }

    private func painted(_ sign: String) -> String {
        style.paint(sign, as: sign == "+" ? .added : sign == "-" ? .removed : .changed)
    }

    private var workloads: String {
        guard !content.workloads.isEmpty else { return "" }
        var table = Table(["", "WORKLOAD", "PODS", content.request.isRemoval ? "RELEASED" : "CAPTURED"])
        for row in content.rows.prefix(EnrolmentOutput.mostRows) {
            table.append([
                row.effect.map { painted($0 == .captured ? "+" : "-") } ?? "", row.title, String(row.pods), row.text,
            ])
        }
        let rest = content.workloads.count - EnrolmentOutput.mostRows
        return table.text(width: width, overflowing: 5, style: style) + (rest > 0 ? "   \(rest) more workloads\n" : "")
    }

    private var hazards: String {
        guard !content.hazards.isEmpty else { return "" }
        let title = content.request.isRemoval ? "no longer enforced" : "would break or change"
        var text = style.paint(title, as: .heading) + "\n"
        for hazard in content.hazardTexts.prefix(EnrolmentOutput.mostRows) {
            text += hanging("!  ", hazard.text)
            if let remedy = hazard.remedy { text += hanging("   ", "to fix: \(remedy)") }
        }
        let rest = content.hazards.count - EnrolmentOutput.mostRows
        return text + (rest > 0 ? "   \(rest) more\n" : "")
    }

    private func hanging(_ term: String, _ text: String, as role: Role? = nil) -> String {
        style.hanging(term, text.onOneLine, width: width, as: role)
    }
}
