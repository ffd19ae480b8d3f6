import Istio
import Testing
import Values

@Suite struct VersionNameTests {
    @Test(arguments: [
        ("v1.30.3", "v1.30.3", "1.30.3"), ("1.30.3", "v1.30.3", "1.30.3"), ("", "v", ""),
        ("1.30-alpha.9f", "v1.30-alpha.9f", "1.30-alpha.9f"),
    ])
    func aPrefixIsAddedAndDroppedOnce(text: String, with: String, without: String) {
        #expect(text.withVersionPrefix == with)
        #expect(text.withoutVersionPrefix == without)
    }

    @Test func aVersionNamesItsReleaseAndTheLatestOfItsMinor() throws {
        let version = try #require(IstioVersion("1.30.3-rc.1"))
        #expect(version.releaseName == "v1.30.3-rc.1")
        #expect(version.latestName == "v1.30-latest")
        #expect(IstioVersion(version.latestName)?.minorName == "1.30")
    }

    @Test(arguments: [
        ("1.36", "1.36"), ("v1.36.2", "1.36"), ("1.36+", "1.36"), ("v1.36.2+k3s1", "1.36"), ("1.27-gke.100", "1.27"),
    ])
    func aServersVersionIsItsMinor(text: String, minor: String) {
        #expect(KubernetesVersion(text)?.description == minor)
    }

    @Test(arguments: ["", "1", "one.two", "1.36.2.1", "1.9999999999", "+"])
    func whatIsNoVersionOfKubernetesIsNone(text: String) {
        #expect(KubernetesVersion(text) == nil)
    }
}
