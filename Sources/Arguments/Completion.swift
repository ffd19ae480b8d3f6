/// What the shell offers for a value.
package enum Completion: Sendable {
    case nothing
    case files
    case directories
    /// Words for what has been typed so far; those that do not begin with it are left out later.
    case words(@Sendable (PartialLine) -> [Candidate])
    /// One or the other, by what has been typed.
    case either(@Sendable (PartialLine) -> Offer)
}

/// A command line that ends in the word for which the shell wants offers.
package struct PartialLine: Sendable {
    /// What has been typed of the word, or of a flag's value.
    package let typed: String
    /// The flags before it, without their dashes.
    package let flags: [(name: String, value: String)]
    package let operands: [String]
    /// The variables of the process.
    package let environment: [String: String]

    package init(
        typed: String, flags: [(name: String, value: String)] = [], operands: [String] = [],
        environment: [String: String] = [:]
    ) {
        self.typed = typed
        self.flags = flags
        self.operands = operands
        self.environment = environment
    }

    /// The value of a flag, the last one where there are several.
    package func value(of flag: String) -> String? { flags.last { $0.name == flag }?.value }
}

/// One offer of the shell's completion.
package struct Candidate: Sendable, Equatable {
    package let word: String
    package let help: String

    package init(_ word: String, help: String = "") {
        self.word = word
        self.help = help
    }
}

/// What the shell shall offer: words, or names of files or folders.
package enum Offer: Sendable, Equatable {
    case words([Candidate])
    case files
    case directories

    /// The lines that the completion scripts read: a word and its help parted by a tab, or `:files`, `:directories`.
    package var lines: String {
        switch self {
        case .files: ":files\n"
        case .directories: ":directories\n"
        case .words(let candidates): candidates.map { $0.word + "\t" + $0.help + "\n" }.joined()
        }
    }
}

/// Computes what can stand in the last of `words` (which may be empty), the words before it being given.
package func complete<Request>(
    _ words: [String], environment: [String: String] = [:], with root: Command<Request>
) -> Offer {
    let typed = words.last ?? ""
    let scan = Scan(words.dropLast(), root: root)
    guard scan.error == nil else { return .words([]) }
    func offer(_ completion: Completion, _ typed: String = typed) -> Offer {
        let flags = scan.uses.map { (name: $0.name, value: $0.value) }
        let line = PartialLine(typed: typed, flags: flags, operands: scan.operands, environment: environment)
        return offers(completion, line)
    }
    if let pending = scan.pending { return offer(pending.completion) }
    if !scan.isPastDashes, typed.hasPrefix("-") { return flagOffer(typed, in: scan.command, value: offer) }
    if let optional = scan.optional { return offer(optional.completion) }
    if !scan.command.children.isEmpty {
        return matching(
            scan.command.children.filter { !$0.isHidden }.map { Candidate($0.name, help: $0.summary) }, typed)
    }
    let operands = scan.command.operands
    let position = scan.operands.count
    if position < operands.count { return offer(operands[position].completion) }
    if let last = operands.last, last.count == .any { return offer(last.completion) }
    return .words([])
}

private func flagOffer<Request>(
    _ typed: String, in command: Command<Request>, value offer: (Completion, String) -> Offer
) -> Offer {
    if let equals = typed.firstIndex(of: "=") {
        let name = typed[typed.startIndex..<equals].dropFirst(2)
        guard let flag = command.flags.first(where: { $0.name == name }) else { return .words([]) }
        let value = String(typed[typed.index(after: equals)...])
        guard case .words(let candidates) = offer(flag.completion, value) else { return .files }
        return .words(candidates.map { Candidate("--\(name)=\($0.word)", help: $0.help) })
    }
    var candidates: [Candidate] = []
    for flag in command.flags {
        candidates.append(Candidate("--" + flag.name, help: flag.help))
        if flag.isNegatable, typed.hasPrefix("--n") {
            candidates.append(Candidate("--no-" + flag.name, help: flag.help))
        }
    }
    return matching(candidates, typed)
}

private func offers(_ completion: Completion, _ line: PartialLine) -> Offer {
    switch completion {
    case .nothing: return .words([])
    case .files: return .files
    case .directories: return .directories
    case .words(let words): return matching(words(line), line.typed)
    case .either(let offer):
        let offer = offer(line)
        guard case .words(let candidates) = offer else { return offer }
        return matching(candidates, line.typed)
    }
}

private func matching(_ candidates: [Candidate], _ typed: String) -> Offer {
    .words(candidates.filter { Array($0.word.utf8).starts(with: Array(typed.utf8)) })
}
