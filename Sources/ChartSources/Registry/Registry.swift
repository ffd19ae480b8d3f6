internal import HTTP
internal import Values

/// One repository of an OCI registry: the versions of one chart (OCI distribution specification 1.1).
struct Registry {
    let host: String
    /// With the chart's name.
    let path: String
    let client: Client
    /// The login given with the source, before any other.
    let login: Login?
    private let isPlain: Bool
    /// What the registry has accepted.
    private var authorization: String?

    private static let largestManifest = 4 << 20
    private static let manifestTypes =
        "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
    private static let layerTypes = [
        "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip",
    ]

    init(host: String, path: String, client: Client, login: Login?) {
        self.host = host
        self.path = path
        self.client = client
        self.login = login
        isPlain = client.speaksPlainHTTP(host)
    }

    private var name: String { "oci://\(host)/\(path)" }

    /// The address of a version's archive, and its digest. A tag has no leading `v` by Helm's custom; one that has is
    /// taken where the other is not there.
    mutating func entry(version: String) throws(ChartSourceError) -> IndexEntry {
        let number = version.withoutVersionPrefix
        for tag in [number, number.withVersionPrefix] {
            if let entry = try layer(tag) { return entry }
        }
        let chart = path.split(separator: "/").last.map(String.init) ?? path
        guard let tags = try tags() else { throw .missingChart(source: name, chart: chart, found: []) }
        throw .missingVersion(source: name, chart: chart, version: version, nearest: tags.nearestVersions(to: version))
    }

    /// The address of the archive of a tag or digest, from its manifest; `nil` where the registry has none.
    mutating func layer(_ reference: String) throws(ChartSourceError) -> IndexEntry? {
        // A tag cannot hold a plus sign; Helm writes an underscore in its place.
        let tag = String(reference.map { $0 == "+" ? "_" : $0 })
        var call = try call("/manifests/" + tag, limit: Registry.largestManifest, accept: Registry.manifestTypes)
        let answer = try send(&call)
        if answer.status == 404 { return nil }
        let url = call.address.shown
        guard answer.status == 200 else { throw Client.failure(call, answer) }
        let announced = reference.isDigest ? reference : answer[header: "docker-content-digest"]
        if let announced, announced.hasPrefix("sha256:") {
            try verify(answer.body, announced.withoutAlgorithm, from: url)
        }
        guard let manifest = try? Value(json: answer.body, numbers: .native),
            let layer = manifest["layers"]?.list?.first(where: {
                Registry.layerTypes.contains($0["mediaType"]?.string ?? "")
            }),
            let digest = layer["digest"]?.string, digest.isDigest
        else { throw .invalidAnswer(url: url, reason: "is not the manifest of a Helm chart") }
        return IndexEntry(address: try address("/blobs/" + digest), digest: digest.withoutAlgorithm)
    }

    /// The archive's bytes, unchecked.
    mutating func archive(_ entry: IndexEntry) throws(ChartSourceError) -> [UInt8] {
        var call = Client.Call(address: entry.address, accept: "*/*", limit: Repository.largestArchive, isText: false)
        let answer = try send(&call)
        guard answer.status == 200 else { throw Client.failure(call, answer) }
        return answer.body
    }

    /// All tags of the chart; `nil` where there is no such chart. A list that cannot be read to its end is an error, for
    /// the newest version may be in the rest.
    mutating func tags() throws(ChartSourceError) -> [String]? {
        var next: WebAddress? = try address("/tags/list?n=1000")
        var tags: [String] = []
        var pages = 0
        while let address = next {
            pages += 1
            guard pages <= Registry.mostPages else {
                throw .invalidAnswer(
                    url: address.shown, reason: "is a list of tags of more than \(Registry.mostPages) pages")
            }
            var call = Client.Call(address: address, limit: Registry.largestManifest)
            let answer = try send(&call)
            if answer.status == 404 { return nil }
            guard answer.status == 200 else { throw Client.failure(call, answer) }
            guard let value = try? Value(json: answer.body, numbers: .native), value["name"] != nil,
                let page = Registry.tags(in: value)
            else {
                throw .invalidAnswer(url: address.shown, reason: "is not a list of tags")
            }
            tags += page
            next = try nextPage(after: address, answer)
        }
        return tags
    }

    private static let mostPages = 100

    /// The tags of a page; registries write null where a repository has none. `nil` for anything else.
    private static func tags(in page: Value) -> [String]? {
        guard let tags = page["tags"], !tags.isNull else { return [] }
        guard let list = tags.list else { return nil }
        let names = list.compactMap(\.string)
        return names.count == list.count ? names : nil
    }

    /// Where the list goes on, on the same server.
    private func nextPage(after address: WebAddress, _ answer: Response) throws(ChartSourceError) -> WebAddress? {
        guard let link = answer[header: "link"]?.split(separator: "<").last?.split(separator: ">").first else {
            return nil
        }
        guard let next = address.resolving(String(link)), next.origin == address.origin else {
            throw .invalidAnswer(url: address.shown, reason: "goes on at another server, which is not asked")
        }
        return next
    }

    private func call(_ rest: String, limit: Int, accept: String?) throws(ChartSourceError) -> Client.Call {
        Client.Call(address: try address(rest), accept: accept, limit: limit)
    }

    private func address(_ rest: String) throws(ChartSourceError) -> WebAddress {
        // Docker Hub's registry has another name than its images.
        let server = host == "docker.io" ? "registry-1.docker.io" : host
        guard let address = WebAddress((isPlain ? "http://" : "https://") + "\(server)/v2/\(path)\(rest)") else {
            throw .registryPath(name)
        }
        return address
    }

    /// Asks with what was accepted before, and once more with what the registry wants; the call keeps the authorization
    /// that was sent, so that no message repeats it.
    private mutating func send(_ call: inout Client.Call) throws(ChartSourceError) -> Response {
        call.authorization = authorization
        let answer = try client.send(call)
        guard answer.status == 401 else { return answer }
        // Another server, to which the registry leads for what it keeps, has no say in who gets the login.
        guard WebAddress(answer.url)?.origin == call.address.origin else { return answer }
        let headers = answer.headers.filter { $0.name == "www-authenticate" }.map(\.value)
        guard let challenge = AuthChallenge.best(of: headers), let fresh = try authorization(for: challenge) else {
            return answer
        }
        authorization = fresh
        call.authorization = fresh
        return try client.send(call)
    }

    /// `nil` where a password is wanted and there is none.
    private func authorization(for challenge: AuthChallenge) throws(ChartSourceError) -> String? {
        var login = login
        if login == nil { login = try client.credentials.login(forRegistry: host, path: path) }
        switch challenge {
        case .basic: return login?.basic
        case .bearer(let realm, let service, let scope):
            let scope = scope ?? "repository:\(path):pull"
            return "Bearer " + (try token(realm, service, scope, login))
        }
    }

    private func token(
        _ realm: String, _ service: String?, _ scope: String, _ login: Login?
    ) throws(ChartSourceError) -> String {
        guard var address = WebAddress(realm) else {
            throw .invalidAnswer(url: name, reason: "asks for a token from an address that is none")
        }
        guard address.scheme == "https" || (address.isLoopback && host.isLoopbackHost) else {
            throw .plainHTTP(address.shown)
        }
        address.login = nil
        var fields = [("scope", scope)] + (service.map { [("service", $0)] } ?? [])
        var call = Client.Call(address: address, limit: Registry.largestManifest)
        if let login, login.isIdentityToken {
            fields += [("grant_type", "refresh_token"), ("client_id", "sail"), ("refresh_token", login.password)]
            call.method = "POST"
            call.form = Registry.form(fields)
            call.secrets = [login.password]
        } else {
            call.authorization = login?.basic
            call.address.query += (address.query.isEmpty ? "?" : "&") + Registry.form(fields)
        }
        let answer = try client.get(call)
        let value = try? Value(json: answer.body, numbers: .native)
        guard let token = value?["token"]?.string ?? value?["access_token"]?.string, !token.isEmpty,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .invalidAnswer(url: address.shown, reason: "gave no token") }
        return token
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { $0 + "=" + $1.percentEncoded }.joined(separator: "&")
    }
}

/// Throws unless the bytes have the SHA-256 that was announced.
func verify(_ bytes: [UInt8], _ expected: String, from url: String) throws(ChartSourceError) {
    let actual = sha256(bytes)
    if actual != expected { throw .wrongDigest(url: url, expected: expected, actual: actual) }
}
