import ClusterState
import HelmReleases
import Objects
import Operations
import Planning
import Terminal
import Values

/// Shows a run's progress on standard error: one updating line on a terminal, lines otherwise.
final class ProgressOutput: ProgressReport {
    private let console: Console
    private let isLive: Bool
    private var hasOpenLine = false
    private var said: [ObjectReference: String] = [:]

    init(_ console: Console, isTerminal: Bool) {
        self.console = console
        isLive = isTerminal
    }

    func take(_ progress: Progress) {
        switch progress {
        case .started(let component, let changes):
            line(
                "\(component): \(changes == 0 ? "nothing to change" : "\(changes) \(changes == 1 ? "object" : "objects")")"
            )
        case .applied(let change): passing("  \(past(change.action)) \(change.identity)")
        case .waiting(_, let identity, let readiness):
            guard said[identity] != readiness.message else { return }
            said[identity] = readiness.message
            // That a definition is not served at once is no news to keep.
            guard isLive || identity.hasRollout else { return }
            passing("  \(identity): \(readiness.message)")
        case .ready(_, let identity, let readiness):
            guard identity.hasRollout else { return }
            line("  \(identity): ready" + (readiness.message.isEmpty ? "" : ", \(readiness.message)"))
        case .finished: close()
        case .note(let text): line(text)
        }
    }

    func close() {
        if hasOpenLine { console.clearLine() }
        hasOpenLine = false
    }

    private func past(_ action: Action) -> String {
        switch action {
        case .create, .terminating: "created"
        case .change: "changed"
        case .takeOver: "took over"
        case .delete: "deleted"
        case .unchanged, .conflict, .owned, .refused: "left"
        }
    }

    private func line(_ text: String) {
        close()
        console.note(text.onOneLine)
    }

    /// A line that the next one replaces on a terminal.
    private func passing(_ text: String) {
        guard isLive else { return console.note(text.onOneLine) }
        console.showPassing(text)
        hasOpenLine = true
    }
}
