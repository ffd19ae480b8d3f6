import Foundation
import TestSupport
import Testing
import Values

/// Charts from elsewhere, by the whole command line: a repository on this machine, and a cache of its own.
@Suite struct ChartSourceCommandTests {
    private let folder = NSTemporaryDirectory() + "sail-" + UUID().uuidString
    private let archives: [String: [UInt8]]
    private let server: LoopbackServer

    init() {
        var files: [String: [UInt8]] = [:]
        var index = "entries:\n"
        for name in ["base", "istiod", "cni", "ztunnel"] {
            index += "  \(name):\n"
            for version in ["1.30.3", "1.29.0", "1.32.0"] {
                let archive = ChartSourceCommandTests.archive(name, version)
                files["/\(name)-\(version).tgz"] = archive
                index += "  - {version: \(version), digest: \(sha256(archive)), urls: [\(name)-\(version).tgz]}\n"
            }
        }
        files["/index.yaml"] = Array(index.utf8)
        files["/broken/index.yaml"] = Array(index.replacingOccurrences(of: "cni-", with: "../istiod-").utf8)
        let all = files
        archives = files
        server = LoopbackServer { call in
            let path = call.path.replacingOccurrences(of: "/broken/", with: "/")
            return (all[call.path] ?? all[path]).map { .init(body: $0) } ?? .text("", status: 404)
        }
    }

    /// A chart that shows what it got.
    private static func archive(_ name: String, _ version: String) -> [UInt8] {
        let template = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: \(name)
              namespace: {{ .Release.Namespace }}
            spec:
              profile: {{ .Values.profile }}
              template: {spec: {containers: [{image: "elsewhere/\(name):\(version)"}]}}
            """
        return Archive.tgz([
            Archive.Entry("\(name)/Chart.yaml", "apiVersion: v2\nname: \(name)\nversion: \(version)\n"),
            Archive.Entry("\(name)/templates/a.yaml", template),
        ])
    }

    private func sail(_ line: String, _ more: [String: String] = [:]) -> Answer {
        let environment = ["XDG_CACHE_HOME": folder, "HOME": folder].merging(more) { $1 }
        return run(line.split(separator: " ").map(String.init), environment: environment)
    }

    private var cache: String { folder + "/sail/charts" }

    @Test func chartsOfARepositoryAreRendered() {
        let answer = sail("images --charts \(server.url) --version v1.29.0")
        #expect(answer.messages.isEmpty)
        #expect(
            answer.output
                == "elsewhere/base:1.29.0\nelsewhere/cni:1.29.0\nelsewhere/istiod:1.29.0\nelsewhere/ztunnel:1.29.0\n")
        #expect(sail("manifest generate -c cni", ["SAIL_CHARTS": server.url]).output.contains("profile: ambient"))
    }

    @Test func aVersionThatSailDoesNotKnowMayComeFromElsewhere() {
        #expect(sail("images -c cni --charts \(server.url) --version v1.32.0").output == "elsewhere/cni:1.32.0\n")
        let answer = sail("images --charts \(server.url)/cni-1.32.0.tgz")
        #expect(
            answer.messages
                == "error: version \"v1.32.0\" is not known: this sail knows v1.24.0 to v1.31.0; choose v1.31.0, the nearest, "
                + "or give its charts with --charts SOURCE\n")
    }

    @Test func oneChartFromElsewhereStandsAmongTheBuiltInOnes() {
        let answer = sail("images --charts \(server.url)/cni-1.30.3.tgz")
        #expect(answer.output.contains("elsewhere/cni:1.30.3\nregistry.istio.io/release/pilot:1.30.3"), "\(answer)")
        let generated = sail("manifest generate -c cni -c ztunnel --charts \(server.url)/cni-1.30.3.tgz").output
        #expect(generated.contains("# Source: ztunnel/templates/daemonset.yaml"))
        #expect(generated.contains("elsewhere/cni:1.30.3"))
    }

    @Test func aFailureKeepsNothingAndPrintsNothing() {
        for command in ["manifest generate", "images", "charts pull", "charts verify"] {
            let answer = sail("\(command) --charts \(server.url)/broken")
            #expect(answer.code == 1)
            #expect(answer.output.isEmpty)
            #expect(
                answer.messages
                    == "error: \(server.url)/istiod-1.30.3.tgz: has digest \(digest("istiod")) instead of \(digest("cni")); "
                    + "nothing was kept, do not trust this source\n")
        }
        #expect(sail("charts cache").output == "\(cache): 0 charts, 0 KiB\n")
    }

    private func digest(_ name: String) -> String { sha256(archives["/\(name)-1.30.3.tgz"] ?? []) }

    @Test func chartsAreListed() {
        #expect(
            sail("charts list -c cni --charts \(server.url)").output
                == """
                CHART  VERSION  DIGEST
                cni    1.32.0   sha256:\(sha256(archives["/cni-1.32.0.tgz"] ?? []))
                cni    1.30.3   sha256:\(digest("cni"))
                cni    1.29.0   sha256:\(sha256(archives["/cni-1.29.0.tgz"] ?? []))

                """)
    }

    @Test func pulledChartsAreKeptCheckedShownAndRemoved() throws {
        let place = "\(cache)/sha256/\(digest("cni")).tgz"
        #expect(
            sail("charts pull -c cni --charts \(server.url) -o json").output
                == """
                [
                  {
                    "chart": "cni",
                    "digest": "sha256:\(digest("cni"))",
                    "path": "\(place)",
                    "version": "1.30.3"
                  }
                ]

                """)
        #expect(sail("charts verify").output.hasPrefix("STATE   CHART  VERSION  DIGEST"))
        #expect(sail("charts verify").output.contains("\nintact  cni    1.30.3   sha256:\(digest("cni"))"))
        #expect(
            sail("charts cache").output.hasPrefix(
                "\(cache): 1 charts, 4 KiB\nCHART  VERSION  KIB  SOURCE\ncni    1.30.3   4    \(server.url)\n"))
        try Data([1]).write(to: URL(filePath: place))
        let damaged = sail("charts verify")
        #expect(damaged.code == 1)
        #expect(damaged.output.contains("\ndamaged  cni"))
        #expect(damaged.messages.hasPrefix("error: \(cache): 1 of 1 archives are damaged; "))
        #expect(sail("charts cache --clear").output == "removed 1 charts from \(cache)\n")
        #expect(sail("charts verify").output.isEmpty)
    }

    @Test func verifyingASourceKeepsNothing() {
        let answer = sail("charts verify -c cni --charts \(server.url)")
        #expect(answer.output.contains("cni    1.30.3   sha256:\(digest("cni"))"))
        #expect(sail("charts cache").output.contains("0 charts"))
    }

    @Test func pulledArchivesAreASource() {
        let copy = folder + "/copy"
        #expect(sail("charts pull --charts \(server.url) --version 1.29.0 --output-dir \(copy)").code == 0)
        #expect(sail("images -c cni --charts \(copy)").output == "elsewhere/cni:1.29.0\n")
        let answer = sail("images -c cni --charts \(copy) --version v1.30.3")
        #expect(
            answer.messages
                == "error: \(copy)/cni-1.29.0.tgz: this is cni 1.29.0, and v1.30.3 is wanted; give --version v1.29.0, or charts of "
                + "that version\n")
    }

    @Test(arguments: ["v1.30.3", "v1.24.0"])
    func theBuiltInChartsAsFilesMakeTheSameMesh(version: String) {
        let copy = folder + "/built-in"
        #expect(sail("charts pull --output-dir \(copy) --version \(version)").code == 0)
        let copied = sail("manifest generate --charts \(copy) --version \(version) --platform k3s")
        #expect(copied.code == 0)
        #expect(copied == sail("manifest generate --version \(version) --platform k3s"))
    }
}
