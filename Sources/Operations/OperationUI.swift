package import Meshes
package import Planning

/// How an operation speaks with its user; the only way from here to a terminal.
package protocol OperationUI: Sendable {
    /// A message that is neither a result nor a complaint.
    func note(_ message: String)
    /// What the user should know, and what does not stop the run.
    func warn(_ message: String)
    /// A line of Helm's log, which may carry a mark of its own.
    func warn(logged line: String)
    /// What went wrong.
    func fail(_ message: String)
    /// The same, a message for each line of the error.
    func fail(_ error: any Error)
    /// Shows the very plan that is, or would be, applied; as the result with what it comes to.
    func show(_ preview: RunPreview, as form: PlanForm) throws
    /// Shows what the run comes to, right above the question.
    func summarize(_ preview: RunPreview)
    /// Takes how a run that applies has ended, once and at its end.
    func report(_ result: RunResult)
    /// Prints objects as the result: what would be applied to an empty cluster.
    func show(_ objects: [MeshObject]) throws
    /// Asks before something is changed; true at once where the user approved everything beforehand. Throws where there
    /// is nobody to ask.
    func confirm(_ question: String) throws -> Bool
    /// Asks what no general approval covers; throws `QuestionInterrupted`.
    func confirmAlways(_ question: String) throws -> Bool
    /// Whether there is somebody to ask.
    var canAsk: Bool { get }
    /// Shows a run as it goes.
    func progress() -> any ProgressReport
}

/// A user interface that stands before another one and hands on what it does not see to itself.
protocol ForwardingUI: OperationUI {
    var ui: any OperationUI { get }
}

extension ForwardingUI {
    func note(_ message: String) { ui.note(message) }
    func warn(_ message: String) { ui.warn(message) }
    func warn(logged line: String) { ui.warn(logged: line) }
    func fail(_ message: String) { ui.fail(message) }
    func fail(_ error: any Error) { ui.fail(error) }
    func show(_ preview: RunPreview, as form: PlanForm) throws { try ui.show(preview, as: form) }
    func summarize(_ preview: RunPreview) { ui.summarize(preview) }
    func report(_ result: RunResult) { ui.report(result) }
    func show(_ objects: [MeshObject]) throws { try ui.show(objects) }
    func confirm(_ question: String) throws -> Bool { try ui.confirm(question) }
    func confirmAlways(_ question: String) throws -> Bool { try ui.confirmAlways(question) }
    var canAsk: Bool { ui.canAsk }
    func progress() -> any ProgressReport { ui.progress() }
}

/// Ctrl-C at a question: nothing was changed.
package struct QuestionInterrupted: Error, CustomStringConvertible {
    /// What a shell expects of a program that the signal ended.
    package let exitCode: Int32

    package init(exitCode: Int32) {
        self.exitCode = exitCode
    }

    package var description: String { "interrupted at the question" }
}

/// In which form a plan is shown.
package enum PlanForm: Sendable {
    /// As the result of the command.
    case result
    /// Among the messages, before the question.
    case preview
}

/// Shows one run as it goes, to its end.
package protocol ProgressReport: AnyObject {
    /// Takes the next piece of news.
    func take(_ progress: Progress)
    /// About a second has passed.
    func tick()
    /// Ends the display.
    func close()
}

/// Several things that are wrong, and what to do about them.
package struct Failures: Error, CustomStringConvertible {
    /// What one remedy helps against.
    package struct Group: Sendable {
        package var failures: [Failure]
        package var remedy: String?

        /// `to fix these 3: have them granted`, the last line of several failures; `nil` for one.
        package var sharedRemedy: String? {
            failures.count > 1 ? remedy.map { "to fix these \(failures.count): \($0)" } : nil
        }

        /// One failure with its remedy; or a line for each, and a last one that says what to do about all of them.
        package var lines: [String] {
            guard let remedy else { return failures.map(\.description) }
            guard let sharedRemedy else { return failures.map { "\($0); \(remedy)" } }
            return failures.map(\.description) + [sharedRemedy]
        }
    }

    package let groups: [Group]

    package var failures: [Failure] { groups.flatMap(\.failures) }

    package init(failures: [Failure], remedy: String?) {
        groups = [Group(failures: failures, remedy: remedy)]
    }

    /// Neighbours with the same remedy share it.
    package init(_ findings: [(failure: Failure, remedy: String)]) {
        var groups: [Group] = []
        for (failure, remedy) in findings {
            if let last = groups.last, last.remedy == remedy {
                groups[groups.count - 1].failures.append(failure)
            } else {
                groups.append(Group(failures: [failure], remedy: remedy))
            }
        }
        self.groups = groups
    }

    package var description: String { groups.flatMap(\.lines).joined(separator: "\n") }
}
