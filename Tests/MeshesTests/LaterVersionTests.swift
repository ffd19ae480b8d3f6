import Charts
import Istio
import Meshes
import Testing
import Values
import YAML

private func mesh(_ version: String, _ components: Set<Component> = []) throws -> Mesh {
    var request = MeshRequest()
    request.version = version
    request.components = components
    return try Mesh(request) { try BuiltInCharts.charts($0, $1) }
}

private func objects(_ version: String) throws -> [(name: String, object: Value)] {
    var renderer = MeshRenderer(try mesh(version))
    return try renderer.objects().map { ("\($0.identity)", try Value(yaml: $0.text.bytes)) }
}

/// The text of all objects with the version in place of its number.
private func texts(_ version: String) throws -> [String] {
    try objects(version).map { name, object in
        name + (try object.json()).replacing(String(version.dropFirst()), with: "VERSION")
    }
}

@Suite("Versions that came after the binary")
struct LaterVersionTests {
    @Test(arguments: [
        ("v1.30.7", "v1.30.3"), ("1.30.4", "v1.30.3"), ("v1.31.4", "v1.31.0"), ("v1.24.9", "v1.24.6"),
        ("v1.28.99", "v1.28.10"), ("v1.30.123", "v1.30.3"),
    ])
    func aLaterPatchIsServedByTheNewestChartsOfItsMinor(version: String, charts: String) throws {
        let (minor, release) = try Catalogue.builtIn().release(version)
        #expect(release.chartsVersion == charts)
        #expect(!release.isListed)
        #expect(release.hub == minor.newest?.hub)
        #expect(release.version == "v" + version.drop { $0 == "v" })
        #expect(release.chartNotice?.contains("rendered from the charts of \(charts)") == true)
        #expect(minor.support(on: "2020-01-01") == .supported)
    }

    @Test(arguments: [("v1.30.7", "v1.30.3"), ("v1.31.2", "v1.31.0"), ("v1.27.12", "v1.27.9")])
    func itsObjectsDifferInTheVersionAlone(later: String, known: String) throws {
        #expect(try texts(later) == texts(known))
    }

    @Test func theNewestOfAMinorIsWhatTheCatalogueLists() throws {
        #expect(try Catalogue.builtIn().release("v1.30-latest").release.version == "v1.30.3")
        #expect(
            try Catalogue.builtIn().release("v1.31-latest").release.chartNotice
                == "the charts of v1.31.0 are as of the release candidate")
        #expect(
            try Catalogue.builtIn().release("v1.31.2").release.chartNotice?
                .contains("from the charts of v1.31.0, as of the release candidate,") == true)
        #expect(try Catalogue.builtIn().release(nil).release.chartNotice == nil)
    }

    @Test(arguments: [
        ("v1.32.0", "v1.31.0"), ("1.40.1", "v1.31.0"), ("v1.23.9", "v1.24.6"), ("v2.0.0", "v1.31.0"),
        ("v0.9.0", "v1.24.6"), ("1.19", "v1.24-latest"),
        ("v1.30.4-rc.1", "v1.30.3"), ("v1.32-latest", "v1.31-latest"), ("v1.999999999.0", "v1.31.0"),
    ])
    func withoutChartsTheNearestVersionIsByNumber(version: String, nearest: String) throws {
        let catalogue = try Catalogue.builtIn()
        let expected = IstioError.noCharts(version, nearest: nearest, known: "v1.24.0 to v1.31.0")
        #expect(throws: expected) { try catalogue.release(version) }
    }

    @Test func aPrereleaseOfAKnownMinorNeedsItsCharts() throws {
        let error = try #require(throws: IstioError.self) { try Catalogue.builtIn().release("v1.30.4-rc.1") }
        #expect(
            "\(error)"
                == "version \"v1.30.4-rc.1\" is a prerelease, and sail has charts of releases alone; give its charts "
                + "with --charts SOURCE, or choose v1.30.3")
    }

    @Test func aMinorAloneMeansItsNewest() throws {
        let catalogue = try Catalogue.builtIn()
        for name in ["1.30", "v1.30"] { #expect(try catalogue.release(name).release.version == "v1.30.3") }
        #expect(try catalogue.release("v1.24").release.version == "v1.24.6")
    }

    @Test(arguments: [
        "v1.30.99999999999999999999", "v9223372036854775807.1.1", "v1.30.-1", "v1..3", "v1.30.3 ", "v01.30.7",
        "v1.30.04", "v1.30.7+x",
    ])
    func noNumberIsTooLarge(version: String) throws {
        #expect(throws: IstioError.self) { try Catalogue.builtIn().release(version) }
        #expect(throws: IstioError.self) { try Catalogue.builtIn().release(version, allowingOthers: true) }
    }

    @Test func anUnknownMinorIsTakenWithChartsAlone() throws {
        let found = try Catalogue.builtIn().release("v1.32.1", allowingOthers: true)
        #expect(found.minor.name == "1.32" && !found.minor.isKnown && found.release.chartsVersion == nil)
        #expect(found.minor.support(on: "2040-01-01") == .supported)
        #expect(throws: IstioError.self) { try BuiltInCharts.charts([.cni], found.release) }
    }

    @Test func whatASourceSaysIsNewestCounts() throws {
        let catalogue = try Catalogue.builtIn().renaming(["v1.32-latest": "v1.32.4", "v1.30-latest": "v1.30.9"])
        #expect(try catalogue.release("1.32-latest", allowingOthers: true).release.version == "v1.32.4")
        #expect(try catalogue.release("v1.30-latest").release.version == "v1.30.9")
    }
}
