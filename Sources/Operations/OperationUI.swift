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
    /// Shows the very plan that is, or would be, applied.
    func show(_ plan: Plan, as form: PlanForm, differences: Bool) throws
    /// Prints objects as the result: what would be applied to an empty cluster.
    func show(_ objects: [MeshObject]) throws
    /// Asks before something is changed; true at once where the user approved everything beforehand. Throws where there
    /// is nobody to ask.
    func confirm(_ question: String) throws -> Bool
    /// Asks what no general approval covers.
    func confirmAlways(_ question: String) -> Bool
    /// Whether there is somebody to ask.
    var canAsk: Bool { get }
    /// Shows a run as it goes.
    func progress() -> any ProgressReport
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
    /// Ends the display.
    func close()
}

/// Several things that are wrong, each on its line, and what to do about them.
package struct Failures: Error, CustomStringConvertible {
    package let failures: [Failure]
    package let remedy: String?

    package init(failures: [Failure], remedy: String?) {
        self.failures = failures
        self.remedy = remedy
    }

    package var description: String {
        failures.map(\.description).joined(separator: "\n") + (remedy.map { "; " + $0 } ?? "")
    }
}
