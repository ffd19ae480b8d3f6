import Foundation
import TestSupport
import Testing
import Values

@testable import Charts

/// A chart of these files, with a plain Chart.yaml where there is none among them.
func loadChart(_ files: [String: String], warnings: UnsafeMutablePointer<[String]>? = nil) throws -> Chart {
    var files = files
    if files["Chart.yaml"] == nil { files["Chart.yaml"] = "apiVersion: v2\nname: c\nversion: 0.1.0\n" }
    var loader = ChartLoader()
    let chart = try loader.load(try ChartFolder.files(in: files.map { ChartFile(name: $0.key, data: Text($0.value)) }))
    warnings?.pointee = loader.warnings
    return chart
}

/// The text of the error that loading gives.
func loadError(_ files: [String: String]) -> String {
    do {
        _ = try loadChart(files)
        return "no error"
    } catch {
        return String(describing: error)
    }
}

@Suite struct LoaderTests {
    @Test func filesFindTheirPlaces() throws {
        let chart = try loadChart([
            "values.yaml": "a: 1\n", "values.schema.json": "{}", "templates/x.yaml": "x", "templates/NOTES.txt": "n",
            "crds/c.yaml": "k", "README.md": "r", "Chart.lock": "dependencies: []\n", "charts/s.tgz.prov": "p",
        ])
        #expect(chart.templates.map(\.name) == ["templates/NOTES.txt", "templates/x.yaml"])
        #expect(chart.files.map(\.name) == ["README.md", "charts/s.tgz.prov", "crds/c.yaml"])
        #expect(chart.values == ["a": .double(1)])
        #expect(chart.schema == "{}")
        #expect(chart.customResourceFiles.map(\.path) == ["c/crds/c.yaml"])
    }

    @Test func numbersBecomeTextWhereTextIsWanted() throws {
        let chart = try loadChart([
            "Chart.yaml": """
            apiVersion: v2
            name: 1
            version: 1.20
            appVersion: 1e3
            keywords: [1, true, 1.50, null]
            annotations: {a: 1.0, b: yes}
            home: 0x10
            description: "a\\tb\\u0001c"
            """
        ])
        #expect(chart.metadata.name == "1")
        #expect(chart.metadata.version == "1.2")
        #expect(chart.metadata.appVersion == "1000")
        #expect(chart.metadata.keywords == ["1", "true", "1.5", ""])
        #expect(chart.metadata.annotations == ["a": "1", "b": "true"])
        #expect(chart.metadata.home == "16")
        #expect(chart.metadata.description == "a bc")
    }

    private static let head = "apiVersion: v2\nname: c\nversion: 0.1.0\n"
    private static let decoding = "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: "

    @Test(arguments: [
        ("", "validation: chart.metadata.name is required"),
        ("name: c\n", "validation: chart.metadata.version is required"),
        ("name: ..\nversion: 1\n", "validation: chart.metadata.name \"..\" is not allowed"),
        ("name: a/b\nversion: 1\n", "validation: chart.metadata.name \"a/b\" is invalid"),
        ("name: a\nversion: 1.2.3-01\n", "validation: chart.metadata.version \"1.2.3-01\" is invalid"),
        (head + "type: x\n", "validation: chart.metadata.type must be application or library"),
        (head + "maintainers: [null]\n", "validation: maintainers must not contain empty or null nodes"),
        (head + "dependencies: [null]\n", "validation: dependencies must not contain empty or null nodes"),
        (
            head + "dependencies: [{name: s, alias: a b}]\n",
            "validation: dependency \"s\" has disallowed characters in the alias"
        ),
        (
            head + "dependencies: [{name: a}, {name: b, alias: a}]\n",
            "validation: more than one dependency with name or alias \"a\""
        ),
        ("5", decoding + "cannot unmarshal number into Go value of type v2.Metadata"),
        (
            head + "keywords: a\n",
            decoding + "cannot unmarshal string into Go struct field Metadata.keywords of type []string"
        ),
        (
            head + "deprecated: 1\n",
            decoding + "cannot unmarshal number into Go struct field Metadata.deprecated of type bool"
        ),
        (
            head + "dependencies: [{name: [1]}]\n",
            decoding + "cannot unmarshal array into Go struct field Dependency.dependencies.name of type string"
        ),
        (
            head + "dependencies: [5]\n",
            decoding + "cannot unmarshal number into Go struct field Metadata.dependencies of type v2.Dependency"
        ),
        (
            head + "annotations: {a: [1]}\n",
            decoding + "cannot unmarshal array into Go struct field Metadata.annotations of type string"
        ),
        (
            head + "version: [\n",
            "cannot load Chart.yaml: error converting YAML to JSON: yaml: line 4: did not find expected node content"
        ),
    ])
    func badMetadata(text: String, message: String) {
        #expect(loadError(["Chart.yaml": text]) == message)
    }

    @Test func documentsOfAValuesFileAreMerged() throws {
        let chart = try loadChart(["values.yaml": "a: {x: 1, z: {p: 1}}\n--- # more\na: {z: {q: 2}}\n---\n# end\n"])
        #expect(chart.values == ["a": ["x": .double(1), "z": ["p": .double(1), "q": .double(2)]]])
    }

    @Test(arguments: [
        (
            "- a\n",
            "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: "
                + "json: cannot unmarshal array into Go value of type map[string]interface {}"
        ),
        ("a: 1\n---x\n", "error reading yaml document: invalid Yaml document separator: x"),
        (
            "a: [\n",
            "cannot unmarshal yaml document: error converting YAML to JSON: "
                + "yaml: line 1: did not find expected node content"
        ),
    ])
    func badValues(text: String, reason: String) {
        #expect(loadError(["values.yaml": text]) == "cannot load values.yaml: " + reason)
    }

    @Test func chartsBelowAChart() throws {
        let chart = try loadChart([
            "charts/b/Chart.yaml": "name: b\nversion: 1\n", "charts/b/charts/d/Chart.yaml": "name: d\nversion: 1\n",
            "charts/a/Chart.yaml": "name: a\nversion: 1\n", "charts/_no/Chart.yaml": "bad", "charts/.no/x": "bad",
        ])
        #expect(chart.dependencies.map(\.name) == ["a", "b"])
        #expect(chart.dependencies[1].dependencies.map(\.name) == ["d"])
    }

    @Test func aPackedChartBelowAChart() throws {
        let packed = Archive.tgz([Archive.Entry("s/Chart.yaml", "name: s\nversion: 1\n")])
        var loader = ChartLoader()
        let chart = try loader.load([
            ChartFile(name: "Chart.yaml", data: "name: c\nversion: 1\n"),
            ChartFile(name: "charts/s-1.tgz", data: Text(packed)),
        ])
        #expect(chart.dependencies.map(\.name) == ["s"])
    }

    @Test(arguments: [
        (["charts/readme.txt": "S"], "error unpacking subchart readme.txt in c: Chart.yaml file is missing"),
        (["charts/bad.tgz": "notgzip"], "error unpacking subchart bad.tgz in c: unexpected EOF"),
        (["charts/x.tgz/y": "z"], "error unpacking subchart tar in c: expected x.tgz, got x.tgz/y"),
        (
            ["charts/a/Chart.yaml": "name: a\nversion: 1\n", "charts/a/charts/b/Chart.yaml": "name: b\n"],
            "error unpacking subchart a in c: error unpacking subchart b in a: "
                + "validation: chart.metadata.version is required"
        ),
    ])
    func badSubcharts(files: [String: String], message: String) {
        #expect(loadError(files) == message)
    }

    @Test func requirementsOfTheFirstVersion() throws {
        var warnings: [String] = []
        let requirements = "dependencies:\n- name: s\n  version: 1\n"
        let old = try loadChart(
            ["Chart.yaml": "name: c\nversion: 1\n", "requirements.yaml": requirements], warnings: &warnings)
        #expect(old.metadata.dependencies?.map { $0?.name } == ["s"])
        #expect(old.files.map(\.name) == ["requirements.yaml"])
        #expect(warnings == [])
        let new = try loadChart(["requirements.yaml": requirements], warnings: &warnings)
        #expect(new.files.isEmpty)
        #expect(
            warnings == [
                "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\"."
                    + " We recommend migrating dependencies to Chart.yaml."
            ])
        #expect(new.missingDependencies == ["s"])
    }

    @Test func chartsOnDisk() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("chart-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("templates"), withIntermediateDirectories: true)
        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        try write("\u{FEFF}name: c\nversion: 1\n", to: "Chart.yaml")
        try write("a: 1", to: "templates/x.yaml")
        try write("no", to: "templates/.hidden")
        try write("no", to: "left.out")
        try write("*.out\n", to: ".helmignore")
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("linked.txt"),
            withDestinationURL: folder.appendingPathComponent("templates/x.yaml"))
        var loader = ChartLoader()
        let chart = try loader.load(path: folder.path)
        #expect(chart.templates.map(\.name) == ["templates/x.yaml"])
        #expect(chart.files.map(\.name) == [".helmignore", "linked.txt"])

        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("templates/loop"), withDestinationURL: folder)
        #expect(throws: ChartError.self) { try loader.load(path: folder.path) }
    }

    @Test func whatIsNoChartOnDisk() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("f-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("a: 1\n".utf8).write(to: file)
        var loader = ChartLoader()
        let yaml = #expect(throws: ChartError.self) { try loader.load(path: file.path) }
        #expect(yaml?.description == "file '\(file.path)' seems to be a YAML file, but expected a gzipped archive")
        let missing = #expect(throws: ChartError.self) { try loader.load(path: "/no/such") }
        #expect(missing?.description == "stat /no/such: no such file or directory")
    }
}
