import Foundation
import Synchronization
import Values

/// A chart repository and a registry on this machine with sail's own charts, made to be of other versions.
///
/// `/charts/index.yaml` is the repository, `/v2/charts/NAME` the registry.
package final class ChartServer: Sendable {
    private let server: LoopbackServer
    private let content: Content

    /// What is served, by path.
    private final class Content: Sendable {
        let files: Mutex<[String: [UInt8]]>

        init(_ files: [String: [UInt8]]) {
            self.files = Mutex(files)
        }
    }

    package var repository: String { server.url + "/charts" }
    package var registry: String { "oci://\(server.host)/charts" }
    package var calls: [LoopbackServer.Call] { server.calls }

    /// Charts of these versions: `1.32.0`. `files` are served too, by their paths.
    package init(_ versions: [String], files more: [String: String] = [:]) throws {
        var files: [String: [UInt8]] = more.mapValues { Array($0.utf8) }
        var index = "apiVersion: v1\nentries:\n"
        for name in ["base", "istiod", "cni", "ztunnel"] {
            index += "  \(name):\n"
            for version in versions {
                let archive = try ChartServer.archive(name, version)
                let digest = sha256(archive)
                files["/charts/\(name)-\(version).tgz"] = archive
                files["/v2/charts/\(name)/blobs/sha256:\(digest)"] = archive
                files["/v2/charts/\(name)/manifests/\(version)"] = Array(ChartServer.manifest(digest).utf8)
                index += "  - {version: \(version), digest: \(digest), urls: [\(name)-\(version).tgz]}\n"
            }
            let tags = versions.map { "\"\($0)\"" }.joined(separator: ", ")
            files["/v2/charts/\(name)/tags/list"] = Array("{\"name\": \"charts/\(name)\", \"tags\": [\(tags)]}".utf8)
        }
        files["/charts/index.yaml"] = Array(index.utf8)
        let content = Content(files)
        self.content = content
        server = LoopbackServer { call in
            let path = String(call.path.prefix { $0 != "?" })
            if path == "/v2/" { return .text("{}") }
            return content.files.withLock { $0[path] }.map { .init(body: $0) } ?? .text("{}", status: 404)
        }
    }

    /// Serves another text from now on.
    package func change(_ path: String, to text: String) {
        content.files.withLock { $0[path] = Array(text.utf8) }
    }

    private static func manifest(_ digest: String) -> String {
        """
        {"schemaVersion": 2, "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"}, "layers": [
        {"mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "digest": "sha256:\(digest)"}]}
        """
    }

    private static let charts = Repository.root.appendingPathComponent("charts")

    private static let archives = Mutex<[String: [UInt8]]>([:])

    /// The archive of a chart that says it is of that version, packed once.
    package static func archive(_ name: String, _ version: String) throws -> [UInt8] {
        let key = "\(name)-\(version)"
        if let known = archives.withLock({ $0[key] }) { return known }
        let archive = try packed(name, version)
        archives.withLock { $0[key] = archive }
        return archive
    }

    private static func packed(_ name: String, _ version: String) throws -> [UInt8] {
        let folder = charts.appendingPathComponent(name)
        let paths = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
        var entries: [Archive.Entry] = []
        for path in paths {
            let file = folder.appendingPathComponent(path)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            var text = try String(contentsOf: file, encoding: .utf8)
            if path == "Chart.yaml" { text = text.replacing("ersion: 1.30.3", with: "ersion: \(version)") }
            if path == "values.yaml" { text = text.replacing("istioVersion: \"\"", with: "istioVersion: v\(version)") }
            entries.append(Archive.Entry("\(name)/\(path)", text))
        }
        return Archive.tgz(entries)
    }
}
