import Foundation
import Testing
import Values

/// A file in a folder of its own.
private func file(_ name: String, _ text: String, executable: Bool = false) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sail-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: name).path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
    return path
}

private func remove(_ path: String) {
    try? FileManager.default.removeItem(at: URL(fileURLWithPath: path).deletingLastPathComponent())
}

/// `--patch` and `--post-renderer` on the command line.
@Suite struct PatchCommandTests {
    private let environment = ["PATH": "/usr/bin:/bin"]

    @Test func whatGenerateAndARehearsalPrintIsPatched() throws {
        let patch = try file(
            "p.yaml", "target: {kind: DaemonSet, name: ztunnel}\npatch: {spec: {minReadySeconds: 7}}\n")
        defer { remove(patch) }
        let generated = run(["manifest", "generate", "-c", "ztunnel", "--patch", patch])
        #expect(generated.code == 0, "\(generated.messages)")
        #expect(generated.output.contains("\n  minReadySeconds: 7\n"))
        #expect(generated.output.contains("# Source: ztunnel/templates/daemonset.yaml\n"))
        let all = run(["install", "--dry-run=client", "--patch", patch])
        #expect(all.code == 0, "\(all.messages)")
        #expect(all.output.contains("\n  minReadySeconds: 7\n"))
        let json = run(["manifest", "generate", "-c", "ztunnel", "--patch", patch, "-o", "json"])
        let items = try Value(json: Array(json.output.utf8))["items"]?.list
        #expect(items?.contains { $0["spec"]?["minReadySeconds"]?.int == 7 } == true)
        let versions = run(["manifest", "diff", "v1.30.2", "v1.30.3", "-c", "ztunnel", "--patch", patch])
        #expect(versions.code == 1 && !versions.output.contains("minReadySeconds"), "\(versions.messages)")
    }

    @Test func theRestOfAPatchedObjectStaysAsItWas() throws {
        let patch = try file(
            "p.yaml", "target: {kind: DaemonSet, name: ztunnel}\npatch: {spec: {minReadySeconds: 7}}\n")
        defer { remove(patch) }
        let plain = try Value(json: Array(run(["manifest", "generate", "-c", "ztunnel", "-o", "json"]).output.utf8))
        let patched = try Value(
            json: Array(run(["manifest", "generate", "-c", "ztunnel", "-o", "json", "--patch", patch]).output.utf8))
        let without = (patched["items"]?.list ?? []).map { item -> Value in
            guard case .map(var map) = item, case .map(var spec)? = map["spec"] else { return item }
            spec["minReadySeconds"] = nil
            map["spec"] = .map(spec)
            return .map(map)
        }
        #expect(plain["items"]?.list == without)
    }

    @Test func faultsOfAPatchHaveTheirPlace() throws {
        let patch = try file("p.yaml", "patches:\n- target: {kind: DaemonSt, name: ztunnel}\n  patch: {a: b}\n")
        defer { remove(patch) }
        let answer = run(["manifest", "generate", "--patch", patch])
        #expect(answer.code == 1 && answer.output.isEmpty)
        #expect(
            answer.messages.hasPrefix(
                "error: \(patch):2:3: kind DaemonSt, name ztunnel matches no object; did you mean DaemonSet "),
            "\(answer.messages)")
        let missing = run(["manifest", "generate", "--patch", "/no/such.yaml"])
        #expect(
            missing.code == 1 && missing.messages.hasPrefix("error: --patch /no/such.yaml: "), "\(missing.messages)")
    }

    @Test func aPostRendererGetsItsArgumentsInOrder() throws {
        let program = try file(
            "show", "#!/bin/sh\ncat\nprintf '%s|' \"$@\" >\"$(dirname \"$0\")/arguments\"\n", executable: true)
        defer { remove(program) }
        let answer = run(
            [
                "manifest", "generate", "-c", "cni", "--post-renderer", program, "--post-renderer-args", "-a",
                "--post-renderer-args=b c", "--post-renderer-args", "$HOME",
            ], environment: environment)
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(answer.messages.contains("post-renderer show changed 0 of"), "\(answer.messages)")
        let arguments = URL(fileURLWithPath: program).deletingLastPathComponent().appending(path: "arguments")
        #expect(try String(contentsOf: arguments, encoding: .utf8) == "-a|b c|$HOME|")
        #expect(answer.output == run(["manifest", "generate", "-c", "cni"]).output)
    }

    @Test func whatAPostRendererPrintsIsInTheOrderOfApplication() throws {
        let program = try file(
            "first",
            "#!/bin/sh\nprintf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a, namespace: b}\\n---\\n'\ncat\n",
            executable: true)
        defer { remove(program) }
        let answer = run(["manifest", "generate", "-c", "cni", "--post-renderer", program], environment: environment)
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(answer.messages.contains("added ConfigMap b/a"))
        let kinds = answer.output.split(separator: "\n").filter { $0.hasPrefix("kind: ") }
        #expect(kinds.first == "kind: Namespace" && kinds.contains("kind: ConfigMap"))
        #expect(answer.output.contains("# Source: post-renderer first\n"))
    }
}
