import Testing

@testable import Commands

@Suite struct MessageTests {
    @Test func helmsIndentedLinesStandInOne() {
        let text =
            "c/templates/a.yaml:1:13\n  executing \"a\" at <.Values.x.y>:\n    nil pointer evaluating interface {}.y"
        #expect(
            messageLines(text) == [
                "c/templates/a.yaml:1:13: executing \"a\" at <.Values.x.y>: nil pointer evaluating interface {}.y"
            ])
    }

    @Test func severalErrorsStaySeveralLines() {
        #expect(messageLines("a.yaml:1:1: x\nb.yaml:2:2: y\n") == ["a.yaml:1:1: x", "b.yaml:2:2: y"])
    }

    @Test func aChainOfIncludesIsCutInItsMiddle() {
        let lines = messageLines("start " + String(repeating: "error calling include: ", count: 1000) + "the end")
        #expect(lines.count == 1)
        #expect(lines[0].hasPrefix("start "))
        #expect(lines[0].hasSuffix("the end"))
        #expect(lines[0].utf8.count < 1000)
    }
}
