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

    func note(_ message: String) { console.note(message) }
    func warn(_ message: String) { console.warn(message) }
    func warn(logged line: String) { console.warn(logged: line) }
    func fail(_ message: String) { console.fail(message) }
    func fail(_ error: any Error) { console.fail(error) }

    func show(_ plan: Plan, as form: PlanForm, differences: Bool) throws {
        let isResult = form == .result
        var output = PlanOutput(
            plan: plan, style: isResult ? console.style : console.messageStyle, width: console.window)
        output.showsDifferences = differences
        let shown = output
        guard isResult else { return console.show(shown.text) }
        try Output(shown.text) { shown.value }.print(format, to: console)
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
        return confirmAlways(question)
    }

    /// Asks on the terminal, whatever --yes says.
    func confirmAlways(_ question: String) -> Bool {
        console.show("\(question) [y/N] ")
        let answer = readLine()?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }

    var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    func progress() -> any ProgressReport { ProgressOutput(console, isTerminal: isatty(STDERR_FILENO) == 1) }
}
