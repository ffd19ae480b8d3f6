import TestSupport
import Testing

@testable import Operations

/// Which contexts names and patterns select.
@Suite struct ContextSelectionTests {
    private let known = ["a", "arn:aws:eks:eu-west-1:1:cluster/prod", "dev", "prod-eu", "prod-us", "prod[1]", "x*y"]

    @Test(
        arguments: [
            (["dev", "a"], ["dev", "a"]), (["prod-*"], ["prod-eu", "prod-us"]),
            (["*prod"], ["arn:aws:eks:eu-west-1:1:cluster/prod"]),
            (["prod-us", "prod-*"], ["prod-us", "prod-eu"]), (["prod[1]"], ["prod[1]"]), (["?"], ["a"]),
            (["x*y"], ["x*y"]),
            (["*"], ["a", "arn:aws:eks:eu-west-1:1:cluster/prod", "dev", "prod-eu", "prod-us", "prod[1]", "x*y"]),
            (["***ev"], ["dev"]), (["prod-??", "dev", "dev"], ["prod-eu", "prod-us", "dev"]),
        ] as [([String], [String])])
    func namesAndPatterns(_ patterns: [String], _ chosen: [String]) throws {
        #expect(try contextsFitting(patterns, among: known) == chosen)
    }

    @Test func whatFitsNothingIsNamedWithWhatThereIs() {
        let failure = #expect(throws: Failures.self) { try contextsFitting(["dve", "prodd-*", "a"], among: known) }
        #expect(
            failure?.description == """
                no context of the kubeconfig fits "dve"; did you mean dev?
                no context of the kubeconfig fits "prodd-*"; did you mean prod-eu?
                to fix these 2: choose of a, arn:aws:eks:eu-west-1:1:cluster/prod, dev, prod-eu, prod-us, prod[1], x*y
                """)
        let many = (0..<100).map { "cluster-\($0)" }
        let short = #expect(throws: Failures.self) { try contextsFitting(["zzz"], among: many) }
        #expect(short?.description.hasSuffix("cluster-19 and 80 more") == true)
    }

    @Test func aHostilePatternEndsSoon() {
        let text = String(repeating: "a", count: 2000)
        #expect(!text.fits(pattern: String(repeating: "*a", count: 500) + "b"))
        #expect(text.fits(pattern: String(repeating: "*", count: 2000)))
        #expect("".fits(pattern: "*"))
        #expect(!"".fits(pattern: "?"))
    }
}
