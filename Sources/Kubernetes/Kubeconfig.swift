internal import System
internal import Values
internal import YAML

/// A kubeconfig as kubectl reads it: several files merged, each entry knowing the folder its paths are relative to.
struct Kubeconfig {
    /// An entry of `clusters`, `users` or `contexts`.
    struct Entry {
        var value: Value
        var file: String

        /// A path in this entry, relative to the file's folder where it is not absolute.
        func path(_ key: String) -> String? {
            guard let path = value[key]?.string, !path.isEmpty else { return nil }
            return path.hasPrefix("/") ? path : folderOf(file) + "/" + path
        }

        func text(_ key: String) -> String? {
            guard let text = value[key]?.string, !text.isEmpty else { return nil }
            return text
        }
    }

    private(set) var clusters: [String: Entry] = [:]
    private(set) var users: [String: Entry] = [:]
    private(set) var contexts: [String: Entry] = [:]
    private(set) var currentContext: String?
    /// The files that were found, in order.
    private(set) var files: [String] = []

    /// Whether the files say nothing at all, so that a pod's service account is looked for.
    var isEmpty: Bool { clusters.isEmpty && users.isEmpty && contexts.isEmpty && currentContext == nil }

    /// Reads and merges: what an earlier file sets stays, an entry as a whole (kubectl's rule). Missing files are passed
    /// over unless `isExplicit`, when there is one and it must exist; those that cannot be read are errors.
    init(paths: [String], isExplicit: Bool = false, _ processEnvironment: ProcessEnvironment) throws(ConnectionError) {
        for path in paths where !files.contains(path) {
            let bytes: [UInt8]
            do throws(FileFailure) {
                bytes = try processEnvironment.readFile(path)
            } catch {
                guard isExplicit || processEnvironment.exists(path) else { continue }
                throw .unreadableKubeconfig(path, reason: error.reason)
            }
            files.append(path)
            try merge(bytes, from: path)
        }
    }

    private mutating func merge(_ bytes: [UInt8], from path: String) throws(ConnectionError) {
        let root: Value
        do throws(YAMLError) {
            root = try Value(yaml: bytes, numbers: .native)
        } catch {
            throw Kubeconfig.invalid(error, path)
        }
        if let found = KubeconfigSchema.kubeconfig.violation(of: root) { throw Kubeconfig.invalid(found, path, bytes) }
        if currentContext == nil, let name = root["current-context"]?.string, !name.isEmpty { currentContext = name }
        try Kubeconfig.add(root, "clusters", "cluster", path, to: &clusters)
        try Kubeconfig.add(root, "users", "user", path, to: &users)
        try Kubeconfig.add(root, "contexts", "context", path, to: &contexts)
    }

    private static func add(
        _ root: Value, _ list: String, _ key: String, _ path: String, to entries: inout [String: Entry]
    ) throws(ConnectionError) {
        var own: Set<String> = []
        for item in root[list]?.list ?? [] {
            guard let name = item["name"]?.string else {
                throw .invalidKubeconfig(path, reason: "an entry of \(list) has no name")
            }
            guard own.insert(name).inserted else {
                throw .invalidKubeconfig(path, reason: "\(list) has two entries \"\(name)\"; remove one")
            }
            let value = item[key].flatMap { $0.isNull ? nil : $0 } ?? .map(Mapping())
            if entries[name] == nil { entries[name] = Entry(value: value, file: path) }
        }
    }

    private static func invalid(_ error: YAMLError, _ path: String) -> ConnectionError {
        if case .syntax(let line, let problem) = error {
            return .invalidKubeconfig("\(path):\(line ?? 1)", reason: problem)
        }
        return .invalidKubeconfig(path, reason: error.description)
    }

    /// The text is read once more, now with places: only a wrong file pays for them.
    private static func invalid(_ found: SchemaViolation, _ path: String, _ bytes: [UInt8]) -> ConnectionError {
        var reader = DocumentReader(bytes, options: ReadingOptions(numbers: .native, recordsPlaces: true))
        let place = (try? reader.next())?.places?[found.path]?.value
        let name = found.path.reduce("") { text, key in
            Int(key) != nil ? text + "[\(key)]" : text.isEmpty ? key : text + "." + key
        }
        return .invalidKubeconfig(
            path + (place.map { ":\($0.line):\($0.column)" } ?? ""),
            reason: name.isEmpty ? found.problem : "\(name) \(found.problem)")
    }
}

/// The folder part of a path, `.` where it has none.
func folderOf(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}
