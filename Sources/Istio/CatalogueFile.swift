import Assets
import Charts
import JSONSchema
import Values
import YAML

/// A catalogue of the user's, in the form of charts/versions.yaml, to be laid over the built-in one.
///
/// Its form is described by charts/versions.schema.json and docs/chart-sources.md.
package struct CatalogueFile: Sendable {
    /// The path or address that messages name.
    package let name: String
    /// The SHA-256 of its text in hexadecimal.
    package let digest: String
    let value: Value
    private let places: Places?

    /// The most that is read of one.
    package static let mostBytes = 4 << 20

    /// Throws `IstioErrors`, a line for each thing that is wrong, with its place.
    package init(_ bytes: [UInt8], name: String) throws(IstioErrors) {
        self.name = name
        digest = sha256(bytes)
        let document = try CatalogueFile.document(bytes, name)
        (value, places) = (document.value, document.places)
        var errors = document.duplicates.map { key in
            IstioError.unreadableValues(
                place: "\(name):\(key.second.line):\(key.second.column)",
                reason: "\(key.key) is given twice, first in line \(key.first.line); leave one of them out")
        }
        errors += schemaErrors
        if errors.isEmpty { errors = CatalogueForms(value).faults.map(error) }
        if !errors.isEmpty { throw IstioErrors(errors: errors) }
    }

    /// The one document of the file.
    private static func document(_ bytes: [UInt8], _ name: String) throws(IstioErrors) -> Document {
        var reader = DocumentReader(bytes, options: ReadingOptions(recordsPlaces: true))
        guard let document = try next(&reader, name), document.value.map != nil else {
            throw IstioErrors(errors: [
                .unreadableValues(
                    place: name, reason: "is no catalogue; write a map with minors, as docs/chart-sources.md says")
            ])
        }
        if let second = try next(&reader, name), !second.value.isNull {
            let place = second.places.map { "\(name):\($0.value.line):\($0.value.column)" } ?? name
            throw IstioErrors(
                errors: [.unreadableValues(place: place, reason: "a second document; put all into one")])
        }
        return document
    }

    private static func next(_ reader: inout DocumentReader, _ name: String) throws(IstioErrors) -> Document? {
        do throws(YAMLError) {
            return try reader.next()
        } catch {
            guard case .syntax(let line, let problem) = error else {
                throw IstioErrors(errors: [.unreadableValues(place: name, reason: "\(error); correct the YAML")])
            }
            throw IstioErrors(
                errors: [.unreadableValues(place: "\(name):\(line ?? 1)", reason: "\(problem); correct the YAML")])
        }
    }

    // MARK: - The schema

    private static let schemaPath = "charts/versions.schema.json"

    private var schemaErrors: [IstioError] {
        guard let text = Assets.text(at: CatalogueFile.schemaPath), let schema = try? Value(json: text) else {
            return [.damagedAsset(path: CatalogueFile.schemaPath, reason: "is not there")]
        }
        return schemaViolations(of: value, by: text).map { error($0, CatalogueSchema(schema)) }
    }

    private func error(_ violation: SchemaViolation, _ schema: CatalogueSchema) -> IstioError {
        let path = violation.location
        let name = CatalogueFile.text(of: path)
        switch violation.fault {
        case .unknownKey(let key):
            let known = schema.keys(at: path)
            let near = suggestion(for: key, among: known)
            return .unknownKey(
                place: place(of: path + [key], isKey: true), path: CatalogueFile.text(of: path + [key]),
                hint: near.isEmpty ? "; known: " + known.joined(separator: ", ") : near)
        case .missingKey(let key):
            return .wrongValue(
                place: place(of: path), path: name, expected: "a map with \(key)", found: "one without it")
        case .wrongType(let found, let wanted):
            let expected = wanted.map { CatalogueFile.typeNames[$0] ?? $0 }.joined(separator: " or ")
            let quotes = wanted == ["string"] && found == "number" ? "; write it in quotes" : ""
            return .wrongValue(
                place: place(of: path), path: name, expected: expected,
                found: (CatalogueFile.typeNames[found] ?? found) + quotes)
        case .wrongForm(let text):
            return .wrongValue(
                place: place(of: path), path: name,
                expected: schema.example(at: path).map { "like \($0)" } ?? "of another form",
                found: "\"\(text)\"")
        case .other(let text): return .unreadableValues(place: place(of: path), reason: text)
        }
    }

    private static let typeNames = [
        "string": "text", "object": "a map", "array": "a list", "boolean": "true or false", "number": "a number",
        "integer": "a number",
    ]

    /// `minors[0].releases[1].hub`
    private static func text(of path: [String]) -> String {
        path.reduce("") { text, key in
            text.isEmpty ? key : Int(key) != nil ? text + "[\(key)]" : text + "." + key
        }
    }

    // MARK: - Places

    private func error(_ fault: CatalogueForms.Fault) -> IstioError {
        .contradiction(
            place: place(of: fault.path, isKey: fault.isOfKey),
            what: CatalogueFile.text(of: fault.path) + ": " + fault.what, remedy: fault.remedy)
    }

    private func place(of path: [String], isKey: Bool = false) -> String {
        var path = path[...]
        while true {
            if let found = places?[path] {
                let place = isKey ? found.key ?? found.value : found.value
                return "\(name):\(place.line):\(place.column)"
            }
            guard path.popLast() != nil else { return name }
        }
    }
}

// MARK: - Beside the built-in catalogue

extension CatalogueFile {
    /// Throws what only shows beside the built-in catalogue: what aliases and the default mean, and profiles that are
    /// not there.
    func check(against catalogue: Catalogue) throws(IstioErrors) {
        var faults: [CatalogueForms.Fault] = []
        var cycles: Set<Set<String>> = []
        for (name, _) in value["aliases"]?.map ?? Mapping() {
            if let cycle = catalogue.cycle(from: name), !cycles.insert(Set(cycle)).inserted { continue }
            if let fault = catalogue.fault(ofAlias: name) { faults.append(fault) }
        }
        if let version = value["default"]?.string, catalogue.listed(version) == nil {
            faults.append(.init(["default"], "no catalogue lists \(version)", catalogue.hint(version)))
        }
        for (index, minor) in (value["minors"]?.list ?? []).enumerated() {
            let path = ["minors", "\(index)"]
            if let file = minor["profile"]?.string { checkProfile(file, path + ["profile"], &faults) }
            for (name, file) in minor["platforms"]?.map ?? Mapping() {
                checkProfile(file.string ?? "", path + ["platforms", name], &faults)
            }
        }
        if !faults.isEmpty { throw IstioErrors(errors: faults.map(error)) }
    }

    private func checkProfile(_ file: String, _ path: [String], _ faults: inout [CatalogueForms.Fault]) {
        let names = Assets.files(below: "profiles").map(\.path)
        if names.contains(file) { return }
        let near = nearest(to: file, among: names).map { "did you mean \($0)?" }
        faults.append(.init(path, "sail has no profile \(file)", near ?? "known: " + names.joined(separator: ", ")))
    }
}

extension Catalogue {
    /// What is wrong with an alias; `nil` where it leads to a release.
    fileprivate func fault(ofAlias name: String) -> CatalogueForms.Fault? {
        let path = ["aliases", name]
        if cycle(from: name) != nil {
            let chain = chain(from: name)
            return CatalogueForms.Fault(
                path, "leads back to itself: " + chain.joined(separator: " → "), "let one of them name a version",
                isOfKey: true)
        }
        guard let target = Catalogue.target(of: name, in: chains), listed(target) == nil else { return nil }
        return CatalogueForms.Fault(path, "no catalogue lists \(target)", hint(target))
    }

    /// The aliases that an alias leads to, up to the first that was there before.
    private func chain(from name: String) -> [String] {
        var chain = [name]
        while let next = chains.first(where: { $0.name.hasSameBytes(as: chain[chain.count - 1]) })?.version {
            chain.append(next)
            if chain.dropLast().contains(next) { break }
        }
        return chain
    }

    /// The aliases that lead to each other where an alias ends among such; `nil` where it ends at a version.
    fileprivate func cycle(from name: String) -> [String]? {
        guard Catalogue.target(of: name, in: chains) == nil else { return nil }
        let chain = chain(from: name)
        let first = chain.firstIndex(of: chain[chain.count - 1]) ?? 0
        return Array(chain[first...].dropLast())
    }

    /// The release of a version or alias that is listed.
    fileprivate func listed(_ name: String) -> Release? {
        guard let found = try? release(name).release, found.isListed else { return nil }
        return found
    }

    fileprivate func hint(_ version: String) -> String {
        nearest(to: version, among: names).map { "did you mean \($0)?" } ?? "add it to the releases of its minor"
    }
}

/// The catalogue's JSON schema as messages use it.
private struct CatalogueSchema {
    private let root: Value

    init(_ root: Value) {
        self.root = root
    }

    func keys(at path: [String]) -> [String] { part(at: path)["properties"]?.map?.keys.map { $0 } ?? [] }

    /// How a value there is written.
    func example(at path: [String]) -> String? { part(at: path)["examples"]?.list?.first?.string }

    private func part(at path: [String]) -> Value {
        var part = root
        for key in path {
            part = resolved(part["properties"]?[key] ?? part["items"] ?? part["additionalProperties"] ?? .null)
        }
        return part
    }

    private func resolved(_ part: Value) -> Value {
        guard let reference = part["$ref"]?.string, reference.hasPrefix("#/definitions/") else { return part }
        return root["definitions"]?[String(reference.dropFirst("#/definitions/".count))] ?? .null
    }
}
