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

    /// Reads and merges: what an earlier file sets stays (kubectl's rule). Missing files are passed over
    /// unless `isExplicit`, when there is one and it must exist.
    init(
        paths: [String], isExplicit: Bool = false, read: (String) -> [UInt8]?
    ) throws(ConnectionError) {
        for path in paths {
            guard let bytes = read(path) else {
                if isExplicit { throw .unreadableKubeconfig(path) }
                continue
            }
            files.append(path)
            try merge(bytes, from: path)
        }
    }

    private mutating func merge(_ bytes: [UInt8], from path: String) throws(ConnectionError) {
        let root: Value
        do {
            root = try Value(yaml: bytes, numbers: .native)
        } catch {
            throw .invalidKubeconfig(path, reason: String(describing: error))
        }
        if root.isNull { return }
        guard root.map != nil else { throw .invalidKubeconfig(path, reason: "is not a map") }
        if currentContext == nil, let name = root["current-context"]?.string, !name.isEmpty { currentContext = name }
        try Kubeconfig.add(root, "clusters", "cluster", path, to: &clusters)
        try Kubeconfig.add(root, "users", "user", path, to: &users)
        try Kubeconfig.add(root, "contexts", "context", path, to: &contexts)
    }

    private static func add(
        _ root: Value, _ list: String, _ key: String, _ path: String, to entries: inout [String: Entry]
    ) throws(ConnectionError) {
        guard let value = root[list], !value.isNull else { return }
        guard let items = value.list else { throw .invalidKubeconfig(path, reason: "\(list) is not a list") }
        for item in items {
            guard let name = item["name"]?.string else {
                throw .invalidKubeconfig(path, reason: "an entry of \(list) has no name")
            }
            if entries[name] == nil { entries[name] = Entry(value: item[key] ?? .map(Mapping()), file: path) }
        }
    }
}

/// The folder part of a path, `.` where it has none.
func folderOf(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}
