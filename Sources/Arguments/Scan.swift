import Values

/// The first of the two readings of a command line: which command, which flags with which texts, which operands.
///
/// Flags may stand before the verb, so a flag's arity is looked up in the tables of all commands still possible.
struct Scan<Request> {
    /// A flag as it was typed.
    struct Use {
        /// With its dashes, for messages.
        let spelling: String
        let name: String
        let value: String
    }

    private(set) var path: [Command<Request>]
    private(set) var uses: [Use] = []
    private(set) var operands: [String] = []
    private(set) var isPastDashes = false
    private(set) var wantsHelp = false
    /// Whether the first thing wrong is a command that does not exist, of which there is no help.
    private(set) var namesUnknownCommand = false
    /// The flag whose value would be the next word.
    private(set) var pending: Flag<Request>?
    /// The flag whose value the next word may be, where it is one of the choices.
    private(set) var optional: Flag<Request>?
    private(set) var error: UsageError?
    private var pendingSpelling = ""
    /// Words of another tool's command so far, after those of `path`: `x` of `x precheck`.
    private var peerCommand: [String] = []

    var command: Command<Request> { path[path.count - 1] }
    var commandLine: String { path.map(\.name).joined(separator: " ") }

    init(_ words: some Sequence<String>, root: Command<Request>) {
        path = [root]
        // To the end also after an error: --help is answered in any case.
        for word in words { take(word) }
    }

    private mutating func take(_ word: String) {
        if takeValue(word) { return }
        if isPastDashes || word == "-" || !word.hasPrefix("-") {
            takeOperand(word)
        } else if word == "--" {
            isPastDashes = true
        } else if word.hasPrefix("--") {
            takeLong(word)
        } else {
            takeShort(word)
        }
    }

    /// Takes the word as the value that the flag before it needs or may have.
    private mutating func takeValue(_ word: String) -> Bool {
        if let flag = pending {
            if word.hasPrefix("--"), flagNamed(String(word.dropFirst(2))) != nil {
                fail(
                    "\(pendingSpelling) needs a value, and \(word) is a flag; write \(pendingSpelling)=\(word) if it is meant"
                )
            }
            pending = nil
            uses.append(Use(spelling: pendingSpelling, name: flag.name, value: word))
            return true
        }
        guard let flag = optional else { return false }
        optional = nil
        // Where the command takes no words, one that is no choice is a mistyped choice.
        let takesNoWords = command.body != nil && command.operands.isEmpty && !word.hasPrefix("-")
        guard flag.choices.contains(word) || takesNoWords, !isPastDashes else { return false }
        uses[uses.count - 1] = Use(spelling: pendingSpelling, name: flag.name, value: word)
        return true
    }

    private mutating func takeOperand(_ word: String) {
        guard !command.children.isEmpty, !isPastDashes else {
            operands.append(word)
            return
        }
        if peerCommand.isEmpty, let child = command.children.first(where: { $0.name == word }) {
            path.append(child)
        } else {
            takeUnknownCommand(word)
        }
    }

    /// A command of another tool, or none at all.
    private mutating func takeUnknownCommand(_ word: String) {
        guard error == nil else { return }
        peerCommand.append(word)
        let (row, isBeginning) = path[0].peerWords.command(path.dropFirst().map(\.name) + peerCommand)
        if isBeginning { return }
        if let row { return take(row) }
        if peerCommand.count > 1 { return endPeerCommand() }
        let names = command.children.filter { !$0.isHidden }.map(\.name)
        namesUnknownCommand = true
        fail("unknown command \"\(word)\" for '\(commandLine)'" + suggestion(for: word, among: names))
    }

    /// The words of another tool's command are at their end, although a longer command begins with them.
    private mutating func endPeerCommand() {
        while !peerCommand.isEmpty, error == nil {
            if let row = path[0].peerWords.command(path.dropFirst().map(\.name) + peerCommand).row { return take(row) }
            let word = peerCommand.removeLast()
            if peerCommand.isEmpty {
                namesUnknownCommand = true
                fail("unknown command \"\(word)\" for '\(commandLine)'")
            }
        }
    }

    private mutating func take(_ row: PeerWord) {
        peerCommand = []
        if case .command(let words) = row.meaning, let known = path[0].descendant(words) {
            path = known
        } else {
            namesUnknownCommand = true
            fail("unknown command \"\(row.word)\" for '\(path[0].name)' (\(row.tools)): \(row.answer)")
        }
    }

    private mutating func takeLong(_ word: String) {
        let body = word.dropFirst(2)
        let equals = body.firstIndex(of: "=")
        let name = String(equals.map { body[..<$0] } ?? body)
        let value = equals.map { String(body[body.index(after: $0)...]) }
        if name == "help" {
            wantsHelp = true
        } else if let flag = flagNamed(name) {
            use(flag, spelling: "--" + name, value: value)
        } else if name.hasPrefix("no-"), let flag = flagNamed(String(name.dropFirst(3))), flag.isNegatable {
            if value != nil { return fail("--\(name) takes no value") }
            uses.append(Use(spelling: "--" + name, name: flag.name, value: "false"))
        } else {
            takeUnknownFlag("--" + name, value: value)
        }
    }

    private mutating func takeShort(_ word: String) {
        var rest = word.dropFirst()
        while let letter = rest.popFirst() {
            let known = knownFlags.first { $0.short == letter } ?? peerFlag("-\(letter)")
            if letter == "h", known == nil || known?.name == "help" {
                wantsHelp = true
                continue
            }
            guard let flag = known else {
                if rest.contains("h") { wantsHelp = true }
                let value = rest.first == "=" ? String(rest.dropFirst()) : nil
                return takeUnknownFlag("-\(letter)", value: value)
            }
            guard flag.takesValue, flag.implied == nil else {
                use(flag, spelling: "-\(letter)", value: nil)
                continue
            }
            if rest.first == "=" { rest = rest.dropFirst() }
            return use(flag, spelling: "-\(letter)", value: rest.isEmpty ? nil : String(rest))
        }
    }

    private mutating func use(_ flag: Flag<Request>, spelling: String, value: String?) {
        if let value {
            uses.append(Use(spelling: spelling, name: flag.name, value: value))
        } else if !flag.takesValue {
            uses.append(Use(spelling: spelling, name: flag.name, value: "true"))
        } else if let implied = flag.implied {
            uses.append(Use(spelling: spelling, name: flag.name, value: implied))
            optional = flag
            pendingSpelling = spelling
        } else {
            pending = flag
            pendingSpelling = spelling
        }
    }

    /// Flags of the command so far, of its parents, and of all that can still follow.
    var knownFlags: [Flag<Request>] { path.dropLast().flatMap(\.flags) + command.flagsBelow }

    private func flagNamed(_ name: String) -> Flag<Request>? {
        knownFlags.first { $0.name == name }
    }

    /// A flag that is none of the command's: another tool's, another command's, or nobody's.
    private mutating func takeUnknownFlag(_ spelling: String, value: String?) {
        guard let row = peerRow(spelling) else { return unknown(spelling) }
        switch row.meaning {
        case .flag(let name, let fixed):
            guard let flag = flagNamed(name) else { return belongsElsewhere(name, spelling: spelling) }
            use(flag, spelling: spelling, value: fixed ?? value)
        case .standard(let text):
            if let value, value != "true" {
                fail("\(spelling)=\(value): '\(commandLine)' cannot do otherwise: \(text)")
            }
        case .answer, .command:
            fail("unknown flag \(spelling) for '\(commandLine)' (\(row.tools)): \(row.answer)")
        }
    }

    private func peerRow(_ spelling: String) -> PeerWord? {
        let verb = path.dropFirst().map(\.name).joined(separator: " ")
        return path[0].peerWords.flag(spelling, verb: command.body == nil ? nil : verb)
    }

    /// The flag that another tool's short one stands for.
    private func peerFlag(_ spelling: String) -> Flag<Request>? {
        guard case .flag(let name, nil)? = peerRow(spelling)?.meaning else { return nil }
        return flagNamed(name)
    }

    private mutating func unknown(_ spelling: String) {
        if let flag = path[0].flagsBelow.first(where: {
            spelling == "--" + $0.name || $0.short.map { "-\($0)" } == spelling
        }) {
            return belongsElsewhere(flag.name, spelling: spelling)
        }
        let own = command.flags.isEmpty ? knownFlags : command.flags
        let names = own.map { "--" + $0.name } + own.filter(\.isNegatable).map { "--no-" + $0.name }
        let near = spelling.hasPrefix("--") ? suggestion(for: spelling, among: names) : ""
        fail("unknown flag \(spelling) for '\(commandLine)'" + near)
    }

    /// Flags typed before the verb must be the verb's own.
    mutating func checkFlags() {
        guard error == nil, command.body != nil else { return }
        let flags = command.flags
        for (index, use) in uses.enumerated() where !flags.contains(where: { $0.name == use.name }) {
            guard let row = peerRow(use.spelling) else {
                return belongsElsewhere(use.name, spelling: use.spelling)
            }
            // Another command's flag is also another tool's word for one of this command's.
            guard case .flag(let name, let fixed) = row.meaning, flags.contains(where: { $0.name == name }) else {
                return takeUnknownFlag(use.spelling, value: nil)
            }
            uses[index] = Use(spelling: use.spelling, name: name, value: fixed ?? use.value)
        }
    }

    /// A flag that other commands have, and this one has not.
    mutating func belongsElsewhere(_ name: String, spelling: String) {
        let owner = commandLines(having: name, below: path[0], prefix: "").first ?? path[0].name
        let own = spelling.hasPrefix("--") && spelling != "--" + name ? " (here: --\(name))" : ""
        fail("'\(commandLine)' has no flag \(spelling)\(own); it belongs to '\(owner)'")
    }

    /// The first thing wrong is the one that is reported.
    mutating func fail(_ message: String) {
        error = error ?? UsageError(message: message, command: commandLine)
    }

    /// Ends the reading: a flag still waiting for its value is an error.
    mutating func finish() {
        endPeerCommand()
        guard error == nil, let flag = pending else { return }
        fail("\(pendingSpelling) needs a value: \(pendingSpelling) \(flag.placeholder ?? "VALUE")")
    }
}

extension PeerWord {
    /// What a message says of it.
    fileprivate var answer: String {
        if case .answer(let text) = meaning { return text }
        return "there is no such thing here"
    }
}

private func commandLines<Request>(having flag: String, below command: Command<Request>, prefix: String) -> [String] {
    let line = prefix + command.name
    let own = command.flags.contains { $0.name == flag } && !command.isHidden ? [line] : []
    return own + command.children.flatMap { commandLines(having: flag, below: $0, prefix: line + " ") }
}
