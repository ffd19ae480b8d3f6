import TestSupport
import Testing

/// What real Helm says of values that a chart's schema does not allow.
@Suite struct SchemaVectorTests {
    @Test func valuesAreCheckedAsByHelm() throws {
        #expect(try Vector.problems(in: "helm") { $0.feature == "schema" } == [])
    }
}
