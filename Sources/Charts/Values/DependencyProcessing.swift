package import GoTemplate
package import Values

/// Decides which of a chart's dependencies take part, and moves values from them to their parents.
package struct DependencyProcessing {
    /// Lines of Helm's log, without time stamps.
    package private(set) var warnings: [String] = []
    /// The charts that take part so far: each entry of a list may be one of the same, and so may theirs.
    private var count = 0
    private static let mostCharts = 10_000

    package init() {}

    /// Helm's ProcessDependencies: aliases, tags and conditions first, then import-values.
    package mutating func process(_ chart: inout Chart, values: Mapping) throws(CoalescingError) {
        try enable(&chart, Map(values), path: "")
        try importValues(&chart)
    }

    /// Drops what the values switch off, here and below. `path` leads from the root chart's values to this chart's.
    /// `values` are a copy, made only where it is needed.
    private mutating func enable(
        _ chart: inout Chart, _ values: @autoclosure () -> Map, path: String
    ) throws(CoalescingError) {
        guard var wanted = chart.metadata.dependencies?.compactMap({ $0 }) else { return }
        chart.dependencies = select(chart.dependencies, &wanted)
        count += chart.dependencies.count
        if count > DependencyProcessing.mostCharts { throw .tooManyCharts(most: DependencyProcessing.mostCharts) }
        chart.metadata.dependencies = wanted
        let composed = try Coalescing.coalesce(chart, into: values(), warnings: &warnings)
        for index in wanted.indices {
            wanted[index].enabled = isEnabledByTags(wanted[index], composed)
        }
        for index in wanted.indices {
            if let choice = condition(of: wanted[index], composed, path) { wanted[index].enabled = choice }
        }
        let disabled = Set(wanted.filter { !$0.enabled }.map { Text($0.name) })
        var charts = chart.dependencies.filter { !disabled.contains(Text($0.name)) }
        for index in charts.indices {
            try enable(&charts[index], composed.deepCopy(), path: path + charts[index].name + ".")
        }
        chart.metadata.dependencies = wanted.filter { !disabled.contains(Text($0.name)) }
        chart.dependencies = charts
    }

    /// The charts that take part: those that no entry names, then one for each entry, under its alias.
    ///
    /// Leaves the entries' names as the aliases, as Helm does.
    private func select(_ charts: [Chart], _ wanted: inout [Dependency]) -> [Chart] {
        var result = charts.filter { chart in !wanted.contains { isMatch(chart, $0) } }
        for index in wanted.indices {
            let entry = wanted[index]
            if var chart = charts.first(where: { isMatch($0, entry) }) {
                if !entry.alias.isEmpty { chart.metadata.name = entry.alias }
                result.append(chart)
            }
            if !entry.alias.isEmpty { wanted[index].name = entry.alias }
        }
        return result
    }

    private func isMatch(_ chart: Chart, _ entry: Dependency) -> Bool {
        chart.name.hasSameBytes(as: entry.name) && isCompatible(entry.version, chart.metadata.version)
    }

    /// False only where no tag is true and one is false.
    private mutating func isEnabledByTags(_ entry: Dependency, _ values: Map) -> Bool {
        guard case .map(let tags)? = values["tags"] else { return true }
        var choices: [Bool] = []
        for tag in entry.tags ?? [] {
            guard let value = tags[Text(tag)] else { continue }
            if case .bool(let choice) = value {
                choices.append(choice)
            } else {
                warn("returned non-bool value", [("tag", tag), ("chart", entry.name)])
            }
        }
        return choices.isEmpty || choices.contains(true)
    }

    /// What the first path that leads to a bool says; the paths are not trimmed (Helm's rule).
    private mutating func condition(of entry: Dependency, _ values: Map, _ path: String) -> Bool? {
        let paths = entry.condition[...].trimmingSpace.utf8.split(separator: UInt8(ascii: ","))
        for part in paths.map({ Text($0).string }) {
            switch ValuesTable.value(values, path + part) {
            case nil: continue
            case .bool(let choice)?: return choice
            default: warn("returned non-bool value", [("path", part), ("chart", entry.name)])
            }
        }
        return nil
    }

    /// Import-values, from the deepest charts up.
    private mutating func importValues(_ chart: inout Chart) throws(CoalescingError) {
        for index in chart.dependencies.indices { try importValues(&chart.dependencies[index]) }
        guard var entries = chart.metadata.dependencies else { return }
        let composed = try Coalescing.merge(chart, into: Map(), warnings: &warnings)
        let imported = Map()
        for index in entries.indices {
            guard var entry = entries[index] else { continue }
            entry.importValues = (entry.importValues ?? []).compactMap { rule in
                importTable(rule, of: entry, from: composed, into: imported)
            }
            entries[index] = entry
        }
        chart.metadata.dependencies = entries
        // The parent's own values win over what it imports.
        let result = composed.deepCopy()
        Coalescing.mergeTables(result, imported, keepsNulls: true, warnings: &warnings)
        chart.values = Mapping(result)
    }

    /// Lays one imported table beneath `target`. Returns the rule in its full form, `nil` for one that is ignored.
    private mutating func importTable(
        _ rule: Value, of entry: Dependency, from values: Map, into target: Map
    ) -> Value? {
        let child: String
        let parent: String
        let isShort: Bool
        switch rule {
        case .map(let map):
            child = formatValue(map["child"].map(GoValue.init) ?? .none).string
            parent = formatValue(map["parent"].map(GoValue.init) ?? .none).string
            isShort = false
        case .string(let name):
            child = "exports." + name
            parent = "."
            isShort = true
        default: return nil
        }
        do throws(ValuesTable.NotATable) {
            let table = try ValuesTable.table(values, entry.name + "." + child)
            let source = nest(table, below: parent)
            Coalescing.mergeTables(target, source, keepsNulls: true, warnings: &warnings)
        } catch {
            if isShort {
                warn("ImportValues missing table", [("error", error.message)])
            } else {
                warn("ImportValues missing table from chart", [("chart", entry.name), ("error", error.message)])
            }
        }
        return ["child": .string(child), "parent": .string(parent)]
    }

    /// Maps around `table` for each key of a dotted path.
    private func nest(_ table: Map, below path: String) -> Map {
        let inner = table.isEmpty ? Map() : table
        if path == "." { return inner }
        return path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).reversed()
            .reduce(inner) { table, key in Map([Text(key): .map(table)]) }
    }

    private mutating func warn(_ message: String, _ attributes: [(key: String, value: String)]) {
        warnings.append(logLine(.warn, message, attributes))
    }
}

extension Mapping {
    /// The tree of a map that came from values, its keys sorted.
    package init(_ map: Map) {
        self.init(map.keys.map { (key: $0.string, value: Value(map[$0] ?? .none)) })
    }
}

extension Value {
    /// The tree of a datum that came from values; anything else is null.
    init(_ datum: GoValue) {
        switch datum {
        case .bool(let value): self = .bool(value)
        case .int(let value, _): self = .int(value)
        case .float(let value): self = .double(value)
        case .string(let value): self = .string(value.string)
        case .list(let list): self = .list(list.elements.map { Value($0) })
        case .map(let map): self = .map(Mapping(map))
        default: self = .null
        }
    }
}
