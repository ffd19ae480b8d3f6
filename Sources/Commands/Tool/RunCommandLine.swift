import Arguments
import Operations
package import Terminal

/// The whole tool: reads the command line, runs the command, and returns the exit code.
///
/// `program` is the name by which it was started. As `kubectl-sail` it is a plugin of kubectl, whose users type
/// `kubectl sail`; as `kubectl_complete-sail` it tells kubectl what can follow the words.
package func sail(
    _ words: [String], environment: [String: String], console: Console, program: String = "sail",
    build: BuildInformation = BuildInformation()
) -> Int32 {
    if program == "kubectl_complete-sail" {
        let offer = complete(words, environment: environment, with: root)
        return (try? console.write(Array(offer.linesForKubectl.utf8))) == nil ? 1 : 0
    }
    let signals = ProcessSignals()
    do {
        var empty = Request(console: console, environment: environment)
        empty.program = program == "kubectl-sail" ? "kubectl sail" : root.name
        empty.build = build
        return try run(words, environment, empty, signals)
    } catch {
        return console.say(error, signals)
    }
}

extension Console {
    /// Says why a command ended; returns its exit code.
    func say(_ error: any Error, _ signals: any Signals) -> Int32 {
        switch error {
        case let error as UsageError:
            fail(error.description)
            return 2
        case let interruption as QuestionInterrupted:
            note("nothing was changed")
            return interruption.exitCode
        case _ where signals.happened && isInterruption(error):
            fail("interrupted; run the same command again to go on")
            return signals.exitCode
        default:
            fail(error)
            return signals.happened ? signals.exitCode : 1
        }
    }
}

private func run(
    _ words: [String], _ environment: [String: String], _ empty: Request, _ signals: ProcessSignals
) throws -> Int32 {
    let console = empty.console
    switch try invocation(words, environment, empty) {
    case .help(let path, let request):
        try console.print(helpPage(path, width: console.width, style: request.console.style))
    case .version: try console.print(versionLine + "\n")
    case .run(let command, var request):
        request.line = contextLine(words, environment, empty)
        let code = try command.body?(request) ?? 0
        return code != 0 && signals.happened ? signals.exitCode : code
    }
    return 0
}

/// What a command line asks for, with the defaults of the config file, ready to be run.
private func invocation(
    _ words: [String], _ environment: [String: String], _ empty: Request
) throws -> Invocation<Request> {
    let root = root.named(empty.program)
    var configuration = Configuration.none
    let defaults: DefaultSource<Request> = { command, given in
        guard command.readsConfig else { return [] }
        let file = try ConfigFile(
            environment, flags: { knownFlags(of: root) },
            empty: Request(console: .init(output: { _ in }, messages: { _ in }), environment: [:]),
            refusal: configRefusal, read: readUserFile)
        configuration = Configuration(file, for: command.flags, given: given, empty)
        return configuration.defaults
    }
    let invocation = try parse(words, environment: environment, defaults: defaults, with: root, into: empty)
    guard case .run(let command, var request) = invocation else { return invocation }
    request = request.withUI
    let used = configuration
    request.options.configured = used.used
    request.configReport = { used.report(environment, flags: knownFlags(of: root)) }
    request.options.shownFlags = shownFlags(words)
    try request.options.readCatalogue()
    return .run(command, request)
}

/// The command line for one of several contexts.
private func contextLine(
    _ words: [String], _ environment: [String: String], _ empty: Request
) -> ContextLine {
    let root = root.named(empty.program)
    var line = ContextLine()
    line.words = { context in
        plainWords(
            words, with: root, without: ["contexts", "all-contexts", "output", "color", "context"],
            adding: ["--output=json", "--color=never", "--context=\(context)"])
    }
    line.request = { context in
        let words = plainWords(
            words, with: root, without: ["contexts", "all-contexts", "context"], adding: ["--context=\(context)"])
        guard case .run(_, let request) = try invocation(words, environment, empty) else { return nil }
        return request
    }
    return line
}

/// The flags of all commands, each name once.
private func knownFlags(of root: Command<Request>) -> [Flag<Request>] {
    var names: Set<String> = []
    return root.flagsBelow.filter { names.insert($0.name).inserted }
}

extension Offer {
    /// As kubectl reads what can follow: a line for each word, then a number of cobra's for what the shell does with them.
    var linesForKubectl: String {
        switch self {
        case .files: return ":0\n"
        case .directories: return ":16\n"
        case .words(let candidates):
            let goesOn = candidates.count == 1 && [".", "="].contains(candidates[0].word.suffix(1))
            return lines + (goesOn ? ":6\n" : ":4\n")
        }
    }
}

extension Command<Request> {
    /// Whether the user's config file matters: not where it could only stand in the way of help.
    fileprivate var readsConfig: Bool {
        let own = flags.filter { !["color", "help"].contains($0.name) }
        return !own.isEmpty && name != "help"
    }
}
