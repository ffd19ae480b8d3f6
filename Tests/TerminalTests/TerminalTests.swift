import Synchronization
import Terminal
import Testing

@Test func textIsBrokenAtSpaces() {
    #expect(wrap("one two three", width: 7) == ["one two", "three"])
    #expect(wrap("a verylongword b", width: 6) == ["a", "verylongword", "b"])
    #expect(wrap("one\n\ntwo", width: 10) == ["one", "", "two"])
    #expect(wrap("", width: 10) == [""])
}

@Test func definitionsStandBesideTheirTerms() {
    let rows = [(term: "short", text: "one two three four five six"), (term: "a-very-long-term-indeed", text: "text")]
    #expect(
        definitionList(rows, width: 40) == """
              short  one two three four five six
              a-very-long-term-indeed
                     text

            """)
}

@Test func tablesAlignTheirColumns() {
    var table = Table(["NAME", "WHAT"])
    table.append(["a", "first"])
    table.append(["long name", ""])
    table.append(["", "third"])
    #expect(
        table.text() == """
            NAME       WHAT
            a          first
            long name
                       third

            """)
}

/// What a console with colours prints of a text.
private func printed(_ text: String) throws -> String {
    let bytes = Mutex<[UInt8]>([])
    let console = Console(
        style: .colored, messageStyle: .colored, output: { new in bytes.withLock { $0 += new } }, messages: { _ in })
    try console.print(text)
    return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
}

@Test func coloursTakeNoColumns() throws {
    let table = Table(["", "OBJECT", "EFFECT"], rows: [[Style.colored.paint("+", as: .error), "a", "none"]])
    #expect(
        try printed(table.text()) == """
               OBJECT  EFFECT
            \u{1B}[31m+\u{1B}[0m  a       none

            """)
    #expect(table.room(in: 20) == 9)
}

@Test func onlyOurOwnColoursReachTheTerminal() throws {
    let hostile = "\u{1B}[31mred\u{1B}[0m \u{1B}]0;title\u{07}\u{10FFF0}e"
    let shown = #"\x1b[31mred\x1b[0m \x1b]0;title\a"# + "\u{10FFF0}e"
    #expect(try printed(hostile) == shown)
    #expect(try printed(Style.colored.paint(hostile, as: .strong)) == "\u{1B}[1m\(shown)\u{1B}[0m")
    var table = Table(["A", "B"])
    table.append(["x\r\nerror: y", "\u{9B}2J"])
    #expect(try printed(table.text()) == "A           B\nx error: y  \\u009b2J\n")
}

@Test func everyMessageIsShownSafely() {
    let bytes = Mutex<[UInt8]>([])
    let console = Console(messageWindow: 40, output: { _ in }, messages: { new in bytes.withLock { $0 += new } })
    console.note("a\u{1B}[2J")
    console.warn("b\u{9B}K")
    console.fail("c\u{202E}")
    console.show("d\r? ")
    console.showBlock(["e\u{1B}\nf" + String(repeating: "x", count: 100), "g"], replacing: 0)
    console.showBlock([], replacing: 2)
    let text = String(decoding: bytes.withLock { $0 }, as: UTF8.self)
    #expect(
        text == #"a\x1b[2J"# + "\n" + #"warning: b\u009bK"# + "\n" + #"error: c\u202e"# + "\n" + #"d\r? "#
            + "\r\u{1B}[K" + #"e\x1b f"# + String(repeating: "x", count: 32) + "\ng" + "\r\u{1B}[K\u{1B}[1A\u{1B}[K")
}

@Test func dataIsNotChanged() throws {
    let bytes = Mutex<[UInt8]>([])
    let console = Console(output: { new in bytes.withLock { $0 += new } }, messages: { _ in })
    let data: [UInt8] = [0x1B, 0x5B, 0xFF, 0x0D, 0x0A, 0x00]
    try console.write(data)
    #expect(bytes.withLock { $0 } == data)
}

@Test func theLastColumnIsWrappedIntoTheWindow() {
    let table = Table(["A", "B"], rows: [["x", "one two three four five"]])
    #expect(
        table.text(width: 19) == """
            A  B
            x  one two three
               four five

            """)
}

@Test(arguments: [
    (ColorChoice.always, ["NO_COLOR": "1"], true), (.never, [:], false), (.auto, [:], false),
])
func coloursFollowTheChoiceFirst(choice: ColorChoice, environment: [String: String], expected: Bool) {
    // The descriptor -1 is no terminal.
    #expect(Style(choice, descriptor: -1, environment: environment).isColored == expected)
}

@Test func paintingLeavesNoTraceWhenPlain() throws {
    #expect(Style.plain.paint("x", as: .error) == "x")
    #expect(try printed(Style.colored.paint("x", as: .error)) == "\u{1B}[31mx\u{1B}[0m")
    #expect(Style.colored.paint("", as: .error) == "")
}

@Suite struct OverflowingTableTests {
    private let table = Table(["NAME", "WHAT"], rows: [["a", "short"], ["b", "a text that is longer"]])

    @Test func nothingStandsBelowWhereThereIsNothing() {
        let wide = Table(["NAME", "WHAT"], rows: [["a name as wide as the window", ""], ["b", "text"]])
        #expect(
            wide.text(width: 20, overflowing: 2) == """
                NAME
                a name as wide as the window
                b
                  text

                """)
    }

    @Test func whatDoesNotFitStandsBelow() {
        #expect(
            table.text(width: 14, overflowing: 2) == """
                NAME  WHAT
                a     short
                b
                  a text that is
                  longer

                """)
        #expect(
            table.text(width: 40, overflowing: 2) == """
                NAME  WHAT
                a     short
                b     a text that is longer

                """)
    }

    @Test func aHeadingThatDoesNotFitGoes() {
        #expect(table.text(width: 9, overflowing: 2).hasPrefix("NAME\na\n  short\n"))
    }
}
