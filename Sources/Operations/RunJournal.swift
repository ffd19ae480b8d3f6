import Applying
import HelmReleases
import Istio
import Meshes
import Planning
import Preflight
import System

/// Stands between a run and its user, and keeps what the run comes to for the result that it ends with.
///
/// A class, since what the run has reached must outlive the error that ends it. One thread runs an operation.
final class RunJournal: ForwardingUI {
    let ui: any OperationUI
    nonisolated(unsafe) private var start = SystemClock.monotonic()
    nonisolated(unsafe) private var result: RunResult
    /// Whether a run before this one, of the same command, has changed the cluster.
    nonisolated(unsafe) var hasChangedBefore = false
    /// Whether objects or records were about to be written.
    nonisolated(unsafe) private var hasBegun = false

    init(_ kind: RunKind, _ ui: any OperationUI) {
        self.ui = ui
        result = RunResult(kind: kind, ending: .unchanged)
    }

    /// Runs `body` with a journal between it and its user, and hands the result over at its end; a dry run has none.
    static func keep(
        _ kind: RunKind, _ options: OperationOptions, _ body: (OperationOptions) throws -> Int32
    ) throws -> Int32 {
        guard options.cluster.dryRun == nil else { return try body(options) }
        let journal = RunJournal(kind, options.ui)
        var options = options
        (options.ui, options.journal) = (journal, journal)
        do {
            let code = try body(options)
            journal.end(code: code, isInterrupted: options.signals.happened)
            return code
        } catch {
            journal.end(error, isInterrupted: options.signals.happened)
            throw error
        }
    }

    /// How long the run has taken since it was approved, in milliseconds.
    var elapsed: Int { SystemClock.monotonic() - start }

    /// Takes what is planned, and the releases that the run is about with their newest revisions.
    func take(_ preview: RunPreview, _ target: DesiredState, _ history: ReleaseHistory) {
        result.preview = preview
        result.parts = target.contents.map { content in
            let revision = history.revisions(of: content.name, in: content.namespace).last?.revision
            return RunResult.Part(
                component: content.component, release: content.name, namespace: content.namespace,
                revision: revision, ending: .unchanged)
        }
    }

    /// Takes what is planned of a run beside the mesh.
    func take(_ preview: RunPreview) { result.preview = preview }

    /// The first write is near: what has no turn from now on was not reached.
    func begin() {
        (hasBegun, start) = (true, SystemClock.monotonic())
        for index in result.parts.indices { result.parts[index].ending = .notReached }
    }

    /// The same of a run without components; where nothing is `writing`, nothing begins.
    func begin(writing: Bool) { (hasBegun, start) = (writing, SystemClock.monotonic()) }

    /// Takes a phase of the run; `revision` is what the component's record got.
    func take(_ phase: Phase, revision: Int?) {
        guard case .ended(let component, let outcome) = phase else { return }
        for index in result.parts.indices where result.parts[index].component == component {
            if let revision { result.parts[index].revision = revision }
            result.parts[index].ending =
                switch outcome {
                case nil, .done: .done
                case .failed: .failed
                case .interrupted: .interrupted
                }
        }
    }

    /// Takes what became of the resources that the run is about.
    func take(_ resources: [ResourceOutcome]) { result.resources = resources }

    /// Hands over the result of a run that ended with an exit code.
    func end(code: Int32, isInterrupted: Bool) {
        result.ending =
            if code == 0 { hasBegun ? .done : .unchanged } else if isInterrupted { .interrupted } else {
                result.errors.isEmpty ? .declined : .failed
            }
        hand()
    }

    /// Hands over the result of a run that ended with an error.
    func end(_ error: any Error, isInterrupted: Bool) {
        result.errors.append("\(error)")
        result.ending = isInterrupted || error is QuestionInterrupted ? .interrupted : .failed
        hand()
    }

    private func hand() {
        result.duration = elapsed
        ui.report(result)
    }

    func fail(_ message: String) {
        result.errors.append(message)
        ui.fail(message)
    }

    func fail(_ error: any Error) {
        result.errors.append("\(error)")
        ui.fail(error)
    }
}

extension OperationOptions {
    /// What is said after a no to the question.
    var declinedNote: String {
        journal?.hasChangedBefore == true ? "nothing else was changed" : "nothing was changed"
    }
}
