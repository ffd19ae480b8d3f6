import TestSupport
import Testing

/// What real Helm prints for expressions of the template language and printf.
@Suite struct LanguageVectorTests {
    @Test func expressionsPrintWhatHelmPrints() throws {
        #expect(try Vector.problems(in: "lang") == [])
    }
}
