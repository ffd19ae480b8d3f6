import Foundation
import GoTemplate
import Sprig
import Testing
import Values
import YAML

/// The schemas of the charts' values, beside what the templates read.
@Suite struct ValueSchemaTests {
    static let charts = ["base", "cni", "istiod", "ztunnel"]

    /// Keys that a schema has though no template reads them; each says in its `$comment` why.
    static let noted: [String: Set<String>] = [
        "base": ["base.enableCRDTemplates", "base.enableIstioConfigCRDs", "base.excludedCRDs"],
        "cni": [],
        "istiod": [
            "base.enableIstioConfigCRDs", "compatibilityVersion", "global.caName", "global.configCluster",
            "global.multiCluster.enabled", "profile", "sidecarInjectorWebhook.rewriteAppHTTPProbe",
        ],
        "ztunnel": [],
    ]

    /// Keys that are `true`, where a chart does not read them: the root of a values file that several charts share,
    /// what the files under profiles/ have there, and in sections what another chart reads of them.
    static let shared: Set<String> = [
        "ambient", "base", "cni", "compatibilityVersion", "defaultRevision", "experimental", "gatewayClasses",
        "gateways",
        "istiodRemote", "meshConfig", "ownerName", "pilot", "platform", "profile", "resourceQuotas", "revision",
        "revisionTags", "seLinuxOptions", "sidecarInjectorWebhook", "sidecarInjectorWebhookAnnotations", "telemetry",
        "trustedZtunnelNamespace", "ztunnel", "base.enableCRDTemplates", "base.excludedCRDs", "cni.enabled",
        "global.multiCluster.enabled",
    ]

    @Test(arguments: charts) func everyKeyOfTheSchemaIsRead(chart: String) throws {
        let schema = try Schema(chart)
        let keys = try ReadKeys.of(chart)
        let unread = schema.leaves.filter { !keys.reads($0) }.map { $0.joined(separator: ".") }
        #expect(unread.isEmpty)
        #expect(Set(schema.noted.map { $0.joined(separator: ".") }) == Self.noted[chart])
    }

    @Test(arguments: charts) func everyKeyThatIsReadIsInTheSchema(chart: String) throws {
        let schema = try Schema(chart)
        let keys = try ReadKeys.of(chart)
        let unknown = keys.all.filter { !schema.has($0) }.map { $0.joined(separator: ".") }.sorted()
        #expect(unknown.isEmpty)
    }

    /// A key is `true` only where the file may be another chart's, too.
    @Test(arguments: charts) func whatIsLeftToOtherChartsIsReadThere(chart: String) throws {
        let others = try Self.charts.filter { $0 != chart }.map { try Schema($0) }
        for path in try Schema(chart).shared {
            let name = path.joined(separator: ".")
            #expect(Self.shared.contains(name) || (path.count == 2 && path[0] == "global"), "\(name)")
            #expect(others.contains { $0.isRead(path) }, "\(name)")
        }
    }

    /// What the section has is what its chart lays over the root.
    @Test(arguments: [("cni", "cni"), ("istiod", "pilot"), ("ztunnel", "ztunnel")])
    func aSectionHasTheKeysThatAreLaidOverTheRoot(chart: String, section: String) throws {
        let schema = try Schema(chart)
        let dropped = Set(try #require(try ReadKeys.of(chart).sections[section]))
        let root = Set(schema.keys(at: [])).subtracting(dropped).subtracting([section])
        #expect(Set(schema.keys(at: [section])) == root.subtracting(["istioVersion"]))
    }

    @Test func equalNamesHaveEqualDefinitions() throws {
        var found: [String: Value] = [:]
        for chart in Self.charts {
            for (name, definition) in try Schema(chart).root["$defs"]?.map ?? Mapping() {
                #expect(found[name] == nil || found[name] == definition, "\(chart): \(name)")
                found[name] = definition
            }
        }
        #expect(found.count > 100)
    }

    /// Helm validates each chart with what all of them get.
    @Test func everySchemaKnowsTheRootsOfAllProfiles() throws {
        let folder = Place.repository.appendingPathComponent("profiles")
        for (name, documents) in try Place.documents(in: folder) where name != "compatibility" {
            for chart in Self.charts {
                let properties = try Schema(chart).root["properties"]
                for key in documents.first?.map?.keys ?? [] {
                    #expect(properties?[key] != nil, "\(chart): \(name): \(key)")
                }
            }
        }
    }
}

/// A chart's values.schema.json.
struct Schema {
    let root: Value
    /// Paths of keys that the chart is said to read, without those below definitions.
    private(set) var leaves: [[String]] = []
    private(set) var noted: [[String]] = []
    private(set) var shared: [[String]] = []

    init(_ chart: String) throws {
        let file = Place.charts.appendingPathComponent("\(chart)/values.schema.json")
        root = try Value(json: try String(contentsOf: file, encoding: .utf8))
        visit(root, at: [])
    }

    private mutating func visit(_ part: Value, at path: [String]) {
        for (key, property) in part["properties"]?.map ?? Mapping() {
            let path = path + [key]
            if case .bool = property {
                shared.append(path)
            } else if property["$comment"] != nil {
                noted.append(path)
            } else if property["properties"] != nil {
                visit(property, at: path)
            } else if property["$ref"]?.string?.hasPrefix("#/properties/") != true {
                leaves.append(path)
            }
        }
    }

    /// Whether the chart has a use for a key, which may be a section.
    func isRead(_ path: [String]) -> Bool {
        leaves.contains { $0.starts(with: path) } || noted.contains(path)
            || (path.count == 1 && root["properties"]?[path[0]]?["properties"] != nil)
    }

    /// The keys that are read of the map at a path.
    func keys(at path: [String]) -> [String] {
        let part = path.reduce(root) { resolved($0["properties"]?[$1] ?? .null) }
        return (part["properties"]?.map ?? Mapping()).filter { $0.value.map != nil && $0.value["$comment"] == nil }.map(
            \.key
        )
        .filter { path.isEmpty ? $0 != "originalValues" : true }
    }

    /// Whether the schema has the path; what is below a map of any keys is in it.
    func has(_ path: [String]) -> Bool {
        var part = root
        for key in path {
            part = resolved(part)
            let any = part["items"] ?? part["properties"]?.map?.first { _ in true }?.value
            let next = (key == "*" ? any : part["properties"]?[key]) ?? part["additionalProperties"]
            guard let next else { return part["properties"] == nil }
            if case .bool = next { return false }
            part = next
        }
        return true
    }

    private func resolved(_ part: Value) -> Value {
        guard let reference = part["$ref"]?.string else { return part }
        let path = reference.dropFirst(2).split(separator: "/").map(String.init)
        return resolved(path.reduce(root) { $0[$1] ?? .null })
    }
}

extension ReadKeys {
    /// What a chart reads: its templates, and istiod those that it fills in itself, which see a part of the values.
    static func of(_ chart: String) throws -> ReadValues {
        let folder = Place.charts.appendingPathComponent(chart)
        let functions = FunctionTable(
            Sprig.functions + helmNames.map { Function(Text($0), variadic: .any) { _ in .string("") } })
        let keys = try ReadKeys(try texts(in: folder.appendingPathComponent("templates")), functions: functions)
        var values = ReadValues(keys, sections: keys.sections)
        if chart == "istiod" {
            let files = try texts(in: folder.appendingPathComponent("files")).map { ($0.name, newest($0.text)) }
            values.add(try ReadKeys(files, functions: IstiodFunctions.table()))
        }
        return values
    }

    private static let helmNames = [
        "include", "tpl", "required", "lookup", "toYaml", "toYamlPretty", "fromYaml", "fromYamlArray", "toJson",
        "fromJson",
        "fromJsonArray", "toToml", "fromToml", "fail",
    ]

    private static func texts(in folder: URL) throws -> [(name: String, text: String)] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8))
        }
    }
}

/// The paths that a chart reads.
struct ReadValues {
    private(set) var whole: Set<[String]>
    private(set) var touched: Set<[String]>
    let sections: [String: [String]]

    init(_ keys: ReadKeys, sections: [String: [String]]) {
        let made = keys.made.filter { $0.first == "release" }
        whole = keys.whole.filter { path in !made.contains { path.starts(with: $0) } }
        touched = keys.touched.filter { path in !made.contains { path.starts(with: $0) } }
        self.sections = sections
    }

    /// Adds what the injection templates read, to whom `pilot` holds `cni` and `env` of the root.
    mutating func add(_ injection: ReadKeys) {
        func atRoot(_ path: [String]) -> [String] { path.first == "pilot" ? Array(path.dropFirst()) : path }
        whole.formUnion(injection.whole.map(atRoot))
        touched.formUnion(injection.touched.map(atRoot))
    }

    var all: Set<[String]> { whole.union(touched).filter { !$0.isEmpty } }

    /// Whether a key is read, with its whole or by parts; a section's like those of the root.
    func reads(_ path: [String]) -> Bool {
        if let first = path.first, sections[first] != nil { return reads(Array(path.dropFirst())) }
        return readsAtRoot(path)
    }

    private func readsAtRoot(_ path: [String]) -> Bool {
        touched.contains(path) || whole.contains { path.starts(with: $0) || $0.starts(with: path) }
            || touched.contains { $0.starts(with: path) }
    }
}
