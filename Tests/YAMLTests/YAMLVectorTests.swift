import TestSupport
import Testing

/// What real Helm reads and writes as YAML and JSON.
@Suite struct YAMLVectorTests {
    @Test func textsAreReadAndWrittenAsByHelm() throws {
        #expect(try Vector.problems(in: "yaml") == [])
    }
}
