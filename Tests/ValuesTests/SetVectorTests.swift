import TestSupport
import Testing

/// What real Helm makes of the --set flags.
@Suite struct SetVectorTests {
    @Test func flagsSetWhatHelmSets() throws {
        #expect(try Vector.problems(in: "set") == [])
    }
}
