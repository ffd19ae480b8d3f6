import Testing

@testable import Arguments

/// A command line in the form in which it can be started again.
@Suite struct PlainWordsTests {
    private struct Words: Sendable {
        var words: [String] = []
    }

    private let root = Command<Words>(
        "tool", summary: "",
        children: [
            Command(
                "do", summary: "", operands: [Operand("WORD", help: "", count: .any) { $0.words.append($1) }],
                groups: [
                    FlagGroup(
                        "Flags",
                        [
                            .value("file", short: "f", "FILE", help: "", repeatable: true) { $0.words.append($1) },
                            .value("dry-run", "WHERE", help: "", choices: ["none", "server"], implied: "server") {
                                $0.words.append($1)
                            },
                            .toggle("wait", help: "", negatable: true) { $0.words.append("\($1)") },
                            .value("context", "NAME", help: "") { $0.words.append($1) },
                        ])
                ], body: { _ in 0 })
        ])

    @Test(
        arguments: [
            ("do -f a --file=b", "do --file=a --file=b --more"), ("--context x do", "do --more"),
            ("do --dry-run --no-wait", "do --dry-run=server --wait=false --more"),
            ("do --dry-run none --wait", "do --dry-run=none --wait=true --more"),
            ("do one -f=--x --context=y two", "do --file=--x --more -- one two"),
            ("do -- --context x", "do --more -- --context x"),
        ])
    func theLineKeepsItsMeaning(_ line: String, _ plain: String) {
        let words = line.split(separator: " ").map(String.init)
        #expect(
            plainWords(words, with: root, without: ["context"], adding: ["--more"]).joined(separator: " ") == plain)
    }
}
