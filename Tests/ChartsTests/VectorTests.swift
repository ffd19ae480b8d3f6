import TestSupport
import Testing

/// What real Helm answers to thousands of small charts; TOMLTests and JSONSchemaTests hold their targets to the rest.
@Suite struct VectorTests {
    @Test func chartsAreRenderedAsHelmRendersThem() throws {
        #expect(try Vector.problems(in: "helm") { $0.feature != "toml" && $0.feature != "schema" } == [])
    }
}
