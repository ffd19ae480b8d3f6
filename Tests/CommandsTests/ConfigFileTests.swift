import Arguments
import Foundation
import Testing
import Values

@testable import Commands

/// Defaults for flags from the user's config file. No test reads the developer's own: the environment is the test's.
@Suite struct ConfigFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sail-config-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "sail"), withIntermediateDirectories: true)
    }

    private var path: String { folder.appending(path: "sail/config.yaml").path }

    private func sail(_ line: String, _ config: String?, _ environment: [String: String] = [:]) throws -> Answer {
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appending(path: "sail"), withIntermediateDirectories: true)
        if let config { try Data(config.utf8).write(to: URL(filePath: path)) }
        try Data(kubeconfig.utf8).write(to: folder.appending(path: "kubeconfig"))
        let own = ["XDG_CONFIG_HOME": folder.path, "KUBECONFIG": folder.appending(path: "kubeconfig").path]
        return run(
            line.split(separator: " ").map(String.init), environment: own.merging(environment) { $1 }, width: nil)
    }

    private let kubeconfig = """
        apiVersion: v1
        kind: Config
        current-context: prod-eu
        contexts:
        - {name: prod-eu, context: {cluster: c, user: u}}
        - {name: test, context: {cluster: c, user: u}}
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: {token: abcdef}}]
        """

    @Test func aDefaultStandsInForAFlag() throws {
        let answer = try sail("versions", "defaults:\n  output: json\n")
        #expect(answer == run(["versions", "-o", "json"]))
    }

    @Test func theLineAndTheEnvironmentComeFirst() throws {
        let config = "defaults:\n  version: v1.28-latest\n"
        #expect(try sail("images", config) == run(["images", "--version", "v1.28-latest"]))
        #expect(try sail("images --version v1.29-latest", config) == run(["images", "--version", "v1.29-latest"]))
        let variable = try sail("images", config, ["SAIL_VERSION": "v1.27-latest"])
        #expect(variable == run(["images", "--version", "v1.27-latest"]))
    }

    @Test func itIsForCommandsThatHaveTheFlag() throws {
        #expect(
            try sail("profile list", "defaults:\n  timeout: 10m\n  platform: k3s\n")
                == run(["profile", "list"], width: nil))
    }

    @Test func aListIsForFlagsThatMayBeRepeated() throws {
        let config = "defaults:\n  component: [cni, ztunnel]\n"
        #expect(try sail("images", config) == run(["images", "-c", "cni", "-c", "ztunnel"]))
        #expect(try sail("images -c base", config) == run(["images", "-c", "base"]))
    }

    /// The trace of a request names the server that the context leads to; nothing answers there.
    @Test func aContextHasItsOwn() throws {
        let config = """
            defaults:
              request-timeout: 1s
              color: never
            contexts:
              prod-eu: {history-max: 3}
              test: {history-max: 4, color: always}
            """
        func rows(_ line: String) throws -> [Value] {
            try Value(json: try sail(line, config).output)["settings"]?.list ?? []
        }
        func counting(_ rows: [Value]) -> [String: String] {
            Dictionary(
                uniqueKeysWithValues: rows.filter { $0["counts"] == .bool(true) }.map {
                    ($0["flag"]?.string ?? "", $0["value"]?.string ?? "")
                })
        }
        let current = try counting(rows("config -o json"))
        #expect(current["history-max"] == "3")
        #expect(current["color"] == "never")
        let other = try counting(rows("config -o json --context test"))
        #expect(other["history-max"] == "4")
        #expect(other["color"] == "always")
    }

    @Test func theCommandShowsWhatCountsAndWhy() throws {
        let config = "defaults:\n  platform: k3s\n  timeout: 10m\ncontexts:\n  prod-eu:\n    platform: eks\n"
        let answer = try sail("config", config, ["SAIL_PLATFORM": "gke"])
        #expect(answer.code == 0)
        #expect(answer.output.hasPrefix("config file: \(path)\ncontext: prod-eu\n\nFLAG "))
        let lines = answer.output.split(separator: "\n").filter { $0.hasPrefix("platform") }
        #expect(lines.count == 3)
        #expect(lines[0].contains("gke") && lines[0].hasSuffix("environment variable SAIL_PLATFORM"))
        #expect(lines[1].contains("eks") && lines[1].contains(":6 (context prod-eu)"))
        #expect(lines[1].hasSuffix("not used: environment variable SAIL_PLATFORM sets it"))
        #expect(lines[2].contains("k3s") && lines[2].contains(":2"))
    }

    @Test func thereNeedNotBeOne() throws {
        #expect(try sail("versions", nil) == run(["versions"], width: nil))
        let answer = try sail("config", nil)
        #expect(answer.output.hasPrefix("config file: \(path) (there is none)\ncontext: prod-eu\n"))
        #expect(run(["config"]).output == "config file: none, as HOME is not set\n")
    }

    @Test(arguments: [
        ("defaults:\n  timeuot: 5m\n", ":2: unknown flag timeuot; did you mean timeout?"),
        ("defaults:\n  timeout: 5\n", ":2: timeout: \"5\" is not a duration: its unit is missing; write 5s"),
        ("defaults:\n  output: jsn\n", ":2: output: \"jsn\" is not one of text, json, yaml"),
        ("default:\n  timeout: 5m\n", ":1: unknown section default; did you mean defaults?"),
        ("timeout: 5m\n", ":1: unknown section timeout; there are defaults and contexts"),
        ("defaults: [a]\n", ":1: defaults is no map"),
        ("- a\n", ":1: the file is no map"),
        ("contexts:\n  a: 3\n", ":2: a is no map"),
        ("defaults:\n  timeout:\n", ":2: timeout has no value"),
        ("defaults:\n  timeout: {a: b}\n", ":2: timeout has no value"),
        ("defaults:\n  timeout: [5m, 6m]\n", ":2: timeout takes one value, not a list"),
        ("defaults:\n  wait: maybe\n", ":2: wait: \"maybe\" is not true or false"),
        ("defaults:\n  timeout: 5m\n  timeout: 6m\n", ":3: timeout is set in line 2 too"),
        ("defaults:\n  - : [\n", ":"),
        ("contexts:\n  a:\n    context: b\n", ":3: context decides which context counts"),
    ])
    func whatIsWrongIsNamedWithItsPlace(config: String, message: String) throws {
        let answer = try sail("images", config)
        #expect(answer.code == 2)
        #expect(answer.output == "")
        #expect(answer.messages.hasPrefix("error: \(path)\(message)"), "\(answer.messages)")
    }

    @Test(arguments: [
        "yes: true", "confirm-purge: 3", "take-ownership: true", "allow-managed: true", "allow-end-of-life: true",
        "allow-whatever: true", "check-command: ./x", "post-renderer: ./x", "purge-crds: true", "force-conflicts: true",
        "values: a.yaml", "set: a=b", "patch: a.yaml", "post-renderer-args: [a]", "no-post-renderer: true",
        "set-string: [a=b]",
    ])
    func approvalsAndCommandsAreNoDefaults(line: String) throws {
        for config in ["defaults:\n  \(line)\n", "contexts:\n  prod-eu:\n    \(line)\n"] {
            let answer = try sail("install --dry-run=client", config)
            let name = line.prefix { $0 != ":" }
            #expect(answer.code == 2)
            #expect(answer.messages.contains("\(name) cannot be a default: "), "\(answer.messages)")
        }
    }

    @Test func aFileThatCannotBeReadIsAnError() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let answer = try sail("images", nil)
        #expect(answer.code == 2)
        #expect(answer.messages.hasPrefix("error: \(path): is a folder, not a file"))
        let named = run(["images"], environment: ["SAIL_CONFIG": "/nonexistent/config.yaml"])
        #expect(named.code == 2)
        #expect(named.messages.hasPrefix("error: /nonexistent/config.yaml: no such file or directory"))
    }

    @Test func helpIsGivenWhateverTheFileSays() throws {
        for line in ["install --help", "--version", "completion bash", "help install", "--help"] {
            #expect(try sail(line, "defaults: 3\n").code == 0, "\(line)")
        }
    }

    @Test(arguments: ["", "\n", "# nothing\n", "defaults:\n", "defaults: {}\ncontexts: {}\n", "---\n"])
    func anEmptyFileSaysNothing(config: String) throws {
        #expect(try sail("versions", config).code == 0)
    }

    /// Tests and scripts take this to read none at all.
    @Test func theNullDeviceIsAnEmptyFile() throws {
        let answer = try sail("versions", "defaults:\n  output: name\n", ["SAIL_CONFIG": "/dev/null"])
        #expect(answer == run(["versions"], width: nil))
    }

    @Test func aRelativeFolderIsNone() {
        #expect(ConfigFile.place(["XDG_CONFIG_HOME": "relative", "HOME": "/h"])?.path == "/h/.config/sail/config.yaml")
        #expect(ConfigFile.place(["XDG_CONFIG_HOME": "/x"])?.path == "/x/sail/config.yaml")
        #expect(ConfigFile.place([:]) == nil)
    }
}
