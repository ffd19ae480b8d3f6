import Istio
import Testing

@Test(arguments: [
    (nil, "v1.30.3"), ("latest", "v1.30.3"), ("v1.28-latest", "v1.28.10"), ("1.28-latest", "v1.28.10"),
    ("v1.24.0", "v1.24.0"), ("1.27.9", "v1.27.9"),
])
func aVersionIsFoundByNumberOrAlias(name: String?, expected: String) throws {
    #expect(try Catalogue.builtIn().release(name).release.version == expected)
}

@Test(arguments: [("v1.30.x", "v1.30.3"), ("lates", "latest"), ("v1.28-lastest", "v1.28-latest")])
func aMisspeltVersionNamesTheNearest(name: String, expected: String) throws {
    let catalogue = try Catalogue.builtIn()
    #expect(throws: IstioError.unknownVersion(name, nearest: expected)) { try catalogue.release(name) }
}

@Test func everyReleaseFromV1_24IsListed() throws {
    let patches = ["1.24": 7, "1.25": 6, "1.26": 9, "1.27": 10, "1.28": 11, "1.29": 7, "1.30": 4, "1.31": 1]
    for minor in try Catalogue.builtIn().minors { #expect(minor.releases.count == patches[minor.name]) }
}
