import Charts
package import Istio
package import Values

/// What there is to say of one key of the values: who reads it, what it may hold, and which layers set it.
package struct KeyExplanation: Sendable {
    /// The key as it was asked for.
    package let key: String
    /// Each component whose chart reads it.
    package let readers: [KeyReader]
    /// What each layer says, from the bottom to the one that wins.
    package let layers: [Explanation]

    /// Whether something beside the charts' own defaults sets it.
    package var isSet: Bool { layers.contains { !$0.isChart } }
}

/// A component whose chart reads a key.
package struct KeyReader: Sendable {
    package let component: Component
    /// `a map of strings`, `true or false`, `one of A, B`
    package let type: String
    /// The chart's own value; `nil` where it has none.
    package let defaultValue: Value?
    /// The keys of a map that the chart knows by name.
    package let keys: [String]
}

/// One layer's say on a key.
package struct Explanation: Sendable {
    package let component: Component
    package let layer: String
    package let value: Value
    /// Whether it is the default of the chart.
    package let isChart: Bool
}

extension MeshPart {
    /// The values as the chart sees them: its own with the layers over them; a null has removed its key.
    package var composedValues: Mapping {
        var values = chart.values
        values.merge(self.values)
        return values.removingNulls
    }
}

extension Mesh {
    /// Whether the values keep the behaviour that a new minor changes.
    package func keepsBehaviour(before change: BehaviourChange) -> Bool {
        guard let key = change.key, let value = change.value else { return false }
        // The charts write an environment variable as text, whichever way it is set.
        func text(_ value: Value?) -> String? { value.flatMap { $0.string ?? (try? $0.json()) } }
        let path = key.split(separator: ".").map(String.init)
        return parts.contains { text($0.composedValues.value(at: path)) == text(value) }
    }

    /// What is known of a key; throws where no chart reads it and no layer has it.
    package func explanation(of key: String) throws(IstioError) -> KeyExplanation {
        let path = key.split(separator: ".").map(String.init)
        let readers = path.isEmpty ? [] : parts.compactMap { reader(of: path, $0) }
        let layers = path.isEmpty ? [] : layers(of: path)
        if !readers.isEmpty || !layers.isEmpty { return KeyExplanation(key: key, readers: readers, layers: layers) }
        throw .unknownKey(place: "--explain \(key)", path: key, hint: hint(for: path))
    }

    /// The nearest key beside it with its whole path, else what a values file would be told.
    private func hint(for path: [String]) -> String {
        guard let last = path.last else { return "; name a key, such as pilot.env" }
        let parent = Array(path.dropLast())
        guard let near = nearest(to: last, among: ChartSchema.known(at: parent)) else {
            return "; " + UnreadKey(path, in: Mapping()).hint
        }
        return "; did you mean \((parent + [near]).joined(separator: "."))?"
    }

    private func reader(of path: [String], _ part: MeshPart) -> KeyReader? {
        let schema = part.schema
        guard let inner = ChartSchema.chartPath(of: path, in: part.component), !inner.isEmpty || path.count == 1,
            inner.isEmpty || schema.reads(inner)
        else { return nil }
        let defaults = chartPaths(of: path, in: part.component).compactMap { part.chart.values.value(at: $0) }
        return KeyReader(
            component: part.component, type: schema.typeText(at: inner), defaultValue: defaults.first,
            keys: schema.keys(at: inner).filter { !inner.isEmpty || $0 != part.component.valuesKey }
                .sorted { $0.precedesByBytes($1) })
    }

    private func layers(of path: [String]) -> [Explanation] {
        var rows: [Explanation] = []
        for part in parts {
            let paths = chartPaths(of: path, in: part.component)
            func add(_ layer: String, _ values: Mapping, isChart: Bool) {
                for path in paths {
                    guard let value = values.value(at: path) else { continue }
                    rows.append(
                        Explanation(component: part.component, layer: layer, value: value, isChart: isChart))
                }
            }
            add("chart \(part.chart.name)", part.chart.values, isChart: true)
            for layer in layers { add(layer.place(of: path), layer.values(for: part.component), isChart: false) }
        }
        return rows
    }

    /// One JSON schema of all that the charts read, as a values file has it: each key where the user writes it.
    package var valuesSchema: Value {
        var properties = Mapping()
        for key in ChartSchema.known(at: []).sorted(by: { $0.precedesByBytes($1) }) {
            let found = parts.compactMap { part -> Value? in
                guard let inner = ChartSchema.chartPath(of: [key], in: part.component),
                    inner.isEmpty || part.schema.reads(inner)
                else { return nil }
                let schema = part.schema.expanded(at: inner)
                // A section has no section of its own.
                return inner.isEmpty ? schema.withoutProperty(key) : schema
            }
            guard let first = found.first else { continue }
            properties[key] = found.dropFirst().reduce(first, mergedSchema)
        }
        return [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": .string("Values of Istio \(release.version) as sail takes them"), "type": "object",
            "additionalProperties": false, "properties": .map(properties),
        ]
    }
}

extension MeshPart {
    /// Which keys the chart reads: by its own schema where it brings one.
    fileprivate var schema: ChartSchema { ChartSchema(of: chart, unlike: component) ?? ChartSchema.of(component) }
}

extension Value {
    /// The schema of a map without one of its keys.
    fileprivate func withoutProperty(_ key: String) -> Value {
        guard case .map(var map) = self, case .map(var properties)? = map["properties"] else { return self }
        properties[key] = nil
        map["properties"] = .map(properties)
        return .map(map)
    }
}

/// Two schemas of one key, read by two charts: of maps the keys of both, else the first.
private func mergedSchema(_ first: Value, _ second: Value) -> Value {
    guard case .map(var map) = first, case .map(let one)? = first["properties"],
        case .map(let other)? = second["properties"]
    else { return first }
    var properties = one
    for (key, value) in other { properties[key] = one[key].map { mergedSchema($0, value) } ?? value }
    map["properties"] = .map(properties)
    return .map(map)
}

extension Mapping {
    /// The map and the maps in it without nulls.
    var removingNulls: Mapping {
        Mapping(
            compactMap { key, value in
                switch value {
                case .null: nil
                case .map(let map): (key: key, value: .map(map.removingNulls))
                default: (key: key, value: value)
                }
            })
    }
}
