import Foundation
import Sandbox
import TestSupport
import Testing
import Values
import YAML

/// Every verb that a user can type: its help, its result for programs, and what it shows where it is shown.
@Suite struct EveryVerbTests {
    /// A line for each verb, on a cluster with a mesh; nothing on it changes the mesh.
    private static let lines = [
        "install": "install --dry-run", "upgrade": "upgrade --dry-run", "diff": "diff", "status": "status",
        "precheck": "precheck", "adopt": "adopt --dry-run", "uninstall": "uninstall --dry-run", "history": "history",
        "rollback": "rollback --dry-run 1", "get values": "get values istiod", "get manifest": "get manifest ztunnel",
        "get all": "get all cni", "bundle": "bundle -O -", "waypoint list": "waypoint list",
        "waypoint trace": "waypoint trace", "waypoint generate": "waypoint generate",
        "manifest generate": "manifest generate", "manifest diff": "manifest diff istiod@1 istiod@1",
        "template": "template charts/ztunnel", "profile list": "profile list", "profile show": "profile show gke",
        "profile diff": "profile diff gke eks", "values": "values --explain pilot.resources", "images": "images",
        "versions": "versions --all", "charts list": "charts list",
        "charts pull": "charts pull -c istiod --output-dir FOLDER",
        "charts verify": "charts verify charts/base", "charts cache": "charts cache", "version": "version",
        "export argocd": "export argocd -O FOLDER", "export flux": "export flux -O FOLDER",
        "export kustomize": "export kustomize -O FOLDER", "export helm": "export helm -O FOLDER",
        "export operator": "export operator -O FOLDER",
        "reconcile": "reconcile --dry-run", "crds": "crds --kind ZTunnel", "enroll": "enroll default --dry-run",
        "unenroll": "unenroll default --dry-run", "waypoint apply": "waypoint apply --dry-run",
        "waypoint status": "waypoint status", "waypoint delete": "waypoint delete waypoint --dry-run",
        "config": "config",
        "completion": "completion bash", "help": "help install",
    ]
    /// Verbs whose result is bytes, a script or files.
    private static let withoutFormats: Set = [
        "bundle", "template", "completion", "help", "charts verify", "export argocd", "export flux", "export kustomize",
        "export helm", "export operator",
    ]
    /// Verbs whose text is YAML, which is never wrapped.
    private static let documents: Set = [
        "get values", "get manifest", "get all", "manifest generate", "waypoint generate", "template", "profile show",
        "profile diff", "completion", "bundle",
    ]

    /// All verbs by the reference that the program prints.
    private func verbs() throws -> [String] {
        try Program(["help", "--markdown"], kubeconfig: "/nonexistent").end().output.split(separator: "\n")
            .filter { $0.hasPrefix("## sail ") }.map { String($0.dropFirst(8)) }
    }

    private func mesh() throws -> Mesh {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.sail("install --yes").code == 0)
        return mesh
    }

    @Test func noVerbIsMissingHere() throws {
        #expect(try verbs().sorted() == EveryVerbTests.lines.keys.sorted())
    }

    @Test func helpIsNarrowPlainAndTheSameByBothNames() throws {
        for verb in try verbs() {
            let short = try TerminalProgram("\(verb) -h", kubeconfig: "/nonexistent", columns: 60)
            #expect(short.end() == 0, "\(verb)")
            for line in plain(short.text).split(separator: "\n") where line.count > 60 {
                // A command line stays in one piece, as does a word of its own, such as an address or a variable.
                if line.hasPrefix("  sail ") { continue }
                #expect(line.trimmingPrefix { $0 == " " }.split(separator: " ").count == 1, "\(verb): \(line)")
            }
            let dumb = try TerminalProgram(
                "\(verb) --help", kubeconfig: "/nonexistent", environment: ["TERM": "dumb"], columns: 60)
            #expect(dumb.end() == 0, "\(verb)")
            #expect(dumb.text == plain(short.text), "\(verb)")
        }
    }

    @Test func programsGetOneDocumentAndPipesPlainText() throws {
        let mesh = try mesh()
        for (verb, line) in EveryVerbTests.lines.sorted(by: { $0.key < $1.key }) {
            let folder = FileManager.default.temporaryDirectory.appending(path: "sail-verb-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let line = line.replacing("FOLDER", with: folder.path)
            let run = try mesh.sail(line)
            // The cluster has no Gateway API, and nothing is enrolled; a difference is 1.
            guard run.code == 0 || verb == "profile diff" else {
                #expect(run.output == "", "\(verb)")
                #expect(run.messages.contains("error: "), "\(verb): \(run.end)")
                continue
            }
            #expect(!(run.output + run.messages).contains("\u{1B}") || verb == "completion", "\(verb)")
            guard !EveryVerbTests.withoutFormats.contains(verb) else { continue }
            for format in ["json", "yaml"] {
                let run = try mesh.sail("\(line) -o \(format)")
                #expect(run.code == (verb == "profile diff" ? 1 : 0), "\(verb) -o \(format): \(run.end)")
                #expect(try Value(yaml: Array(run.output.utf8)) != .null, "\(verb) -o \(format)")
                if format == "json" { #expect(throws: Never.self, "\(verb)") { try Value(json: run.output) } }
            }
        }
    }

    @Test func coloursFollowTheTerminalAndItsUser() throws {
        let mesh = try mesh()
        for (verb, line) in EveryVerbTests.lines
        where !EveryVerbTests.documents.contains(verb) && !line.contains("FOLDER") {
            let colourless = try TerminalProgram(
                line, kubeconfig: mesh.cluster.kubeconfig, environment: ["NO_COLOR": "1"], columns: 60)
            _ = colourless.end()
            #expect(colourless.text.firstMatch(of: /\u{1B}\[[0-9;]*m/) == nil, "\(verb)")
            let dumb = try TerminalProgram(
                line, kubeconfig: mesh.cluster.kubeconfig, environment: ["TERM": "dumb"], columns: 60)
            _ = dumb.end()
            #expect(!dumb.text.contains("\u{1B}"), "\(verb)")
        }
        let status = try TerminalProgram("status", kubeconfig: mesh.cluster.kubeconfig, columns: 60)
        #expect(status.end() == 0)
        #expect(status.text.contains("\u{1B}["), "a terminal has colours")
        for line in plain(status.text).split(separator: "\n") { #expect(line.count <= 60, "\(line)") }
    }

    /// The text without what sets colours and moves the cursor.
    private func plain(_ text: String) -> String { text.replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/, with: "") }
}
