internal import Glibc
internal import HTTP
internal import Values

/// A response of the API server taken apart.
struct APIResponse {
    let response: Response
    let url: String
    /// The credentials that the request carried.
    private let secrets: [String]

    init(_ response: Response, to request: Request) {
        self.response = response
        url = request.url.coveringPasswords
        secrets = request.secrets
    }

    /// The body, where it is what `call` expects.
    func result(of call: APIRequest) -> Result<Value, APIError> {
        result(omitting: call.omitsManagedFields ? "managedFields" : nil).flatMap { value in
            if value["status"]?.string == "Failure", let status = Status(value) { return .failure(.status(status)) }
            guard let reason = call.expectation.complaint(value, path: call.path) else { return .success(value) }
            return .failure(.unexpectedAnswer(request: "\(call.verb.rawValue) \(url)", reason: reason))
        }
    }

    private func result(omitting key: String?) -> Result<Value, APIError> {
        guard (200..<300).contains(response.status) else { return .failure(error) }
        if let value = try? Value(json: response.body, numbers: .native, omitting: key) { return .success(value) }
        // /readyz and /version of some proxies answer plain text.
        let isText = response[header: "content-type"]?.hasPrefix("text/plain") == true
        return isText
            ? .success(.string(String(decoding: response.body, as: UTF8.self)))
            : .failure(invalid)
    }

    var error: APIError { account.covering(secrets) }

    private var account: APIError {
        if let value = try? Value(json: response.body, numbers: .native), var status = Status(value) {
            if status.code == 0 { status.code = response.status }
            // A server in trouble says little of itself; what a webhook or a validation says needs no address.
            if status.code == 429 || status.code >= 500, !status.message.contains("webhook") {
                let address = url.prefix { $0 != "?" }
                status.message = "\(address): the server answered \(status.code): \(status.message)"
            }
            return .status(status)
        }
        // The API server itself answers 401, 429 and 503 in plain text at times.
        if [401, 403, 404, 429].contains(response.status) || response.status >= 500 {
            // A web server or a proxy's page: nothing that was asked of Kubernetes got there.
            if isPage, [403, 404].contains(response.status) { return invalid }
            let address = url.prefix { $0 != "?" }
            let said = firstLine.isEmpty ? "" : ": \(firstLine)"
            return .status(
                Status(
                    code: response.status, reason: "",
                    message: "\(address): the server answered \(response.status)\(said)"))
        }
        return invalid
    }

    private var invalid: APIError {
        let said = response[header: "location"].map { "a redirect to \($0)" } ?? firstLine
        return APIError.invalidAnswer(url: url, status: response.status, said: said.onOneLine).covering(secrets)
    }

    /// The first line of a plain text; empty for pages and the like.
    private var firstLine: String {
        let text = String(decoding: response.body.prefix(200), as: UTF8.self)
        return isPage ? "" : (text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "").onOneLine
    }

    private var isPage: Bool { response.body.first == UInt8(ascii: "<") }
}

/// What one try of a call came to.
struct Attempt {
    var result: Result<Value, APIError>
    /// Seconds, from the `Retry-After` header.
    var retryAfter: Int?

    init(result: Result<Value, APIError>) {
        self.result = result
    }

    /// Whether the request was held back before it was sent.
    var isWithheld: Bool {
        if case .failure(.transport(.withheld)) = result { true } else { false }
    }

    init(_ answer: APIResponse, to call: APIRequest) {
        result = answer.result(of: call)
        retryAfter = answer.response[header: "retry-after"].flatMap { Int($0) }
    }

    private static let firstDelay = 200
    private static let longestDelay = 10_000

    /// Milliseconds until the call may be tried again; `nil` where it has succeeded or would fail again.
    func retryDelay(_ call: APIRequest, attempt: Int) -> Int? {
        guard case .failure(let error) = result, attempt < call.attempts else { return nil }
        var asked = retryAfter
        switch error {
        case .transport(.unreachable), .transport(.unresolvedHost), .transport(.proxy):
            // Nothing was sent. Once more only: a cluster that is not there should be reported soon.
            guard attempt < 3 else { return nil }
        case .transport(.timedOut):
            // Once more only: six times the whole limit is longer than anybody waits.
            guard call.isRepeatable, attempt < 2 else { return nil }
        case .transport(.interrupted):
            guard call.isRepeatable else { return nil }
        case .status(let status):
            guard Attempt.isPassing(status, call) else { return nil }
            asked = asked ?? status.retryAfter
        default: return nil
        }
        let backoff = min(Attempt.firstDelay << (attempt - 1), Attempt.longestDelay)
        // Up to a quarter more, so that several callers do not come back in step.
        let jittered = backoff + Int.random(in: 0...backoff / 4)
        return max(jittered, min(max(asked ?? 0, 0), 10) * 1000)
    }

    /// Whether the failure may pass. 429 was never carried out; after the others a create may have been.
    private static func isPassing(_ status: Status, _ call: APIRequest) -> Bool {
        switch status.code {
        case 429: true
        case 500, 502, 503, 504: call.isRepeatable
        default: false
        }
    }
}
