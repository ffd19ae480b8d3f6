import Foundation
import Testing

/// `sail template` on charts of its own, with the messages that real Helm gives.
@Suite struct TemplateTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sail-template-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "c/templates"), withIntermediateDirectories: true)
    }

    /// Runs sail template on a chart of these files below its folder.
    private func template(_ files: [String: String], _ words: [String] = [], name: String = "rel") throws -> Answer {
        defer { try? FileManager.default.removeItem(at: folder) }
        var files = files
        if files["Chart.yaml"] == nil { files["Chart.yaml"] = "apiVersion: v2\nname: c\nversion: 0.1.0\n" }
        for (path, text) in files { try Data(text.utf8).write(to: folder.appending(path: "c/" + path)) }
        return run(["template", name, folder.appending(path: "c").path] + words)
    }

    @Test func rawTextNeedNotBeAManifest() throws {
        let files = ["templates/a.txt": "no: [yaml\n{{ 1 }}", "templates/b.yaml": "kind: B\n"]
        #expect(
            try template(files, ["--raw", "-s", "templates/a.txt"])
                == Answer(code: 0, output: "no: [yaml\n1", messages: ""))
    }

    @Test func rawTextOfSeveralTemplates() throws {
        let files = ["templates/a.txt": "one: [\n", "templates/b.txt": "two\n", "templates/c.yaml": "kind: C\n"]
        #expect(
            try template(files, ["--raw", "--show-only", "templates/*.txt"])
                == Answer(code: 0, output: "one: [\ntwo\n", messages: ""))
    }

    @Test func rawTextOfATemplateThatIsNotThere() throws {
        let answer = try template(["templates/a.yaml": "kind: A\n"], ["--raw", "-s", "templates/z.yaml"])
        #expect(answer.code == 1)
        #expect(answer.messages == "error: could not find template templates/z.yaml in chart\n")
    }

    @Test(arguments: ["REL", "a_b", "-a", "a-", "a..b", ".a", String(repeating: "a", count: 54), "é"])
    func namesOfReleasesAreChecked(_ name: String) throws {
        let answer = try template(
            ["templates/a.yaml": "kind: A\n"], ["--namespace", "x"], name: name.hasPrefix("-") ? "a/b" : name)
        let shown = name.hasPrefix("-") ? "a/b" : name
        #expect(answer.code == 1)
        #expect(
            answer.messages
                == "error: release name check failed: release name \"\(shown)\": invalid release name, must match regex "
                + #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#
                + " and the length must not be longer than 53\n")
    }

    @Test(arguments: ["a", "a.b-c.0", String(repeating: "a", count: 53)])
    func goodNamesOfReleasesPass(_ name: String) throws {
        #expect(try template(["templates/a.yaml": "kind: A\n"], name: name).code == 0)
    }

    @Test func anEmptyNameIsNone() throws {
        let answer = try template(["templates/a.yaml": "kind: A\n"], name: "")
        #expect(answer.messages == "error: release name check failed: release name \"\": no name provided\n")
    }

    @Test(arguments: ["fail", "required"])
    func aChartsOwnTextKeepsItsLines(_ function: String) throws {
        let text = "\\nVALUES:\\n\\nruler: selector\\n    Set one:\\n      1) key `a.b`\\n\\n    a:\\n      b: 1\\n"
        let call = function == "fail" ? "fail \"\(text)\"" : "required \"\(text)\" nil"
        let answer = try template(["templates/NOTES.txt": "{{- \(call) }}", "templates/a.yaml": "kind: A\n"])
        #expect(answer.code == 1)
        #expect(
            answer.messages
                == "error: execution error at (c/templates/NOTES.txt:1:4): \nVALUES:\n\nruler: selector\n    Set one:\n"
                + "      1) key `a.b`\n\n    a:\n      b: 1\n")
    }

    @Test func aLongTextIsShownWhole() throws {
        let call = "{{ fail (printf \"first %s MIDDLE %s last\" (repeat 1500 \"x\") (repeat 1500 \"y\")) }}"
        let answer = try template(["templates/a.yaml": call])
        #expect(answer.messages.contains("x MIDDLE y"))
        #expect(answer.messages.utf8.count > 3000)
    }

    @Test func helmsWarningsHaveOneMark() throws {
        let values = folder.appending(path: "c/over.yaml").path
        let files = [
            "templates/a.yaml": "v: {{ .Values | toJson }}\n", "values.yaml": "c: x\n", "over.yaml": "c: {d: 1}\n",
        ]
        let answer = try template(files, ["-f", values])
        #expect(answer.messages == "warning: skipped value for c.c: Not a table.\n")
        #expect(answer.output.hasSuffix("v: {\"c\":{\"d\":1}}\n"))
    }

    @Test func aDeprecatedChartSaysSo() throws {
        let chart = "apiVersion: v2\nname: c\nversion: 0.1.0\ndeprecated: true\n"
        let answer = try template(["Chart.yaml": chart, "templates/a.yaml": "kind: A\n"])
        #expect(answer.code == 0)
        #expect(answer.messages == "warning: this chart is deprecated\n")
    }

    @Test func largeAndEndlessFilesAreRefused() throws {
        let files = ["templates/a.yaml": "kind: A\n"]
        let answer = try template(files, ["-f", "/dev/zero"])
        #expect(answer.code == 1)
        #expect(
            answer.messages
                == "error: /dev/zero: holds more than 16 MiB, the most that is read of such a file; check the path\n")
    }

    @Test func endlessFilesOfASingleValueAreRefused() throws {
        let answer = try template(["templates/a.yaml": "kind: A\n"], ["--set-file", "a=/dev/zero"])
        #expect(answer.code == 1)
        #expect(answer.messages.contains("open /dev/zero: holds more than 16 MiB"))
    }
}
