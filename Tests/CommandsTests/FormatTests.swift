import Arguments
import Foundation
import Testing
import Values
import YAML

@testable import Commands

/// One list of formats for all commands; a list of things has two more.
@Suite struct FormatTests {
    /// Commands that need no cluster, with what they need.
    private static let lines = [
        "versions", "versions --all", "versions --changes", "profile list", "profile show ambient",
        "profile diff ambient openshift", "values", "values --explain cni.cniBinDir", "images", "images --digests",
        "version", "charts list", "charts cache", "charts verify", "manifest generate -c ztunnel",
        "manifest diff v1.30.2 v1.30.3 -c cni", "install --dry-run=client", "charts pull --output-dir FOLDER",
    ]

    private static let lists = ["versions", "profile list", "images", "charts list"]

    private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    private func answer(_ line: String, _ more: [String], width: Int? = 80) -> Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sail-formats-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let words = words(line).map { $0 == "FOLDER" ? folder : $0 }
        var answer = run(words + more, environment: ["XDG_CACHE_HOME": "/nonexistent"], width: width)
        answer.output = answer.output.replacingOccurrences(of: folder, with: "FOLDER")
        return answer
    }

    private static var all: [(String, Command<Request>)] {
        func below(_ command: Command<Request>, _ prefix: String) -> [(String, Command<Request>)] {
            command.children.filter { !$0.isHidden }.flatMap {
                [(prefix + $0.name, $0)] + below($0, prefix + $0.name + " ")
            }
        }
        return below(root, "")
    }

    @Test func everyOutputFlagHasTheSameChoices() {
        var seen = 0
        for (line, command) in Self.all {
            guard let flag = command.flags.first(where: { $0.name == "output" }) else { continue }
            seen += 1
            let isList = Self.lists.contains(line) || ["history", "waypoint list", "waypoint status"].contains(line)
            let isPlan = ["install", "upgrade", "diff"].contains(line)
            let more = isList ? ["wide", "name"] : isPlan ? ["markdown", "html"] : []
            #expect(flag.choices == ["text", "json", "yaml"] + more, "\(line)")
            #expect(flag.synonyms == ["table": "text"], "\(line)")
        }
        #expect(seen >= 20)
    }

    @Test(arguments: lines)
    func jsonAndYamlAreParsed(line: String) throws {
        let (json, yaml) = (answer(line, ["-o", "json"]), answer(line, ["-o", "yaml"]))
        #expect([0, 1].contains(json.code), "\(json.messages)")
        _ = try Value(json: json.output)
        var reader = DocumentReader(Array(yaml.output.utf8), options: ReadingOptions(numbers: .native))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count >= 1)
    }

    @Test(arguments: lines)
    func tableIsText(line: String) {
        #expect(answer(line, ["-o", "table"]) == answer(line, []))
        #expect(answer(line, ["-o", "text"]) == answer(line, []))
    }

    @Test(arguments: lists)
    func namesAreALineEach(line: String) {
        let names = answer(line, ["-o", "name"])
        #expect(names.code == 0)
        let lines = names.output.split(separator: "\n")
        #expect(lines.count > 2)
        #expect(lines.allSatisfy { !$0.contains(" ") }, "\(names.output)")
        #expect(answer(line, ["-o", "wide"]).code == 0)
    }

    @Test func namesAreWhatOtherCommandsTake() {
        let names = answer("versions", ["-o", "name"]).output.split(separator: "\n").map(String.init)
        #expect(names.contains("v1.30.3"))
        #expect(run(["images", "--version", names[1]]).code == 0)
        #expect(answer("profile list", ["-o", "name"]).output.hasPrefix("ambient\n"))
    }

    /// A pipe is read by grep and awk, row by row; a narrow window is not.
    @Test(arguments: ["versions --changes", "profile list", "values --explain meshConfig"])
    func tablesWrapOnATerminalOnly(line: String) {
        let pipe = answer(line, [], width: nil).output
        let window = answer(line, [], width: 60).output
        #expect(pipe.split(separator: "\n").contains { $0.count > 80 }, "\(pipe)")
        #expect(window.split(separator: "\n").count > pipe.split(separator: "\n").count)
        // A word longer than the window has a line of its own.
        let words = { (text: String) in text.split { $0 == " " || $0 == "\n" } }
        #expect(words(window) == words(pipe))
    }

    @Test func aCommaSeparatesFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sail-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ text: String) throws -> String {
            try Data(text.utf8).write(to: folder.appending(path: name))
            return folder.appending(path: name).path
        }
        let one = try file("one.yaml", "ztunnel: {logLevel: one}\n")
        let two = try file("two,2.yaml", "ztunnel: {logLevel: two}\n")
        let level = ["values", "-c", "ztunnel", "--explain", "ztunnel.logLevel", "-o", "json"]
        #expect(run(level + ["-f", "\(one),\"\(two)\""]).output.contains("\"two\""))
        #expect(run(level + ["-f", "\"\(two)\",\(one)"]).output.contains("\"one\""))
        let broken = run(level + ["-f", "\"\(two),\(one)"])
        #expect(broken.code == 2)
        #expect(broken.messages.contains("is not a list: the end of a quoted part is missing"))
    }

    @Test func componentsMayShareAFlag() {
        #expect(run(["images", "-c", "cni,ztunnel"]) == run(["images", "-c", "cni", "-c", "ztunnel"]))
        let answer = run(["images", "-c", "cni,ztunel"])
        #expect(answer.code == 2)
        #expect(answer.messages.contains("is not one of base, istiod, cni, ztunnel; did you mean ztunnel?"))
    }

    @Test(arguments: [
        (["versions", "--context", "x"], "--context has no effect without --remote"),
        (["versions", "--charts", "x"], "--charts has no effect without --remote"),
        (["status", "--timeout", "5m"], "--timeout has no effect without --wait"),
        (["uninstall", "--confirm-purge", "3"], "--confirm-purge has no effect without --purge-crds"),
        (["install", "--ztunnel-pause", "5s"], "--ztunnel-pause has no effect without --ztunnel-rollout"),
        (["charts", "verify", "--version", "v1.30.3"], "--version has no effect without --charts"),
        (["uninstall", "--force-conflicts"], "'sail uninstall' has no flag --force-conflicts"),
        (["uninstall", "--history-max", "3"], "'sail uninstall' has no flag --history-max"),
        (["uninstall", "--rollback-on-failure"], "'sail uninstall' has no flag --rollback-on-failure"),
    ])
    func aFlagWithoutEffectIsRefused(words: [String], message: String) {
        let answer = run(words)
        #expect(answer.code == 2)
        #expect(answer.messages.hasPrefix("error: " + message), "\(answer.messages)")
    }

    @Test func everyClusterCommandTakesANamespace() {
        for (line, command) in Self.all where command.flags.contains(where: { $0.name == "kubeconfig" }) {
            if ["versions", "config"].contains(line) { continue }
            #expect(command.flags.contains { $0.name == "namespace" && $0.short == "n" }, "\(line)")
        }
    }

    @Test(arguments: [["--dry-run=client"], ["--dry-run", "client"]])
    func aDryRunOnTheClientNeedsNoCluster(form: [String]) {
        #expect(run(["install"] + form).code == 0)
    }

    @Test func noDryRunIsARun() {
        // There is no cluster here, which a run is the first to notice.
        for form in [["--dry-run", "none"], ["--dry-run=none"], []] {
            #expect(run(["install"] + form, environment: ["HOME": "/nonexistent"]).messages.contains("no cluster"))
        }
        let wrong = run(["install", "--dry-run", "clint"])
        #expect(wrong.code == 2)
        #expect(
            wrong.messages.hasPrefix(
                "error: --dry-run: \"clint\" is not one of none, client, server; did you mean client?\n"))
    }
}
