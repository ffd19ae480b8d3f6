package import Istio
package import System
package import Values
import YAML

/// A values file or `--set` flag as the command line has it.
package enum ValueSource: Sendable, Equatable {
    /// A path, or `-` for standard input.
    case file(String)
    case set(SetFlag, String)
    /// A resource of the cluster, by the name that messages give it.
    case resource(String, Mapping)
}

/// What the user gave with -f and the `--set` flags, read into layers.
package struct UserValues: Sendable {
    package private(set) var layers: [Layer] = []
    package private(set) var settings = Settings()
    /// Keys given twice in a file, each with both places.
    package private(set) var warnings: [String] = []
    /// The Sail Operator's resources among the documents, as they were given.
    package private(set) var resources: [Mapping] = []
    /// What `unvalidatedValues` of IstioOperators say: over all files and flags, as istioctl has it.
    private var unvalidated: [Layer] = []

    package init() {}

    /// Files in order, then the flags by kind in Helm's order: `--set-json`, `--set`, `--set-string`, `--set-file`,
    /// `--set-literal`. Throws `IstioErrors` with all that is wrong.
    package init(_ sources: [ValueSource], reading read: @escaping FileReader) throws {
        var errors: [IstioError] = []
        for source in sources {
            do throws(IstioErrors) {
                switch source {
                case .file(let path): try takeFile(path, read)
                case .resource(let name, let resource):
                    errors += take(resource, at: [], nil, from: name) { _ in name }
                case .set: break
                }
            } catch {
                errors += error.errors
            }
        }
        for kind in SetFlag.allCases {
            for case .set(kind, let text) in sources {
                do throws(IstioError) {
                    try takeFlag(kind, text, read)
                } catch {
                    errors.append(error)
                }
            }
        }
        if !errors.isEmpty { throw IstioErrors(errors: errors) }
        layers += unvalidated
    }

    /// Lays what was remembered beneath all that the user gives now.
    package mutating func remember(_ values: Mapping, from place: String) {
        if !values.isEmpty { layers.insert(Layer(.remembered(place), values), at: 0) }
    }

    /// Lays what is stored beneath all that the user gives now; what only one component had, over what all had.
    package mutating func remember(_ memory: Remembered) {
        if !memory.unvalidatedValues.isEmpty {
            var layer = Layer(.remembered(memory.place), memory.unvalidatedValues)
            layer.isUnvalidated = true
            layers.insert(layer, at: 0)
        }
        for component in Component.allCases.reversed() {
            guard let own = memory.ownValues[component], !own.isEmpty else { continue }
            layers.insert(Layer(.remembered(memory.place), own, places: nil, components: [component]), at: 0)
        }
        remember(memory.values, from: memory.place)
        for (component, fields) in memory.objectSettings {
            var all = ObjectSettings(stored: fields, place: "remembered (\(memory.place))")
            all.merge(settings.objectSettings[component] ?? ObjectSettings())
            settings.objectSettings[component] = all
        }
    }

    /// Takes the versions of resources away, where a command names the version itself.
    package mutating func ignoreVersions() { settings.versions = [:] }

    /// The layers, with what ztunnel's resource takes over of the control plane's values beneath its own.
    var resolvedLayers: [Layer] {
        guard settings.ztunnelFollowsControlPlane, let index = layers.firstIndex(where: \.isZtunnelsFile) else {
            return layers
        }
        var resolved = layers
        let inherited = layers.filter { $0.components?.contains(.istiod) == true }
            .map { $0.keeping(SailResource.inheritedKeys, for: [.ztunnel]) }
        resolved.insert(contentsOf: inherited, at: index)
        return resolved
    }

    /// Lays the values that `--fips` stands for beneath the files and flags; throws where these say otherwise.
    ///
    /// istiod's policy reaches waypoints and gateways through the injection templates; ztunnel up to 1.30 knows no
    /// policy but speaks TLS 1.2 on request.
    package mutating func requireFIPS(yielding yields: Bool = false) throws(IstioError) {
        let wanted = [
            (path: ["pilot", "env", "COMPLIANCE_POLICY"], value: "fips-140-2"),
            (path: ["ztunnel", "env", "TLS12_ENABLED"], value: "true"),
        ]
        let given = layers.merged
        var values = Mapping()
        for (path, value) in wanted {
            if let other = given.value(at: path), other.string != value {
                if yields { continue }
                throw .contradiction(
                    place: ValueCheck(layers).place(of: path),
                    what: "\(path.joined(separator: ".")) is not \(value), as --fips wants it",
                    remedy: "leave one of them out")
            }
            values.set(.string(value), at: path)
        }
        layers.insert(Layer(.flag("--fips"), values), at: 0)
    }

    private mutating func takeFile(_ path: String, _ read: FileReader) throws(IstioErrors) {
        let name = path == "-" ? "standard input" : path
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try read(path)
        } catch {
            throw IstioErrors(errors: [.unreadableFile(path: name, reason: error.reason)])
        }
        var documents = DocumentReader(bytes, options: ReadingOptions(recordsPlaces: true))
        var kinds: Set<String> = []
        var errors: [IstioError] = []
        while let document = try UserValues.next(&documents, name) {
            do throws(IstioErrors) {
                try take(document, from: name, &kinds)
            } catch {
                errors += error.errors
            }
        }
        if !errors.isEmpty { throw IstioErrors(errors: errors) }
    }

    private static func next(_ documents: inout DocumentReader, _ name: String) throws(IstioErrors) -> Document? {
        do throws(YAMLError) {
            return try documents.next()
        } catch {
            guard case .syntax(let line, let problem) = error else {
                throw IstioErrors(errors: [.unreadableValues(place: name, reason: "\(error); correct the YAML")])
            }
            let place = "\(name):\(line ?? 1)"
            throw IstioErrors(errors: [.unreadableValues(place: place, reason: "\(problem); correct the YAML")])
        }
    }

    /// `kinds` are the resources that the file had so far.
    private mutating func take(
        _ document: Document, from name: String, _ kinds: inout Set<String>
    ) throws(IstioErrors) {
        for key in document.duplicates.prefix(IstioErrors.mostShown) {
            let second = "\(name):\(key.second.line):\(key.second.column)"
            warnings.append("\(second): \(key.key) is given twice; it replaces the one in line \(key.first.line)")
        }
        if document.duplicates.count > IstioErrors.mostShown {
            warnings.append(
                "\(name): and \(document.duplicates.count - IstioErrors.mostShown) more keys are given twice")
        }
        if document.value.isNull { return }
        guard case .map(let map) = document.value else { throw IstioErrors(errors: [.notAMapping(place: name)]) }
        let place: ([String]) -> String = { path in
            let place = document.places.flatMap { FilePlaces(root: $0, prefixes: [[]]).place(of: path) }
            return place.map { "\(name):\($0.line):\($0.column)" } ?? name
        }
        let resources: [(path: [String], resource: Mapping)]
        do throws(IstioError) {
            resources = try ResourceReader.resources(in: map, place: place)
            for (path, resource) in resources {
                guard let kind = ResourceReader.meshKind(resource), !kinds.insert(kind).inserted else { continue }
                let remedy = "a second \(kind) in one file; put each into a file of its own, and give these with -f"
                throw IstioError.refusedField(place: place(path + ["kind"]), path: "kind", remedy: remedy)
            }
        } catch {
            throw IstioErrors(errors: [error])
        }
        var errors: [IstioError] = []
        for (path, resource) in resources { errors += take(resource, at: path, document.places, from: name, place) }
        if !errors.isEmpty { throw IstioErrors(errors: errors) }
    }

    /// Takes one resource of a document; answers what is wrong with it.
    private mutating func take(
        _ resource: Mapping, at path: [String], _ root: Places?, from name: String,
        _ place: @escaping ([String]) -> String
    ) -> [IstioError] {
        let reader = ResourceReader(resource) { place(path + $0) }
        let places = root.map { FilePlaces(root: $0, prefixes: reader.prefixes.map { path + $0 }) }
        warnings += reader.check.warnings
        if reader.components != nil { resources.append(resource) }
        settings.merge(reader.settings)
        layers.append(Layer(.file(name), reader.values, places: places, components: reader.components))
        if !reader.unvalidated.isEmpty {
            let prefix = path + ["spec", "unvalidatedValues"]
            var layer = Layer(
                .file(name), reader.unvalidated,
                places: root.map { FilePlaces(root: $0, prefixes: [prefix]) })
            layer.isUnvalidated = true
            unvalidated.append(layer)
        }
        return reader.check.errors
    }

    /// A flag changes what the files and flags before it made, as an index into a list may.
    private mutating func takeFlag(_ kind: SetFlag, _ text: String, _ read: FileReader) throws(IstioError) {
        let readText: Mapping.FileText = { path throws(SetError) in
            do throws(FileFailure) {
                return String(decoding: try read(path), as: UTF8.self)
            } catch {
                throw SetError("\(path): \(error.reason)")
            }
        }
        let name = "\(kind.rawValue) \(text)"
        var own = Mapping()
        var total = layers.merged
        do throws(SetError) {
            try own.apply(text, of: kind, reading: readText)
            try total.apply(text, of: kind, reading: readText)
        } catch {
            throw .unreadableValues(place: name, reason: "\(error); write it as key.path=value")
        }
        layers.append(Layer(.flag(name), own.settled(by: total)))
    }
}

extension Mapping {
    /// This map's keys with the other's values, maps taken key by key.
    fileprivate func settled(by total: Mapping) -> Mapping {
        Mapping(
            map { key, value in
                if case .map(let inner) = value, case .map(let whole)? = total[key] {
                    return (key: key, value: .map(inner.settled(by: whole)))
                }
                return (key: key, value: total[key] ?? value)
            })
    }
}
