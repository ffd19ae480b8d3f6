package import Istio
package import Values
import YAML

/// Where a layer of values comes from.
package enum Origin: Sendable, Equatable {
    case version(String)
    case profile(String)
    case compatibility(String)
    case platform(String)
    /// A values file, by the name the user gave.
    case file(String)
    /// A flag with its text: `--set cni.logLevel=debug`.
    case flag(String)
    /// What sail itself works out, with the reason.
    case derived(String)
    /// What an earlier run or installer left behind, with where it was found.
    case remembered(String)
}

extension Origin: CustomStringConvertible {
    package var description: String {
        switch self {
        case .version(let name): "version \(name)"
        case .profile(let name): "profile \(name)"
        case .compatibility(let name): "compatibility version \(name)"
        case .platform(let name): "platform \(name)"
        case .file(let name): name
        case .flag(let text): text
        case .derived(let reason): "sail (\(reason))"
        case .remembered(let place): "remembered (\(place))"
        }
    }
}

/// Values from one place.
package struct Layer: Sendable {
    package let origin: Origin
    package let values: Mapping
    /// Where a file's values are in it.
    let places: FilePlaces?
    /// The only components that get the layer; all where `nil`.
    let components: Set<Component>?
    /// Whether no schema is asked about it.
    var isUnvalidated = false

    package init(_ origin: Origin, _ values: Mapping) {
        self.init(origin, values, places: nil)
    }

    init(_ origin: Origin, _ values: Mapping, places: FilePlaces?, components: Set<Component>? = nil) {
        self.origin = origin
        self.values = values
        self.places = places
        self.components = components
    }

    func only(for components: Set<Component>) -> Layer {
        var layer = Layer(origin, values, places: places, components: components)
        layer.isUnvalidated = isUnvalidated
        return layer
    }

    /// Some keys of the layer, for other components.
    func keeping(_ keys: [String], for components: Set<Component>) -> Layer {
        Layer(origin, values.keeping(keys), places: places, components: components)
    }

    /// Whether it is of a file, and ztunnel's alone.
    var isZtunnelsFile: Bool {
        guard case .file = origin else { return false }
        return components == [.ztunnel]
    }

    /// Profiles and the like are laid beneath every chart's values whole; what the user writes is scoped.
    var isScoped: Bool {
        switch origin {
        case .version, .profile, .compatibility, .platform: false
        case .file, .flag, .derived, .remembered: true
        }
    }

    /// Whether a user gave it, now or in an earlier run.
    var isUsers: Bool {
        switch origin {
        case .file, .flag, .remembered: true
        case .version, .profile, .compatibility, .platform, .derived: false
        }
    }

    /// The part of the layer that a component's chart gets.
    package func values(for component: Component) -> Mapping {
        guard applies(to: component) else { return Mapping() }
        return isScoped ? Meshes.values(for: component, from: values) : values
    }

    func applies(to component: Component) -> Bool { components?.contains(component) ?? true }

    /// The layer's name, with the place of the key at a path where it comes from a file: `values.yaml:12:3`.
    func place(of path: [String]) -> String {
        guard let place = places?.place(of: path) else { return origin.description }
        return "\(origin):\(place.line):\(place.column)"
    }
}

/// The places of a document's values, and the paths below which they may lie: `spec.values` in a resource.
struct FilePlaces: Sendable {
    let root: Places
    let prefixes: [[String]]

    /// The place of the key at the path, or of an IstioOperator's own field for it; else that of the nearest key above it.
    func place(of path: [String]) -> Place? {
        for whole in prefixes.map({ $0 + path }) + operatorPaths(of: path) {
            if let found = root[whole[...]] { return found.key ?? found.value }
        }
        for prefix in prefixes {
            guard let base = root[prefix] else { continue }
            for length in stride(from: path.count, to: 0, by: -1) {
                if let found = base[path[..<length]] { return found.key ?? found.value }
            }
        }
        return nil
    }
}

extension Sequence<Layer> {
    /// The layers' values in one map, the last one winning; a null stays, and takes the chart's default away later.
    package var merged: Mapping {
        var result = Mapping()
        for layer in self { result.merge(layer.values) }
        return result
    }

    /// The platform that the charts are told, if any.
    package var toldPlatform: String? { merged.value(at: ["global", "platform"])?.string }

    /// The layers that a component gets, whole: a resource of the Sail Operator speaks for its own component alone.
    package func seen(by component: Component) -> [Layer] { filter { $0.applies(to: component) } }

    /// What a component's chart gets of the layers.
    package func merged(for component: Component) -> Mapping {
        var result = Mapping()
        for layer in self { result.merge(layer.values(for: component)) }
        return result
    }
}
