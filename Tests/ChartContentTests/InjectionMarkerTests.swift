import Charts
import Foundation
import GoTemplate
import Testing
import Values
import YAML

/// The marker lines by which charts/istiod/files tell the releases apart.
@Suite struct InjectionMarkerTests {
    /// The injection template `name` for a release, made of this text.
    private func inject(_ text: String, as name: String = "grpc-simple", version: String = "v1.30.3") throws -> String {
        let helper = Place.charts.appendingPathComponent("istiod/templates/_injection.tpl")
        let texts = [
            "Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
            "templates/_injection.tpl": try String(contentsOf: helper, encoding: .utf8),
            "templates/a.yaml": "text: {{ include \"istiod.injection\" (list $ \"\(name)\") | toJson }}\n",
            "files/\(name).yaml": text,
        ]
        var loader = ChartLoader()
        var chart = try loader.load(
            try ChartFolder.files(in: texts.map { ChartFile(name: $0.key, data: Text($0.value)) }))
        var warnings: [String] = []
        let values: Mapping = ["release": ["version": .string(version)]]
        let files = try ChartRenderer().renderFiles(of: &chart, values: values, warnings: &warnings)
        let output = try #require(files.first { $0.path.hasSuffix("a.yaml") }).text
        return try #require(try Value(yaml: output.bytes)["text"]?.string)
    }

    static let text =
        "a\n#versions\n#from 1.31\nnew\n#from 1.28\nmiddle\n#before\nold\n#end\nb\n#versions\n#from 1.29\nc\n#end\n"

    @Test(arguments: [
        ("v1.24.0", "a\nold\nb\n"), ("v1.27.9", "a\nold\nb\n"), ("v1.28.0", "a\nmiddle\nb\n"),
        ("v1.30.3", "a\nmiddle\nb\nc\n"), ("v1.31.0", "a\nnew\nb\nc\n"), ("v1.40.0", "a\nnew\nb\nc\n"),
    ])
    func eachReleaseHasItsBlock(version: String, expected: String) throws {
        #expect(try inject(Self.text, version: version) == expected)
    }

    @Test(arguments: [
        ("a\n#versions\n#from 1.31\nb\n", "a block after #versions must have one #end"),
        ("a\n#versions\n#from 1.31\nb\n#end\n#end\n", "a block after #versions must have one #end"),
        ("a\n#versions\nb\n#end\n", "#versions must be followed by #from 1.N"),
        ("a\n#versions\nb\n#from 1.31\nc\n#end\n", "#versions must be followed by #from 1.N"),
        ("a\n#versions\n#from 1.31\nb\n#before\nc\n#before\n#end\n", "at most one #before"),
        ("a\n#from 1.31\nb\n", "#from, #before and #end must follow #versions"),
        ("a\n#end\n", "#from, #before and #end must follow #versions"),
    ])
    func aMissingMarkerFails(text: String, message: String) throws {
        let error = try #require(throws: (any Error).self) { try inject(text) }
        #expect("\(error)".contains("files/grpc-simple.yaml: "))
        #expect("\(error)".contains(message), "\(error)")
    }

    @Test func aGatewaysFileMustBeCutForOlderReleases() throws {
        let text = "a\n---\n# from Istio 1.26 on\nb\n"
        #expect(try inject(text, as: "waypoint", version: "v1.25.4") == "a\n")
        #expect(try inject(text, as: "waypoint", version: "v1.26.0") == text)
        let error = try #require(throws: (any Error).self) { try inject("a\nb\n", as: "waypoint") }
        #expect("\(error)".contains("must follow a separator"), "\(error)")
    }
}
