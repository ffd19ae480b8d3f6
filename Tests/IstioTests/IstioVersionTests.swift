import Istio
import Testing

@Test(arguments: [
    ("v1.30.3", "1.30.3"), ("1.30.3", "1.30.3"), ("1.30.3-rc.1", "1.30.3-rc.1"), ("1.30", "1.30"),
    ("1.30-alpha.0f3c9d", "1.30-alpha.0f3c9d"), ("v1.30.3+build.7", "1.30.3"), ("2.0.0", "2.0.0"),
    ("1.999999999.0", "1.999999999.0"),
])
func aVersionIsReadWithAndWithoutV(text: String, expected: String) {
    #expect(IstioVersion(text)?.description == expected)
}

@Test(arguments: [
    "", "v", "1", "latest", "vv1.30.3", "1.30.", "1..3", ".30.3", "1.30.3.4", "1.30.x", "1.30.3-", "-1.30.3", "1.-30.3",
    "1.30.9223372036854775807", "1.99999999999999999999.0", "1.３０.3", "V1.30.3", " 1.30.3", "1.30.3\n",
    "01.30.3", "1.030.3", "1.30.04",
])
func whatIsNoVersionIsNone(text: String) {
    #expect(IstioVersion(text) == nil)
}

@Test func versionsSortByNumbersAndPrereleasesComeFirst() {
    let sorted = ["1.9.10", "1.29.6", "1.30.0-alpha.1", "1.30.0-rc.1", "1.30.0", "1.30.2", "1.30.10", "2.0.0"]
    #expect(sorted.reversed().compactMap { IstioVersion($0) }.sorted().map(\.description) == sorted)
}

@Test(arguments: [
    ("1.30.3", "1.30.3-debug", true), ("1.30-alpha.9f", "1.30.3", true), ("1.30.3", "1.30.2", false),
    ("1.29.6", "1.30.3", false), ("2.30.3", "1.30.3", false),
])
func versionsAgreeAsFarAsBothTell(first: String, second: String, expected: Bool) throws {
    let versions = try (#require(IstioVersion(first)), #require(IstioVersion(second)))
    #expect(versions.0.agrees(with: versions.1) == expected)
    #expect(versions.1.agrees(with: versions.0) == expected)
}

@Test func aMinorOfKubernetesIsReadAsServersWriteIt() throws {
    #expect(KubernetesVersion("1.36")?.description == "1.36")
    #expect(KubernetesVersion("v1.36.2-gke.1")?.description == "1.36")
    #expect(KubernetesVersion("1.27+")?.description == "1.27")
    #expect(KubernetesVersion("1.") == nil)
    let (old, new) = try (#require(KubernetesVersion("1.9")), #require(KubernetesVersion("1.30")))
    #expect(old < new)
}

private let digest = "sha256:" + String(repeating: "0a", count: 32)

@Test(arguments: [
    (
        "registry.istio.io/release/pilot:1.30.3-distroless", "registry.istio.io/release/pilot", "1.30.3-distroless",
        "1.30.3"
    ),
    ("localhost:5000/pilot:1.30.3-debug", "localhost:5000/pilot", "1.30.3-debug", "1.30.3"),
    ("registry.example.com:5000/istio/pilot", "registry.example.com:5000/istio/pilot", nil, nil),
    (
        "gcr.io/istio-testing/ztunnel:1.30-alpha.5d2c1e-distroless", "gcr.io/istio-testing/ztunnel",
        "1.30-alpha.5d2c1e-distroless", "1.30-alpha.5d2c1e"
    ),
    ("example.com/a/b:latest", "example.com/a/b", "latest", nil),
    ("example.com/a/b:1.30.3@\(digest)", "example.com/a/b", "1.30.3", "1.30.3"),
    ("example.com/a/b@\(digest)", "example.com/a/b", nil, nil),
    ("Example.COM/a/b:1.29.6-distroless-debug", "Example.COM/a/b", "1.29.6-distroless-debug", "1.29.6"),
    ("[::1]:5000/a:1.29.6", "[::1]:5000/a", "1.29.6", "1.29.6"), ("pilot:1.29.6", "pilot", "1.29.6", "1.29.6"),
])
func anImageReferenceTellsItsVersion(text: String, repository: String, tag: String?, version: String?) throws {
    let image = try #require(ImageReference(text))
    #expect(image.repository == repository)
    #expect(image.tag == tag)
    #expect(image.version?.description == version)
}

@Test(arguments: [
    "", "/pilot:1.30.3", "a//b:1", "a/b:", "a/b:1.30.3@sha256:abc", "a/b@\(digest)-distroless", "a/b:1.3 ", "A/b/C:1",
    "https://a.example/b:1", "a.example:port/b:1", "a/b:-1", "a/b:" + String(repeating: "1", count: 129), "a/b@",
    "a/b:1:2",
    "a.example/b:1.30.3\n",
])
func whatNoRuntimeTakesIsNoImageReference(text: String) {
    #expect(ImageReference(text) == nil)
}
