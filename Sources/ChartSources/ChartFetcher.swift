package import HTTP
internal import Glibc
internal import Values

/// A chart found at its source: a folder to load from, or an archive's bytes.
package enum FoundChart: Sendable {
    case folder(String)
    /// `origin` names the archive in messages: a path or an address.
    case archive([UInt8], origin: String)
}

/// Finds charts at a source by name and version, through the cache where they come over the network.
package struct ChartFetcher {
    private let source: ChartSource
    private let cache: Cache
    private let client: () throws(ChartSourceError) -> Client

    private static let largestArchive = 20 << 20

    /// `transport` is asked for when the first remote chart is wanted.
    package init(
        _ source: ChartSource, cache: Cache, environment: @escaping (String) -> String?,
        transport: @escaping () throws -> any Transport
    ) {
        self.source = source
        self.cache = cache
        var made: Client?
        client = { () throws(ChartSourceError) in
            if let made { return made }
            let fresh = try ChartFetcher.makeClient(source, environment, transport)
            made = fresh
            return fresh
        }
    }

    /// The charts of those names, in that order, all or none. Remote sources want a version.
    package func charts(_ names: [String], version: String) throws(ChartSourceError) -> [FoundChart] {
        switch source {
        case .path(let path):
            let folder = LocalCharts(path: path)
            var found: [FoundChart] = []
            for name in names { found.append(try folder.chart(name, version: version)) }
            return found
        case .repository(let url):
            return try repositoryCharts(names, version, url)
        case .registry(let host, let path):
            return try registryCharts(names, version, host, path)
        }
    }

    private func repositoryCharts(
        _ names: [String], _ version: String, _ url: String
    ) throws(ChartSourceError) -> [FoundChart] {
        let client = try client()
        let repository = Repository(url: url, client: client)
        let index = try repository.index()
        var found: [FoundChart] = []
        for name in names {
            let entry = try repository.entry(name, version: version, in: index)
            let download = { () throws(ChartSourceError) -> [UInt8] in
                try client.get(entry.url, limit: ChartFetcher.largestArchive).body
            }
            found.append(try archive(name, version, entry, download))
        }
        return found
    }

    private func registryCharts(
        _ names: [String], _ version: String, _ host: String, _ path: String
    ) throws(ChartSourceError) -> [FoundChart] {
        let registry = Registry(host: host, path: path, client: try client())
        var found: [FoundChart] = []
        for name in names {
            var token: String?
            let version = String(version.withoutVersionPrefix)
            let entry = try registry.layer(name, version: version, token: &token)
            let download = { () throws(ChartSourceError) -> [UInt8] in
                try registry.blob(name, entry, limit: ChartFetcher.largestArchive, token: &token)
            }
            found.append(try archive(name, version, entry, download))
        }
        return found
    }

    /// From the cache where the digest is known and there, else downloaded, checked and kept.
    private func archive(
        _ chart: String, _ version: String, _ entry: IndexEntry, _ download: () throws(ChartSourceError) -> [UInt8]
    ) throws(ChartSourceError) -> FoundChart {
        if let digest = entry.digest, let bytes = cache.archive(digest) { return .archive(bytes, origin: entry.url) }
        let bytes = try download()
        let actual = sha256(bytes)
        if let expected = entry.digest, expected != actual {
            throw .wrongDigest(url: entry.url, expected: expected, actual: actual)
        }
        guard bytes.starts(with: [0x1F, 0x8B]) else { throw .invalidAnswer(url: entry.url, reason: "is not a .tgz archive") }
        try cache.keep(bytes, digest: actual, source: source.text, chart: chart, version: version)
        return .archive(bytes, origin: entry.url)
    }

    private static func makeClient(
        _ source: ChartSource, _ environment: (String) -> String?, _ transport: () throws -> any Transport
    ) throws(ChartSourceError) -> Client {
        do {
            var security = Security()
            // As OpenSSL and Go do: another set of trusted authorities by SSL_CERT_FILE.
            if let file = environment("SSL_CERT_FILE"), let bytes = readFile(file) { security.authorities = bytes }
            let credentials = Credentials(environment: environment, read: readFile)
            return Client(
                transport: try transport(), credentials: credentials, security: security,
                allowsPlainHTTP: environment("SAIL_CHARTS_PLAIN_HTTP") == "true")
        } catch {
            throw .transport(source: source.text, reason: String(describing: error))
        }
    }
}

/// Throws unless the bytes have the SHA-256 that was announced.
func verify(_ bytes: [UInt8], _ expected: String, from url: String) throws(ChartSourceError) {
    let actual = sha256(bytes)
    if actual != expected { throw .wrongDigest(url: url, expected: expected, actual: actual) }
}
