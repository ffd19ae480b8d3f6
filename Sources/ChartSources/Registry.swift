internal import HTTP
internal import Values

/// An OCI registry that holds one chart per repository beneath a path (OCI distribution specification 1.1).
struct Registry {
    var host: String
    var path: String
    var client: Client

    private static let largestManifest = 4 << 20
    private static let manifestTypes =
        "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
    private static let layerTypes = [
        "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip",
    ]

    /// Where a chart's archive lies and its digest, both from the manifest that the version's tag names.
    func layer(_ chart: String, version: String, token: inout String?) throws(ChartSourceError) -> IndexEntry {
        // A tag cannot hold a plus sign; Helm writes an underscore in its place.
        let tag = String(version.map { $0 == "+" ? "_" : $0 })
        let url = address(chart) + "/manifests/" + tag
        let answer = try send(chart, url, accept: Registry.manifestTypes, limit: Registry.largestManifest, &token)
        if answer.status == 404 {
            throw .missingVersion(source: "oci://\(host)/\(path)", chart: chart, version: version, nearest: [])
        }
        guard answer.status == 200 else { throw Client.failure(url, answer) }
        if let expected = answer[header: "docker-content-digest"], expected.hasPrefix("sha256:") {
            try verify(answer.body, expected.withoutAlgorithm, from: url)
        }
        guard let manifest = try? Value(json: answer.body, numbers: .native),
            let layer = manifest["layers"]?.list?.first(where: {
                Registry.layerTypes.contains($0["mediaType"]?.string ?? "")
            }),
            let digest = layer["digest"]?.string, digest.hasPrefix("sha256:")
        else {
            throw .invalidAnswer(url: url, reason: "is not the manifest of a Helm chart")
        }
        return IndexEntry(url: address(chart) + "/blobs/" + digest, digest: digest.withoutAlgorithm)
    }

    /// The archive itself.
    func blob(_ chart: String, _ entry: IndexEntry, limit: Int, token: inout String?) throws(ChartSourceError) -> [UInt8] {
        let answer = try send(chart, entry.url, accept: "*/*", limit: limit, &token)
        guard answer.status == 200 else { throw Client.failure(entry.url, answer) }
        return answer.body
    }

    private func address(_ chart: String) -> String {
        (host.hasLoopbackHost && client.allowsPlainHTTP ? "http://" : "https://") + "\(host)/v2/\(path)/\(chart)"
    }

    /// Asks with the token we have, and once more with a new one where the registry wants it.
    private func send(
        _ chart: String, _ url: String, accept: String, limit: Int, _ token: inout String?
    ) throws(ChartSourceError) -> Response {
        var headers = [(name: "Accept", value: accept)]
        if let token { headers.append(("Authorization", "Bearer " + token)) }
        let answer = try client.send(url, headers: headers, limit: limit)
        guard answer.status == 401, let header = answer[header: "www-authenticate"],
            let challenge = Challenge(header)
        else { return answer }
        let fresh = try self.token(for: challenge, chart)
        token = fresh
        return try client.send(
            url, headers: [("Accept", accept), ("Authorization", "Bearer " + fresh)], limit: limit)
    }

    private func token(for challenge: Challenge, _ chart: String) throws(ChartSourceError) -> String {
        let scope = challenge.scope ?? "repository:\(path)/\(chart):pull"
        var url = challenge.realm + "?scope=" + scope.percentEncoded
        if let service = challenge.service { url += "&service=" + service.percentEncoded }
        guard url.hasPrefix("https://") || host.hasLoopbackHost else {
            throw .invalidAnswer(url: url, reason: "asks for credentials over plain http")
        }
        var headers: [(name: String, value: String)] = []
        if let login = try client.credentials.login(forRegistry: host) { headers.append(("Authorization", login.basic)) }
        let answer = try client.get(url, headers: headers, limit: Registry.largestManifest)
        guard let value = try? Value(json: answer.body, numbers: .native),
            let token = value["token"]?.string ?? value["access_token"]?.string
        else { throw .invalidAnswer(url: url, reason: "gave no token") }
        return token
    }
}

/// What a registry asks for in `WWW-Authenticate: Bearer realm="…",service="…",scope="…"`.
struct Challenge: Equatable {
    var realm: String
    var service: String?
    var scope: String?

    /// `nil` for another scheme, or without a realm.
    init?(_ header: String) {
        guard header.lowercased().hasPrefix("bearer ") else { return nil }
        var parameters: [String: String] = [:]
        var rest = header.dropFirst("bearer ".count)
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].drop { $0 == "," || $0 == " " }
            rest = rest[rest.index(after: equals)...]
            let isQuoted = rest.first == "\""
            if isQuoted { rest = rest.dropFirst() }
            let end = rest.firstIndex(of: isQuoted ? "\"" : ",") ?? rest.endIndex
            parameters[name.lowercased()] = String(rest[..<end])
            rest = rest[end...].dropFirst()
        }
        guard let realm = parameters["realm"] else { return nil }
        self.realm = realm
        service = parameters["service"]
        scope = parameters["scope"]
    }
}
