import Glibc
import Meshes
import Planning
import System
import Values

/// How the controller speaks: a line for each thing that happens. It asks nobody: the resources are the consent.
///
/// A class, since what a turn says is looked at in its end. One thread runs the controller.
final class ControllerLog: OperationUI {
    private let ui: any OperationUI
    private let now: @Sendable () -> Int
    /// The resource whose turn it is.
    nonisolated(unsafe) private var subject = ""
    /// What was written in this turn: `created ConfigMap istio-system/istio`.
    nonisolated(unsafe) private(set) var writes: [String] = []
    nonisolated(unsafe) private(set) var failures: [String] = []
    /// What was warned of in this turn and in the last one, by resource: a warning is said once as long as it holds.
    nonisolated(unsafe) private var warnings: [String: Set<String>] = [:]
    nonisolated(unsafe) private var earlier: Set<String> = []

    init(_ ui: any OperationUI, now: @escaping @Sendable () -> Int = SystemClock.now) {
        (self.ui, self.now) = (ui, now)
    }

    /// A resource's turn begins.
    func begin(_ subject: String) {
        self.subject = subject
        earlier = warnings[subject] ?? []
        (warnings[subject], writes, failures) = ([], [], [])
    }

    func line(_ text: String) { ui.note("\(RFC3339.text(now())) \(text.onOneLine)") }

    /// What was written, in a few words: `created 9 objects, changed DaemonSet ztunnel/ztunnel`.
    var summary: String {
        var words: [String] = []
        for write in writes {
            let word = String(write.prefix { $0 != " " })
            if !words.contains(word) { words.append(word) }
        }
        return words.map { word in
            let own = writes.filter { $0.hasPrefix(word + " ") }.map { String($0.dropFirst(word.count + 1)) }
            return own.count > 2 ? "\(word) \(own.count) objects" : "\(word) \(own.joined(separator: " and "))"
        }.joined(separator: ", ")
    }

    /// What one shot tells its user is in the line of the turn.
    func note(_ message: String) {}

    func warn(_ message: String) {
        warnings[subject, default: []].insert(message)
        guard !earlier.contains(message) else { return }
        line("warning: " + (subject.isEmpty || message.hasPrefix(subject) ? "" : subject + ": ") + message)
    }

    func warn(logged line: String) { warn(line) }
    func fail(_ message: String) { failures.append(message) }
    func fail(_ error: any Error) { failures.append("\(error)") }
    func show(_ preview: RunPreview, as form: PlanForm) throws {}
    func summarize(_ preview: RunPreview) {}
    func report(_ result: RunResult) {}
    func show(_ objects: [MeshObject]) throws {}
    func confirm(_ question: String) throws -> Bool { true }
    func confirmAlways(_ question: String) throws -> Bool { true }
    var canAsk: Bool { false }
    func progress() -> any ProgressReport { Writes(self) }

    private final class Writes: ProgressReport {
        private let log: ControllerLog

        init(_ log: ControllerLog) { self.log = log }

        func take(_ progress: Progress) {
            guard case .applied(let change) = progress else { return }
            log.writes.append("\(change.action.past) \(change.identity)")
        }

        func tick() {}

        func close() {}
    }
}
