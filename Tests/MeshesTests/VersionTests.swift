import Charts
import Istio
import Meshes
import System
import Testing
import Values

private func made(
    _ version: String, platform: String? = nil, sets: [String] = [], isFIPS: Bool = false, bringsCharts: Bool = false,
    charts: Mesh.ChartSupply = { try BuiltInCharts.charts($0, $1) }
) throws -> Mesh {
    var request = MeshRequest()
    request.version = version
    request.platform = platform
    request.bringsCharts = bringsCharts
    request.user = try UserValues(sets.map { .set(.typed, $0) }) { _ throws(FileFailure) in
        throw FileFailure(reason: "no such file or directory")
    }
    if isFIPS { try request.user.requireFIPS() }
    return try Mesh(request, charts: charts)
}

/// A chart as someone else's: it serves one version and has no value `istioVersion`.
private func foreign(_ component: Component, _ version: String) -> Chart {
    var metadata = Metadata()
    metadata.name = component.rawValue
    metadata.version = version
    return Chart(metadata: metadata)
}

@Test(arguments: ["v1.24.6", "v1.25.5", "v1.26.8", "v1.27.9", "v1.28.10", "v1.29.6", "v1.30.3", "v1.31.0"])
func everyPlatformOfAVersionMakesAMesh(version: String) throws {
    let minor = try Catalogue.builtIn().release(version).minor
    let others = ["eks", "aks", "kind", "rke2", "talos"]
    let early = ["openshift", "k3s", "k3d", "minikube", "microk8s"]
    #expect(Set(minor.platforms.map(\.name)) == Set(others + early + (minor.name == "1.24" ? [] : ["gke"])))
    for platform in minor.platforms {
        let parts = try made(version, platform: platform.name).parts
        let agents = platform.name == "openshift" ? "kube-system" : "istio-system"
        #expect(parts.map(\.namespace) == ["istio-system", "istio-system", agents, agents])
        // Istio's charts fail with a platform that they do not know.
        let told = try made(version, platform: platform.name).layers.toldPlatform
        #expect(told == (others.contains(platform.name) ? nil : platform.name))
    }
}

@Test(arguments: [
    (["compatibilityVersion=1.29"], nil),
    (
        ["compatibilityVersion=1.24"],
        "--set compatibilityVersion=1.24: compatibilityVersion must be one of 1.29, 1.28, 1.27, 1.26, 1.25, not \"1.24\""
    ),
])
func theCompatibilityVersionIsOneThatTheVersionHas(sets: [String], message: String?) {
    do {
        let layers = try made("v1.30.3", sets: sets).layers
        #expect(message == nil && layers.contains { $0.origin == .compatibility("1.29") })
    } catch {
        #expect("\(error)" == message)
    }
}

@Test func fipsIsAskedOfIstiodAndZtunnelAndRemembered() throws {
    let mesh = try made("v1.30.3", isFIPS: true)
    #expect(mesh.parts[1].values.value(at: ["pilot", "env", "COMPLIANCE_POLICY"]) == "fips-140-2")
    #expect(mesh.parts[3].values.value(at: ["env", "TLS12_ENABLED"]) == "true")
    #expect(mesh.userValues.value(at: ["ztunnel", "env", "TLS12_ENABLED"]) == "true")
    #expect {
        try made("v1.30.3", sets: ["ztunnel.env.TLS12_ENABLED=false"], isFIPS: true)
    } throws: {
        "\($0)"
            == "--set ztunnel.env.TLS12_ENABLED=false: ztunnel.env.TLS12_ENABLED is not true, as --fips wants it; leave one of "
            + "them out"
    }
}

@Test(arguments: [
    ("v1.32.2", "1.32", "", ""),
    ("v1.30.9-rc.1", "1.30", "1.32", "2027-01-31"),
    ("v1.20.0", "1.20", "", ""),
])
func otherVersionsAreTakenForChartsFromElsewhere(version: String, minor: String, kubernetes: String, end: String) throws
{
    let found = try Catalogue.builtIn().release(version, allowingOthers: true)
    #expect(found.minor.name == minor)
    #expect(found.minor.kubernetes.least == kubernetes)
    #expect(found.minor.endOfLife == end)
    #expect(!found.release.isListed)
    #expect(throws: IstioError.self) { try Catalogue.builtIn().release(version) }
    #expect(throws: IstioError.self) { try BuiltInCharts.charts([.cni], found.release) }
}

@Test(arguments: ["latst", "v1.31-alpha", "1.x.0", ""])
func whatIsNoVersionIsNoneForThemEither(text: String) {
    #expect(throws: IstioError.self) { try Catalogue.builtIn().release(text, allowingOthers: true) }
}

@Test func chartsFromElsewhereGetNamesInsteadOfProfiles() throws {
    let mesh = try made("v1.30.3", platform: "k3s", bringsCharts: true) { components, release in
        try components.map { $0 == .cni ? foreign($0, "1.30.3") : try BuiltInCharts.charts([$0], release)[0] }
    }
    #expect(mesh.parts[2].values == ["profile": "ambient", "global": ["platform": "k3s"]])
    #expect(mesh.parts[3].values["istioVersion"] == "v1.30.3")
    #expect(mesh.parts[3].values.value(at: ["cni", "ambient", "enabled"]) == true)
}

@Test func chartsFromElsewhereMayHaveProfilesThatSailDoesNotKnow() throws {
    var request = MeshRequest()
    request.profile = "preview"
    request.platform = "new"
    request.bringsCharts = true
    let mesh = try Mesh(request) { components, _ in components.map { foreign($0, "1.30.3") } }
    #expect(mesh.parts[1].values == ["profile": "preview", "global": ["platform": "new"]])
}

@Test func onOpenShiftOfficialChartsKnowTheirZtunnel() throws {
    let mesh = try made("v1.30.3", platform: "openshift", bringsCharts: true) { components, _ in
        components.map { foreign($0, "1.30.3") }
    }
    #expect(mesh.parts[1].values == ["profile": "ambient", "global": ["platform": "openshift"]])
    #expect(mesh.parts[3].namespace == "kube-system")
}

@Test func aChartOfAnotherVersionIsAnError() throws {
    let release = try Catalogue.builtIn().release("v1.30.3").release
    #expect(try foreign(.cni, "v1.30.3").fitted(to: release, origin: "x").name == "cni")
    #expect {
        try foreign(.cni, "1.29.0").fitted(to: release, origin: "cni.tgz")
    } throws: {
        "\($0)"
            == "cni.tgz: this is cni 1.29.0, and v1.30.3 is wanted; give --version v1.29.0, or charts of that version"
    }
}

@Test(arguments: [
    ("v1.28.10", "2026-07-01", Support.supported), ("v1.28.10", "2026-07-02", .ended("2026-07-01")),
    ("v1.30.3", "2026-11-24", .supported), ("v1.30.3", "2027-02-01", .expectedToHaveEnded("2027-01-31")),
    ("v1.29.6", "2026-11-24", .expectedToHaveEnded("2026-10-12")), ("v1.32.0", "2030-01-01", .supported),
])
func supportEndsAfterItsLastDay(version: String, day: String, expected: Support) throws {
    #expect(try Catalogue.builtIn().release(version, allowingOthers: true).minor.support(on: day) == expected)
}
