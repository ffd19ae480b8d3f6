import Foundation
import Testing

/// What commands without a cluster refuse.
@Suite struct RefusalTests {
    private func run(_ line: String, file: String? = nil) throws -> Answer {
        var words = line.split(separator: " ").map(String.init)
        guard let file else { return CommandsTests.run(words) }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("values-\(UUID().uuidString).yaml")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try file.write(toFile: path, atomically: true, encoding: .utf8)
        words += ["-f", path]
        return CommandsTests.run(words)
    }

    private func resources(istio: String, ztunnel: String) -> String {
        """
        apiVersion: sailoperator.io/v1
        kind: Istio
        metadata: {name: default}
        spec: {version: \(istio), profile: ambient}
        ---
        apiVersion: sailoperator.io/v1
        kind: ZTunnel
        metadata: {name: default}
        spec: {version: \(ztunnel)}

        """
    }

    @Test(arguments: [
        ("v1.30.3", "v1.28.10", "ztunnel would be at 1.28.10, more than one minor behind istiod at 1.30.3"),
        ("v1.29.6", "v1.30.3", "ztunnel would be at 1.30.3, ahead of istiod at 1.29.6"),
    ])
    func whatMayNotRunSideBySideIsNotRendered(istio: String, ztunnel: String, message: String) throws {
        for line in ["manifest generate -c istiod -c ztunnel", "images -c istiod -c ztunnel"] {
            let answer = try run(line, file: resources(istio: istio, ztunnel: ztunnel))
            #expect(answer.code == 1, "\(line)")
            #expect(answer.output.isEmpty)
            #expect(answer.messages.contains(message), "\(answer.messages)")
        }
        let near = try run(
            "manifest generate -c istiod -c ztunnel", file: resources(istio: "v1.30.3", ztunnel: "v1.29.6"))
        #expect(near.code == 0, "\(near.messages)")
    }

    @Test func aFolderWithoutANameIsNoFolder() throws {
        let empty = CommandsTests.run(["manifest", "generate", "--output-dir", ""])
        #expect(empty.code == 2)
        #expect(empty.messages.contains("the path of a folder"), "\(empty.messages)")
        let above = try run("manifest generate --output-dir sail-refusal-tests/x/..")
        #expect(above.code == 1)
        #expect(above.messages.contains("ends with ..; give the folder by its own name"), "\(above.messages)")
        #expect(!FileManager.default.fileExists(atPath: "sail-refusal-tests"))
    }

    @Test func aSourceIsAskedForItsVersionsWithRemoteOnly() throws {
        let answer = try run("versions --charts /nowhere")
        #expect(answer.code == 2)
        #expect(answer.messages.contains("add --remote"))
    }
}
