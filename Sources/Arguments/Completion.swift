/// What the shell offers for a value.
package enum Completion: Sendable {
    case nothing
    case files
    case directories
    /// Words for what has been typed so far; those that do not begin with it are left out later.
    case words(@Sendable (_ typed: String) -> [Candidate])
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
package func complete<Request>(_ words: [String], with root: Command<Request>) -> Offer {
    let typed = words.last ?? ""
    let scan = Scan(words.dropLast(), root: root)
    guard scan.error == nil else { return .words([]) }
    if let pending = scan.pending { return offer(pending.completion, typed: typed) }
    if !scan.isPastDashes, typed.hasPrefix("-") { return flagOffer(typed, in: scan.command) }
    if !scan.command.children.isEmpty {
        return matching(
            scan.command.children.filter { !$0.isHidden }.map { Candidate($0.name, help: $0.summary) }, typed)
    }
    let operands = scan.command.operands
    let position = scan.operands.count
    if position < operands.count { return offer(operands[position].completion, typed: typed) }
    if let last = operands.last, last.count == .any { return offer(last.completion, typed: typed) }
    return .words([])
}

private func flagOffer<Request>(_ typed: String, in command: Command<Request>) -> Offer {
    if let equals = typed.firstIndex(of: "=") {
        let name = typed[typed.startIndex..<equals].dropFirst(2)
        guard let flag = command.flags.first(where: { $0.name == name }) else { return .words([]) }
        let value = String(typed[typed.index(after: equals)...])
        guard case .words(let candidates) = offer(flag.completion, typed: value) else { return .files }
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

private func offer(_ completion: Completion, typed: String) -> Offer {
    switch completion {
    case .nothing: .words([])
    case .files: .files
    case .directories: .directories
    case .words(let words): matching(words(typed), typed)
    }
}

private func matching(_ candidates: [Candidate], _ typed: String) -> Offer {
    .words(candidates.filter { $0.word.hasPrefix(typed) })
}
