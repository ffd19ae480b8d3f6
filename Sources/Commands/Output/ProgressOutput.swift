import Istio
import Objects
import Operations
import Planning
import Terminal
import Values

/// Shows a run's progress on standard error: on a terminal one updating block for each component, lines otherwise.
final class ProgressOutput: ProgressReport {
    private let console: Console
    private let isLive: Bool
    private var block = ComponentProgress()
    private var shownLines = 0
    private var said: [ObjectReference: String] = [:]

    init(_ console: Console, isTerminal: Bool) {
        self.console = console
        isLive = isTerminal
    }

    func take(_ progress: Progress) {
        guard isLive else { return say(progress) }
        switch progress {
        case .started(let component, let changes):
            block = ComponentProgress(component: component, changes: changes, watch: Stopwatch())
        case .applied:
            block.watch = block.watch ?? Stopwatch()
            block.applied += 1
        case .waiting(_, let identity, let readiness):
            block.wait(for: identity, readiness)
        case .slow(_, let pod): block.slowest = pod
        case .ready(_, let identity, let readiness):
            guard identity.hasRollout else { break }
            block.ready.append(identity.name + (readiness.message.isEmpty ? "" : " (\(readiness.message))"))
            block.waiting = nil
        case .finished:
            close()
            console.note(block.lastLine(console.messageStyle))
            block = ComponentProgress()
            return
        case .note(let text):
            close()
            console.note(text.onOneLine)
        }
        tick()
    }

    func tick() {
        guard isLive, block.component != nil || block.applied > 0 else { return }
        let lines = block.lines
        console.showBlock(lines, replacing: shownLines)
        shownLines = lines.count
    }

    func close() {
        if shownLines > 0 { console.showBlock([], replacing: shownLines) }
        shownLines = 0
    }

    /// A line of a log for each piece of news.
    private func say(_ progress: Progress) {
        switch progress {
        case .started(let component, let changes):
            block = ComponentProgress(component: component, changes: changes, watch: Stopwatch())
            line(block.title)
        case .applied(let change): line("  \(change.action.past) \(change.identity)")
        case .waiting(_, let identity, let readiness):
            guard said[identity] != readiness.message else { return }
            said[identity] = readiness.message
            // That a definition is not served at once is no news to keep.
            guard identity.hasRollout else { return }
            line("  \(identity): \(readiness.message)")
        case .slow(let identity, let pod):
            guard let pod, pod.node + pod.reason != block.slowest.map({ $0.node + $0.reason }) else { return }
            block.slowest = pod
            line("  \(identity): slowest: \(pod)")
        case .ready(_, let identity, let readiness):
            guard identity.hasRollout else { return }
            line(
                "  \(identity): ready after \(block.time)" + (readiness.message.isEmpty ? "" : ", \(readiness.message)")
            )
        case .finished: break
        case .note(let text): line(text)
        }
    }

    private func line(_ text: String) { console.note(text.onOneLine) }
}

/// How far one component's turn has come.
struct ComponentProgress {
    var component: Component?
    var changes = 0
    var watch: Stopwatch?
    var applied = 0
    var waiting: (identity: ObjectReference, readiness: Readiness)?
    var slowest: SlowPod?
    /// Workloads that are ready.
    var ready: [String] = []

    /// `istiod: 17 objects`
    var title: String {
        let objects = changes == 0 ? "nothing to change" : "\(changes) \(changes == 1 ? "object" : "objects")"
        return "\(component.map { "\($0)" } ?? ""): \(objects)"
    }

    mutating func wait(for identity: ObjectReference, _ readiness: Readiness) {
        if waiting?.identity != identity { slowest = nil }
        waiting = (identity, readiness)
    }

    /// The component with its time, and what it waits for.
    var lines: [String] {
        // A removal goes by rounds, not by components.
        guard component != nil else {
            return [
                "\(applied) \(applied == 1 ? "object" : "objects") deleted, \(time)"
            ]
        }
        let count = changes > 0 && applied < changes ? "\(applied) of \(changes) applied" : ""
        let first = [title, count, time].filter { !$0.isEmpty }.joined(
            separator: ", ")
        guard let waiting else { return [first.onOneLine] }
        var line = "  \(waiting.identity): \(waiting.readiness.message)"
        if let slowest { line += "; slowest: \(slowest)" }
        return [first.onOneLine, line.onOneLine]
    }

    /// What stays of the block.
    func lastLine(_ style: Style) -> String {
        let parts = [title] + (ready.isEmpty ? [] : ["\(ready.joined(separator: ", ")) ready"])
        return style.paint("✓", as: .success) + " " + (parts + notableTime).joined(separator: ", ").onOneLine
    }

    var time: String { (watch ?? Stopwatch()).text }

    /// Not of what took next to no time.
    private var notableTime: [String] { (watch?.elapsed ?? 0) < 100 ? [] : [time] }
}
