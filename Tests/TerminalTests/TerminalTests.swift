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

@Test func coloursTakeNoColumns() {
    let table = Table(["", "OBJECT", "EFFECT"], rows: [[Style.colored.paint("+", as: .error), "a", "none"]])
    #expect(
        table.text() == """
               OBJECT  EFFECT
            \u{1B}[31m+\u{1B}[0m  a       none

            """)
    #expect(table.room(in: 20) == 9)
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

@Test func paintingLeavesNoTraceWhenPlain() {
    #expect(Style.plain.paint("x", as: .error) == "x")
    #expect(Style.colored.paint("x", as: .error) == "\u{1B}[31mx\u{1B}[0m")
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
