import Arguments
import Testing

private func request(_ line: String) throws -> Sample? {
    let words = line.split(separator: " ").map(String.init)
    guard case .run(_, let request) = try parse(words, environment: [:], with: sample, into: Sample()) else {
        return nil
    }
    return request
}

private func message(_ line: String) -> String {
    do {
        _ = try request(line)
        return "no error"
    } catch {
        return "\(error)".split(separator: "\n").first.map(String.init) ?? ""
    }
}

/// A flag whose value may be left out takes one of its choices from the word behind it, as kubectl's users write.
@Suite struct OptionalValueTests {
    @Test(arguments: [
        ("make --dry-run server", Sample(dryRun: "server")),
        ("make --dry-run client -a", Sample(all: true, dryRun: "client")),
        ("make --dry-run -a", Sample(all: true, dryRun: "client")),
        ("make --dry-run", Sample(dryRun: "client")),
        ("--dry-run server make", Sample(dryRun: "server")),
        ("--dry-run make", Sample(dryRun: "client")),
    ])
    func theWordBehindItIsTakenWhereItIsAChoice(line: String, expected: Sample) throws {
        #expect(try request(line) == expected)
    }

    @Test func aMistypedChoiceIsNamed() {
        #expect(
            message("make --dry-run sever") == "--dry-run: \"sever\" is not one of client, server; did you mean server?"
        )
        #expect(message("make --dry-run -- server") == "unexpected argument \"server\"; 'tool make' takes none")
        #expect(message("make --dry-run server server") == "unexpected argument \"server\"; 'tool make' takes none")
    }

    @Test func theShellIsOfferedTheChoices() {
        #expect(complete(["make", "--dry-run", "s"], with: sample) == .words([Candidate("server")]))
        #expect(complete(["make", "--dry-run", "server", ""], with: sample) == .words([]))
    }

    @Test(arguments: [
        ("a,b", ["a", "b"]), ("a", ["a"]), ("", [""]), ("a,,b", ["a", "", "b"]), ("\"a,b\",c", ["a,b", "c"]),
        ("\"say \"\"x\"\"\"", ["say \"x\""]), ("a\"b", ["a\"b"]), (",", ["", ""]),
    ])
    func commasPartAList(text: String, expected: [String]) throws {
        #expect(try commaSeparated(text) == expected)
    }

    @Test func aQuoteNeedsItsEnd() {
        #expect(throws: InvalidValue.self) { try commaSeparated("\"a,b") }
    }
}
