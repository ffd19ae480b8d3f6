internal import Glibc
internal import Values

/// Downloaded chart archives under `$XDG_CACHE_HOME/sail/charts`, named by their SHA-256.
///
/// `sha256/DIGEST.tgz` holds an archive, `sha256/DIGEST.json` where it came from. A file is written beside its place
/// and renamed into it, so that no reader ever sees half of one; its digest is checked at each use.
package struct Cache: Sendable {
    package let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    /// The user's cache, by XDG_CACHE_HOME or ~/.cache.
    package init(environment: (String) -> String?) {
        let base = environment("XDG_CACHE_HOME").flatMap { $0.isEmpty ? nil : $0 }
        folder = (base ?? (environment("HOME") ?? "/tmp") + "/.cache") + "/sail/charts"
    }

    /// An archive in the cache and its origin.
    package struct Entry: Sendable, Equatable {
        package var digest: String
        package var source: String
        package var chart: String
        package var version: String
        package var bytes: Int
        /// Whether the file still has the digest that it is named by.
        package var isIntact: Bool
    }

    /// The archive with that digest; one that no longer matches is removed and counts as absent.
    func archive(_ digest: String) -> [UInt8]? {
        let path = path(digest, "tgz")
        guard let bytes = readFile(path) else { return nil }
        guard sha256(bytes) == digest else {
            remove(path)
            return nil
        }
        return bytes
    }

    /// Keeps an archive whose digest has been checked, with its origin.
    func keep(_ archive: [UInt8], digest: String, source: String, chart: String, version: String) throws(ChartSourceError) {
        try makeFolders(folder + "/sha256")
        try writeAtomically(archive, to: path(digest, "tgz"))
        let origin: Value = ["source": .string(source), "chart": .string(chart), "version": .string(version)]
        let text = (try? origin.json()) ?? "{}"
        try writeAtomically(Array(text.utf8), to: path(digest, "json"))
    }

    /// All archives, by source, chart and version; each is read and checked.
    package func entries() -> [Entry] {
        let files = listFolder(folder + "/sha256").filter { $0.hasSuffix(".tgz") }
        return files.compactMap { name in
            let digest = String(name.dropLast(".tgz".count))
            guard let bytes = readFile(path(digest, "tgz")) else { return nil }
            let origin = readFile(path(digest, "json")).flatMap { try? Value(json: $0) }
            return Entry(
                digest: digest, source: origin?["source"]?.string ?? "", chart: origin?["chart"]?.string ?? "",
                version: origin?["version"]?.string ?? "", bytes: bytes.count, isIntact: sha256(bytes) == digest)
        }
        .sorted { ($0.source, $0.chart, $0.version, $0.digest) < ($1.source, $1.chart, $1.version, $1.digest) }
    }

    /// Removes all archives and answers how many there were.
    package func clear() -> Int {
        let names = listFolder(folder + "/sha256")
        for name in names { remove(folder + "/sha256/" + name) }
        return names.count { $0.hasSuffix(".tgz") }
    }

    private func path(_ digest: String, _ ending: String) -> String {
        "\(folder)/sha256/\(digest).\(ending)"
    }
}

/// The whole file; `nil` where it cannot be read.
func readFile(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(file, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return nil }
        if count == 0 { return bytes }
        bytes.append(contentsOf: buffer[..<count])
    }
}

/// The names in a folder, sorted; empty where it cannot be read.
func listFolder(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.precedesByBytes($1) }
}

private func remove(_ path: String) {
    unlink(path)
}

private func makeFolders(_ path: String) throws(ChartSourceError) {
    var current = ""
    for part in path.split(separator: "/") {
        current += "/" + part
        if mkdir(current, 0o700) != 0, errno != EEXIST {
            throw .cache(path: current, reason: String(cString: strerror(errno)))
        }
    }
}

/// Writes beside the place, flushes to the disk, and renames.
func writeAtomically(_ bytes: [UInt8], to path: String) throws(ChartSourceError) {
    let temporary = "\(path).\(getpid()).part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .cache(path: temporary, reason: String(cString: strerror(errno))) }
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        rest = rest.dropFirst(count)
    }
    let isWhole = rest.isEmpty && fsync(file) == 0
    let reason = String(cString: strerror(errno))
    close(file)
    guard isWhole, rename(temporary, path) == 0 else {
        unlink(temporary)
        throw .cache(path: path, reason: reason)
    }
}
