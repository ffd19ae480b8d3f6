internal import HTTP
internal import Values
internal import YAML

/// A chart's archive as a repository's index or a registry's manifest lists it.
struct IndexEntry {
    var address: WebAddress
    /// The SHA-256 of the archive, in hexadecimal.
    var digest: String
}

/// An HTTP chart repository: index.yaml and archives beside it or elsewhere.
struct Repository {
    let address: WebAddress
    let client: Client
    let login: Login?
    private let entries: Mapping

    static let largestArchive = 20 << 20
    private static let largestIndex = 64 << 20

    /// Reads the index again: a repository may publish at any time.
    init(_ address: WebAddress, client: Client, login given: Login?) throws(ChartSourceError) {
        self.address = address
        self.client = client
        login = given ?? client.credentials.login(forRepository: address)
        var index = address
        index.path += "/index.yaml"
        let answer = try client.get(
            Client.Call(address: index, authorization: login?.basic, limit: Repository.largestIndex))
        if answer.isPage { throw .invalidAnswer(url: index.shown, reason: "is a web page, not an index") }
        guard let value = try? Value(yaml: answer.body, numbers: .native), case .map(let entries)? = value["entries"]
        else { throw .invalidAnswer(url: index.shown, reason: "is not the index of a chart repository") }
        self.entries = entries
    }

    /// The names of all charts, sorted.
    var charts: [String] { entries.map(\.key).sorted { $0.precedesByBytes($1) } }

    /// A chart's versions with their digests, as listed: newest first by convention.
    func versions(of chart: String) -> [(version: String, digest: String?)] {
        (entries[chart]?.list ?? []).compactMap { entry in
            entry["version"]?.string.map { ($0, entry["digest"]?.string?.withoutAlgorithm) }
        }
    }

    /// Looks a chart up. Versions match with and without a leading `v`, as charts are tagged both ways.
    func entry(_ chart: String, version: String) throws(ChartSourceError) -> IndexEntry {
        let listed = entries[chart]?.list ?? []
        if listed.isEmpty { throw .missingChart(source: address.shown, chart: chart, found: Array(charts.prefix(12))) }
        guard let entry = listed.first(where: { $0["version"]?.string?.isSameVersion(as: version) == true }) else {
            let known = listed.compactMap { $0["version"]?.string }
            throw .missingVersion(
                source: address.shown, chart: chart, version: version, nearest: known.nearestVersions(to: version))
        }
        let url = address.shown + "/index.yaml"
        var base = address
        base.path += "/"
        guard let reference = entry["urls"]?.list?.first?.string, let archive = base.resolving(reference) else {
            throw .invalidAnswer(url: url, reason: "lists \(chart) \(version) without an address")
        }
        guard archive.scheme == "https" || (archive.isLoopback && address.isLoopback) else {
            throw .plainHTTP(archive.shown)
        }
        guard let digest = entry["digest"]?.string?.withoutAlgorithm.lowercased(), digest.isHexDigest else {
            throw .missingDigest(url: url, chart: "\(chart) \(version)")
        }
        return IndexEntry(address: archive, digest: digest)
    }

    /// The archive's bytes, unchecked; the user's password goes to the repository's own server only.
    func archive(_ entry: IndexEntry) throws(ChartSourceError) -> [UInt8] {
        let isOwn = entry.address.origin == address.origin || login?.isForAll == true
        let call = Client.Call(
            address: entry.address, authorization: isOwn ? login?.basic : nil, limit: Repository.largestArchive,
            isText: false)
        return try client.get(call).body
    }
}

extension String {
    func isSameVersion(as other: String) -> Bool {
        withoutVersionPrefix.hasSameBytes(as: other.withoutVersionPrefix)
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
