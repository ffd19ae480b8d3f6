/// What manual pages say besides the tables of commands and flags.
package struct ManualNotes: Sendable {
    /// A variable, a file or an exit code, with what it means.
    package struct Note: Sendable {
        package let term: String
        package let text: String
        /// Only for commands that have one of these flags; for all where empty.
        package let flags: [String]

        package init(_ term: String, _ text: String, flags: [String] = []) {
            self.term = term
            self.text = text
            self.flags = flags
        }
    }

    package let environment: [Note]
    package let files: [Note]
    /// For commands that have none of their own.
    package let exitStatus: [Note]
    /// Pages of other programs: `kubectl(1)`.
    package let seeAlso: [String]

    package init(environment: [Note], files: [Note], exitStatus: [Note], seeAlso: [String]) {
        self.environment = environment
        self.files = files
        self.exitStatus = exitStatus
        self.seeAlso = seeAlso
    }

    package static let none = ManualNotes(environment: [], files: [], exitStatus: [], seeAlso: [])
}

/// The manual pages in roff, for man(7): sail(1), and one for each command and group, `sail-manifest-generate(1)`.
package func manualPages<Request>(
    _ root: Command<Request>, version: String
) -> [(name: String, text: String)] {
    func pages(_ path: [Command<Request>]) -> [(name: String, text: String)] {
        let own = (pageName(path) + ".1", manualPage(path, version: version))
        let children = path[path.count - 1].children.filter { !$0.isHidden }
        return [own] + children.flatMap { pages(path + [$0]) }
    }
    return pages([root])
}

/// The manual page of the last command of `path`, the others being its parents.
package func manualPage<Request>(_ path: [Command<Request>], version: String) -> String {
    let command = path[path.count - 1]
    let name = pageName(path)
    var page = ManualPage()
    page.add(".TH \(roff(name.uppercased())) 1 \"\" \"\(roff(path[0].name)) \(roff(version))\" \"User Commands\"")
    page.section("NAME", "\(roff(name)) \\- \(roff(command.summary))")
    page.section("SYNOPSIS", ".B \(roff(usageLine(path)))")
    page.section("DESCRIPTION", paragraphs(command.discussion.isEmpty ? command.summary + "." : command.discussion))
    page.list(
        "COMMANDS",
        command.children.filter { !$0.isHidden }.map { child in
            (pageName(path + [child]) + "(1)", child.summary)
        })
    page.list("ARGUMENTS", command.operands.map { ($0.name, $0.help) })
    page.options(command.groups)
    page.examples(command.examples)
    let notes = path[0].notes
    page.list("ENVIRONMENT", environment(of: command, notes))
    page.list("FILES", notes.files.filter { $0.isMeant(for: command) }.map { ($0.term, $0.text) })
    let codes = command.exitStatus.isEmpty ? notes.exitStatus : command.exitStatus
    page.list("EXIT STATUS", codes.map { ($0.term, $0.text) })
    page.section("SEE ALSO", seeAlso(path).map { ".BR \(roff($0)) (1)" }.joined(separator: ",\n"))
    return page.text
}

/// `sail-manifest-generate`
private func pageName<Request>(_ path: [Command<Request>]) -> String { path.map(\.name).joined(separator: "-") }

extension ManualNotes.Note {
    fileprivate func isMeant<Request>(for command: Command<Request>) -> Bool {
        flags.isEmpty || command.children.isEmpty == false || command.flags.contains { flags.contains($0.name) }
    }
}

/// The variables of the command's flags, then those of the program.
private func environment<Request>(of command: Command<Request>, _ notes: ManualNotes) -> [(String, String)] {
    let own = command.flags.compactMap { flag in
        flag.environment.map { ($0, "Stands in for --\(flag.name): \(flag.help)") }
    }
    let others = notes.environment.filter { note in
        note.isMeant(for: command) && !own.contains { $0.0 == note.term }
    }
    return own + others.map { ($0.term, $0.text) }
}

/// The parent, the sisters, the commands below, and other programs.
private func seeAlso<Request>(_ path: [Command<Request>]) -> [String] {
    let command = path[path.count - 1]
    var names = command.children.filter { !$0.isHidden }.map { pageName(path + [$0]) }
    if path.count > 1 {
        let parents = Array(path.dropLast())
        names.append(pageName(parents))
        names += parents[parents.count - 1].children.filter { !$0.isHidden && $0.name != command.name }
            .map { pageName(parents + [$0]) }
    }
    return names + path[0].notes.seeAlso
}

/// A page as it grows.
private struct ManualPage {
    private(set) var text = ""

    mutating func add(_ line: String) { text += line + "\n" }

    mutating func section(_ title: String, _ body: String) {
        guard !body.isEmpty else { return }
        add(".SH \(title)\n\(body)")
    }

    mutating func list(_ title: String, _ rows: [(String, String)]) {
        guard !rows.isEmpty else { return }
        add(".SH \(title)")
        for (term, text) in rows { add(".TP\n.B \(roff(term))\n\(roff(text))") }
    }

    mutating func options<Request>(_ groups: [FlagGroup<Request>]) {
        guard !groups.isEmpty else { return }
        add(".SH OPTIONS")
        for group in groups {
            add(".SS \(roff(group.title))")
            for flag in group.flags {
                add(".TP\n.B \(roff(String(flag.usage.drop { $0 == " " })))\n\(roff(flag.explanation))")
            }
        }
    }

    mutating func examples(_ examples: [(line: String, text: String)]) {
        guard !examples.isEmpty else { return }
        add(".SH EXAMPLES")
        for (index, example) in examples.enumerated() {
            if index > 0 { add(".PP") }
            add("\(roff(example.text)):\n.PP\n.EX\n\(roff(example.line))\n.EE")
        }
    }
}

private func paragraphs(_ text: String) -> String {
    roff(text).split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? ".PP" : String($0) }.joined(separator: "\n")
}

/// Escapes what roff would take for markup: backslashes, dashes, and a dot or quote at a line's start.
private func roff(_ text: String) -> String {
    var result = ""
    var atStart = true
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\": result += "\\e"
        case "-": result += "\\-"
        case "\"": result += "\\(dq"
        case "~": result += "\\(ti"
        case "^": result += "\\(ha"
        case "`": result += "\\(ga"
        case ".", "'":
            if atStart { result += "\\&" }
            result += scalar == "'" && !atStart ? "\\(aq" : String(scalar)
        default: result.unicodeScalars.append(scalar)
        }
        atStart = scalar == "\n"
    }
    return result
}
