import Arguments
import Testing

@Test func theHelpPageFitsInto60Columns() throws {
    let path = try #require(sample.descendant(["make"]))
    #expect(
        helpPage([sample] + path.dropFirst(), width: 60) == """
            Make all of the things that can be made, however long that
            takes.

            Usage:
              tool make [flags]

            Flags:
              -a, --all             Take all [$TOOL_ALL]
              -v, --verbose         Say more
                  --[no-]wait       Wait until done
              -o, --output FORMAT   Format (yaml|json) [$TOOL_OUTPUT]
              -f, --file FILE       A file (repeatable)
                  --dry-run[=MODE]  Only show (client|server)
                  --count N         How many

            Examples:
              # Make things as JSON
              tool make -o json

            """)
}

@Test func theHelpOfAGroupListsItsCommands() {
    #expect(
        helpPage([sample], width: 60) == """
            Do things.

            Usage:
              tool COMMAND [flags]

            A tool for tests.

            Commands:
              make  Make all of the things that can be made, however
                    long that takes
              copy  Copy things
              list  Lists

            'tool COMMAND --help' tells more about a command.

            """)
}

@Test func noLineOfAnyHelpPageIsWiderThanTheWindow() {
    for width in [60, 80, 100] {
        for path in [[sample]] + sample.children.map({ [sample, $0] }) {
            for line in helpPage(path, width: width).split(separator: "\n") { #expect(line.count <= width) }
        }
    }
}

@Test(arguments: [
    (
        ["ma"],
        Offer.words([Candidate("make", help: "Make all of the things that can be made, however long that takes")])
    ),
    (["make", "-o", ""], .words([Candidate("yaml"), Candidate("json")])),
    (["make", "--output", "j"], .words([Candidate("json")])),
    (["make", "--output=j"], .words([Candidate("--output=json")])),
    (["make", "--fil"], .words([Candidate("--file", help: "A file")])),
    (["make", "--no"], .words([Candidate("--no-wait", help: "Wait until done")])),
    (["make", "-f", ""], .files),
    (["make", "--file=x"], .files),
    (["copy", ""], .files),
    (["copy", "a", ""], .words([])),
    (["list", ""], .words([Candidate("all", help: "List all")])),
    (["nonsense", ""], .words([])),
])
func theShellIsOfferedWhatCanFollow(words: [String], expected: Offer) {
    #expect(complete(words, with: sample) == expected)
}

@Test func theManualEscapesDashesAndDots() {
    let pages = manualPages(sample, version: "1")
    #expect(pages.map(\.name) == ["tool.1", "tool-make.1", "tool-copy.1", "tool-list.1", "tool-list-all.1"])
    #expect(pages[1].text.hasPrefix(".TH TOOL\\-MAKE 1 \"\" \"tool 1\" \"User Commands\"\n"))
    #expect(pages[1].text.contains(".B tool make [flags]\n"))
    #expect(pages[1].text.contains(".B \\-f, \\-\\-file FILE\nA file (repeatable)\n"))
}

@Test func theReferenceHasATableRowPerFlag() {
    #expect(referencePage(sample).contains("| `-o, --output FORMAT` | Format (yaml\\|json) [$TOOL_OUTPUT] |\n"))
}
