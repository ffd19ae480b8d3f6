import TestSupport
import Testing

/// What real Helm reads and writes as TOML.
@Suite struct TOMLVectorTests {
    @Test func textsAreReadAndWrittenAsByHelm() throws {
        #expect(try Vector.problems(in: "helm") { $0.feature == "toml" } == [])
    }
}
