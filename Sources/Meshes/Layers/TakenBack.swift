import Istio
import Values

extension [Layer] {
    /// The layers without the stored values that a later null takes back, and without these nulls: `--set
    /// pilot.env.X=null` leaves nothing of a variable X that an earlier run was given.
    ///
    /// A null stays where a chart has a default of its own, which it takes away, and where nothing was stored: there it
    /// means what it means to Helm.
    func takingBack(hasDefault: ([String]) -> Bool) -> [Layer] {
        var layers = self
        for index in indices where !self[index].isRemembered {
            for path in self[index].values.nullPaths where !hasDefault(path) {
                let stored = layers[..<index].indices.filter {
                    layers[$0].isRemembered && layers[$0].values.value(at: path) != nil
                }
                // Of a component's own values only what is for the same component is taken back.
                guard !stored.isEmpty,
                    stored.allSatisfy({ layers[$0].components == nil || self[index].components == nil })
                else { continue }
                for place in stored { layers[place] = layers[place].removing(path) }
                layers[index] = layers[index].removing(path)
            }
        }
        return layers
    }
}

extension Layer {
    fileprivate var isRemembered: Bool { if case .remembered = origin { true } else { false } }

    fileprivate func removing(_ path: [String]) -> Layer {
        Layer(origin, values.removing(path[...]), places: places, components: components)
    }
}

extension Mapping {
    /// The paths of all nulls, within lists not.
    fileprivate var nullPaths: [[String]] {
        var paths: [[String]] = []
        var open: [(path: [String], map: Mapping)] = [([], self)]
        while let (path, map) = open.popLast() {
            for (key, value) in map {
                switch value {
                case .null: paths.append(path + [key])
                case .map(let inner): open.append((path + [key], inner))
                default: break
                }
            }
        }
        return paths
    }

    /// Without the value at a path, and without the maps that held nothing else.
    fileprivate func removing(_ path: ArraySlice<String>) -> Mapping {
        guard let key = path.first else { return self }
        var result = self
        guard path.count > 1 else {
            result[key] = nil
            return result
        }
        guard case .map(let inner)? = self[key] else { return self }
        let rest = inner.removing(path.dropFirst())
        result[key] = rest.isEmpty ? nil : .map(rest)
        return result
    }
}
