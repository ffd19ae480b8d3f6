import Charts
package import Istio
package import Values

/// One layer's say on a key.
package struct Explanation: Sendable {
    package let component: Component
    package let layer: String
    package let value: Value
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
    /// What each layer says of a key, from the bottom to the one that wins; throws where no layer has the key.
    package func explanation(of key: String) throws(IstioError) -> [Explanation] {
        let path = key.split(separator: ".").map(String.init)
        var rows: [Explanation] = []
        for part in parts {
            let paths = chartPaths(of: path, in: part.component)
            func add(_ layer: String, _ values: Mapping) {
                for path in paths {
                    guard let value = values.value(at: path) else { continue }
                    rows.append(Explanation(component: part.component, layer: layer, value: value))
                }
            }
            add("chart \(part.chart.name)", part.chart.values)
            for layer in layers {
                add(layer.place(of: path), layer.values(for: part.component))
            }
        }
        if !rows.isEmpty { return rows }
        let known = parts.flatMap { part in
            ["", part.component.traits.key + "."].flatMap { paths(in: part.composedValues, prefix: $0) }
        }
        throw .unknownKey(
            place: "--explain \(key)", path: key,
            hint: nearest(to: key, among: known).map { "; did you mean \($0)?" } ?? "; 'sail values' prints all keys")
    }

    /// All dotted paths of a map, those of its maps too.
    private func paths(in map: Mapping, prefix: String) -> [String] {
        map.flatMap { key, value in
            [prefix + key] + (value.map.map { paths(in: $0, prefix: prefix + key + ".") } ?? [])
        }
    }
}

extension Mapping {
    fileprivate var removingNulls: Mapping {
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
