internal import HTTP
internal import Values
internal import YAML

/// A chart as a repository's index lists it.
struct IndexEntry {
    /// The archive's address, absolute.
    var url: String
    /// The SHA-256 of the archive in hexadecimal; `nil` where the index has none.
    var digest: String?
}

/// An HTTP chart repository: index.yaml and archives beside it.
struct Repository {
    var url: String
    var client: Client

    /// Looks `chart` up in the index. Versions match with and without a leading `v`, as charts are tagged both ways.
    func entry(_ chart: String, version: String, in index: Value) throws(ChartSourceError) -> IndexEntry {
        guard let entries = index["entries"]?.map else {
            throw .invalidAnswer(url: indexURL, reason: "has no entries")
        }
        guard let versions = entries[chart]?.list else {
            throw .missingChart(source: url, chart: chart, found: Array(entries.sortedKeys.prefix(12)))
        }
        guard let entry = versions.first(where: { $0["version"]?.string?.isSameVersion(as: version) == true }) else {
            let known = versions.compactMap { $0["version"]?.string }
            throw .missingVersion(
                source: url, chart: chart, version: version, nearest: known.nearestVersions(to: version))
        }
        guard let archive = entry["urls"]?.list?.first?.string else {
            throw .invalidAnswer(url: indexURL, reason: "lists \(chart) \(version) without an address")
        }
        return IndexEntry(url: absolute(archive), digest: entry["digest"]?.string?.withoutAlgorithm)
    }

    /// The index, read anew: a repository may publish at any time.
    func index() throws(ChartSourceError) -> Value {
        let answer = try client.get(indexURL, limit: Repository.largestIndex)
        do {
            return try Value(yaml: answer.body, numbers: .native)
        } catch {
            throw .invalidAnswer(url: indexURL, reason: "is not YAML")
        }
    }

    private var indexURL: String { url + "/index.yaml" }

    private static let largestIndex = 64 << 20

    private func absolute(_ archive: String) -> String {
        if archive.hasPrefix("https://") || archive.hasPrefix("http://") { return archive }
        guard archive.hasPrefix("/") else { return url + "/" + archive }
        let hostEnd = url.dropFirst("https://".count).firstIndex(of: "/") ?? url.endIndex
        return url[..<hostEnd] + archive
    }
}

extension String {
    func isSameVersion(as other: String) -> Bool {
        withoutVersionPrefix == other.withoutVersionPrefix
    }

    var withoutVersionPrefix: Substring {
        hasPrefix("v") ? dropFirst() : self[...]
    }

    /// The hexadecimal part of `sha256:…`.
    var withoutAlgorithm: String {
        hasPrefix("sha256:") ? String(dropFirst("sha256:".count)) : self
    }
}

extension [String] {
    /// Up to five versions of the same minor, else the first ones listed.
    func nearestVersions(to version: String) -> [String] {
        let minor = version.withoutVersionPrefix.split(separator: ".").prefix(2).joined(separator: ".") + "."
        let near = filter { $0.withoutVersionPrefix.hasPrefix(minor) }
        return [String]((near.isEmpty ? self : near).prefix(5))
    }
}
