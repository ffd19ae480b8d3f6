import Support
import Testing

/// What real Helm answers to thousands of small charts and expressions.
@Suite struct VectorTests {
    /// Vectors that are answered otherwise, each with the reason; docs/fidelity.md tells the same.
    private static let exceptions: [String: String] = [:]

    @Test(arguments: ["helm", "lang", "set", "sprig", "yaml"])
    func answersAreHelms(area: String) throws {
        for vector in try Vector.read(Vector.folder + "/\(area).jsonl") where vector.isForThisZone {
            let answer = try #require(vector.answer(), "\(vector.id): unknown operation")
            let difference = vector.difference(from: answer)
            if let reason = VectorTests.exceptions[vector.id] {
                #expect(difference != nil, "\(vector.id) is answered as Helm does: no exception any more (\(reason))")
            } else {
                #expect(difference == nil, "\(vector.id)")
            }
        }
    }
}
