import Assets
import Charts
import GoRegexp
import Istio
import Values

/// A chart's values.schema.json: which keys the chart reads, and what they may hold.
///
/// A property that is `true` is not read: it is there for files of values that several charts share.
struct ChartSchema: Sendable {
    let root: Value

    init(_ root: Value) {
        self.root = root
    }

    /// That of a chart which has been changed; `nil` where it is the built-in one, or none.
    init?(of chart: Chart, unlike component: Component) {
        guard let text = chart.schema?.string, !text.hasSameBytes(as: ChartSchema.text(of: component)),
            let root = try? Value(json: text)
        else { return nil }
        self.root = root
    }

    /// The schemas of the built-in charts.
    static let builtIn: [Component: ChartSchema] = {
        var schemas: [Component: ChartSchema] = [:]
        for component in Component.allCases {
            schemas[component] = ChartSchema((try? Value(json: text(of: component))) ?? .null)
        }
        return schemas
    }()

    private static func text(of component: Component) -> String {
        Assets.text(at: "charts/\(component.rawValue)/values.schema.json") ?? "{}"
    }

    static func of(_ component: Component) -> ChartSchema { builtIn[component] ?? ChartSchema(.null) }

    /// Follows `$ref` within the document.
    func resolved(_ part: Value) -> Value {
        var part = part
        for _ in 0..<16 {
            guard let reference = part["$ref"]?.string, reference.hasPrefix("#/"),
                let target = root.map?.value(at: reference.dropFirst(2).split(separator: "/").map(String.init))
            else { return part }
            part = target
        }
        return part
    }

    /// Whether the chart reads the key at a path: the schema has a word about it, or about a map that holds it whole.
    func reads(_ path: [String]) -> Bool {
        var part = root
        for key in path {
            part = resolved(part)
            if let property = part["properties"]?[key] {
                part = property
            } else if let items = part["items"] {
                part = items
            } else if let others = part["additionalProperties"] {
                part = others
            } else {
                return part["properties"] == nil
            }
            if case .bool = part { return false }
        }
        return true
    }

    /// The keys that the chart reads of the map at a path.
    func keys(at path: [String]) -> [String] {
        var part = root
        for key in path {
            part = resolved(part)
            guard let next = part["properties"]?[key] ?? part["items"] ?? part["additionalProperties"] else {
                return []
            }
            part = next
        }
        let properties = resolved(part)["properties"]?.map ?? Mapping()
        return properties.filter { $0.value.map != nil }.map(\.key)
    }

    /// Whether a text fits a pattern of the schema; a pattern that is none fits all.
    func matches(_ text: String, pattern: String) -> Bool {
        (try? Pattern(Text(pattern)))?.matches(Text(text)) ?? true
    }
}

extension ChartSchema {
    /// The keys of istiod's chart that concern its own pods, which a values file has under `pilot`.
    static let podKeys = Set(of(.istiod).keys(at: ["pilot"]))

    /// The components whose charts read the key at a path of the user's values.
    static func readers(of path: [String]) -> [Component] {
        Component.allCases.filter { component in
            chartPath(of: path, in: component).map { of(component).reads($0) } ?? false
        }
    }

    /// The keys that are read of the map at a path of the user's values; at the root all that have their place there.
    static func known(at path: [String]) -> [String] {
        var keys: [String] = []
        for component in Component.allCases {
            guard let inner = path.isEmpty ? [] : chartPath(of: path, in: component) else { continue }
            for key in of(component).keys(at: inner) where !keys.contains(key) {
                if path.isEmpty, chartPath(of: [key], in: component) == nil { continue }
                keys.append(key)
            }
        }
        return path.isEmpty ? keys.filter { KeyAdvice.text(at: [$0]) == nil } : keys
    }

    /// The path within a chart's values at which it finds what the user's values have at a path.
    static func chartPath(of path: [String], in component: Component) -> [String]? {
        guard let first = path.first else { return [] }
        let isShared = sharedKeys.contains(first)
        switch component {
        case .base: return isShared || baseKeys.contains(first) ? path : nil
        case .istiod:
            let isOthers = [Component.cni, .ztunnel].contains { $0.traits.key == first }
            return isOthers || podKeys.contains(first) ? nil : path
        case .cni: return isShared || first == component.traits.key ? path : nil
        case .ztunnel:
            if first != component.traits.key { return isShared || first == "meshConfig" ? path : nil }
            // The section has no section of its own.
            return path.count > 1 && path[1] == first ? nil : Array(path.dropFirst())
        }
    }
}
