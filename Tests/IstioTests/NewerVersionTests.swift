import Istio
import Testing

/// The versions that an upgrade with nothing to do names.
@Test(arguments: [
    ("v1.29.6", ["v1.30.3"]), ("v1.29.5", ["v1.29.6", "v1.30.3"]), ("v1.30.3", ["v1.31.0"]), ("v1.31.0", []),
    ("v1.20.1", []), ("not a version", []), ("v2.0.0", []),
])
func newerVersionsAreThoseThatOneUpgradeGoesTo(version: String, expected: [String]) throws {
    #expect(try Catalogue.builtIn().newer(than: version).map(\.version) == expected)
}
