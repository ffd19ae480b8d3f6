import TestSupport
import Testing

/// What real Helm answers to searches and replacements with regular expressions.
@Suite struct RegexVectorTests {
    @Test func searchesFindWhatHelmFinds() throws {
        #expect(try Vector.problems(in: "sprig") { $0.feature.lowercased().contains("regex") } == [])
    }
}
