internal import HTTP

/// One user's HTTP requests to chart sources: credentials, trusted authorities, redirects to https only.
struct Client {
    let transport: any Transport
    let credentials: Credentials
    var security = Security()
    /// Whether a registry on this machine is spoken to without TLS.
    var allowsPlainHTTP = false

    /// GET with status 200 and a whole body of at most `limit` bytes, or an error that says what came instead.
    func get(
        _ url: String, headers: [(name: String, value: String)] = [], limit: Int
    ) throws(ChartSourceError) -> Response {
        let answer = try send(url, headers: headers, limit: limit)
        guard answer.status == 200 else { throw Client.failure(url, answer) }
        return answer
    }

    /// GET whatever the status; basic authentication where the user has a password for this address.
    func send(
        _ url: String, headers: [(name: String, value: String)] = [], limit: Int
    ) throws(ChartSourceError) -> Response {
        var headers = headers
        if !headers.contains(where: { $0.name == "Authorization" }), let login = credentials.login(forURL: url) {
            headers.append(("Authorization", login.basic))
        }
        let request = Request(
            "GET", url, headers: headers, security: security, limits: Limits(total: 300_000, bytes: limit),
            followsRedirects: true)
        var answer = transport.perform(request)
        // One more try for a server that is briefly overloaded or a connection that broke.
        if answer.isWorthRetrying { answer = transport.perform(request) }
        switch answer {
        case .success(let response): return response
        case .failure(let error): throw .transport(source: url, reason: error.description)
        }
    }

    static func failure(_ url: String, _ answer: Response) -> ChartSourceError {
        let detail = String(decoding: answer.body.prefix(200), as: UTF8.self)
            .split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let isText = answer[header: "content-type"]?.hasPrefix("text/html") != true
        switch answer.status {
        case 401, 403: return .unauthorized(url: url, detail: isText ? detail : "")
        default: return .status(url: url, status: answer.status, detail: isText ? detail : "")
        }
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
