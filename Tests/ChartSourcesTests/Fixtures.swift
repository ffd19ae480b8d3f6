import Foundation
import HTTP
import TestSupport
import Values

@testable import ChartSources

/// The archive of a small chart.
func chart(_ name: String, _ version: String = "1.30.3") -> [UInt8] {
    Archive.tgz([
        Archive.Entry("\(name)/Chart.yaml", "apiVersion: v2\nname: \(name)\nversion: \(version)\n"),
        Archive.Entry("\(name)/templates/a.yaml", "kind: \(name)\n"),
    ])
}

let components = ["base", "istiod", "cni", "ztunnel"]

/// A folder that goes away with the test.
final class Scratch: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "sail-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and answers its path.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8], executable: Bool = false) throws -> String {
        let file = path + "/" + name
        let folder = URL(filePath: file).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
        if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file) }
        return file
    }

    @discardableResult
    func write(_ name: String, _ text: String, executable: Bool = false) throws -> String {
        try write(name, Array(text.utf8), executable: executable)
    }
}

/// A user: a home with a cache, and sources.
struct User {
    let home = Scratch()
    var environment: [String: String] = [:]

    var cache: Cache { Cache(folder: home.path + "/cache") }

    func fetcher(_ sources: String...) throws -> ChartFetcher {
        let environment = ["HOME": home.path, "SAIL_CHARTS_PLAIN_HTTP": "true"].merging(environment) { $1 }
        return ChartFetcher(
            try sources.flatMap { try ChartSource.list($0) }, cache: cache, environment: { environment[$0] },
            transport: { try CurlTransport() })
    }

    /// What is found of base (or others) at the sources.
    func charts(
        _ source: String, _ wanted: [String] = ["base"], version: String = "v1.30.3"
    ) throws -> [String: FoundChart] {
        try fetcher(source).charts(wanted, of: components, version: version)
    }

    /// The message of the error that fetching ends in; `nil` where it succeeds.
    func failure(_ source: String, _ wanted: [String] = ["base"], version: String = "v1.30.3") -> String? {
        do {
            _ = try charts(source, wanted, version: version)
            return nil
        } catch {
            return "\(error)"
        }
    }
}

/// An index.yaml with one version of one chart.
func index(
    _ name: String = "base", version: String = "1.30.3", url: String? = nil, digest: String?
) -> String {
    let line = digest.map { "\n    digest: \($0)" } ?? ""
    return """
        apiVersion: v1
        entries:
          \(name):
          - name: \(name)
            version: \(version)\(line)
            urls: [\(url ?? "\(name)-\(version).tgz")]

        """
}

/// A repository that has these charts in these versions.
func repository(_ names: [String] = components, versions: [String] = ["1.30.3"]) -> LoopbackServer {
    var files: [String: [UInt8]] = [:]
    var text = "apiVersion: v1\nentries:\n"
    for name in names {
        text += "  \(name):\n"
        for version in versions {
            let archive = chart(name, version)
            files["/charts/\(name)-\(version).tgz"] = archive
            text += "  - name: \(name)\n    version: \(version)\n    digest: \(sha256(archive))\n"
            text += "    urls:\n    - \(name)-\(version).tgz\n"
        }
    }
    files["/charts/index.yaml"] = Array(text.utf8)
    let all = files
    return LoopbackServer { call in
        all[call.path].map { .init(body: $0) } ?? .text("not here", status: 404)
    }
}
