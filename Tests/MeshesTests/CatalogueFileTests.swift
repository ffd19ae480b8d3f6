import Assets
import Istio
import Meshes
import System
import Testing
import Values

private let digest = "sha256:" + String(repeating: "ab", count: 32)

private func catalogue(_ text: String) throws -> Catalogue {
    try Catalogue.builtIn(overlaidBy: CatalogueFile(Array(text.utf8), name: "c.yaml"))
}

private func message(_ text: String) -> String {
    do {
        _ = try catalogue(text)
        return "no error"
    } catch {
        return "\(error)"
    }
}

@Suite("A catalogue of the user's")
struct CatalogueFileTests {
    @Test func itIsLaidOverTheBuiltInOne() throws {
        let made = try catalogue(
            """
            default: production
            aliases: {production: v1.30-latest, next: v1.32.0}
            minors:
            - minor: "1.30"
              endOfLife: "2027-03-31"
              expected: false
              releases:
              - {version: v1.30.7, hub: mirror.example.com/istio, imageDigests: {"pilot:1.30.7-distroless": "\(digest)"}}
              - {version: v1.30.3, chartDigests: {istiod: "\(digest)"}}
            - minor: "1.32"
              kubernetes: {min: "1.33", max: "1.37"}
              releases: [{version: v1.32.0}]
            """)
        #expect(made.defaultVersion == "production")
        #expect(try made.release(nil).release.version == "v1.30.7")
        #expect(made.minors.map(\.name).prefix(3) == ["1.32", "1.31", "1.30"])
        let (minor, later) = try made.release("v1.30.7")
        #expect(minor.endOfLife == "2027-03-31" && !minor.isExpected)
        #expect(minor.kubernetes.least == "1.32" && minor.profile == "ambient.yaml" && minor.changes.count == 1)
        #expect(minor.releases.map(\.version) == ["v1.30.7", "v1.30.3", "v1.30.2", "v1.30.1", "v1.30.0"])
        #expect(later.hub == "mirror.example.com/istio" && later.chartsVersion == "v1.30.3" && later.isListed)
        #expect(later.imageDigests == ["pilot:1.30.7-distroless": digest])
        let known = try made.release("v1.30.3").release
        #expect(known.hub == "registry.istio.io/release" && known.pinnedHub == nil)
        #expect(known.chartDigests == ["istiod": digest])
        let next = try made.release("next")
        #expect(next.minor.kubernetes.most == "1.37" && next.minor.isKnown && next.release.chartsVersion == nil)
        #expect(next.minor.profile == "ambient.yaml" && !next.minor.platforms.isEmpty)
    }

    @Test func oneRegistryMayServeAllReleases() throws {
        let made = try catalogue("hub: mirror.example.com/istio\n")
        #expect(made.releases.allSatisfy { $0.hub == "mirror.example.com/istio" })
        var request = MeshRequest()
        request.catalogue = made
        request.version = "v1.29.6"
        let mesh = try Mesh(request) { try BuiltInCharts.charts($0, $1) }
        var renderer = MeshRenderer(mesh)
        let text = try renderer.objects().map { "\($0.text)" }.joined()
        #expect(text.contains("mirror.example.com/istio/pilot:1.29.6"))
        #expect(!text.contains("registry.istio.io") && !text.contains("gcr.io"))
        request.user = try UserValues([.set(.typed, "global.hub=own.example.com/x")]) { _ throws(FileFailure) in
            throw FileFailure(reason: "")
        }
        var own = MeshRenderer(try Mesh(request) { try BuiltInCharts.charts($0, $1) })
        #expect(try !own.objects().contains { "\($0.text)".contains("mirror.example.com") })
    }

    @Test(arguments: [
        ("hub: 7\n", "c.yaml:1:6: hub must be text, not a number; write it in quotes"),
        ("minors: {}\n", "c.yaml:1:9: minors must be a list, not a map"),
        (
            "minors:\n- minor: \"1.30\"\n  relases: []\n",
            "c.yaml:3:3: unknown key minors[0].relases; did you mean releases?"
        ),
        ("minors:\n- minor: 1.30\n", "c.yaml:2:10: minors[0].minor must be text, not a number; write it in quotes"),
        (
            "minors:\n- {endOfLife: \"2027-01-31\"}\n",
            "c.yaml:2:3: minors[0] must be a map with minor, not one without it"
        ),
        (
            "minors:\n- {minor: \"1.30\", endOfLife: \"31.1.2027\"}\n",
            "c.yaml:2:30: minors[0].endOfLife must be like 2027-01-31, not \"31.1.2027\""
        ),
        (
            "minors:\n- minor: \"1.30\"\n  releases: [{version: v1.29.9}]\n",
            "c.yaml:3:24: minors[0].releases[0].version: v1.29.9 is no release of 1.30; move it below its own minor"
        ),
        (
            "aliases:\n  a: b\n  b: a\n",
            "c.yaml:2:3: aliases.a: leads back to itself: a → b → a; let one of them name a version"
        ),
        ("aliases: {\"\": v1.30.1}\n", "c.yaml:1:11: aliases.: an alias has no name; choose a word"),
        (
            "minors:\n- minor: \"1.30\"\n  endOfLife: \"2026-02-30\"\n",
            "c.yaml:3:14: minors[0].endOfLife: 2026-02-30 is no day of the calendar; write the day as 2027-04-30"
        ),
        ("aliases: {a: a}\n", "c.yaml:1:11: aliases.a: leads back to itself: a → a; let one of them name a version"),
        ("aliases: {a: v1.30.33}\n", "c.yaml:1:14: aliases.a: no catalogue lists v1.30.33; did you mean v1.30.3?"),
        ("default: v1.30.33\n", "c.yaml:1:10: default: no catalogue lists v1.30.33; did you mean v1.30.3?"),
        ("aliases: {v1.30.9: v1.30.3}\n", "c.yaml:1:11: aliases.v1.30.9: a version cannot be an alias; choose a word"),
        (
            "minors:\n- {minor: \"1.30\", profile: ambiant.yaml}\n",
            "c.yaml:2:28: minors[0].profile: sail has no profile ambiant.yaml; did you mean ambient.yaml?"
        ),
        ("hub: a\nhub: b\n", "c.yaml:2:1: hub is given twice, first in line 1; leave one of them out"),
        ("- 1\n", "c.yaml: is no catalogue; write a map with minors, as docs/chart-sources.md says"),
        ("", "c.yaml: is no catalogue; write a map with minors, as docs/chart-sources.md says"),
        ("hub: a\n---\nhub: b\n", "c.yaml:3:1: a second document; put all into one"),
        ("hub:\n", "c.yaml:1:5: hub must be text, not null"),
    ])
    func whatIsWrongIsNamedWithItsPlace(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    @Test func brokenYAMLIsNamedWithItsLine() {
        let text = message("hub: a\nminors: [\n")
        #expect(text.hasPrefix("c.yaml:") && text.hasSuffix("; correct the YAML"), "\(text)")
    }

    @Test func allThatIsWrongIsNamed() {
        let text = "hub: 7\nnone: 1\nminors: [{minor: \"1.30\", releases: [{version: 1.30.7}]}]\n"
        #expect(message(text).split(separator: "\n").count == 3, "\(message(text))")
    }

    @Test(arguments: [
        "aliases: {a: {b: c}}", "minors: [[[[[]]]]]", "minors: [{minor: \"1.99999999999999999999\"}]", "\u{0}",
        "&a [*a]",
        "minors: [{minor: \"1.30\", releases: [{version: v1.30.7, imageDigests: {\"x/y:1\": \"\"}}]}]",
    ])
    func noTextEndsTheProcess(text: String) {
        #expect(message(text) != "no error")
    }

    @Test func theBuiltInCatalogueKeepsTheSchema() throws {
        let text = try #require(Assets.text(at: "charts/versions.yaml"))
        _ = try CatalogueFile(Array(text.utf8), name: "charts/versions.yaml")
    }

    @Test func digestsPinTheImages() throws {
        var request = MeshRequest()
        request.catalogue = try catalogue(
            """
            minors:
            - minor: "1.30"
              releases:
              - version: v1.30.7
                imageDigests:
                  pilot:1.30.7-distroless: \(digest)
                  proxyv2:1.30.7-distroless: \(digest)
                  ztunnel:1.30.7-debug: \(digest)
            """)
        request.version = "v1.30.7"
        request.user = try UserValues([.set(.typed, "global.hub=mirror.example.com/x")]) { _ throws(FileFailure) in
            throw FileFailure(reason: "")
        }
        var renderer = MeshRenderer(try Mesh(request) { try BuiltInCharts.charts($0, $1) })
        let text = try renderer.objects().map { "\($0.text)" }.joined()
        #expect(text.contains("mirror.example.com/x/pilot:1.30.7-distroless@\(digest)"))
        #expect(text.contains("mirror.example.com/x/proxyv2:1.30.7-distroless@\(digest)"))
        #expect(text.contains("mirror.example.com/x/ztunnel:1.30.7-distroless\""))
        #expect(text.contains("mirror.example.com/x/install-cni:1.30.7-distroless\""))
    }
}
