package import Istio
package import Planning
package import Preflight

/// What a run is about to do, as it is shown before the question: the very plan, and what it comes to.
package struct RunPreview: Sendable {
    package var kind: RunKind
    /// The verb, as programs read it: `upgrade`.
    package var operation: String { kind.name }
    package var digest: PlanDigest
    /// The context's name and the server's address.
    package var cluster: (name: String, server: String)
    package var namespace: String
    package var profile: String?
    package var platform: String?
    /// What runs, and what would run; `nil` where there is no mesh.
    package var from: String?
    package var to: String?
    package var direction: Direction
    /// What behaves differently after the run, by the minor that brings it.
    package var behaviour: [(minor: String, change: BehaviourChange)] = []
    package var impacts: [ImpactSummary] = []
    /// The components in the order in which they have their turns.
    package var order: [Component] = []
    package var form = DifferenceForm.short
    /// Whether objects that differ in labels alone are shown too.
    package var showsAll = false

    /// What a run beside the mesh is about; `nil` for a run of the mesh.
    package var subject: RunSubject?

    /// Where the run leads, by versions.
    package enum Direction: String, Sendable {
        case install, upgrade, downgrade, same, remove
    }

    package var plan: Plan { Plan(digest.rows.map(\.change)) }

    /// `Upgrade prod-eu to v1.30.3?`
    package var question: String {
        if let subject { return subject.question }
        let version = to ?? ""
        return switch (kind, direction) {
        case (.uninstall, _), (_, .remove): "Remove the mesh from \(cluster.name)?"
        case (.rollback, .same): "Roll \(cluster.name) back to its earlier values?"
        case (.rollback, _): "Roll \(cluster.name) back to \(version)?"
        case (.adopt, .upgrade): "Adopt the mesh on \(cluster.name) and upgrade it to \(version)?"
        case (.adopt, .downgrade): "Adopt the mesh on \(cluster.name) and downgrade it to \(version)?"
        case (.adopt, _): "Adopt the mesh on \(cluster.name)?"
        case (_, .install): "Install \(version) on \(cluster.name)?"
        case (_, .upgrade): "Upgrade \(cluster.name) to \(version)?"
        case (_, .downgrade): "Downgrade \(cluster.name) to \(version)?"
        case (_, .same): "Apply these changes to \(cluster.name)?"
        }
    }

    /// `v1.29.6 → v1.30.3`
    package var versions: String {
        switch (from, to) {
        case (let from?, let to?): from == to ? "\(to), as now" : "\(from) → \(to)"
        case (nil, let to?): "\(to), the first installation"
        case (let from?, nil): "\(from) → none"
        case (nil, nil): "none"
        }
    }

    /// What happens to running pods, in a line.
    package var impact: String {
        if let subject { return subject.effects.joined(separator: " · ") }
        if direction == .remove { return "the mesh ends: pods that use it lose mTLS and policies" }
        return impacts.isEmpty ? "no pod restarts" : impacts.map(\.text).joined(separator: " · ")
    }
}

/// How much of each object's differences is shown.
package enum DifferenceForm: String, CaseIterable, Sendable {
    case none
    /// The first lines of what changes in objects that are there.
    case short
    /// Every line, and the objects that come and go.
    case full
}

extension ClusterOptions {
    /// How much of the differences a run shows: what the user says, else none where it was approved beforehand, or where
    /// the differences of such a run say nothing (`isBrief`).
    func differenceForm(isBrief: Bool = false) -> DifferenceForm {
        difference ?? (isBrief || (isApproved && dryRun == nil) ? .none : .short)
    }
}

/// What a run that changes single objects beside the mesh is about.
package struct RunSubject: Sendable {
    /// `Apply waypoint app/waypoint to prod-eu?`
    package var question: String
    /// What it does to traffic, in a few words each.
    package var effects: [String] = []

    package init(question: String, effects: [String] = []) {
        (self.question, self.effects) = (question, effects)
    }
}
