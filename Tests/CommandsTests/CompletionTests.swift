import Foundation
import Istio
import Testing

/// The binary beside this test bundle, which the shells run.
private let products =
    Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
    .deletingLastPathComponent() ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

private func path(of program: String) -> String? {
    ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + program }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// What a shell prints for a script; `sail` is on its PATH.
private func shell(_ program: String, _ script: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = program.hasSuffix("fish") ? ["--no-config", "-c", script] : ["-c", script]
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = products.path + ":" + (environment["PATH"] ?? "")
    // The developer's own settings do not count.
    environment["SAIL_CONFIG"] = "/dev/null"
    process.environment = environment
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}

private let hasBinary = FileManager.default.isExecutableFile(atPath: products.appending(path: "sail").path)

@Test(
    "bash completes commands, flags and values",
    .enabled(if: hasBinary && path(of: "bash") != nil, "no bash or no sail"),
    arguments: [
        ("sail mani", "manifest"), ("sail manifest gen", "generate"), ("sail manifest generate --plat", "--platform"),
        ("sail manifest generate --platform open", "openshift"),
        ("sail manifest generate --platform=open", "openshift"),
        ("sail profile show k3", "k3d k3s"), ("sail manifest generate -o ", "text json yaml"),
        ("sail install --dry-run ", "none client server"),
    ])
func bashCompletes(line: String, expected: String) throws {
    let bash = try #require(path(of: "bash"))
    let script = """
        source <(sail completion bash)
        COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}
        compopt() { :; }
        _sail_complete
        echo "${COMPREPLY[*]}"
        """
    #expect(try shell(bash, script) == expected + "\n")
}

@Test(
    "fish completes commands, flags and values",
    .enabled(if: hasBinary && path(of: "fish") != nil, "no fish or no sail"),
    arguments: [
        ("sail mani", "manifest"), ("sail manifest generate --platform open", "openshift"),
        ("sail profile show k3", "k3d\nk3s"),
    ])
func fishCompletes(line: String, expected: String) throws {
    let fish = try #require(path(of: "fish"))
    let output = try shell(fish, "sail completion fish | source; complete -C '\(line)'")
    let words = output.split(separator: "\n").map { $0.split(separator: "\t").first.map(String.init) ?? "" }
    #expect(words.joined(separator: "\n") == expected)
}

@Test(
    "zsh takes the script and completes by it", .enabled(if: hasBinary && path(of: "zsh") != nil, "no zsh or no sail"))
func zshCompletes() throws {
    let zsh = try #require(path(of: "zsh"))
    let script = """
        compdef() { :; }
        compset() { :; }
        _describe() { local -a words; words=("${(@P)4}"); print -l -- "${words[@]}"; }
        source <(sail completion zsh)
        words=(sail profile show k3); CURRENT=4; PREFIX=k3
        _sail
        """
    let output = try shell(zsh, script)
    let names = output.split(separator: "\n").map { $0.split(separator: ":")[0] }
    #expect(names == ["k3d", "k3s"])
}
