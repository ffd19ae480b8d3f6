import Testing

@testable import Terminal

/// Columns of a terminal: what wcwidth(3) and today's terminals make of a text.
@Suite struct ColumnsTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("ｗｉｄｅ", 8), ("한국", 4),
        ("\u{1112}\u{1161}\u{11AB}", 2),
        ("✓", 1), ("×", 1), ("…", 1), ("⚠", 1), ("⚠\u{FE0F}", 2), ("🚀", 2), ("👩‍👩‍👧", 2), ("👍🏽", 2), ("🇩🇪", 2),
        ("a\u{200D}", 1),
        ("\u{0}", 1), ("नमस्ते", 4), ("Привет", 6), ("○●", 2), ("\u{E000}", 1),
    ])
    func aTextTakesColumns(text: String, expected: Int) {
        #expect(columns(of: text) == expected, "\(text)")
    }

    @Test func tablesStandStraightWithWideCells() {
        let table = Table(["NAME", "WHAT"], rows: [["日本", "a"], ["e\u{301}té", "b"], ["🚀", "c"], ["plain", "d"]])
        #expect(
            table.text() == """
                NAME   WHAT
                日本   a
                e\u{301}té    b
                🚀     c
                plain  d

                """)
    }

    @Test func wideTextIsWrappedByItsColumns() {
        #expect(wrap("日本 語版 ab", width: 7) == ["日本", "語版 ab"])
        #expect(wrap("日本 語版 ab", width: 9) == ["日本 語版", "ab"])
        let rows = [(term: "日本", text: "one two three"), (term: "ascii", text: "x")]
        #expect(definitionList(rows, width: 30).hasPrefix("  日本   one two three\n  ascii  x\n"))
    }

    @Test func aPassingLineIsCutByItsColumns() {
        #expect(prefix(of: "日本語", columns: 5) == "日本")
        #expect(prefix(of: "abc", columns: 5) == "abc")
        #expect(prefix(of: "👩‍👩‍👧x", columns: 2) == "👩‍👩‍👧")
        #expect(prefix(of: "日", columns: 1) == "")
    }

    @Test func colouredCellsOfWideTextStandStraight() {
        let table = Table(["A", "B"], rows: [[Style.colored.paint("日本", as: .error), "x"], ["abcd", "y"]])
        let lines = table.text().split(separator: "\n").map { Mark.removed(from: String($0)) }
        #expect(lines == ["A     B", "日本  x", "abcd  y"])
    }
}
