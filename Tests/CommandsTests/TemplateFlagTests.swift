import Foundation
import TestSupport
import Testing

/// What helm template has beside rendering: a chart alone, files in a folder, charts from elsewhere.
@Suite struct TemplateFlagTests {
    private let folder: URL
    private let server: ChartServer

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sail-template-\(UUID().uuidString)")
        server = try ChartServer(["1.30.3", "1.29.0", "1.31.0-rc.0"])
        try write("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n")
        try write("c/templates/a.yaml", "kind: A\napiVersion: v1\nmetadata: {name: {{ .Release.Name }}}\n")
        try write("c/templates/d.yaml", "---\nkind: D\nmetadata: {name: d1}\n---\nkind: D\nmetadata: {name: d2}\n")
        let hook = "kind: B\nmetadata: {name: b, annotations: {\"helm.sh/hook\": pre-install}}\n"
        try write("c/templates/b.yaml", hook)
        try write("c/crds/x.yaml", "kind: CustomResourceDefinition\nmetadata: {name: x}\n")
    }

    private func write(_ path: String, _ text: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func template(_ line: String) -> Answer {
        let words = line.replacingOccurrences(of: "FOLDER", with: folder.path).split(separator: " ").map(String.init)
        let environment = ["XDG_CACHE_HOME": folder.appending(path: "cache").path, "HOME": folder.path]
        return run(["template"] + words, environment: environment)
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }

    private func clean() { try? FileManager.default.removeItem(at: folder) }

    @Test func aChartAloneIsAReleaseName() {
        defer { clean() }
        let alone = template("FOLDER/c")
        #expect(alone.code == 0)
        #expect(alone.output.contains("metadata: {name: release-name}"))
        #expect(template("FOLDER/c --generate-name") == alone)
        #expect(template("-g FOLDER/c") == alone)
        #expect(template("release-name FOLDER/c") == alone)
    }

    @Test func aNameAndAGeneratedOneExcludeEachOther() {
        defer { clean() }
        let answer = template("web FOLDER/c --generate-name")
        #expect(answer.code == 2)
        #expect(answer.messages.hasPrefix("error: --generate-name and the name \"web\" exclude each other"))
    }

    @Test func noChartIsAnError() {
        defer { clean() }
        #expect(template("").messages.hasPrefix("error: CHART is missing; usage: sail template [NAME] CHART\n"))
        #expect(
            template("a b c").messages.hasPrefix("error: unexpected argument \"c\"; usage: sail template [NAME] CHART"))
    }

    @Test func aFolderGetsAFileForEachTemplate() throws {
        defer { clean() }
        let answer = template("web FOLDER/c --output-dir FOLDER/out --include-crds")
        #expect(answer.code == 0)
        let out = folder.path + "/out/c/"
        #expect(
            answer.output
                == ["crds/x", "templates/a", "templates/d", "templates/d", "templates/b"]
                .map { "wrote \(out)\($0).yaml\n" }.joined())
        #expect(
            try text("out/c/templates/d.yaml") == """
                ---
                # Source: c/templates/d.yaml
                kind: D
                metadata: {name: d1}
                ---
                # Source: c/templates/d.yaml
                kind: D
                metadata: {name: d2}


                """)
        #expect(try text("out/c/crds/x.yaml").hasPrefix("---\n# Source: c/crds/x.yaml\nkind: Custom"))
        _ = template("web FOLDER/c --output-dir FOLDER/named --release-name --no-hooks")
        #expect(try text("named/web/c/templates/a.yaml").contains("name: web"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/named/web/c/templates/b.yaml"))
        // Once more, the files are as new.
        _ = template("web FOLDER/c --output-dir FOLDER/out --include-crds")
        #expect(try text("out/c/templates/d.yaml").components(separatedBy: "name: d1").count == 2)
    }

    @Test func whatDoesNotFitAFolderIsRefused() {
        defer { clean() }
        #expect(template("FOLDER/c --output-dir FOLDER/out -s templates/a.yaml").code == 2)
        #expect(template("FOLDER/c --release-name").messages.contains("has no effect without --output-dir"))
    }

    /// The name of a chart becomes a folder, and is whatever the chart's author wrote.
    @Test func aChartDoesNotLeadOutOfTheFolder() throws {
        defer { clean() }
        try write("c/Chart.yaml", "apiVersion: v2\nname: ../../evil\nversion: 0.1.0\n")
        let answer = template("FOLDER/c --output-dir FOLDER/x/y/out")
        #expect(answer.code == 1)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/x/evil"))
    }

    @Test func definitionsAreIncludedWhateverSkipsThem() {
        defer { clean() }
        #expect(template("FOLDER/c --include-crds").output.contains("CustomResourceDefinition"))
        #expect(template("FOLDER/c --include-crds --skip-crds") == template("FOLDER/c --include-crds"))
    }

    @Test func debuggingShowsWhatIsNoYAML() throws {
        defer { clean() }
        try write("c/templates/broken.yaml", "kind: [\n")
        let plain = template("FOLDER/c")
        #expect(plain.code == 1)
        #expect(plain.output == "")
        let debugging = template("FOLDER/c --debug")
        #expect(debugging.code == 1)
        #expect(debugging.messages == plain.messages)
        #expect(debugging.output.contains("---\n# Source: c/templates/broken.yaml\nkind: [\n"))
        #expect(debugging.output.contains("# Source: c/templates/a.yaml"))
    }

    @Test(arguments: ["REGISTRY/base", "base --repo REPOSITORY", "REPOSITORY/base-1.30.3.tgz", "REGISTRY/base:1.30.3"])
    func chartsComeFromElsewhere(place: String) {
        defer { clean() }
        let line =
            "web "
            + place.replacingOccurrences(of: "REGISTRY", with: server.registry)
            .replacingOccurrences(of: "REPOSITORY", with: server.repository)
        let answer = template(line + " --include-crds")
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(answer.output.contains("CustomResourceDefinition"))
        // From the cache, or fetched anew: the same.
        #expect(template(line + " --include-crds") == answer)
    }

    @Test func theNewestReleaseIsTakenUnlessAVersionIsGiven() {
        defer { clean() }
        let newest = template("web ztunnel --repo \(server.repository)")
        #expect(newest.output.contains("1.30.3"), "a release before a candidate")
        #expect(template("web \(server.registry)/ztunnel").output == newest.output)
        for version in ["1.29.0", "v1.29.0", "1.31.0-rc.0"] {
            let answer = template("web ztunnel --repo \(server.repository) --version \(version)")
            #expect(answer.output.contains(version.replacingOccurrences(of: "v", with: "")), "\(answer.messages)")
        }
        let missing = template("web ztunnel --repo \(server.repository) --version 1.2.3")
        #expect(missing.code == 1)
        #expect(missing.messages.contains("1.2.3"), "\(missing.messages)")
    }

    @Test(arguments: [
        ("web FOLDER/c --version 0.2.0", "is version 0.1.0, not 0.2.0; leave --version out"),
        ("web REPOSITORY", "is no .tgz; a chart of a repository is --repo URL NAME"),
        ("web REGISTRY/base:1.30.3 --version 1.29.0", "1.29.0"),
        ("web REPOSITORY/base-1.30.3.tgz --version 1.29.0", "1.29.0"),
        ("web ftp://x/y", "ftp"),
    ])
    func whatCannotBeFoundIsNamed(line: String, message: String) {
        defer { clean() }
        let answer = template(
            line.replacingOccurrences(of: "REGISTRY", with: server.registry)
                .replacingOccurrences(of: "REPOSITORY", with: server.repository))
        #expect(answer.code == 1)
        #expect(answer.output == "")
        #expect(answer.messages.contains(message), "\(answer.messages)")
    }

    @Test func aPostRendererGetsTheWholeText() throws {
        defer { clean() }
        try write("mark", "#!/bin/sh\nsed 's/name: web/name: marked/'\n")
        let file = folder.appending(path: "mark").path
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        let answer = template("web FOLDER/c --post-renderer FOLDER/mark")
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(answer.output == template("marked FOLDER/c").output)
        #expect(template("web FOLDER/c --post-renderer FOLDER/mark --output-dir FOLDER/out").code == 2)
        #expect(template("web FOLDER/c --post-renderer FOLDER/nosuch").code == 1)
    }

    @Test func aVersionOfTheLocalChartMayBeSaid() {
        defer { clean() }
        #expect(template("FOLDER/c --version 0.1.0") == template("FOLDER/c"))
    }

    private static let helm = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { $0 + "/helm" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Real Helm's, where it is there.
    @Test(
        .enabled(if: helm != nil, "no helm on PATH"),
        arguments: [
            "FOLDER/c", "web FOLDER/c --include-crds", "FOLDER/c --generate-name", "FOLDER/c --skip-tests --no-hooks",
            "web FOLDER/c --output-dir FOLDER/out --include-crds",
            "web FOLDER/c --output-dir FOLDER/out --release-name",
            "web FOLDER/c --include-crds --skip-crds", "web FOLDER/c --debug", "FOLDER/c --is-upgrade -n other",
        ])
    func helmPrintsTheSame(line: String) throws {
        defer { clean() }
        let ours = template(line)
        let files = try contents("out")
        try? FileManager.default.removeItem(at: folder.appending(path: "out"))
        let program = try #require(Self.helm)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments =
            ["template"]
            + line.replacingOccurrences(of: "FOLDER", with: folder.path).split(separator: " ").map(String.init)
        process.environment = ["HOME": folder.path, "PATH": "/usr/bin:/bin"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        // With files, Helm ends its list with an empty line.
        #expect(ours.output == (line.contains("--output-dir") ? String(text.dropLast()) : text))
        #expect(try contents("out") == files)
    }

    private func contents(_ name: String) throws -> [String: String] {
        let base = folder.appending(path: name)
        var files: [String: String] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: base.path) ?? .init() {
            files[path] = try? String(contentsOf: base.appending(path: path), encoding: .utf8)
        }
        return files
    }
}
