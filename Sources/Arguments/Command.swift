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
    package let body: Body?

    package init(
        _ name: String, summary: String, discussion: String = "", section: String = "Commands",
        operands: [Operand<Request>] = [], groups: [FlagGroup<Request>] = [],
        examples: [(line: String, text: String)] = [], children: [Command] = [], hidden: Bool = false,
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
        self.body = body
    }

    package var flags: [Flag<Request>] { groups.flatMap(\.flags) }

    /// All flags of this command and of those below it.
    var flagsBelow: [Flag<Request>] { flags + children.flatMap(\.flagsBelow) }

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
