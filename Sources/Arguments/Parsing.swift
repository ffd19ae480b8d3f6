import Values

/// A value for a flag that neither the line nor the environment sets.
package struct DefaultValue: Sendable {
    package let flag: String
    package let value: String
    /// Where it is written: `config.yaml:3`.
    package let place: String

    package init(flag: String, value: String, place: String) {
        self.flag = flag
        self.value = value
        self.place = place
    }
}

/// What gives the defaults of a command, told the values that its flags have on the line or in the environment.
package typealias DefaultSource<Request> = (Command<Request>, [String: String]) throws -> [DefaultValue]

/// Reads a command line into a typed request: defaults first, then the environment, then flags in order, then operands.
///
/// `--help`, `-h` and a lone `--version` leave before the request is built, whatever else is wrong with the line; only
/// an unknown command is an error all the same. As in kubectl and helm, `-h` after a flag that takes a value is that
/// value, and after `--` it is an operand. Throws `UsageError`.
package func parse<Request>(
    _ words: [String], environment: [String: String], defaults: DefaultSource<Request> = { _, _ in [] },
    with root: Command<Request>, into empty: Request
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
    for value in try defaults(scan.command, given(environment, scan)) {
        guard let flag = scan.command.flags.first(where: { $0.name == value.flag }) else { continue }
        let spelling = "\(value.place): \(value.flag)"
        try apply(flag, value.value, spelling: spelling, command: scan.commandLine, to: &request)
    }
    try applyEnvironment(environment, scan, to: &request)
    try apply(scan.uses, of: scan.command.flags, command: scan.commandLine, to: &request)
    try checkNeeds(environment, scan)
    try applyOperands(scan, to: &request)
    return .run(scan.command, request)
}

/// The values of the command's flags on the line, the last one of each, and in the environment.
private func given<Request>(_ environment: [String: String], _ scan: Scan<Request>) -> [String: String] {
    var values: [String: String] = [:]
    for flag in scan.command.flags {
        values[flag.name] = flag.environment.flatMap { environment[$0] }.flatMap { $0.isEmpty ? nil : $0 }
    }
    for use in scan.uses { values[use.name] = use.value }
    return values
}

/// A flag that has no effect without another one was given for nothing.
private func checkNeeds<Request>(_ environment: [String: String], _ scan: Scan<Request>) throws {
    let given = given(environment, scan)
    for use in scan.uses {
        let all = scan.command.flags.first(where: { $0.name == use.name })?.needed ?? []
        let isMet = all.contains { given[$0].map { truth[$0.lowercased()] != false } ?? false }
        guard let needed = all.first, !isMet else { continue }
        let message = "\(use.spelling) has no effect without --\(needed); add --\(needed), or leave it out"
        throw UsageError(message: message, command: scan.commandLine)
    }
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
    do {
        try flag.apply(value, to: &request)
    } catch let error as InvalidValue {
        throw UsageError(message: "\(spelling): \"\(value)\" is not \(error.expectation)", command: command)
    }
}

extension Flag {
    /// Changes a request as the flag with this value does; throws `InvalidValue`.
    package func apply(_ value: String, to request: inout Request) throws {
        switch effect {
        case .toggle(let change):
            guard let isOn = truth[value.lowercased()] else { throw InvalidValue(expectation: "true or false") }
            change(&request, isOn)
        case .value(let change):
            let value = synonyms[value] ?? value
            guard choices.isEmpty || choices.contains(value) else {
                let list = (choices.count == 1 ? "" : "one of ") + choices.joined(separator: ", ")
                throw InvalidValue(expectation: list + suggestion(for: value, among: choices))
            }
            try change(&request, value)
        }
    }
}

private let truth = ["true": true, "1": true, "yes": true, "false": false, "0": false, "no": false]

private func applyOperands<Request>(_ scan: Scan<Request>, to request: inout Request) throws {
    let rows = scan.command.operands
    let usage = ([scan.commandLine] + rows.map(\.usage)).joined(separator: " ")
    var next = 0
    for (index, word) in scan.operands.enumerated() {
        // `[NAME] CHART`: a single word is the one that is needed.
        let rest = scan.operands.count - index
        while next < rows.count, rows[next].count == .optional, rest <= rows[next...].count(where: { $0.count == .one })
        {
            next += 1
        }
        guard next < rows.count else {
            // A name that another tool takes as an argument, and this command as a flag.
            let named = scan.command.flags.contains { $0.name == "name" } ? "; give a name as --name \(word)" : ""
            let takes = rows.isEmpty ? "'\(scan.commandLine)' takes none\(named)" : "usage: \(usage)"
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
