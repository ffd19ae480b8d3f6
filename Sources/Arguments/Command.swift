/// One command or group of commands as a table row.
package struct Command<Request>: Sendable {
    /// What runs; the number is the exit code.
    package typealias Body = @Sendable (Request) throws -> Int32

    package let name: String
    /// One sentence without a full stop.
    package let summary: String
    /// Paragraphs for the command's own help page.
    package let discussion: String
    /// The heading under which the parent's help lists it.
    package let section: String
    package let operands: [Operand<Request>]
    package let groups: [FlagGroup<Request>]
    package let examples: [(line: String, text: String)]
    package let children: [Command]
    package let isHidden: Bool
    /// Of the topmost command: words of other tools that are understood.
    package let peerWords: [PeerWord]
    /// Of the topmost command: what manual pages say besides.
    package let notes: ManualNotes
    /// What the exit codes of this command mean, where that is not what all commands have.
    package let exitStatus: [ManualNotes.Note]
    package let body: Body?

    package init(
        _ name: String, summary: String, discussion: String = "", section: String = "Commands",
        operands: [Operand<Request>] = [], groups: [FlagGroup<Request>] = [],
        examples: [(line: String, text: String)] = [], children: [Command] = [], hidden: Bool = false,
        peerWords: [PeerWord] = [], notes: ManualNotes = .none, exitStatus: [ManualNotes.Note] = [],
        body: Body? = nil
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.section = section
        self.operands = operands
        self.groups = groups
        self.examples = examples
        self.children = children
        self.isHidden = hidden
        self.peerWords = peerWords
        self.notes = notes
        self.exitStatus = exitStatus
        self.body = body
    }

    /// The same command under another name, as a plugin of another program has it: `kubectl sail`.
    package func named(_ name: String) -> Command {
        Command(
            name, summary: summary, discussion: discussion, section: section, operands: operands, groups: groups,
            examples: examples, children: children, hidden: isHidden, peerWords: peerWords, notes: notes,
            exitStatus: exitStatus, body: body)
    }

    package var flags: [Flag<Request>] { groups.flatMap(\.flags) }

    /// All flags of this command and of those below it.
    package var flagsBelow: [Flag<Request>] { flags + children.flatMap(\.flagsBelow) }

    /// The command's words after this one: `["manifest", "generate"]`, `nil` where there is none such.
    package func descendant(_ names: some Sequence<String>) -> [Command]? {
        var path = [self]
        for name in names {
            guard let child = path[path.count - 1].children.first(where: { $0.name == name }) else { return nil }
            path.append(child)
        }
        return path
    }
}

/// What a command line asks for.
package enum Invocation<Request> {
    /// The help page of the last of these commands, the others being its parents; the request as far as it went.
    case help([Command<Request>], Request)
    case version
    case run(Command<Request>, Request)
}
