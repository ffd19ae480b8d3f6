internal import Meshes
internal import Planning
internal import Preflight
internal import Values

/// An upgrade of several clusters: all plans are made and shown before the first question, then one cluster at a time is
/// upgraded, in the order given, up to the first that fails.
///
/// Each plan is made anew right before it is carried out, with all checks, and must do what the shown one does.
package struct ContextUpgrade {
    /// A cluster of the run.
    package struct Part {
        package var context: String
        package var options: OperationOptions

        package init(context: String, options: OperationOptions) {
            (self.context, self.options) = (context, options)
        }
    }

    /// How a cluster's turn ended.
    package struct Outcome: Sendable {
        package var context: String
        /// `nil` where its turn has not come.
        package var exitCode: Int32?
        package var error: String?
        /// Of a dry run.
        package var preview: RunPreview?
        package var result: RunResult?
    }

    /// The verb, as programs read it.
    package static let operation = Operation.upgrade.kind.name

    private let parts: [Part]
    private let ui: any OperationUI
    /// Whether previews are kept for the end.
    private let keepsPreviews: Bool
    /// Says which cluster the next lines are about.
    private let announce: (String) throws -> Void
    /// Says what went wrong; returns the exit code for it.
    private let fail: (any Error) -> Int32

    package init(
        _ parts: [Part], ui: any OperationUI, keepsPreviews: Bool, announce: @escaping (String) throws -> Void,
        fail: @escaping (any Error) -> Int32
    ) {
        (self.parts, self.ui, self.keepsPreviews) = (parts, ui, keepsPreviews)
        (self.announce, self.fail) = (announce, fail)
    }

    /// Runs to the end; the outcomes are in the order of the clusters.
    package func run() throws -> [Outcome] {
        let isRehearsal = parts.contains { $0.options.cluster.dryRun != nil }
        var outcomes: [Outcome] = []
        var works: [PlannedWork?] = []
        for part in parts {
            let (outcome, work) = try plan(part, isRehearsal: isRehearsal)
            outcomes.append(outcome)
            works.append(work)
        }
        let refused = outcomes.filter { $0.exitCode != 0 }
        guard !isRehearsal, refused.isEmpty else {
            sayRefused(refused, isRehearsal: isRehearsal)
            return isRehearsal ? outcomes : outcomes.map(\.withoutTurn)
        }
        return try upgrade(works)
    }

    /// Shows what would be done to a cluster, and makes all checks.
    private func plan(_ part: Part, isRehearsal: Bool) throws -> (Outcome, PlannedWork?) {
        try announce(part.context)
        let ui = ContextUI(ui, isRehearsal ? keepsPreviews ? .keeps : .rehearses : .shows)
        var options = part.options
        options.ui = ui
        options.cluster.difference = options.cluster.differenceForm()
        if !isRehearsal { options.cluster.dryRun = .server }
        var outcome = Outcome(context: part.context)
        do {
            outcome.exitCode = try Pipeline.run(.upgrade, options)
        } catch {
            outcome.exitCode = fail(error)
            outcome.error = "\(error)"
        }
        let work = ui.preview.map { PlannedWork($0.plan) }
        if keepsPreviews { outcome.preview = ui.preview }
        return (outcome, work)
    }

    private func sayRefused(_ refused: [Outcome], isRehearsal: Bool) {
        guard !refused.isEmpty else { return }
        let names = refused.map(\.context).joined(most: 20)
        ui.fail(
            "\(refused.count) of \(parts.count) clusters cannot be upgraded: \(names)"
                + (isRehearsal ? "" : "; nothing was changed on any; leave them out, or fix what is said above")
                .onOneLine)
    }

    private func upgrade(_ works: [PlannedWork?]) throws -> [Outcome] {
        var outcomes = parts.map { Outcome(context: $0.context) }
        for (index, part) in parts.enumerated() {
            try announce(part.context)
            let ui = ContextUI(ui, .carriesOut)
            var options = part.options
            options.ui = ui
            options.shownWork = works[index]
            do {
                outcomes[index].exitCode = try Pipeline.run(.upgrade, options)
            } catch {
                outcomes[index].exitCode = fail(error)
                outcomes[index].error = "\(error)"
            }
            outcomes[index].result = ui.result
            guard outcomes[index].exitCode == 0, !part.options.signals.happened else {
                sayStop(at: index, outcomes[index])
                return outcomes
            }
        }
        ui.note(
            "upgraded \(parts.count) \(parts.count == 1 ? "cluster" : "clusters"): \(parts.map(\.context).joined(most: 20))"
                .onOneLine)
        return outcomes
    }

    /// `stopped at b, which failed; done: a; not begun: c, d; run the same command again to go on`
    private func sayStop(at index: Int, _ outcome: Outcome) {
        func names(_ parts: ArraySlice<Part>) -> String {
            parts.isEmpty ? "none" : parts.map(\.context).joined(most: 20)
        }
        let (before, after) = (parts[..<index], parts[(index + 1)...])
        let end =
            switch outcome.result?.ending {
            case .declined?: ", which was declined"
            case .interrupted?: ", which was interrupted"
            case .done?, .unchanged?: ", which is done"
            case .failed?, nil: ", which failed"
            }
        ui.fail(
            ("stopped at \(outcome.context)\(end); done: \(names(before)); not begun: \(names(after)); "
                + "run the same command again to go on").onOneLine)
    }
}

extension ContextUpgrade.Outcome {
    /// The same of a cluster whose turn did not come because of another one.
    fileprivate var withoutTurn: ContextUpgrade.Outcome {
        exitCode == 0 ? ContextUpgrade.Outcome(context: context) : self
    }
}

extension OperationOptions {
    /// Refuses a plan that does something else than the one that was shown; nothing left to do is no such thing, as where
    /// two contexts lead to one cluster.
    func requireShown(_ plan: Plan) throws {
        guard let shownWork, !plan.isEmpty, shownWork != PlannedWork(plan) else { return }
        throw Failures(
            failures: [Failure(nil, "the cluster changed since its plan was shown; nothing was changed on it")],
            remedy: "run the same command again")
    }
}

/// Stands between one cluster's run and the user, and keeps what the end is told from. One thread runs an operation.
private final class ContextUI: ForwardingUI {
    enum Role { case rehearses, keeps, shows, carriesOut }

    let ui: any OperationUI
    private let role: Role
    nonisolated(unsafe) private(set) var preview: RunPreview?
    nonisolated(unsafe) private(set) var result: RunResult?

    init(_ ui: any OperationUI, _ role: Role) {
        (self.ui, self.role) = (ui, role)
    }

    func show(_ preview: RunPreview, as form: PlanForm) throws {
        // A run before the upgrade, such as that of --gateway-api, shows its own plan right above its question.
        guard preview.subject == nil else { return try ui.show(preview, as: role == .carriesOut ? form : shownForm) }
        self.preview = preview
        switch role {
        case .rehearses: try ui.show(preview, as: form)
        case .shows where preview.plan.isEmpty: ui.note("no changes: the cluster is as it should be")
        case .shows:
            try ui.show(preview, as: .preview)
            ui.summarize(preview)
        case .keeps, .carriesOut: break
        }
    }

    private var shownForm: PlanForm { role == .rehearses ? .result : .preview }

    func report(_ result: RunResult) { self.result = result }
}
