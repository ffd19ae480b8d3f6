internal import Charts
package import HTTP
internal import System
internal import Values

/// Finds charts at sources by name and version, through the cache where they come over the network.
///
/// A source that names one chart gives that chart only; a collection must have all the others that are wanted.
package struct ChartFetcher {
    let sources: [ChartSource]
    private let cache: Cache
    private let connection: Connection
    /// Downloads archives even where the cache has them.
    package var refreshes = false
    /// Keeps what was downloaded.
    package var keeps = true
    /// The SHA-256, in hexadecimal, that the archive of a chart must have, by the chart's name.
    package var pins: [String: String] = [:]
    /// Refuses charts without such a digest, before they are fetched where their names are known.
    package var takesPinnedOnly = false

    /// `transport` is asked for when the first remote chart is wanted.
    package init(
        _ sources: [ChartSource], cache: Cache, environment: @escaping (String) -> String?,
        transport: @escaping () throws -> any Transport
    ) {
        self.sources = sources
        self.cache = cache
        connection = Connection(environment: environment, transport: transport)
    }

    /// The wanted charts by name; one that no source gives is left out where all sources name one chart each.
    ///
    /// All or none: nothing is kept in the cache before everything was found, checked and loaded. `known` are the
    /// names that a source of one chart may have.
    package func charts(
        _ wanted: [String], of known: [String], version: String
    ) throws(ChartSourceError) -> [String: FoundChart] {
        var found: [String: (chart: FoundChart, source: ChartSource)] = [:]
        var collection: ChartSource?
        for source in sources {
            guard let chart = try single(source, known, version) else {
                if let first = collection {
                    throw .ambiguous(first: first.text, second: source.text, what: "a collection of charts")
                }
                collection = source
                continue
            }
            let name = chart.chart.name
            guard known.contains(name) else { throw .strangeChart(origin: chart.origin, chart: name, wanted: known) }
            if let first = found[name]?.source {
                throw .ambiguous(first: first.text, second: source.text, what: "the chart \"\(name)\"")
            }
            found[name] = (chart, source)
        }
        if let collection {
            for name in wanted where found[name] == nil {
                if let chart = try pinned(name, version, collection) { found[name] = (chart, collection) }
            }
            let rest = wanted.filter { found[$0] == nil }
            if takesPinnedOnly, let name = rest.first(where: { pins[$0] == nil }) {
                throw .missingPin(source: collection.text, chart: name)
            }
            for (name, chart) in zip(rest, try charts(rest, in: collection, version)) {
                found[name] = (chart, collection)
            }
        }
        for name in wanted { if let (chart, _) = found[name] { try checkPin(chart) } }
        for name in wanted { if let (chart, source) = found[name] { try keep(chart, from: source) } }
        return found.filter { wanted.contains($0.key) }.mapValues(\.chart)
    }

    /// A pinned chart that the cache has: the source need not be asked for it.
    private func pinned(
        _ name: String, _ version: String, _ source: ChartSource
    ) throws(ChartSourceError) -> FoundChart? {
        guard source.isAddress, !refreshes, let pin = pins[name], let bytes = cache.archive(pin) else { return nil }
        let found = try FoundChart(archive: bytes, origin: source.text, digest: pin)
        let isRight = found.chart.name == name && version.isSameVersion(as: found.chart.metadata.version)
        return isRight ? found : nil
    }

    private func checkPin(_ found: FoundChart) throws(ChartSourceError) {
        guard let pin = pins[found.chart.name] else {
            if takesPinnedOnly { throw .missingPin(source: found.origin, chart: found.chart.name) }
            return
        }
        let actual = found.digest ?? found.archive.map { sha256($0) }
        if actual != pin {
            throw .wrongPin(origin: found.origin, chart: found.chart.name, expected: pin, actual: actual)
        }
    }

    /// The versions, without a `v`, in which the sources have each of these charts that they have at all.
    package func offered(_ names: [String]) throws(ChartSourceError) -> [String] {
        var versions: [String: [String]] = [:]
        for chart in try listing(names) {
            versions[chart.chart, default: []].append(String(chart.version.withoutVersionPrefix))
        }
        guard let first = versions.min(by: { $0.key.precedesByBytes($1.key) })?.value else { return [] }
        let common = versions.values.reduce(Set(first)) { $0.intersection($1) }
        var seen: Set<String> = []
        return first.filter { common.contains($0) && seen.insert($0).inserted }
    }

    /// What the sources have of these charts, or of all where `names` is empty.
    package func listing(_ names: [String]) throws(ChartSourceError) -> [ListedChart] {
        var all: [ListedChart] = []
        for source in sources { all += try listing(source, names) }
        return all.map {
            ListedChart(
                chart: $0.chart.printable, version: $0.version.printable, digest: $0.digest?.printable, path: $0.path)
        }
    }

    /// The version of a wanted chart that a source settles by itself: a chart or archives on this machine, or an
    /// address that has the version in it; `nil` where there are several or none.
    package func ownVersion(_ wanted: [String]) throws(ChartSourceError) -> String? {
        var versions: Set<String> = []
        for source in sources {
            switch source.place {
            case .path(let path):
                let local = LocalCharts(path: path)
                let listed = try local.isOne ? [ListedChart(local.one().chart)] : local.listing()
                versions.formUnion(listed.filter { wanted.contains($0.chart) }.map(\.version))
            case .archive(let address):
                let name = ArchiveName(String(address.path.split(separator: "/").last ?? ""))
                if let name { versions.insert(name.version) }
            case .image(_, _, let reference) where !reference.isDigest: versions.insert(reference)
            case .image, .repository, .registry: break
            }
        }
        versions = Set(versions.map { String($0.withoutVersionPrefix) })
        return versions.count == 1 ? versions.first.flatMap { $0.isEmpty ? nil : $0 } : nil
    }
}

extension ListedChart {
    init(_ chart: Chart) {
        self.init(chart: chart.name, version: chart.metadata.version)
    }
}

// MARK: - One source

extension ChartFetcher {
    /// The chart of a source that names one; `nil` for a collection.
    func single(
        _ source: ChartSource, _ known: [String], _ version: String
    ) throws(ChartSourceError) -> FoundChart? {
        switch source.place {
        case .path(let path):
            let local = LocalCharts(path: path)
            return try local.isOne ? local.one() : nil
        case .archive(let address): return try download(address, source)
        case .repository: return nil
        case .image(let host, let path, let reference):
            var registry = try registry(host, path, source)
            guard let entry = try registry.layer(reference) else {
                let name = String(path.split(separator: "/").last ?? "")
                throw .missingVersion(source: source.text, chart: name, version: reference, nearest: [])
            }
            return try chart(nil, nil, entry) { () throws(ChartSourceError) in try registry.archive(entry) }
        case .registry(let host, let path):
            // As Helm writes it: the repository of one chart, the version apart.
            guard let name = path.split(separator: "/").last.map(String.init), known.contains(name) else { return nil }
            return try chart(name, version, in: try registry(host, path, source))
        }
    }

    func charts(
        _ names: [String], in source: ChartSource, _ version: String
    ) throws(ChartSourceError) -> [FoundChart] {
        var found: [FoundChart] = []
        switch source.place {
        case .path(let path):
            let local = LocalCharts(path: path)
            for name in names { found.append(try local.chart(name, version: version)) }
        case .repository(let address):
            let repository = try Repository(address, client: connection.client(), login: source.login)
            for name in names {
                let entry = try repository.entry(name, version: version)
                found.append(
                    try chart(name, version, entry) { () throws(ChartSourceError) in try repository.archive(entry) })
            }
        case .registry(let host, let path):
            for name in names {
                found.append(try chart(name, version, in: try registry(host, path + "/" + name, source)))
            }
        case .archive, .image: break
        }
        return found
    }

    private func listing(_ source: ChartSource, _ names: [String]) throws(ChartSourceError) -> [ListedChart] {
        switch source.place {
        case .path(let path):
            let local = LocalCharts(path: path)
            let all = try local.isOne ? [ListedChart(local.one().chart)] : local.listing()
            return all.filter { names.isEmpty || names.contains($0.chart) }
        case .archive(let address): return [ListedChart(try download(address, source).chart)]
        case .repository(let address):
            let repository = try Repository(address, client: connection.client(), login: source.login)
            let charts = repository.charts.filter { names.isEmpty || names.contains($0) }
            return charts.flatMap { name in
                repository.versions(of: name).map { ListedChart(chart: name, version: $0.version, digest: $0.digest) }
            }
        case .image(let host, let path, _): return try listing(registry(host, path, source)) ?? []
        case .registry(let host, let path):
            let last = path.split(separator: "/").last.map(String.init) ?? ""
            if names.contains(last) { return try listing(registry(host, path, source)) ?? [] }
            var all: [ListedChart] = []
            for name in names { all += try listing(registry(host, path + "/" + name, source)) ?? [] }
            return all
        }
    }

    private func listing(_ registry: Registry) throws(ChartSourceError) -> [ListedChart]? {
        var registry = registry
        let name = registry.path.split(separator: "/").last.map(String.init) ?? ""
        return try registry.tags()?.map { ListedChart(chart: name, version: $0) }
    }

    private func registry(_ host: String, _ path: String, _ source: ChartSource) throws(ChartSourceError) -> Registry {
        Registry(host: host, path: path, client: try connection.client(), login: source.login)
    }

    private func chart(_ name: String, _ version: String, in registry: Registry) throws(ChartSourceError) -> FoundChart
    {
        var registry = registry
        let entry = try registry.entry(version: version)
        return try chart(name, version, entry) { () throws(ChartSourceError) in try registry.archive(entry) }
    }

    /// From the cache where the archive is there, else downloaded and checked.
    private func chart(
        _ name: String?, _ version: String?, _ entry: IndexEntry, _ download: () throws(ChartSourceError) -> [UInt8]
    ) throws(ChartSourceError) -> FoundChart {
        let origin = entry.address.shown
        let cached = refreshes ? nil : cache.archive(entry.digest)
        let bytes: [UInt8]
        if let cached { bytes = cached } else { bytes = try download() }
        if cached == nil { try verify(bytes, entry.digest, from: origin) }
        guard bytes.isGzip else { throw .invalidAnswer(url: origin, reason: "is not a .tgz archive") }
        let found = try FoundChart(archive: bytes, origin: origin, digest: entry.digest)
        let isRight = name.map { $0 == found.chart.name } ?? true
        let isCurrent = version.map { $0.isSameVersion(as: found.chart.metadata.version) } ?? true
        guard isRight, isCurrent else {
            throw .wrongChart(
                origin: origin, expected: "\(name ?? found.chart.name) \(version ?? "")",
                found: "\(found.chart.name) \(found.chart.metadata.version)")
        }
        return found
    }

    /// An archive by its address alone: nothing announces its digest.
    private func download(_ address: WebAddress, _ source: ChartSource) throws(ChartSourceError) -> FoundChart {
        let client = try connection.client()
        let login = source.login ?? client.credentials.login(forRepository: address)
        let answer = try client.get(
            Client.Call(
                address: address, authorization: login?.basic, limit: Repository.largestArchive, isText: false))
        if answer.isPage { throw .invalidAnswer(url: address.shown, reason: "is a web page, not a .tgz archive") }
        guard answer.body.isGzip else { throw .invalidAnswer(url: address.shown, reason: "is not a .tgz archive") }
        return try FoundChart(archive: answer.body, origin: address.shown)
    }

    func keep(_ found: FoundChart, from source: ChartSource) throws(ChartSourceError) {
        if case .path = source.place { return }
        guard keeps, let archive = found.archive else { return }
        let digest = found.digest ?? sha256(archive)
        if cache.archive(digest) != nil { return }
        try cache.keep(
            archive, digest: digest, source: source.text, chart: found.chart.name, version: found.chart.metadata.version
        )
    }
}

/// The client, made when the first request is.
final class Connection {
    private let environment: (String) -> String?
    private let transport: () throws -> any Transport
    private var made: Client?

    init(environment: @escaping (String) -> String?, transport: @escaping () throws -> any Transport) {
        self.environment = environment
        self.transport = transport
    }

    func client() throws(ChartSourceError) -> Client {
        if let made { return made }
        var security = Security()
        // As OpenSSL and Go do: another set of trusted authorities by SSL_CERT_FILE.
        if let file = environment("SSL_CERT_FILE"), !file.isEmpty {
            do throws(FileFailure) {
                security.authorities = try readWholeFile(file)
            } catch {
                throw .authorities(path: file, reason: error.reason)
            }
        }
        var client = Client(
            transport: try open(), credentials: Credentials(environment: environment, read: readFile),
            security: security,
            usesPlainHTTP: environment("SAIL_CHARTS_PLAIN_HTTP").flatMap { $0.isEmpty ? nil : $0 == "true" })
        if let seconds = environment("SAIL_CHARTS_TIMEOUT").flatMap({ Int($0) }), (1...86_400).contains(seconds) {
            client.limits = Limits(connect: min(10, seconds) * 1000, total: seconds * 1000, stall: min(20, seconds))
        }
        made = client
        return client
    }

    private func open() throws(ChartSourceError) -> any Transport {
        do {
            return try transport()
        } catch {
            throw .transport(source: "", reason: String(describing: error))
        }
    }
}
