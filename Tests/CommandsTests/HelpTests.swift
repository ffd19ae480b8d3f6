import Arguments
import Terminal
import Testing

@testable import Commands

/// `-h` and `--help` are help before anything else is read of the line: a command that writes must never run.
@Suite struct HelpTests {
    /// The words of every command and group, hidden ones too.
    private static let paths: [[String]] = paths(below: root)

    private static func paths(below command: Command<Request>) -> [[String]] {
        [[]] + command.children.flatMap { child in paths(below: child).map { [child.name] + $0 } }
    }

    private func page(_ path: [String]) throws -> String {
        helpPage(try #require(root.descendant(path)), width: 80)
    }

    private func expectHelp(_ words: [String], of path: [String], _ place: SourceLocation = #_sourceLocation) throws {
        let answer = run(words)
        #expect(answer.code == 0, "sail \(words.joined(separator: " "))", sourceLocation: place)
        #expect(answer.messages == "", "sail \(words.joined(separator: " "))", sourceLocation: place)
        #expect(answer.output == (try page(path)), "sail \(words.joined(separator: " "))", sourceLocation: place)
    }

    @Test(arguments: paths)
    func everyCommandHasHelpInThreeWays(path: [String]) throws {
        try expectHelp(path + ["-h"], of: path)
        try expectHelp(path + ["--help"], of: path)
        if path.first != "help" { try expectHelp(["help"] + path, of: path) }
        try expectHelp(["-h"] + path, of: path)
    }

    @Test(arguments: paths)
    func helpComesBeforeWhateverIsWrong(path: [String]) throws {
        try expectHelp(path + ["--no-such-flag", "-h"], of: path)
        try expectHelp(path + ["-h", "--no-such-flag=x", "-Z"], of: path)
        try expectHelp(path + ["--color", "sometimes", "--help"], of: path)
        guard root.descendant(path)?.last?.children.isEmpty == true else { return }
        try expectHelp(path + ["far", "too", "many", "words", "-h"], of: path)
    }

    @Test(arguments: paths)
    func helpComesAfterAnyFlagOfTheCommand(path: [String]) throws {
        for flag in try #require(root.descendant(path)?.last).flags where flag.name != "help" {
            let long = flag.takesValue ? "--\(flag.name)=x" : "--\(flag.name)"
            try expectHelp(path + [long, "-h"], of: path)
            try expectHelp(path + ["-h", long], of: path)
            if let short = flag.short, !flag.takesValue { try expectHelp(path + ["-\(short)h"], of: path) }
        }
    }

    /// As kubectl and helm read it: the word after a flag that takes a value is that value.
    @Test(arguments: paths)
    func theValueOfAFlagIsNoHelp(path: [String]) throws {
        for flag in try #require(root.descendant(path)?.last).flags where flag.takesValue && flag.implied == nil {
            guard
                case .run(_, _)? = try? parse(
                    path + ["--\(flag.name)", "-h"], environment: [:], with: root, into: empty)
            else {
                // An error of the value, or of a missing operand; not help in any case.
                #expect(throws: UsageError.self) {
                    try parse(path + ["--\(flag.name)", "-h"], environment: [:], with: root, into: empty)
                }
                continue
            }
        }
    }

    @Test func afterTwoDashesItIsAnOperand() {
        let answer = run(["template", "name", "--", "-h"])
        #expect(answer.code == 1)
        #expect(answer.messages.contains("-h"))
    }

    @Test(arguments: [
        ["uninstal", "-h"], ["get", "manifst", "--help"], ["-h", "no-such-command"], ["help", "upgrad"],
    ])
    func anUnknownCommandHasNoHelp(words: [String]) {
        let answer = run(words)
        #expect(answer.code == 2)
        #expect(answer.output == "")
        #expect(answer.messages.hasPrefix("error: unknown command "))
    }

    private var empty: Request {
        Request(console: Console(output: { _ in }, messages: { _ in }), environment: [:])
    }
}
