internal import Glibc
internal import System
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

    /// The user's cache, by XDG_CACHE_HOME (where it is absolute, as its specification says) or ~/.cache.
    package init(environment: (String) -> String?) {
        let base = environment("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
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
        guard digest.isHexDigest, let bytes = readArchive(path(digest, "tgz")) else { return nil }
        guard sha256(bytes) == digest else {
            unlink(path(digest, "tgz"))
            return nil
        }
        return bytes
    }

    /// Keeps an archive whose digest has been checked, with its origin.
    func keep(_ archive: [UInt8], digest: String, source: String, chart: String, version: String)
        throws(ChartSourceError)
    {
        try makeFolders(folder + "/sha256")
        let origin: Value = ["source": .string(source), "chart": .string(chart), "version": .string(version)]
        let text = (try? origin.json()) ?? "{}"
        try writeAtomically(Array(text.utf8), to: path(digest, "json"))
        try writeAtomically(archive, to: path(digest, "tgz"))
    }

    /// All archives, by source, chart and version; each is read and checked.
    package func entries() -> [Entry] {
        let files = listFolder(folder + "/sha256").filter { $0.hasSuffix(".tgz") }
        return files.compactMap { name in
            let digest = String(name.dropLast(".tgz".count))
            guard let bytes = readArchive(path(digest, "tgz")) else { return nil }
            let origin = readFile(path(digest, "json")).flatMap { try? Value(json: $0) }
            return Entry(
                digest: digest, source: origin?["source"]?.string ?? "", chart: origin?["chart"]?.string ?? "",
                version: origin?["version"]?.string ?? "", bytes: bytes.count, isIntact: sha256(bytes) == digest)
        }
        .sorted { ($0.source, $0.chart, $0.version, $0.digest) < ($1.source, $1.chart, $1.version, $1.digest) }
    }

    /// Removes all archives, and what an interrupted run left; answers how many archives there were.
    package func clear() throws(ChartSourceError) -> Int {
        let names = listFolder(folder + "/sha256")
        for name in names where unlink(folder + "/sha256/" + name) != 0 && errno != ENOENT {
            throw .cache(path: folder + "/sha256/" + name, reason: systemReason())
        }
        return names.count { $0.hasSuffix(".tgz") }
    }

    private func path(_ digest: String, _ ending: String) -> String {
        "\(folder)/sha256/\(digest).\(ending)"
    }
}
