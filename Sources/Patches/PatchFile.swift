import Objects
package import Values
import YAML

/// What a file of `--patch` holds: patches, each with its target, as a kustomization has them under `patches`.
package struct PatchFile: Sendable {
    /// One patch and its place for messages.
    package struct Entry: Sendable {
        package let place: String
        package let patch: ObjectPatch
    }

    /// The file as it was named.
    package let name: String
    /// Whether its content comes from stored settings.
    package private(set) var isStored = false
    package private(set) var entries: [Entry] = []
    /// The entries as they are stored: a list of maps with `target` and `patch`.
    package private(set) var content: [Value] = []

    /// Everything that is wrong with a file, a line each.
    package struct Faults: Error, CustomStringConvertible {
        package let lines: [String]

        package init(lines: [String]) {
            self.lines = lines
        }

        package var description: String {
            let shown = lines.prefix(Faults.most)
            return (shown + (lines.count > shown.count ? ["and \(lines.count - shown.count) more"] : []))
                .joined(separator: "\n")
        }
        private static let most = 20
    }

    /// Reads the text of a file; throws `Faults`, each with its place.
    package init(_ bytes: [UInt8], name: String) throws(Faults) {
        self.name = name
        var faults: [String] = []
        var options = ReadingOptions(recordsPlaces: true)
        options.numbers = .native
        var documents = DocumentReader(bytes, options: options)
        while let document = try PatchFile.next(&documents, name) {
            let reader = EntryReader(name: name, root: document.places)
            for (path, value) in reader.entries(of: document.value, &faults) { take(value, at: path, reader, &faults) }
        }
        if faults.isEmpty, entries.isEmpty { faults.append("\(name): holds no patch; \(PatchFile.form)") }
        if !faults.isEmpty { throw Faults(lines: faults) }
    }

    /// Reads what was stored of a file; throws `Faults`.
    package init(stored content: [Value], name: String) throws(Faults) {
        self.name = name
        isStored = true
        var faults: [String] = []
        let reader = EntryReader(name: "\(name) (stored)", root: nil)
        for (index, value) in content.enumerated() { take(value, at: ["patches", "\(index)"], reader, &faults) }
        if !faults.isEmpty { throw Faults(lines: faults) }
    }

    /// What a file looks like, for messages.
    static let form = "write patches: with a list of target: {kind, name} and patch:"

    private static func next(_ documents: inout DocumentReader, _ name: String) throws(Faults) -> Document? {
        do throws(YAMLError) {
            return try documents.next()
        } catch {
            guard case .syntax(let line, let problem) = error else {
                throw Faults(lines: ["\(name): \(error); correct the YAML"])
            }
            throw Faults(lines: ["\(name):\(line ?? 1): \(problem); correct the YAML"])
        }
    }

    private mutating func take(_ value: Value, at path: [String], _ reader: EntryReader, _ faults: inout [String]) {
        do throws(PatchError) {
            let patch = try reader.patch(value)
            entries.append(Entry(place: reader.place(path), patch: patch))
            content.append(value)
        } catch {
            faults.append("\(reader.place(path)): \(error)")
        }
    }
}

/// Reads the entries of one document.
private struct EntryReader {
    let name: String
    let root: Places?

    /// `patches.yaml:3:3`
    func place(_ path: [String]) -> String {
        for length in stride(from: path.count, through: 0, by: -1) {
            guard let found = root?[path[..<length]] else { continue }
            let place = found.key ?? found.value
            return "\(name):\(place.line):\(place.column)"
        }
        return name
    }

    /// The entries of a document with their paths: a list of them, a kustomization's, one alone, or a bare patch.
    func entries(of document: Value, _ faults: inout [String]) -> [(path: [String], value: Value)] {
        if document.isNull { return [] }
        if let list = document.list { return list.enumerated().map { (["\($0)"], $1) } }
        guard case .map(let map) = document else {
            faults.append("\(place([])): no patch; \(PatchFile.form)")
            return []
        }
        if map["target"] != nil || map["patch"] != nil { return [([], document)] }
        guard let patches = map["patches"] else {
            guard map["kind"] != nil, map["apiVersion"] != nil else {
                faults.append("\(place([])): neither patches nor an object with apiVersion and kind; \(PatchFile.form)")
                return []
            }
            return [([], ["patch": document])]
        }
        for key in map.keys where !["patches", "apiVersion", "kind", "metadata"].contains(key) {
            faults.append(
                "\(place([key])): \(key.onOneLine): of a kustomization sail takes patches alone; remove it, or run "
                    + "kustomize as --post-renderer")
        }
        guard let list = patches.list else {
            if !patches.isNull { faults.append("\(place(["patches"])): patches must be a list") }
            return []
        }
        return list.enumerated().map { (["patches", "\($0)"], $1) }
    }

    /// Reads `{target: …, patch: …}`.
    func patch(_ value: Value) throws(PatchError) -> ObjectPatch {
        guard case .map(let map) = value else { throw PatchError("must be a map with target and patch") }
        for (key, inner) in map where !["target", "patch"].contains(key) && !inner.isNull { throw unknown(key) }
        guard let given = map["patch"], !given.isNull else { throw PatchError("has no patch") }
        let patch = try parsed(given)
        guard !patch.isTooDeepForPatch else { throw PatchError("the patch is nested too deep") }
        let content: ObjectPatch.Content
        switch patch {
        case .list(let list):
            var operations: [JSONPatchOperation] = []
            for item in list { operations.append(try JSONPatchOperation(item)) }
            guard !operations.isEmpty else { throw PatchError("the patch is empty") }
            content = .operations(operations)
        case .map(let map) where !map.isEmpty: content = .merge(patch)
        case .map: throw PatchError("the patch is empty")
        default: throw PatchError("patch must be a map (a merge patch) or a list of operations (a JSON patch)")
        }
        return ObjectPatch(try target(map["target"], patch), content)
    }

    private func unknown(_ key: String) -> PatchError {
        switch key {
        case "path": PatchError("path: write the patch itself under patch")
        case "options": PatchError("options: a patch may change neither kind nor name; remove it")
        default:
            PatchError(
                "unknown key \(key.onOneLine)"
                    + (nearest(to: key, among: ["target", "patch"]).map { "; did you mean \($0)?" }
                        ?? "; known: target, patch"))
        }
    }

    /// A text is YAML, as in a kustomization.
    private func parsed(_ value: Value) throws(PatchError) -> Value {
        guard let text = value.string else { return value }
        do throws(YAMLError) {
            return try Value(yaml: text, numbers: .native)
        } catch {
            throw PatchError("the text of the patch cannot be read: \(error)")
        }
    }

    private func target(_ given: Value?, _ patch: Value) throws(PatchError) -> PatchTarget {
        if let given, !given.isNull {
            guard case .map(let map) = given else { throw PatchError("target must be a map with kind and name") }
            return try PatchTarget(map)
        }
        guard let identity = ObjectReference(of: patch) else {
            throw PatchError("has no target; write target: with kind and name")
        }
        return try PatchTarget(identity)
    }
}
