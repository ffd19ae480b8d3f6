package import GoTemplate
import Values

/// Composes the values that a chart and its dependencies see: the user's over the parent's over the chart's own.
///
/// Works on `Map`, Go's shared maps, because charts share them: a nested global that a subchart adds to is seen by
/// its parent and its siblings, before and while templates run.
package struct Coalescing {
    /// Lines of Helm's log, without time stamps.
    package private(set) var warnings: [String] = []
    /// MergeValues keeps nulls; CoalesceValues lets them remove keys.
    private let keepsNulls: Bool

    private init(keepsNulls: Bool) {
        self.keepsNulls = keepsNulls
    }

    /// Helm's CoalesceValues: the composed values, in which a null has removed its key. `values` become part of the
    /// result, and are changed.
    package static func coalesce(
        _ chart: Chart, into values: Map, warnings: inout [String]
    ) throws(CoalescingError) -> Map {
        try compose(chart, values, keepsNulls: false, &warnings)
    }

    /// Helm's MergeValues: the same with nulls kept, for composing once more later.
    package static func merge(
        _ chart: Chart, into values: Map, warnings: inout [String]
    ) throws(CoalescingError) -> Map {
        try compose(chart, values, keepsNulls: true, &warnings)
    }

    private static func compose(
        _ chart: Chart, _ values: Map, keepsNulls: Bool, _ warnings: inout [String]
    ) throws(CoalescingError) -> Map {
        var coalescing = Coalescing(keepsNulls: keepsNulls)
        defer { warnings += coalescing.warnings }
        try coalescing.compose(chart, into: values, prefix: "")
        return values
    }

    private mutating func compose(_ chart: Chart, into target: Map, prefix: String) throws(CoalescingError) {
        addDefaults(of: chart, to: target, prefix: prefix)
        for subchart in chart.dependencies {
            let key = Text(subchart.name)
            let table: Map
            switch target[key] {
            case nil:
                table = Map()
                target[key] = .map(table)
            case .map(let map)?: table = map
            case let other?: throw .notATable(chart: subchart.name, value: other)
            }
            let path = joined(prefix, chart.name)
            shareGlobals(of: target, with: table, prefix: path)
            try compose(subchart, into: table, prefix: path)
        }
    }

    /// Lays the chart's own values beneath `target`.
    private mutating func addDefaults(of chart: Chart, to target: Map, prefix: String) {
        let path = joined(prefix, chart.name)
        let subcharts = Set(chart.dependencies.map { Text($0.name) })
        for (name, value) in chart.values {
            let key = Text(name)
            guard let present = target[key] else {
                if keepsNulls {
                    target[key] = GoValue(value)
                } else if !value.isNull {
                    target[key] = GoValue(withoutNulls: value)
                }
                continue
            }
            if case .none = present, !keepsNulls {
                target[key] = nil
            } else if case .map(let table) = present {
                if case .map(let defaults) = value {
                    let keeps = keepsNulls || subcharts.contains(key)
                    let source = keeps ? Map(defaults) : Map(withoutNulls: defaults)
                    mergeTables(table, source, prefix: joined(path, name), keepsNulls: keeps)
                } else if !value.isNull {
                    warnings.append("warning: skipped value for \(path).\(name): Not a table.")
                }
            }
        }
    }

    /// Puts the parent's globals over those of a subchart.
    private mutating func shareGlobals(of parent: Map, with table: Map, prefix: String) {
        guard let target = globals(of: table, called: "destination") else { return }
        guard let source = globals(of: parent, called: "source") else { return }
        for key in source.keys {
            guard let value = source[key] else { continue }
            if case .map(let map) = value {
                // A copy of the outer map only: the maps inside stay shared with the parent, as in Helm.
                let copy = Map(map.entries)
                switch target[key] {
                case nil: target[key] = .map(copy)
                case .map(let present)?:
                    mergeTables(copy, present, prefix: joined(prefix, key.string), keepsNulls: true)
                    target[key] = .map(copy)
                default:
                    warnings.append("Conflict: cannot merge map onto non-map for \(quoted(key.string)). Skipping.")
                }
            } else if case .map? = target[key] {
                warnings.append("key \(key) is table. Skipping")
            } else {
                target[key] = value
            }
        }
        table["global"] = .map(target)
    }

    /// The `global` table of those values, a new one where there is none, `nil` where it is something else.
    private mutating func globals(of values: Map, called role: String) -> Map? {
        switch values["global"] {
        case nil: return Map()
        case .map(let map)?: return map
        default:
            warnings.append("warning: skipping globals because \(role) global is not a table.")
            return nil
        }
    }

    /// Lays `source` beneath `target`, both of which change: nulls of the target pass over to the source first.
    private mutating func mergeTables(_ target: Map, _ source: Map, prefix: String, keepsNulls: Bool) {
        // Which of the source's values were there before the target's nulls; a null over one of these removes it.
        var removed: [Text] = []
        for (key, value) in target.entries {
            guard case .none = value else { continue }
            if !keepsNulls, let present = source[key], !present.isNone { removed.append(key) }
            source[key] = GoValue.none
        }
        for key in removed { target[key] = nil }
        let deleted = Set(removed)
        for key in source.keys where !deleted.contains(key) {
            guard let value = source[key] else { continue }
            mergeEntry(key, value, into: target, prefix: prefix, keepsNulls: keepsNulls)
        }
    }

    private mutating func mergeEntry(
        _ key: Text, _ value: GoValue, into target: Map, prefix: String, keepsNulls: Bool
    ) {
        guard let present = target[key] else {
            target[key] = value
            return
        }
        let path = joined(prefix, key.string)
        switch (value, present) {
        case (.map(let source), .map(let table)):
            mergeTables(table, source, prefix: path, keepsNulls: keepsNulls)
        case (.map, _):
            warnings.append("warning: cannot overwrite table with non table for \(path) (\(formatValue(value)))")
        case (_, .map) where !value.isNone:
            let shown = formatValue(value)
            warnings.append("warning: destination for \(path) is a table. Ignoring non-table value (\(shown))")
        default: break
        }
    }

    private func joined(_ prefix: String, _ key: String) -> String {
        prefix.isEmpty ? key : prefix + "." + key
    }
}

extension Coalescing {
    /// Helm's CoalesceTables or MergeTables: lays `source` beneath `target`, both of which change.
    static func mergeTables(_ target: Map, _ source: Map, keepsNulls: Bool, warnings: inout [String]) {
        var coalescing = Coalescing(keepsNulls: keepsNulls)
        coalescing.mergeTables(target, source, prefix: "", keepsNulls: keepsNulls)
        warnings += coalescing.warnings
    }
}

/// Something that is not a map where a subchart's values belong.
package enum CoalescingError: Error, CustomStringConvertible {
    case notATable(chart: String, value: GoValue)
    /// Ours: dependencies that name each other's charts again and again multiply.
    case tooManyCharts(most: Int)

    package var description: String {
        switch self {
        // Helm formats the value with a verb for bools only, which Go complains about within the text.
        case .notATable(let chart, let value): format("type mismatch on %s: %t", [.string(chart), value]).string
        case .tooManyCharts(let most): "more than \(most) charts depend on each other; leave some out"
        }
    }
}

extension GoValue {
    var isNone: Bool {
        if case .none = self { true } else { false }
    }

    /// The same tree in new maps.
    var deepCopy: GoValue {
        switch self {
        case .map(let map): .map(map.deepCopy())
        case .list(let list): .list(list.deepCopy)
        default: self
        }
    }
}

extension Map {
    /// A new map with copies of all maps in it.
    func deepCopy() -> Map {
        Map(entries.mapValues(\.deepCopy), type: type, methods: methods)
    }
}

extension GoValue {
    /// The value as `GoValue.init(_: Value)` makes it, without nulls in it or in maps below it; lists keep theirs.
    fileprivate init(withoutNulls value: Value) {
        if case .map(let mapping) = value { self = .map(Map(withoutNulls: mapping)) } else { self.init(value) }
    }
}

extension Map {
    fileprivate convenience init(withoutNulls mapping: Mapping) {
        var entries: [Text: GoValue] = [:]
        entries.reserveCapacity(mapping.count)
        for (key, value) in mapping where !value.isNull { entries[Text(key)] = GoValue(withoutNulls: value) }
        self.init(entries)
    }
}

extension List {
    fileprivate var deepCopy: List {
        var copy = self
        copy.elements = elements.map(\.deepCopy)
        return copy
    }
}
