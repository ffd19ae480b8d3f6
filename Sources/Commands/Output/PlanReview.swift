import Istio
import Objects
import Operations
import Planning
import Terminal
import Values

/// A plan as those read it who approve it: what it is about, what it does to pods and in which order, and the differences.
/// All text of others in it is shown as on a terminal: on one line, without what would be obeyed, without passwords.
struct PlanReview {
    /// One object with its differences.
    struct Object {
        /// `change Deployment istio-system/istiod`
        let title: String
        /// `restarts istiod`, or why it cannot be done; empty for neither.
        let effect: String
        let isBlocked: Bool
        let lines: [String]
    }

    /// A component's turn.
    struct Turn {
        let component: String
        /// How many of its objects change.
        let changes: Int
        /// What happens to its pods.
        let impacts: [ImpactSummary]
        /// How many of its objects cannot be changed.
        let blocked: Int
    }

    let title: String
    let isEmpty: Bool
    /// What it is about: cluster, version, changes, impact.
    let facts: [(term: String, text: String)]
    let hasImpact: Bool
    let behaviour: [(text: String, flag: String?)]
    let turns: [Turn]
    let objects: [Object]
    /// What is not among the objects: version labels, and who changed objects after their charts.
    let notes: [String]

    init(_ preview: RunPreview) {
        let cluster = preview.cluster
        isEmpty = preview.plan.isEmpty
        hasImpact = !preview.impacts.isEmpty
        let versions = isEmpty ? preview.to ?? preview.from ?? "" : preview.versions
        title = PlanReview.short("\(cluster.name): \(isEmpty ? "no changes" : versions)")
        var facts = [
            ("cluster", "\(cluster.name) (\(cluster.server))"), ("namespace", preview.namespace), ("version", versions),
        ]
        if let profile = preview.profile { facts.append(("profile", profile)) }
        if let platform = preview.platform { facts.append(("platform", platform)) }
        facts.append(("changes", isEmpty ? "none: the cluster is as it should be" : preview.digest.summary))
        if !isEmpty { facts.append(("impact", preview.impact)) }
        let blocked = preview.plan.changes.filter(\.action.isBlocked).map(\.identity.description)
        if !blocked.isEmpty { facts.append(("blocked by", blocked.joined(most: 5))) }
        self.facts = facts.map { ($0.0, PlanReview.short($0.1)) }
        behaviour = preview.behaviour.map { minor, change in
            (PlanReview.short("\(minor): \(change.text)"), change.flag.map(PlanReview.short))
        }
        turns = isEmpty ? [] : PlanReview.turns(preview)
        let output = DifferenceOutput(
            digest: preview.digest, style: .plain, form: preview.form, showsAll: preview.showsAll)
        // What blocks the run comes first.
        let all = output.objects.map(PlanReview.object)
        objects = all.filter(\.isBlocked) + all.filter { !$0.isBlocked }
        var notes = preview.digest.versionLabels.map(\.description)
        notes += preview.plan.changedByLines.split(separator: "\n").map(String.init)
        self.notes = notes.map(PlanReview.short)
    }

    /// Text of others in a place where a few words are expected.
    private static func short(_ text: String) -> String {
        let text = text.onOneLine
        return text.count > 400 ? text.prefix(400) + "…" : text
    }

    private static func turns(_ preview: RunPreview) -> [Turn] {
        preview.order.map { component in
            let name = component.rawValue
            return Turn(
                component: name,
                changes: preview.plan.changes.count { $0.component == component && $0.action != .unchanged },
                impacts: preview.impacts.filter { $0.change.component == name },
                blocked: preview.plan.changes.count { $0.component == component && $0.action.isBlocked })
        }
    }

    private static func object(_ change: Change, _ lines: [String]) -> Object {
        let isBlocked = change.action.isBlocked
        let effect =
            isBlocked
            ? "blocks the run"
            : change.action.termination?.description ?? (change.impact == .none ? "" : "\(change.impact)")
        return Object(
            title: short("\(change.action.name) \(change.identity)"), effect: short(effect), isBlocked: isBlocked,
            lines: lines.map { line in (line.hasSuffix("\n") ? String(line.dropLast()) : line).onOneLine })
    }
}

extension Action {
    /// Whether it keeps the whole run from being carried out.
    fileprivate var isBlocked: Bool {
        switch self {
        case .conflict, .owned, .refused: true
        default: false
        }
    }
}
