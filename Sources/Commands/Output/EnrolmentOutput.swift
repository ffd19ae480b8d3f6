import Capture
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
        guard !content.changes.isEmpty else { return "none" }
        let sign = content.request.isRemoval ? "-" : "=\(CaptureLabel.ambient)"
        return "label \(CaptureLabel.mode)\(sign) on \(content.subject)"
    }

    private var hazardCount: String {
        let count = content.hazards.count
        return content.request.isRemoval
            ? "\(count) \(count == 1 ? "policy is" : "policies are") no longer enforced"
            : "\(count) \(count == 1 ? "thing" : "things") to look at, listed above"
    }

    /// `+  Namespace shop  label istio.io/dataplane-mode=ambient`; pods beyond a few are counted.
    private var labels: String {
        let named = content.changes.prefix(5).map { change in
            let before = change.before.map { " (was \($0))" } ?? ""
            let sign = change.after == nil ? "-" : change.before == nil ? "+" : "~"
            let text = change.after.map { "=\($0)" } ?? ""
            return
                "\(painted(sign))  \(change.object)  label \(change.label)\(text)\(change.after == nil ? "" : before)\n"
        }
        let rest = content.changes.count - named.count
        return named.joined() + (rest > 0 ? "   \(rest) more pods with the same label\n" : "")
    }

    private func painted(_ sign: String) -> String {
        style.paint(sign, as: sign == "+" ? .added : sign == "-" ? .removed : .changed)
    }

    private var workloads: String {
        guard !content.workloads.isEmpty else { return "" }
        var table = Table(["", "WORKLOAD", "PODS", content.request.isRemoval ? "RELEASED" : "CAPTURED"])
        for workload in content.workloads.prefix(EnrolmentOutput.mostRows) {
            let (sign, text) = outcome(of: workload)
            let remedy = content.request.isRemoval ? nil : workload.state.isExcluded ? workload.remedy : nil
            table.append([
                sign.isEmpty ? "" : painted(sign), workload.title, String(workload.pods.count),
                remedy.map { "\(text); \($0)" } ?? text,
            ])
        }
        let rest = content.workloads.count - EnrolmentOutput.mostRows
        return table.text(width: width, overflowing: 5, style: style) + (rest > 0 ? "   \(rest) more workloads\n" : "")
    }

    private func outcome(of workload: WorkloadCapture) -> (sign: String, text: String) {
        let isRemoval = content.request.isRemoval
        switch workload.state {
        case .captured: return isRemoval ? ("", "no: enrolled by a label of their own") : ("", "already")
        case .waiting: return isRemoval ? ("-", "yes") : ("+", "yes")
        case .starting: return ("+", "when they start")
        case .excluded(.notEnrolled): return ("", isRemoval ? "not captured" : "no: not enrolled")
        case .excluded(let obstacle): return ("", isRemoval ? "not captured" : "no: \(obstacle.words)")
        }
    }

    private var hazards: String {
        guard !content.hazards.isEmpty else { return "" }
        let title = content.request.isRemoval ? "no longer enforced" : "would break or change"
        var text = style.paint(title, as: .heading) + "\n"
        for hazard in content.hazards.prefix(EnrolmentOutput.mostRows) {
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

extension CaptureState {
    fileprivate var isExcluded: Bool { if case .excluded = self { true } else { false } }
}

extension EnrolmentPlan {
    /// The plan as programs read it.
    var fields: Mapping {
        [
            "operation": .string(request.verb),
            "cluster": ["name": .string(cluster.name), "server": .string(cluster.server)],
            "labels": .list(changes.map(\.fields)), "workloads": .list(workloads.map(\.fields)),
            "hazards": .list(hazards.map(\.fields)), "notes": .list(notes.map(Value.string)),
        ]
    }
}

extension EnrolmentResult {
    /// `enrolled namespace shop: 9 pods captured, 3 not`
    func summary(_ plan: EnrolmentPlan) -> String {
        let captured = workloads.podCount { $0 == .captured }
        let rest = workloads.podCount { $0 != .captured }
        let verb = ending == .unchanged ? "nothing to change for" : plan.request.isRemoval ? "unenrolled" : "enrolled"
        return "\(verb) \(plan.subject): \(podWords(captured)) captured"
            + (rest > 0 && !plan.request.isRemoval ? ", \(rest) not" : "")
    }

    func value(_ plan: EnrolmentPlan) -> Value {
        var map = plan.fields
        map["result"] = .string(ending.rawValue)
        if !workloads.isEmpty { map["workloads"] = .list(workloads.map(\.fields)) }
        map["errors"] = .list(errors.map(Value.string))
        map["seconds"] = .int(duration / 1000)
        return .map(map)
    }
}

extension LabelChange {
    fileprivate var fields: Value {
        [
            "kind": .string(object.kind), "namespace": .string(object.namespace), "name": .string(object.name),
            "label": .string(label), "before": before.map(Value.string) ?? .null,
            "after": after.map(Value.string) ?? .null,
        ]
    }
}

extension WorkloadCapture {
    fileprivate var fields: Value {
        var map: Mapping = [
            "kind": .string(owner?.kind ?? "Pod"), "namespace": .string(namespace),
            "name": .string(owner?.name ?? pods.first ?? ""), "pods": .list(pods.map(Value.string)),
            "state": .string(state.word),
        ]
        map["remedy"] = remedy.map(Value.string)
        return .map(map)
    }
}

extension CaptureHazard {
    fileprivate var fields: Value {
        var map: Mapping = ["kind": .string(kind.rawValue), "message": .string(message)]
        map["object"] = object.map { .string($0.description) }
        map["remedy"] = remedy.map(Value.string)
        return .map(map)
    }
}
