import Istio
import Testing

/// Which bundle of the Gateway API goes with which Istio.
@Suite struct GatewayAPITests {
    @Test func theBundleWithoutAMeshIsThatOfTheDefaultVersion() throws {
        let minor = try Catalogue.builtIn().release(nil).minor.name
        #expect(GatewayAPI.bundle(forMinor: nil) == GatewayAPI.bundle(forMinor: minor))
        #expect(GatewayAPI.bundle(forMinor: "1.99") == GatewayAPI.ofDefault)
    }

    /// Istio 1.31 reads TCPRoutes of 1.6.0 and newer only.
    @Test(arguments: [("1.31", "v1.6.0"), ("1.30", "v1.5.1"), ("1.29", "v1.4.0"), ("1.24", "v1.2.0")])
    func eachMinorHasTheBundleOfItsFirstRelease(minor: String, bundle: String) {
        #expect(GatewayAPI.bundle(forMinor: minor) == bundle)
    }

    @Test func aBundleIsOlderByItsNumbers() {
        #expect(GatewayAPI.isOlder("v1.5.1", than: "v1.6.0"))
        #expect(!GatewayAPI.isOlder("v1.10.0", than: "v1.9.9"))
        #expect(!GatewayAPI.isOlder("v1.6.0-rc.1", than: "v1.6.0"))
        #expect(!GatewayAPI.isOlder("main", than: "v1.6.0"))
    }
}
