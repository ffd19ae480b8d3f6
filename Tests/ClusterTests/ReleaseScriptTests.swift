import Foundation
import TestSupport
import Testing

/// scripts/release, its sums and signature, and the script that installs what it has packed.
@Suite(.enabled(if: Packed.canPack, "SAIL_PROGRAM names no release build"))
struct ReleaseScriptTests {
    @Test func whatIsPackedIsTheSameTwiceAndInstallsAndAChangedByteDoesNot() throws {
        let packed = try Packed()
        #expect(try packed.sums == Packed().sums)
        let names = try FileManager.default.contentsOfDirectory(atPath: packed.dist).sorted()
        #expect(names.contains("SHA256SUMS") && names.contains("install.sh"), "\(names)")
        let archive = try #require(names.first { $0.hasSuffix(".tar.gz") })
        let package = packed.dist + "/" + (try #require(names.first { $0.hasSuffix(".deb") }))
        #expect(try packed.field("Maintainer", of: package) == "Jo Doe <jo@example.com>")
        #expect(try packed.field("Description", of: package).hasPrefix("installs and upgrades Istio's ambient mode"))
        #expect(Int(try packed.field("Installed-Size", of: package)) ?? 0 > 1000)

        try packed.makeKeys()
        #expect(try packed.release("--sign", packed.path("key.pem"), packed.dist).code == 0)
        #expect(try packed.release("--verify", packed.path("key.pub"), packed.dist).code == 0)
        #expect(try packed.release("--verify", packed.path("other.pub"), packed.dist).code == 1)

        let installed = try packed.install("--key", packed.path("key.pub"))
        #expect(installed.code == 0, "\(installed.end)")
        #expect(try packed.command([packed.path("prefix/bin/kubectl-sail"), "version"]).output.hasPrefix("sail "))
        #expect(FileManager.default.fileExists(atPath: packed.path("prefix/share/man/man1/sail-install.1")))
        #expect(try packed.install("--uninstall").code == 0)
        #expect(try packed.files(below: "prefix") == [])
        #expect(try packed.install("--key", packed.path("other.pub")).messages.contains("is not signed by"))

        // A changed byte in the archive, then in the sums.
        try packed.changeByte(of: packed.dist + "/" + archive)
        let refused = try packed.install()
        #expect(refused.code == 1)
        #expect(refused.messages.contains("is not the file of the release"), "\(refused.messages)")
        #expect(try packed.files(below: "prefix") == [])
        #expect(try packed.release("--verify", packed.path("key.pub"), packed.dist).code == 1)
        try packed.changeByte(of: packed.dist + "/SHA256SUMS")
        #expect(try packed.install("--key", packed.path("key.pub")).messages.contains("is not signed by"))
    }

    @Test func aMaintainerWithoutAnAddressIsRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sail-unmaintained-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in [
            "Jo Doe", "Jo <jo>", "<jo@example.com>", "Jo <jo@example.com> <x@example.com>", "Jo\nX: y <jo@example.com>",
        ] {
            let words = [
                "SAIL_MAINTAINER=" + name, "SOURCE_DATE_EPOCH=1795700000",
                Repository.root.appending(path: "scripts/release").path, Program.path.path, folder.path,
            ]
            let run = try Program(words, kubeconfig: "/dev/null", of: "/usr/bin/env").end()
            #expect(run.code == 1, "\(name)")
            #expect(run.messages.contains("the package needs a maintainer"), "\(run.end)")
        }
    }

    @Test func theScriptOfTheRepositoryInstallsNothing() throws {
        let script = Repository.root.appending(path: "scripts/install.sh").path
        let process = try Program([script], kubeconfig: "/dev/null", of: "/bin/sh")
        #expect(process.end().messages.contains("not the script of a release"))
    }
}

/// The release binary, packed into a folder of its own; without the image, which needs a mirror of Debian.
private final class Packed {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "sail-release-\(UUID().uuidString)")
    var dist: String { path("dist") }

    static var canPack: Bool {
        ProcessInfo.processInfo.environment["SAIL_PROGRAM"] != nil
            && FileManager.default.fileExists(atPath: "/usr/bin/dpkg-deb")
    }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let packing = try release(Program.path.path, dist)
        #expect(packing.code == 0, "\(packing.end)")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var sums: String {
        get throws { try String(contentsOfFile: dist + "/SHA256SUMS", encoding: .utf8) }
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func release(_ words: String...) throws -> Run {
        try command([Repository.root.appending(path: "scripts/release").path] + words)
    }

    func install(_ words: String...) throws -> Run {
        try command(["sh", dist + "/install.sh", "--prefix", path("prefix")] + words)
    }

    func command(_ words: [String]) throws -> Run {
        // Of the environment nothing but what is said here.
        let environment = ["PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"]
        let fixed = ["SAIL_WITHOUT_IMAGE=1", "SAIL_PACKING=1", "SOURCE_DATE_EPOCH=1795700000", "GIT_CONFIG_COUNT=1"]
        let maintainer = ["SAIL_MAINTAINER=Jo Doe <jo@example.com>"]
        let trusting = ["GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"]
        return try Program(
            environment + fixed + maintainer + trusting + words, kubeconfig: "/dev/null", of: "/usr/bin/env"
        ).end()
    }

    func field(_ name: String, of package: String) throws -> String {
        try command(["dpkg-deb", "--field", package, name]).output.trimmingCharacters(in: .newlines)
    }

    func makeKeys() throws {
        for name in ["key", "other"] {
            let key = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path(name + ".pem")]
            #expect(try command(["openssl", "genpkey"] + key).code == 0)
            let made = try command([
                "openssl", "pkey", "-in", path(name + ".pem"), "-pubout", "-out", path(name + ".pub"),
            ])
            #expect(made.code == 0)
        }
    }

    func changeByte(of file: String) throws {
        var data = try Data(contentsOf: URL(filePath: file))
        data[data.count / 2] ^= 1
        try data.write(to: URL(filePath: file))
    }

    func files(below name: String) throws -> [String] {
        let found = FileManager.default.enumerator(at: folder.appending(path: name), includingPropertiesForKeys: nil)
        return (found?.compactMap { $0 as? URL } ?? []).filter { !$0.hasDirectoryPath }.map(\.path)
    }
}
