package import GoTemplate
import Values

/// What an install is called and where it goes: `.Release`.
package struct ReleaseOptions: Sendable {
    package var name: String
    package var namespace: String
    package var revision: Int
    package var isInstall: Bool
    package var isUpgrade: Bool

    package init(
        name: String = "release-name", namespace: String = "default", revision: Int = 1, isInstall: Bool = true,
        isUpgrade: Bool = false
    ) {
        self.name = name
        self.namespace = namespace
        self.revision = revision
        self.isInstall = isInstall
        self.isUpgrade = isUpgrade
    }

    fileprivate var map: Map {
        let entries: [Text: GoValue] = [
            "Name": .string(name), "Namespace": .string(namespace), "IsUpgrade": .bool(isUpgrade),
            "IsInstall": .bool(isInstall), "Revision": .int(revision), "Service": .string("Helm"),
        ]
        return Map(entries)
    }
}

/// Lays out what each chart's templates see, and gathers the templates of a chart and its dependencies.
package struct RenderValues {
    /// By name, so that of two charts of one name the later one's templates stay.
    private var templates: [Text: Renderable] = [:]
    private let release: GoValue
    private let capabilities: GoValue

    /// The templates in the order of their names. `values` are the root chart's composed values.
    package static func templates(
        of chart: Chart, values: Map, release: ReleaseOptions, capabilities: Capabilities
    ) -> [Renderable] {
        var layout = RenderValues(release: .map(release.map), capabilities: .object(capabilities))
        _ = layout.visit(chart, path: chart.name, isRoot: true, values: ValuesTable.values(sharing: values))
        return layout.templates.values.sorted { $0.path < $1.path }
    }

    private init(release: GoValue, capabilities: GoValue) {
        self.release = release
        self.capabilities = capabilities
    }

    /// Adds the templates of a chart and of those below it. Returns the chart's dot.
    private mutating func visit(_ chart: Chart, path: String, isRoot: Bool, values: Map) -> Map {
        let subcharts = Map()
        let dot = Map([
            "Chart": .map(chart.metadata.map(isRoot: isRoot)),
            "Files": .map(FilesObject(chart.files).map),
            "Release": release,
            "Capabilities": capabilities,
            "Values": .map(values),
            "Subcharts": .map(subcharts),
        ])
        for subchart in chart.dependencies {
            // A name with a dot in it is taken for a path, and finds nothing.
            let found = try? ValuesTable.table(values, subchart.name)
            let inner = visit(
                subchart, path: path + "/charts/" + subchart.name, isRoot: false,
                values: ValuesTable.values(sharing: found ?? Map()))
            subcharts[Text(subchart.name)] = .map(inner)
        }
        let typed = ValuesTable.values(sharing: dot)
        for file in chart.templates where !chart.isLibrary || SlashPath.base(of: file.name).utf8.first == underscore {
            let name = Text(SlashPath.join(path, file.name))
            templates[name] = Renderable(
                path: name, text: file.data, basePath: Text(SlashPath.join(path, "templates")), dot: typed)
        }
        return dot
    }
}

private let underscore = UInt8(ascii: "_")

extension Metadata {
    /// `.Chart`: the fields of Go's struct under their Go names, nested structs as maps.
    fileprivate func map(isRoot: Bool) -> Map {
        Map([
            "Name": .string(name), "Home": .string(home), "Sources": .anyList(sources), "Version": .string(version),
            "Description": .string(description), "Keywords": .anyList(keywords),
            "Maintainers": .list((maintainers ?? []).compactMap { $0 }.map { .map($0.map) }),
            "Icon": .string(icon), "APIVersion": .string(apiVersion), "Condition": .string(condition),
            "Tags": .string(tags), "AppVersion": .string(appVersion), "Deprecated": .bool(deprecated),
            "Annotations": annotationsDatum, "KubeVersion": .string(kubeVersion),
            "Dependencies": .list((dependencies ?? []).compactMap { $0 }.map { .map($0.map) }),
            "Type": .string(type), "IsRoot": .bool(isRoot),
        ])
    }

    private var annotationsDatum: GoValue {
        guard let annotations else { return .map(Map(type: .map(.string), isNil: true)) }
        return .map(Map(annotations, type: .map(.string)))
    }
}

extension Maintainer {
    fileprivate var map: Map {
        Map(["Name": .string(name), "Email": .string(email), "URL": .string(url)])
    }
}

extension Dependency {
    fileprivate var map: Map {
        Map([
            "Name": .string(name), "Version": .string(version), "Repository": .string(repository),
            "Condition": .string(condition), "Tags": .anyList(tags), "Enabled": .bool(enabled),
            "ImportValues": .list((importValues ?? []).map(Dependency.datum)), "Alias": .string(alias),
        ])
    }

    /// Once dependencies are processed, each rule is a map from strings to strings.
    private static func datum(_ rule: Value) -> GoValue {
        guard case .map(let map) = rule, map.allSatisfy({ $0.value.string != nil }) else { return GoValue(rule) }
        return .map(Map(map, type: .map(.string)))
    }
}

extension GoValue {
    /// A list of strings as `[]interface {}`.
    fileprivate static func anyList(_ texts: [String]?) -> GoValue {
        .list((texts ?? []).map { .string($0) })
    }
}
