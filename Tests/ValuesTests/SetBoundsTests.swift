import Testing
import Values

/// Expressions that would take up the stack or the memory.
@Suite struct SetBoundsTests {
    @Test func listsWithinMapsWithinListsHaveABound() {
        let expression = "a[0]" + String(repeating: ".b[0]", count: 20_000) + "=1"
        var values = Mapping()
        #expect(throws: SetError("lists are nested deeper than the maximum of 1000")) { try values.set(expression) }
    }

    @Test func elementsLeftOutHaveABound() {
        let expression = "a" + String(repeating: "[65536]", count: 900) + "=1"
        var values = Mapping()
        #expect(throws: SetError.self) { try values.set(expression) }
        #expect(throws: Never.self) { try values.set("b[65536]=1") }
    }
}
