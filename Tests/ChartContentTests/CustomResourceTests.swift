import Charts
import Foundation
import Istio
import Meshes
import Objects
import Testing
import Values
import YAML

@Suite("Custom resource definitions")
struct CustomResourceTests {
    private static let folder = Place.charts.appendingPathComponent("base/crds")

    @Test func everyFileHoldsTheDefinitionThatItIsNamedAfter() throws {
        let files = try Place.documents(in: Self.folder)
        #expect(files.count == 15)
        for (name, documents) in files {
            #expect(documents.count == 1, "\(name)")
            let definition = try #require(documents.first)
            #expect(definition["kind"] == "CustomResourceDefinition")
            #expect(definition[path: "metadata", "name"]?.string == name)
            #expect(definition[path: "metadata", "annotations", "helm.sh/resource-policy"] == "keep", "\(name)")
            let plural = definition[path: "spec", "names", "plural"]?.string ?? ""
            let group = definition[path: "spec", "group"]?.string ?? ""
            #expect("\(plural).\(group)" == name)
        }
    }

    @Test func oneVersionIsStoredAndEveryVersionHasTheSameSchema() throws {
        for (name, documents) in try Place.documents(in: Self.folder) {
            let versions = documents.first?[path: "spec", "versions"]?.list ?? []
            #expect(versions.filter { $0["storage"] == true }.count == 1, "\(name)")
            let schema = versions.first?["schema"]
            #expect(versions.allSatisfy { $0["served"] == true && $0["schema"] == schema }, "\(name)")
        }
    }

    @Test(arguments: ["v1.30.3", "v1.31.0"])
    func schemasAreStructuralAndEveryFieldIsDescribed(version: String) throws {
        for (name, definition) in try Self.definitions(of: version) {
            let schema = definition[path: "spec", "versions"]?.list?.first?[path: "schema", "openAPIV3Schema"]
            let faults = SchemaFaults(in: try #require(schema, "\(name)")).found
            #expect(faults.isEmpty, "\(name): \(faults)")
        }
    }

    @Test func whatCameWithALaterReleaseIsNotInAnOlderOne() throws {
        func pool(_ version: String) throws -> Value? {
            try Self.definitions(of: version)["destinationrules.networking.istio.io"]?[path: "spec", "versions"]?.list?
                .first?[path: "schema", "openAPIV3Schema", "properties", "spec", "properties", "trafficPolicy"]?[
                    path: "properties", "connectionPool", "properties", "http", "properties", "http2KeepAlive"]
        }
        #expect(try pool("v1.30.3") == nil)
        #expect(try pool("v1.31.0") != nil)
    }

    /// The definitions that sail installs with a release, by their names.
    private static func definitions(of version: String) throws -> [String: Value] {
        var request = MeshRequest()
        request.version = version
        request.components = [.base]
        var renderer = MeshRenderer(try Mesh(request) { try BuiltInCharts.charts($0, $1) })
        let objects = try renderer.objects().filter { $0.identity.kind == "CustomResourceDefinition" }
        return try Dictionary(
            uniqueKeysWithValues: objects.map { ($0.identity.name, try Value(yaml: $0.text.bytes, numbers: .native)) })
    }

    @Test(
        .enabled(if: Place.reference != nil),
        arguments: [
            ("v1.24.0", "crds"), ("v1.30.3", "crds"), ("v1.31.0", "v1.31-crds"),
        ])
    func schemasSayWhatIstiosDo(version: String, folder: String) throws {
        let reference = try #require(Place.reference).appendingPathComponent(folder)
        let ours = try Self.definitions(of: version)
        let theirs = try Place.documents(in: reference)
        #expect(ours.keys.sorted() == theirs.keys.sorted())
        for (name, documents) in theirs {
            let wanted = try #require(documents.first).withSchemasResolved
            let differences = (ours[name]?.withoutDescriptions ?? .null).differences(from: wanted)
            #expect(differences.isEmpty, "\(name): \(differences)")
        }
    }
}

/// What an API server would refuse in a schema, and fields without a description.
private struct SchemaFaults {
    private(set) var found: [String] = []

    init(in schema: Value) {
        visit(schema, at: "")
    }

    private mutating func visit(_ schema: Value, at path: String) {
        let isFree = schema["x-kubernetes-int-or-string"] == true
        if schema["type"] == nil, !isFree { found.append("\(path): no type") }
        for (name, property) in schema["properties"]?.map ?? [:] {
            if property["description"] == nil { found.append("\(path).\(name): no description") }
            visit(property, at: "\(path).\(name)")
        }
        for key in schema["required"]?.list ?? [] where schema["properties"]?[key.string ?? ""] == nil {
            found.append("\(path): requires an unknown field")
        }
        if let items = schema["items"] { visit(items, at: path + "[]") }
        if let values = schema["additionalProperties"], values.map != nil { visit(values, at: path + "{}") }
        for key in ["oneOf", "anyOf", "allOf"] {
            for branch in schema[key]?.list ?? [] where !isFree { checkBranch(branch, at: "\(path) \(key)") }
        }
    }

    /// Below a junctor only conditions may stand.
    private mutating func checkBranch(_ branch: Value, at path: String) {
        for (key, value) in branch.map ?? [:] {
            switch key {
            case "required": break
            case "not": checkBranch(value, at: path)
            case "oneOf", "anyOf", "allOf": for branch in value.list ?? [] { checkBranch(branch, at: path) }
            default: found.append("\(path): \(key)")
            }
        }
    }
}

extension Value {
    /// A version whose schema is "(as NAME)" gets that version's.
    fileprivate var withSchemasResolved: Value {
        guard let versions = self[path: "spec", "versions"]?.list else { return self }
        let resolved = versions.map { version -> Value in
            guard let text = version["schema"]?.string, text.hasPrefix("(as ") else { return version }
            let name = String(text.dropFirst(4).dropLast())
            let schema = versions.first { $0["name"]?.string == name }?["schema"] ?? .null
            return version.overlaid(with: .map(["schema": schema]))
        }
        return overlaid(with: .map(["spec": .map(["versions": .list(resolved)])]))
    }

    /// The value without the descriptions of its schemas; a field may be called so, and then it is a map.
    fileprivate var withoutDescriptions: Value {
        switch self {
        case .list(let elements): .list(elements.map(\.withoutDescriptions))
        case .map(let mapping):
            .map(
                Mapping(
                    mapping.filter { $0.key != "description" || $0.value.string == nil }
                        .map { (key: $0.key, value: $0.value.withoutDescriptions) }))
        default: self
        }
    }
}
