import Arguments
import Glibc
import Operations
import Terminal
import Values

/// The body of a command that is about several contexts where the flags say so.
func ofContexts(
    _ table: ContextTable, _ body: @escaping @Sendable (Request) throws -> Int32
) -> @Sendable (Request) throws -> Int32 {
    { request in
        do {
            guard let contexts = try request.selectedContexts(of: table.verb) else { return try body(request) }
            return try ask(contexts, request, table)
        } catch let error as UsageError {
            throw error
        } catch  where table.failureCode != 1 {
            // As the command itself tells failures from differences.
            request.console.fail(error)
            return table.failureCode
        }
    }
}

/// Asks all contexts side by side, and prints their results as one.
private func ask(_ contexts: [String], _ request: Request, _ table: ContextTable) throws -> Int32 {
    let runs = try ContextRuns(
        contexts, calledAs: request.program == root.name ? root.name : "kubectl-sail",
        searchPath: request.environment["PATH"] ?? "", input: try request.sharedInput() ?? [],
        words: { request.line.words($0) + table.flags })
    let progress = WaitingLine(request)
    let answers = runs.answers(progress.show)
    progress.close()
    let output = ContextOutput(table, answers)
    output.sayMessages(request.console)
    _ = try request.print(output.output(request.console))
    return output.exitCode
}

/// Which contexts are still waited for, in a line of the terminal that is updated; nothing elsewhere.
private final class WaitingLine {
    private let console: Console
    private let isLive: Bool
    private var last: [String] = []
    private var shown = 0

    init(_ request: Request) {
        console = request.console
        isLive = isatty(STDERR_FILENO) == 1 && request.environment["TERM"] != "dumb"
    }

    func show(_ waiting: [String]) {
        guard isLive, !waiting.isEmpty, waiting != last else { return }
        last = waiting
        let count = "\(waiting.count) \(waiting.count == 1 ? "context" : "contexts")"
        console.showBlock(["waiting for \(count): \(waiting.joined(most: 8))"], replacing: shown)
        shown = 1
    }

    func close() {
        if shown > 0 { console.showBlock([], replacing: shown) }
    }
}

// MARK: - Upgrades

/// Upgrades several clusters, one after the other; returns the exit code of the worst.
func upgrade(_ contexts: [String], _ request: Request) throws -> Int32 {
    let console = request.console
    let input = try request.sharedInput()
    let parts = try contexts.compactMap { context in
        try request.line.request(context).map { request in
            ContextUpgrade.Part(
                context: context, options: input.map(request.options.readingInput) ?? request.options)
        }
    }
    let isText = request.format == .text
    let printsPlans = request.cluster.dryRun != nil && isText
    let run = ContextUpgrade(
        parts, ui: request.options.ui, keepsPreviews: !isText,
        announce: { context in
            let style = printsPlans ? console.style : console.messageStyle
            let heading = "\n" + style.paint("context \(context.onOneLine)", as: .heading) + "\n"
            if printsPlans { try console.print(heading) } else { console.show(heading) }
        }, fail: { console.say($0, request.options.signals) })
    let outcomes = try run.run()
    if !isText {
        try Output("") { .list(outcomes.map(\.value)) }.print(request.format, to: console)
    }
    return outcomes.compactMap { $0.exitCode }.max() ?? 0
}

extension ContextUpgrade.Outcome {
    /// For programs: the result as of a single cluster, or why there is none.
    fileprivate var value: Value {
        var map: Mapping = ["context": .string(context)]
        if let exitCode { map["exitCode"] = .int(Int(exitCode)) }
        if let result {
            map["result"] = result.value
        } else if let preview {
            map["result"] = .map(preview.fields(withObjects: true))
        } else if let error {
            map["error"] = .string(error.split(separator: "\n").joined(separator: "; "))
        } else {
            map["result"] = ["operation": .string(ContextUpgrade.operation), "result": "not begun"]
        }
        return .map(map)
    }
}
