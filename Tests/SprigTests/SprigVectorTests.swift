import TestSupport
import Testing

/// What real Helm answers to calls of Sprig's functions.
@Suite struct SprigVectorTests {
    @Test func callsAreAnsweredAsByHelm() throws {
        #expect(try Vector.problems(in: "sprig") { !$0.feature.lowercased().contains("regex") } == [])
    }
}
