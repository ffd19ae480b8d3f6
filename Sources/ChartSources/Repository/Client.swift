internal import HTTP
internal import Values

/// GET requests to chart sources: whole answers, redirects to https only, credentials to their own server only.
struct Client {
    let transport: any Transport
    let credentials: Credentials
    var security = Security()
    /// Whether a registry on this machine is spoken to without TLS; found out where `nil`.
    var usesPlainHTTP: Bool?
    var limits = Limits(total: 120_000)

    private static let mostRedirects = 10

    /// One request to a chart source.
    struct Call {
        var address: WebAddress
        var method = "GET"
        /// The value of the `Authorization` header; dropped where a redirect leads to another server.
        var authorization: String?
        var accept: String?
        /// A form with a token in it: it goes to the server of `address` and to no other.
        var form: String?
        /// What else an answer must not be shown to repeat.
        var secrets: [String] = []
        /// The largest body taken, in bytes.
        var limit: Int
        /// Text may come compressed; archives must come as they are, for their digests.
        var isText = true
    }

    /// The answer with status 200 and a whole body, or an error that says what came instead.
    func get(_ call: Call) throws(ChartSourceError) -> Response {
        let answer = try send(call)
        guard answer.status == 200 else { throw Client.failure(call, answer) }
        return answer
    }

    /// The answer whatever its status, after redirects; its `url` is where it came from.
    ///
    /// Credentials go to the server (scheme, host and port) that they are for; a form follows a redirect only there,
    /// and only one that keeps the method (307, 308): the others make a GET of it, as browsers do.
    func send(_ call: Call) throws(ChartSourceError) -> Response {
        var call = call
        let start = call.address
        for _ in 0..<Client.mostRedirects {
            var answer = try exchange(call)
            answer.url = call.address.text
            guard [301, 302, 303, 307, 308].contains(answer.status), let location = answer[header: "location"] else {
                return answer
            }
            guard let target = call.address.resolving(location) else {
                throw .refusedRedirect(url: start.shown, target: location.redacted, reason: "is not https")
            }
            let isLocal = target.isLoopback && start.isLoopback && start.scheme == "http"
            guard target.scheme == "https" || isLocal else {
                throw .refusedRedirect(url: start.shown, target: target.shown, reason: "is not https")
            }
            let isKept = answer.status >= 307
            if target.origin != call.address.origin {
                call.authorization = nil
                if isKept, call.form != nil {
                    throw .refusedRedirect(
                        url: start.shown, target: target.shown,
                        reason: "is another server than the "
                            + "token is for")
                }
            }
            if !isKept {
                call.method = "GET"
                call.form = nil
            }
            call.address = target
        }
        throw .invalidAnswer(url: start.shown, reason: "redirects more than \(Client.mostRedirects) times")
    }

    /// Whether the registry on this machine speaks plain http. It is asked for nothing but its greeting; a server that
    /// wants TLS answers 400, or nothing that is HTTP.
    func speaksPlainHTTP(_ host: String) -> Bool {
        guard host.isLoopbackHost else { return false }
        if let usesPlainHTTP { return usesPlainHTTP }
        let request = Request("GET", "http://\(host)/v2/", limits: limits, proxy: "")
        return switch transport.perform(request) {
        case .success(let answer): [200, 401, 403, 404].contains(answer.status)
        case .failure: false
        }
    }

    /// One exchange, and one more where the server is briefly overloaded or the connection broke.
    private func exchange(_ call: Call) throws(ChartSourceError) -> Response {
        var headers: [(name: String, value: String)] = []
        if let accept = call.accept { headers.append(("Accept", accept)) }
        if let authorization = call.authorization { headers.append(("Authorization", authorization)) }
        if call.form != nil { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
        var limits = limits
        limits.bytes = call.limit
        var request = Request(
            call.method, call.address.text, headers: headers, body: call.form.map { Array($0.utf8) },
            security: security, limits: limits)
        request.acceptsCompression = call.isText
        // No proxy leads to this machine itself; Go holds it the same way.
        if call.address.isLoopback { request.proxy = "" }
        var answer = transport.perform(request)
        if answer.isWorthRetrying {
            transport.rest(milliseconds: 200)
            answer = transport.perform(request)
        }
        switch answer {
        case .success(let response): return response
        case .failure(let error):
            // The query of an address may hold a secret.
            let text = error.description
            let isAddressed = text.hasPrefix(call.address.text)
            let rest = isAddressed ? text.dropFirst(call.address.text.count) : text[...]
            let slow =
                if case .timedOut = error { "; try again, or set SAIL_CHARTS_TIMEOUT to more seconds" } else { "" }
            throw .transport(
                source: call.address.shown, reason: (isAddressed ? call.address.shown : "") + rest + slow)
        }
    }

    static func failure(_ call: Call, _ answer: Response) -> ChartSourceError {
        let url = call.address.shown
        let detail = detail(of: answer, hiding: call)
        return switch answer.status {
        case 401, 403: .unauthorized(url: url, detail: detail)
        default: .status(url: url, status: answer.status, detail: detail)
        }
    }

    /// The first line of what the server says, or a registry's own message, without credentials that it repeats.
    private static func detail(of answer: Response, hiding call: Call) -> String {
        if answer.isPage { return "" }
        let value = try? Value(json: answer.body, numbers: .native)
        let message = value?["errors"]?.list?.first?["message"]?.string
        let body = message ?? String(decoding: answer.body.prefix(200), as: UTF8.self)
        let line = body.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let request = Request(
            call.method, call.address.text,
            headers: call.authorization.map { [("Authorization", $0)] } ?? [])
        return line.covering(request.secrets + call.secrets)
    }
}

extension Response {
    /// Whether this is a page for people.
    var isPage: Bool {
        let start = body.drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }.prefix(14)
        let text = String(decoding: start, as: UTF8.self).lowercased()
        return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
            || self[header: "content-type"]?.hasPrefix("text/html") == true
    }
}

extension Result<Response, TransportError> {
    fileprivate var isWorthRetrying: Bool {
        switch self {
        case .success(let response): response.status == 429 || response.status >= 500
        case .failure(.interrupted): true
        case .failure: false
        }
    }
}
