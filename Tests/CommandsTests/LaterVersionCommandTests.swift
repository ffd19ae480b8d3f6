import Foundation
import TestSupport
import Testing
import Values

/// Versions that came after the binary, and catalogues, by the whole command line.
@Suite struct LaterVersionCommandTests {
    private let folder = NSTemporaryDirectory() + "sail-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func sail(_ line: String, _ more: [String: String] = [:]) -> Answer {
        let environment = ["XDG_CACHE_HOME": folder, "HOME": folder, "KUBECONFIG": folder + "/none"]
        return run(
            line.split(separator: " ").map(String.init), environment: environment.merging(more) { $1 }, width: 200)
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = folder + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private let warning =
        "warning: v1.30.7 came after this sail: it is rendered from the charts of v1.30.3, with the images and labels of "
        + "v1.30.7; --charts SOURCE takes its own charts\n"

    @Test(arguments: ["images", "manifest generate", "values", "manifest generate -o json", "images -c ztunnel"])
    func aLaterPatchIsRenderedWithOneWarning(command: String) {
        let answer = sail("\(command) --version 1.30.7")
        #expect(answer.code == 0)
        #expect(answer.messages == warning)
        #expect(answer.output.contains("1.30.7"))
        #expect(!answer.output.contains("1.30.3"))
    }

    @Test func theChartsOfAReleaseCandidateAreSaidOnce() {
        let answer = sail("manifest generate --version v1.31.0")
        #expect(answer.messages == "warning: the charts of v1.31.0 are as of the release candidate\n")
        #expect(answer.output.contains("ZTUNNEL_RESOURCE_CPU_REQUEST"))
        #expect(answer.output.contains("http2KeepAlive"))
        let older = sail("manifest generate").output
        #expect(!older.contains("http2KeepAlive") && !older.contains("# 1.31"))
    }

    @Test func aResourceMayNameALaterPatch() throws {
        let resource =
            "apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: default}\nspec:\n  profile: ambient\n"
            + "  namespace: istio-system\n  version: "
        let patch = sail("images -c istiod -f \(try file("patch.yaml", resource + "v1.30.7\n"))")
        #expect(patch.messages.contains(warning), "\(patch.messages)")
        #expect(patch.output.contains("pilot:1.30.7-distroless"))
        let server = try ChartServer(["1.32.0", "1.32.1"])
        let newest = try file("newest.yaml", resource + "v1.32-latest\n")
        #expect(
            sail("images -c istiod -f \(newest) --charts \(server.repository)").output.contains(
                "pilot:1.32.1-distroless"))
        #expect(sail("images -c istiod -f \(newest)").messages.contains("choose v1.31-latest"))
    }

    @Test func anotherMinorNeedsCharts() {
        #expect(
            sail("images --version v1.32.0").messages
                == "error: version \"v1.32.0\" is not known: this sail knows v1.24.0 to v1.31.0; choose v1.31.0, the nearest, "
                + "or give its charts with --charts SOURCE\n")
    }

    @Test func aSourceSaysWhichIsTheNewest() throws {
        let server = try ChartServer(["1.32.0", "1.32.1", "1.32.2-rc.1", "1.31.4"])
        for source in [server.registry, server.repository] {
            let answer = sail("images --version v1.32-latest --charts \(source)")
            #expect(answer.messages.isEmpty, "\(answer.messages)")
            #expect(answer.output.contains("pilot:1.32.1-distroless"), "\(answer)")
            #expect(sail("images --version 1.31-latest --charts \(source)").output.contains("pilot:1.31.4-distroless"))
        }
        let missing = sail("images --version v1.33-latest --charts \(server.repository)")
        #expect(missing.code == 1)
        #expect(missing.messages.hasSuffix("has no charts of Istio 1.33 (it has 1.31, 1.32); check --version\n"))
    }

    @Test func remoteVersionsStandBesideTheBuiltInOnes() throws {
        let server = try ChartServer(["1.32.0-rc.1", "1.31.4", "1.30.9", "1.23.0"])
        let answer = sail("versions --remote --charts \(server.repository)")
        #expect(answer.code == 0)
        #expect(
            answer.output.hasPrefix(
                """
                MINOR  BUILT IN  OFFERED       RUNS
                1.32   -         v1.32.0-rc.1  -
                1.31   v1.31.0   v1.31.4       -
                1.30   v1.30.3   v1.30.9       -
                1.29   v1.29.6   -             -

                """), "\(answer.output)")
        #expect(answer.output.hasSuffix("offered by \(server.repository)\n") && !answer.output.contains("1.23"))
        #expect(answer.messages.hasPrefix("what runs is not known: "), "\(answer.messages)")
        let json = sail("versions --remote --charts \(server.repository) -o json").output
        let first = try Value(json: json)["minors"]?.list?.first
        #expect(first?["offered"] == "v1.32.0-rc.1" && first?["builtIn"] == nil && first?["running"] == [])
    }

    @Test func aCatalogueGivesRegistryAndDigests() throws {
        let digest = "sha256:" + String(repeating: "0f", count: 32)
        let path = try file(
            "c.yaml",
            """
            aliases: {production: v1.30.7}
            minors:
            - minor: "1.30"
              releases:
              - version: v1.30.7
                hub: mirror.example.com/istio
                imageDigests: {"ztunnel:1.30.7-distroless": "\(digest)"}
            """)
        let answer = sail("images --digests --version production --catalogue \(path)")
        #expect(answer.code == 0)
        let rows = answer.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            rows == [
                "IMAGE DIGEST", "mirror.example.com/istio/install-cni:1.30.7-distroless -",
                "mirror.example.com/istio/pilot:1.30.7-distroless -",
                "mirror.example.com/istio/proxyv2:1.30.7-distroless -",
                "mirror.example.com/istio/ztunnel:1.30.7-distroless \(digest)",
            ])
        #expect(answer.messages.contains("no digest is known of 3 of 4 images"))
        let plain = sail("images -c ztunnel --version v1.30.7", ["SAIL_CATALOGUE": path]).output
        #expect(plain == "mirror.example.com/istio/ztunnel:1.30.7-distroless@\(digest)\n")
        #expect(sail("versions", ["SAIL_CATALOGUE": path]).output.contains("production"))
        #expect(sail("charts list -c cni --catalogue \(path)").output.contains("v1.30.7"))
    }

    @Test func aCatalogueMayComeFromAnAddress() throws {
        let server = try ChartServer(
            [], files: ["/c.yaml": "hub: mirror.example.com/istio\n", "/bad.yaml": "hob: x\n"])
        let address = server.repository.replacing("/charts", with: "")
        #expect(sail("images --catalogue \(address)/c.yaml").output.contains("mirror.example.com/istio/pilot"))
        let bad = sail("images --catalogue \(address)/bad.yaml")
        #expect(bad.messages == "error: \(address)/bad.yaml:1:1: unknown key hob; did you mean hub?\n")
        #expect(sail("images --catalogue \(address)/none.yaml").messages.contains("the server answered 404"))
        #expect(sail("images --catalogue http://example.com/c.yaml").messages.contains("plain http is refused"))
        #expect(sail("images --catalogue \(folder)/none.yaml").messages.contains("no such file or directory"))
    }

    @Test func aPinnedChartIsOnlyThatOne() throws {
        let server = try ChartServer(["1.32.0"])
        let right = "sha256:" + sha256(try ChartServer.archive("cni", "1.32.0"))
        func catalogue(_ digest: String, _ minor: String = "1.32") throws -> String {
            let release = "{version: v\(minor).0, chartDigests: {cni: \"\(digest)\"}}"
            return try file("c.yaml", "minors: [{minor: \"\(minor)\", releases: [\(release)]}]\n")
        }
        let flags = "--version v1.32.0 --charts \(server.repository) --catalogue"
        #expect(sail("images -c cni \(flags) \(try catalogue(right))").code == 0)
        let wrong = sail("images -c cni \(flags) \(try catalogue("sha256:" + String(repeating: "00", count: 32)))")
        #expect(wrong.code == 1)
        #expect(wrong.messages.contains("is pinned to sha256:0000"), "\(wrong.messages)")
        #expect(sail("charts pull --output-dir \(folder)/charts --version v1.31.0").code == 0)
        let pinned = sail(
            "images -c cni --version v1.31.0 --charts \(folder)/charts --catalogue \(try catalogue(right, "1.31"))")
        #expect(pinned.messages.contains("a folder has no digest"), "\(pinned.messages)")
    }

    @Test func pulledChartsHaveTheDefinitionsOfTheirRelease() throws {
        for (version, has) in [("v1.30.3", false), ("v1.31.0", true)] {
            let place = "\(folder)/\(version)"
            #expect(sail("charts pull -c base --output-dir \(place) --version \(version)").code == 0)
            let text = try String(
                contentsOfFile: place + "/base/crds/sidecars.networking.istio.io.yaml", encoding: .utf8)
            #expect(text.contains("\n                      http2KeepAlive:") == has)
            #expect(!text.contains("# 1.31"))
        }
    }
}
