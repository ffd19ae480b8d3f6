import Charts
import Foundation
import GoTemplate
import Istio
import Meshes
import Objects
import TestSupport
import Testing
import Values
import YAML

/// Where the tests find things.
enum Place {
    static let repository = Repository.root
    static let charts = repository.appendingPathComponent("charts")

    /// The facts about official releases that lie beside a development checkout; `nil` elsewhere, and then the tests
    /// which need them are skipped.
    static let reference: URL? = ["..", "../.."].lazy
        .map { repository.appendingPathComponent($0).appendingPathComponent("shared/reference").standardizedFileURL }
        .first { FileManager.default.fileExists(atPath: $0.path) }

    /// The YAML files of a folder by their names without the extension.
    static func documents(in folder: URL) throws -> [String: [Value]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                (String($0.dropLast(5)), try documents(at: folder.appendingPathComponent($0)))
            })
    }

    static func documents(at file: URL) throws -> [Value] {
        try documents(in: try String(contentsOf: file, encoding: .utf8))
    }

    static func documents(in text: String) throws -> [Value] {
        var reader = DocumentReader(text, options: ReadingOptions(numbers: .native))
        var result: [Value] = []
        while let document = try reader.next() {
            if !document.value.isNull { result.append(document.value) }
        }
        return result
    }
}

/// Runs the newest text of a template of charts/istiod/files as istiod does, and reads what comes out.
func run(_ file: String, _ input: GoValue, environment: [String: String] = [:]) throws -> [Value] {
    let path = Place.charts.appendingPathComponent("istiod/files/\(file).yaml")
    return try run(text: newest(try String(contentsOf: path, encoding: .utf8)), input, environment: environment)
}

/// The text of an injection template with the first of each block's alternatives.
func newest(_ text: String) -> String {
    let blocks = text.components(separatedBy: "#versions\n")
    let chosen = blocks.dropFirst().map { block in
        let parts = block.components(separatedBy: "#end\n")
        let texts = parts[0].replacingOccurrences(of: "#before\n", with: "#from 1.00\n")
            .components(separatedBy: "#from 1.")
        return String(texts[1].dropFirst(3)) + parts[1]
    }
    return ([blocks[0]] + chosen).joined()
}

func run(text: String, _ input: GoValue, environment: [String: String] = [:]) throws -> [Value] {
    var set = TemplateSet(name: "inject", functions: IstiodFunctions.table(environment: environment))
    try set.parse(Text(text), name: "inject")
    let output = try Execution.run("inject", of: set, dot: input)
    return try Place.documents(in: String(decoding: output, as: UTF8.self))
}

/// The injection template that a release's ConfigMap holds under that name.
func template(_ name: String, of version: String) throws -> String {
    var request = MeshRequest()
    request.version = version
    request.components = [.istiod]
    var renderer = MeshRenderer(try Mesh(request) { try BuiltInCharts.charts($0, $1) })
    let object = try #require(try renderer.objects().first { $0.identity.name == "istio-sidecar-injector" })
    let config = try #require(try Value(yaml: object.text.bytes)[path: "data", "config"]?.string)
    return try #require(try Value(yaml: config)[path: "templates", name]?.string)
}

extension Value {
    /// The value with another one's entries laid over it, maps merged.
    func overlaid(with other: Value) -> Value {
        switch (self, other) {
        case (.map(var mapping), .map(let overlay)):
            for (key, value) in overlay { mapping[key] = mapping[key]?.overlaid(with: value) ?? value }
            return .map(mapping)
        default: return other
        }
    }

    /// The element called `name` of the list under `key`.
    func named(_ name: String, in key: String) -> Value? {
        self[key]?.list?.first { $0["name"]?.string == name }
    }

    /// Names of the elements of the list under `key`.
    func names(in key: String) -> [String] {
        (self[key]?.list ?? []).compactMap { $0["name"]?.string }
    }

    /// The value of an environment variable of a container.
    func variable(_ name: String) -> String? {
        named(name, in: "env")?["value"]?.string
    }

    /// Where the two differ, one line each.
    func differences(from other: Value?, at path: String = "") -> [String] {
        switch (self, other) {
        case (.map(let mine), .map(let theirs)?):
            let keys = Set(mine.keys).union(theirs.keys).sorted()
            return keys.flatMap { key in
                (mine[key] ?? .null).differences(from: theirs[key] ?? .null, at: "\(path).\(key)")
            }
        case (.list(let mine), .list(let theirs)?) where mine.count == theirs.count:
            return zip(mine, theirs).enumerated().flatMap { $1.0.differences(from: $1.1, at: "\(path)[\($0)]") }
        default:
            return self == other ? [] : ["\(path): \(jsonText), wanted \(other?.jsonText ?? "nothing")"]
        }
    }
}
