import Foundation
import Glibc
import HTTP
import Testing
import Values

@testable import Kubernetes

/// What a credential plugin gets of this process, and what is left of it.
@Suite struct PluginProcessTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func plugin(_ body: String) throws -> ExecCredentialPlugin {
        try folder.write("plugin", "#!/bin/sh\n\(body)\n", mode: 0o700)
        let exec: Value = [
            "command": .string(folder.path + "/plugin"), "apiVersion": "client.authentication.k8s.io/v1beta1",
        ]
        let entry = Kubeconfig.Entry(value: .map(Mapping()), file: folder.path + "/config")
        return try ExecCredentialPlugin(exec, entry, entry, "https://c.example", Security(), "user \"u\"")
    }

    private func isAlive(_ pid: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }

    @Test func itInheritsNothingButItsThreeStreams() throws {
        // A connection as libcurl opens it, without close-on-exec.
        let open = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(open) }
        let token =
            #"echo '{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "t"}}'"#
        _ = try plugin("ls -l /proc/self/fd > \(folder.path)/files\n\(token)").ask(isInteractive: false)
        let files = try folder.read("files")
        #expect(!files.contains("socket:"), "\(files)")
    }

    @Test func itsWholeGroupEndsWithItsTime() throws {
        let plugin = try plugin("sleep 300 & echo $! > \(folder.path)/child; echo $$ > \(folder.path)/self; wait")
        #expect(message { try plugin.ask(isInteractive: false, seconds: 1) }.contains("no answer in 1 s"))
        for name in ["self", "child"] {
            let pid = try #require(pid_t(try folder.read(name).trimmingCharacters(in: .whitespacesAndNewlines)))
            for _ in 0..<100 where isAlive(pid) { usleep(20_000) }
            #expect(!isAlive(pid), "\(name)")
        }
    }

    @Test func outputWithoutEndIsNotKept() throws {
        let plugin = try plugin("exec cat /dev/zero")
        #expect(message { try plugin.ask(isInteractive: false, seconds: 60) }.contains("too much output"))
    }

    @Test func whatItSaysStandsOnOneLine() throws {
        let plugin = try plugin(#"printf 'first\nlog \033[2Jin\rerror: x' >&2; exit 3"#)
        let text = message { try plugin.ask(isInteractive: false) }
        #expect(
            text.hasSuffix(#"exit code 3: log \x1b[2Jin\rerror: x"#) || text.hasSuffix("exit code 3: error: x"),
            "\(text)")
        #expect(!text.contains("\u{1B}"))
        #expect(!text.contains("\n"))
    }
}
