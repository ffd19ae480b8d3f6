import Values

/// Reads a command line into a typed request: environment defaults first, then flags in order, then operands.
///
/// `--help`, `-h` and a lone `--version` leave before the request is built, whatever else is wrong with the line; only
/// an unknown command is an error all the same. As in kubectl and helm, `-h` after a flag that takes a value is that
/// value, and after `--` it is an operand. Throws `UsageError`.
package func parse<Request>(
    _ words: [String], environment: [String: String], with root: Command<Request>, into empty: Request
) throws -> Invocation<Request> {
    if words == ["--version"] { return .version }
    var scan = Scan(words, root: root)
    scan.finish()
    var request = empty
    if scan.wantsHelp && !scan.namesUnknownCommand || words.isEmpty {
        // For the colours; a wrong value of another flag does not matter here.
        for use in scan.uses { try? apply([use], of: scan.knownFlags, command: scan.commandLine, to: &request) }
        return .help(scan.path, request)
    }
    scan.checkFlags()
    if let error = scan.error { throw error }
    guard scan.command.body != nil else {
        let names = scan.command.children.filter { !$0.isHidden }.map(\.name).joined(separator: ", ")
        throw UsageError(message: "'\(scan.commandLine)' needs a command: \(names)", command: scan.commandLine)
    }
    try applyEnvironment(environment, scan, to: &request)
    try apply(scan.uses, of: scan.command.flags, command: scan.commandLine, to: &request)
    try applyOperands(scan, to: &request)
    return .run(scan.command, request)
}

private func applyEnvironment<Request>(
    _ environment: [String: String], _ scan: Scan<Request>, to request: inout Request
) throws {
    for flag in scan.command.flags {
        guard let name = flag.environment, let value = environment[name], !value.isEmpty,
            !scan.uses.contains(where: { $0.name == flag.name })
        else { continue }
        try apply(flag, value, spelling: "environment variable \(name)", command: scan.commandLine, to: &request)
    }
}

private func apply<Request>(
    _ uses: [Scan<Request>.Use], of flags: [Flag<Request>], command: String, to request: inout Request
) throws {
    for use in uses {
        guard let flag = flags.first(where: { $0.name == use.name }) else { continue }
        try apply(flag, use.value, spelling: use.spelling, command: command, to: &request)
    }
}

private func apply<Request>(
    _ flag: Flag<Request>, _ value: String, spelling: String, command: String, to request: inout Request
) throws {
    func invalid(_ expectation: String) -> UsageError {
        UsageError(message: "\(spelling): \"\(value)\" is not \(expectation)", command: command)
    }
    switch flag.effect {
    case .toggle(let change):
        guard let isOn = truth[value.lowercased()] else { throw invalid("true or false") }
        change(&request, isOn)
    case .value(let change):
        guard flag.choices.isEmpty || flag.choices.contains(value) else {
            let list = (flag.choices.count == 1 ? "" : "one of ") + flag.choices.joined(separator: ", ")
            throw invalid(list + suggestion(for: value, among: flag.choices))
        }
        do {
            try change(&request, value)
        } catch let error as InvalidValue {
            throw invalid(error.expectation)
        }
    }
}

private let truth = ["true": true, "1": true, "yes": true, "false": false, "0": false, "no": false]

private func applyOperands<Request>(_ scan: Scan<Request>, to request: inout Request) throws {
    let rows = scan.command.operands
    let usage = ([scan.commandLine] + rows.map(\.usage)).joined(separator: " ")
    var next = 0
    for word in scan.operands {
        guard next < rows.count else {
            let takes = rows.isEmpty ? "'\(scan.commandLine)' takes none" : "usage: \(usage)"
            throw UsageError(message: "unexpected argument \"\(word)\"; \(takes)", command: scan.commandLine)
        }
        do {
            try rows[next].apply(&request, word)
        } catch let error as InvalidValue {
            let message = "\(rows[next].name): \"\(word)\" is not \(error.expectation)"
            throw UsageError(message: message, command: scan.commandLine)
        }
        if rows[next].count != .any { next += 1 }
    }
    if let missing = rows[next...].first(where: { $0.count == .one }) {
        throw UsageError(message: "\(missing.name) is missing; usage: \(usage)", command: scan.commandLine)
    }
}
