import Foundation
import Istio
import Meshes
import Objects
import Operations
import Planning
import Testing
import Values

/// A shell script in a folder of its own.
struct Script {
    let folder: URL
    let path: String

    init(_ name: String, _ body: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sail-script-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: name).path
        try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}

extension OperationOptions {
    mutating func postRender(_ program: String, _ arguments: [String] = []) {
        var flags = CommandFlags()
        (flags.program, flags.arguments) = (program, arguments)
        commandFlags[.postRenderer] = flags
    }
}

/// `--post-renderer`, on a cluster in memory.
@Suite struct PostRendererTests {
    private let logLevel = "sed 's/terminationGracePeriodSeconds: 30/terminationGracePeriodSeconds: 77/'"

    @Test func whatItPrintsIsWhatIsAppliedAndStoredOnlyByName() throws {
        let bench = try Bench()
        let script = try Script("grace", "[ \"$1\" = --secret=x ] || exit 9\n" + logLevel)
        defer { script.remove() }
        #expect(try bench.run(.install) { $0.postRender(script.path, ["--secret=x"]) } == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("note: post-renderer grace changed"))
        let pod = bench.object(ztunnelPath)?[path: "spec", "template", "spec"]
        #expect(pod?["terminationGracePeriodSeconds"] == 77)
        let changes = try #require(bench.ui.plans.last?.preview.plan.changes)
        let ztunnel = try #require(changes.first { $0.identity.kind == "DaemonSet" && $0.identity.name == "ztunnel" })
        #expect(ztunnel.changedBy == ["post-renderer grace"])
        #expect(changes.contains { $0.changedBy.isEmpty })

        // Nothing of the arguments or of the path is stored.
        let stored = try #require(
            StoredSettings(ClusterSession(bench.options()).history()).noted?.commands["post-renderer"])
        #expect(stored.name == "grace")
        #expect(stored.digest.utf8.count == 64)
        #expect(!"\(stored)".contains("secret"))

        // The same again changes nothing.
        #expect(try bench.run(.upgrade) { $0.postRender(script.path, ["--secret=x"]) } == 0)
        #expect(bench.ui.text.contains("no changes"), "\(bench.ui.text)")
        #expect(!bench.ui.text.contains("of the last run"))
    }

    @Test func aRunWithoutItStopsAndNamesIt() throws {
        let bench = try Bench()
        let script = try Script("grace", logLevel)
        defer { script.remove() }
        try bench.run(.install) { $0.postRender(script.path) }
        let expected =
            "the last run had --post-renderer grace, which is stored by name and never run unasked; give --post-renderer "
            + "again, or drop it with --no-post-renderer"
        #expect(bench.failure(.upgrade) == expected)
        let options = bench.options()
        #expect(throws: Failures.self) { try Pipeline.diff(options) }

        // Another program, or other arguments, are said.
        #expect(try bench.run(.upgrade) { $0.postRender(script.path, ["-v"]) } == 0)
        #expect(bench.ui.text.contains("of the last run (grace)"), "\(bench.ui.text)")
        // To drop it is asked for.
        #expect(
            try bench.run(.upgrade) { $0.commandFlags[.postRenderer, default: CommandFlags()].isDropped = true } == 0)
        #expect(bench.ui.text.contains("the last run's --post-renderer grace is dropped"))
        #expect(bench.object(ztunnelPath)?[path: "spec", "template", "spec", "terminationGracePeriodSeconds"] == 30)
        #expect(try bench.run(.upgrade) == 0)
    }

    @Test func anInstallationSaysThatItDropsIt() throws {
        let bench = try Bench()
        let script = try Script("grace", logLevel)
        defer { script.remove() }
        try bench.run(.install) { $0.postRender(script.path) }
        #expect(try bench.run(.install) == 0)
        #expect(bench.ui.text.contains("--post-renderer grace is dropped; sail upgrade would keep it"))
    }

    @Test func whatItAddsAndLeavesOutIsNamed() throws {
        let bench = try Bench()
        let script = try Script(
            "extra",
            """
            awk 'BEGIN { RS = "---\\n" } !/kind: PodDisruptionBudget/ && !/kind: HorizontalPodAutoscaler/ { printf "---\\n%s", $0 }'
            cat <<'END'
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: extra, namespace: istio-system}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: nodes, namespace: istio-system, labels: {operator.istio.io/component: Cni}}
            END
            """)
        defer { script.remove() }
        #expect(try bench.run(.install) { $0.postRender(script.path) } == 0, "\(bench.ui.text)")
        #expect(
            bench.ui.text.contains("added ConfigMap istio-system/extra, ConfigMap istio-system/nodes, left out"),
            "\(bench.ui.text)")
        let changes = try #require(bench.ui.plans.last?.preview.plan.changes)
        func component(_ name: String) -> String? {
            changes.first { $0.identity.name == name && $0.identity.kind == "ConfigMap" }?.component?.rawValue
        }
        #expect(component("extra") == "istiod")
        #expect(component("nodes") == "cni")
        #expect(!changes.contains { $0.identity.kind == "HorizontalPodAutoscaler" })
        // What is added is deleted again once nothing makes it.
        #expect(
            try bench.run(.upgrade) { $0.commandFlags[.postRenderer, default: CommandFlags()].isDropped = true } == 0)
        #expect(bench.object("/api/v1/namespaces/istio-system/configmaps/extra") == nil)
    }

    static let faults: [(body: String, message: String)] = [
        ("cat >/dev/null; echo no >&2; exit 3", "post-renderer script ended with exit code 3"),
        ("cat >/dev/null", "post-renderer script printed nothing"),
        ("cat >/dev/null; echo 'a: [b'", "post-renderer script: document 1 of its output cannot be read"),
        ("cat >/dev/null; echo 'a: b'", "post-renderer script: document 1 of its output has no apiVersion"),
        (
            "cat; echo '---'; printf 'apiVersion: v1\\nkind: Namespace\\nmetadata: {name: istio-system}\\n'",
            "has Namespace istio-system twice"
        ),
        (
            "awk 'BEGIN { RS = \"---\\n\" } !/kind: DaemonSet/ { printf \"---\\n%s\", $0 }'",
            "its output lacks DaemonSet istio-system/istio-cni-node, DaemonSet"
        ),
        ("kill -9 $$", "post-renderer script ended with exit code 137"),
    ]

    @Test(arguments: faults) func whatItMayNotDoIsSaid(body: String, message: String) throws {
        let script = try Script("script", body)
        defer { script.remove() }
        let bench = try Bench()
        let answer = bench.failure(.install) { $0.postRender(script.path) }
        #expect(answer.contains(message), "\(answer)")
        #expect(bench.writes() == [])
    }

    static let missing: [(program: String, message: String)] = [
        ("no-such-program", "--post-renderer no-such-program: no such program; put it on PATH, or give its path"),
        ("/no/such", "--post-renderer /no/such: no such program; check the path, and that the file is executable"),
        ("kustomize build", "name the program alone, and give its arguments with --post-renderer-args"),
        ("/tmp", "--post-renderer /tmp: no such program; check the path"),
    ]

    @Test(arguments: missing) func aProgramThatIsNotThereIsSaid(program: String, message: String) throws {
        let answer = try Bench().failure(.install) {
            $0.postRender(program)
            $0.cluster.dryRun = .client
        }
        #expect(answer.contains(message), "\(answer)")
    }

    @Test func argumentsNeedAProgram() throws {
        let answer = try Bench().failure(.install) {
            $0.commandFlags[.postRenderer, default: CommandFlags()].arguments = ["a"]
            $0.cluster.dryRun = .client
        }
        #expect(answer.hasPrefix("--post-renderer-args is given without --post-renderer"))
    }

    @Test func theTextIsPostRenderedForAnyCommand() throws {
        let bench = try Bench()
        let options = bench.options { $0.postRender("tr", ["a", "b"]) }
        #expect(try options.postRendered(Array("aha".utf8)) == Array("bhb".utf8))
    }
}
