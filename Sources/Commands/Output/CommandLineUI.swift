import Glibc
import Meshes
import Operations
import Planning
import Terminal
import Values

/// How a command line speaks with its user: messages and questions on standard error, results on standard output.
struct CommandLineUI: OperationUI {
    let console: Console
    let format: Format
    /// Whether `--yes` was given.
    let isApproved: Bool
    /// Whether the terminal cannot move its cursor.
    var isDumb = false

    func note(_ message: String) { console.note(message) }
    func warn(_ message: String) { console.warn(message) }
    func warn(logged line: String) { console.warn(logged: line) }
    func fail(_ message: String) { console.fail(message) }
    func fail(_ error: any Error) { console.fail(error) }

    func show(_ preview: RunPreview, as form: PlanForm) throws {
        guard form == .result else {
            return console.show(shown(preview, console.messageStyle, console.messageWindow).plan)
        }
        let text = shown(preview, console.style, console.window).text
        var output = Output(text) { .map(preview.fields(withObjects: true)) }
        output.pages = { format in
            let review = PlanReview(preview)
            return Array((format == .html ? HTMLReview(review).text : MarkdownReview(review).text).utf8)
        }
        try output.print(format, to: console)
    }

    func summarize(_ preview: RunPreview) {
        console.show(shown(preview, console.messageStyle, console.messageWindow).summary)
    }

    private func shown(_ preview: RunPreview, _ style: Style, _ width: Int?) -> PreviewOutput {
        PreviewOutput(preview: preview, style: style, width: width)
    }

    /// People have read the messages; programs get one document, on standard output.
    func report(_ result: RunResult) {
        guard format != .text else { return }
        try? Output("") { result.value }.print(format, to: console)
    }

    func show(_ objects: [MeshObject]) throws { try output(of: objects).print(format, to: console) }

    /// True at once with --yes; throws where there is nobody to ask.
    func confirm(_ question: String) throws -> Bool {
        if isApproved { return true }
        guard canAsk else {
            throw Failures(
                failures: [Failure(nil, "there is no terminal to ask on")],
                remedy: "approve with --yes, or see the plan with --dry-run")
        }
        return try confirmAlways(question)
    }

    /// Asks on the terminal, whatever --yes says; what is no yes is a no.
    func confirmAlways(_ question: String) throws -> Bool {
        console.show("\(question) [y/N] ")
        switch readAnswer() {
        case .line(let line): return ["y", "yes"].contains(line.lowercased().filter { $0 != " " })
        case .end:
            console.show("\n")
            return false
        case .interrupted(let code):
            console.show("\n")
            throw QuestionInterrupted(exitCode: code)
        }
    }

    var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    func progress() -> any ProgressReport {
        ProgressOutput(console, isTerminal: isatty(STDERR_FILENO) == 1 && !isDumb)
    }
}
