import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// `sail bundle`, `history` and `values --explain` as a user runs them.
@Suite struct BundleTests {
    private func unpacked(_ path: String) throws -> [String: String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bundle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["tar", "-xzf", path, "--strip-components=1", "-C", folder.path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        var files: [String: String] = [:]
        for name in FileManager.default.enumerator(atPath: folder.path)?.compactMap({ $0 as? String }) ?? [] {
            files[name] = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        return files
    }

    @Test(arguments: ClusterKind.available)
    func theArchiveHoldsTheMeshAndNothingSecret(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let secret: Value = [
            "metadata": ["name": "cacerts"], "data": ["ca-key.pem": "c2VjcmV0LWtleQ=="],
        ]
        _ = try mesh.client.send(.create("/api/v1/namespaces/istio-system/secrets", secret))
        defer { _ = try? mesh.client.send(.delete("/api/v1/namespaces/istio-system/secrets/cacerts", uid: nil)) }
        let path = FileManager.default.temporaryDirectory.appending(path: "b-\(UUID().uuidString).tar.gz").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let run = try mesh.sail("bundle -O \(path)")
        #expect(run.code == 0, "\(run.end)")
        #expect(run.output == path + "\n")
        #expect(run.messages.contains("what the archive holds:\nobjects/"), "\(run.messages)")
        let files = try unpacked(path)
        for name in [
            "index.txt", "status.txt", "status.json", "history.json", "precheck.txt", "versions.txt",
            "objects/istio-system.daemonset-ztunnel.yaml", "objects/istio-system.configmap-istio.yaml",
            "lists/events/istio-system.yaml", "lists/nodes.yaml",
        ] {
            #expect(files[name]?.isEmpty == false, "\(name) is not among \(files.keys.sorted())")
        }
        #expect(files["status.txt"]?.contains("state:") == true)
        #expect(files["history.json"]?.contains("\"install\"") == true)
        let all = files.values.joined()
        #expect(!all.contains("c2VjcmV0LWtleQ") && !all.contains("secret-key"))
    }

    @Test func whatCannotBeReadIsListedAndNoFailure() throws {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.sail("install --yes").code == 0)
        let sandbox = try #require(mesh.cluster.sandbox)
        sandbox.add(Fault(.status(403), path: "/events"))
        let path = FileManager.default.temporaryDirectory.appending(path: "b-\(UUID().uuidString).tar.gz").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let run = try mesh.sail("bundle -O \(path)")
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages.contains("not in it:\n  events/istio-system.yaml: "), "\(run.messages)")
    }

    @Test(arguments: ClusterKind.available)
    func historyHasALineForEachRun(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld("--set global.logging.level=default:info").code == 0)
        #expect(try mesh.upgrade("--set ztunnel.env.API_TOKEN=x").code == 0)
        let lines = try mesh.sail("history").output.split(separator: "\n").map(String.init)
        #expect(lines.count == 3, "\(lines)")
        #expect(lines[1].contains("install v1.29.6"))
        #expect(lines[1].contains("--set global.logging.level=default:info"))
        #expect(lines[2].contains("upgrade v1.29.6 → v1.30.3"), "\(lines)")
        #expect(lines[2].contains("complete") && lines[2].contains("--set ztunnel.env.API_TOKEN=***"), "\(lines)")
        let run = try #require(try Value(json: try mesh.sail("history -o json").output).list?.last)
        #expect(run["purpose"]?.string == "upgrade")
        #expect(run["result"]?.string == "complete")
        #expect(run["from"]?.string == "v1.29.6" && run["to"]?.string == "v1.30.3")
        #expect(run["seconds"]?.int != nil && run["changes"]?.string?.isEmpty == false)
        let revisions = try mesh.sail("history istiod").output
        #expect(revisions.contains("superseded") && revisions.contains("deployed"))
    }
}
