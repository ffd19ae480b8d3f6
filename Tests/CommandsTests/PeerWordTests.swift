import Arguments
import Kubernetes
import Operations
import Planning
import Terminal
import Testing

@testable import Commands

/// What users of other tools type is taken or answered, never "unknown" alone.
@Suite struct PeerWordTests {
    private static let commands = peerWords.filter { !$0.isFlag }
    private static let flags = peerWords.filter(\.isFlag)

    /// The commands that run, by their lines.
    private static let lines: [(line: String, command: Command<Request>)] = lines(below: root, prefix: [])

    private static func lines(below command: Command<Request>, prefix: [String]) -> [(String, Command<Request>)] {
        command.children.filter { !$0.isHidden }.flatMap { child -> [(String, Command<Request>)] in
            let words = prefix + [child.name]
            let own = child.body == nil ? [] : [(words.joined(separator: " "), child)]
            return own + lines(below: child, prefix: words)
        }
    }

    private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    /// The command that a line leads to, or the message.
    private func parsed(_ words: [String]) -> (command: String?, request: Request?, message: String) {
        let empty = Request(console: .init(output: { _ in }, messages: { _ in }), environment: [:])
        do {
            guard case .run(let command, let request) = try parse(words, environment: [:], with: root, into: empty)
            else { return (nil, nil, "help") }
            return (command.name, request, "")
        } catch {
            return (nil, nil, "\(error)")
        }
    }

    @Test func thereAreManyAndEachOnce() {
        #expect(peerWords.count >= 100)
        #expect(Set(peerWords.map(\.word)).count == peerWords.count)
        for word in Self.commands { #expect(root.descendant(words(word.word)) == nil, "\(word.word)") }
    }

    @Test(arguments: commands.map(\.word))
    func eachCommandIsTakenOrAnswered(word: String) throws {
        let row = try #require(Self.commands.first { $0.word == word })
        let answer = run(words(word) + ["--help"])
        switch row.meaning {
        case .command(let known):
            #expect(answer == run(known + ["--help"]), "\(word)")
            #expect(answer.code == 0)
        case .answer(let text):
            #expect(answer.code == 2)
            #expect(answer.output == "")
            #expect(
                answer.messages
                    == "error: unknown command \"\(word)\" for 'sail' (\(row.tools)): \(text)\nsee 'sail --help'\n")
        case .flag, .standard: Issue.record("\(word) is a command")
        }
    }

    @Test(arguments: flags.map(\.word))
    func eachFlagIsTakenOrAnswered(word: String) throws {
        let row = try #require(Self.flags.first { $0.word == word })
        let verbs = Self.lines.filter { row.verbs.isEmpty || row.verbs.contains($0.line) }
        for verb in row.verbs { #expect(Self.lines.contains { $0.line == verb }, "\(word) on \(verb)") }
        switch row.meaning {
        case .flag(let name, _):
            let (line, command) = try #require(verbs.first { $0.command.flags.contains { $0.name == name } })
            let flag = try #require(command.flags.first { $0.name == name })
            let value = flag.completion.isChoice ? "never" : flag.name == "timeout" ? "5m" : "x"
            let takes = if case .flag(_, nil) = row.meaning { flag.takesValue } else { false }
            let given = [word] + (takes ? [value] : [])
            let result = parsed(words(line) + given + command.operands.filter { $0.count == .one }.map { _ in "1" })
            #expect(result.message == "", "\(word) on \(line)")
        case .standard:
            for (line, command) in verbs {
                let operands = command.operands.filter { $0.count == .one }.map { _ in "1" }
                #expect(parsed(words(line) + [word] + operands).message == "", "\(word) on \(line)")
                #expect(parsed(words(line) + [word + "=false"] + operands).message.contains("cannot do otherwise"))
            }
        case .answer(let text):
            let (line, _) = try #require(
                verbs.first { verb in !verb.command.flags.contains { "--" + $0.name == word } })
            #expect(
                parsed(words(line) + [word, "x"]).message
                    == "unknown flag \(word) for 'sail \(line)' (\(row.tools)): \(text)\nsee 'sail \(line) --help'")
        case .command: Issue.record("\(word) is a flag")
        }
    }

    @Test func aTakenFlagDoesWhatOursDoes() throws {
        let request = try #require(
            parsed(words("apply --kube-context prod -i mesh --readiness-timeout 90s -d ./charts --skip-confirmation"))
                .request)
        #expect(request.cluster.connection.context == "prod")
        #expect(request.namespace == "mesh")
        #expect(request.cluster.apply.timeout == 90_000)
        #expect(request.charts == ["./charts"])
        #expect(request.cluster.isApproved)
        #expect(parsed(words("--kube-context prod status")).request?.cluster.connection.context == "prod")
    }

    @Test(arguments: [
        ("values --kube-context x", "'sail values' has no flag --kube-context (here: --context); it belongs to "),
        ("status --atomic", "'sail status' has no flag --atomic (here: --rollback-on-failure); it belongs to "),
        ("status --create-namespace", "unknown flag --create-namespace for 'sail status'\n"),
        ("x describe pod", "unknown command \"x\" for 'sail' (istioctl): nothing here is experimental; "),
        ("install -r canary", "unknown flag -r for 'sail install' (istioctl): sail installs one revision"),
        ("install --readiness-timeout 90", "--readiness-timeout: \"90\" is not a duration: its unit is missing"),
        ("-r canary install", "unknown flag -r for 'sail install' (istioctl): sail installs one revision"),
    ])
    func whatDoesNotFitIsSaid(line: String, beginning: String) {
        let answer = run(words(line))
        #expect(answer.code == 2)
        #expect(answer.messages.hasPrefix("error: " + beginning), "\(answer.messages)")
    }

    /// --revision is sail's own where it counts records.
    @Test func ownFlagsComeFirst() {
        #expect(parsed(words("get values istiod --revision 3")).request?.revision == 3)
    }

    @Test func theReferenceHasThemAll() {
        let page = referencePage(root)
        for word in peerWords { #expect(page.contains("| `\(word.word)`"), "\(word.word)") }
    }
}

extension Completion {
    fileprivate var isChoice: Bool {
        guard case .words(let words) = self else { return false }
        return words(PartialLine(typed: "")).contains { $0.word == "never" }
    }
}
