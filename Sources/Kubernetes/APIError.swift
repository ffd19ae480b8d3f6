package import HTTP
package import Values

/// Why a call to the API server did not do what it should.
package enum APIError: Error, Sendable {
    case connection(ConnectionError)
    case transport(TransportError)
    /// The server's own account: a `Status` object.
    case status(Status)
    /// An answer that is not what the API sends, such as a proxy's page.
    case invalidAnswer(url: String, status: Int, said: String = "")
    /// A successful answer that is not what was asked for, such as `null` for a list.
    case unexpectedAnswer(request: String, reason: String)
    /// The run was interrupted before the call was sent.
    case interrupted
}

/// A `Status` object (meta/v1) with what it says of fields.
package struct Status: Sendable, Equatable {
    package struct Cause: Sendable, Equatable {
        package var field: String
        package var reason: String
        package var message: String
    }

    package var code: Int
    /// `NotFound`, `Conflict`, `Invalid`, `Forbidden`, …
    package var reason: String
    package var message: String
    package var causes: [Cause]
    /// Seconds the server asks to wait.
    package var retryAfter: Int?

    /// Whether the server speaks of itself, not of an object or a webhook: the message begins with an address.
    var isServers: Bool { message.hasPrefix("http") }

    package init(code: Int, reason: String, message: String, causes: [Cause] = [], retryAfter: Int? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.causes = causes
        self.retryAfter = retryAfter
    }

    /// The texts of the server on one line each; `nil` where the value is no Status.
    package init?(_ value: Value) {
        guard value["kind"]?.string == "Status" else { return nil }
        func text(_ value: Value?) -> String { (value?.string ?? "").onOneLine }
        code = value["code"]?.int ?? 0
        reason = text(value["reason"])
        message = text(value["message"])
        causes = (value["details"]?["causes"]?.list ?? []).map { cause in
            Cause(field: text(cause["field"]), reason: text(cause["reason"]), message: text(cause["message"]))
        }
        retryAfter = value["details"]?["retryAfterSeconds"]?.int
    }
}

extension APIError {
    package var status: Status? {
        if case .status(let status) = self { status } else { nil }
    }

    /// What is asked of a group whose server does not answer; to take its objects for missing would be wrong.
    package static func unavailable(group: String) -> APIError {
        .status(
            Status(
                code: 503, reason: "ServiceUnavailable",
                message: "API group \"\(group)\" does not answer; see kubectl get apiservices"))
    }

    /// A list whose pages do not end.
    static func endlessList(_ path: String) -> APIError {
        .status(
            Status(
                code: 500, reason: "InternalError",
                message: "\(path): the list does not end: the server names page after page; see whether this is the "
                    + "address of an API server"))
    }

    package var isNotFound: Bool { status?.code == 404 }
    /// Whether the server may answer otherwise a little later: it did not answer, or is overloaded or broken.
    package var isPassing: Bool {
        if case .transport = self { return true }
        return status.map { $0.code == 429 || $0.code >= 500 } ?? false
    }
    package var isConflict: Bool { status?.code == 409 }
    /// Whether the server refused the object that was sent.
    package var isInvalid: Bool { status?.code == 422 }
    package var isForbidden: Bool { status?.code == 403 }
    package var isGone: Bool { status?.code == 410 || status?.reason == "Expired" }

    /// The error without these secrets, which a server may have repeated.
    func covering(_ secrets: [String]) -> APIError {
        switch self {
        case .status(var status):
            status.reason = status.reason.covering(secrets)
            status.message = status.message.covering(secrets)
            status.causes = status.causes.map { cause in
                Status.Cause(
                    field: cause.field.covering(secrets), reason: cause.reason.covering(secrets),
                    message: cause.message.covering(secrets))
            }
            return .status(status)
        case .invalidAnswer(let url, let status, let said):
            return .invalidAnswer(url: url, status: status, said: said.covering(secrets))
        default: return self
        }
    }

    /// The error of a call that was given up after so many attempts.
    func tried(_ attempts: Int) -> APIError {
        guard attempts > 1 else { return self }
        switch self {
        case .status(var status) where status.code == 429 || status.code >= 500:
            status.message += " (tried \(attempts) times)"
            return .status(status)
        case .transport(.interrupted(let url, let reason)):
            return .transport(.interrupted(url: url, reason: "\(reason); tried \(attempts) times"))
        default: return self
        }
    }

    /// Whether nothing at all can be done with this cluster: no connection, no valid login.
    package var isFatal: Bool {
        switch self {
        case .connection, .transport, .invalidAnswer, .unexpectedAnswer, .interrupted: true
        case .status(let status): status.code == 401
        }
    }
}

extension APIError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .connection(let error): error.description
        case .transport(let error): error.description
        case .invalidAnswer(let url, let status, let said):
            ("\(url): answered \(status) with something that is not from a Kubernetes API server"
                + (said.isEmpty ? "" : " (\(said))") + "; check the address").onOneLine
        case .unexpectedAnswer(let request, let reason):
            ("\(request): \(reason); check what answers there: a proxy, or an extension API server "
                + "(kubectl get apiservices)").onOneLine
        case .interrupted: "interrupted"
        case .status(let status) where status.code == 401:
            "the cluster does not accept the kubeconfig's credentials (\(status.message)); "
                + "log in again, or choose another --context"
        case .status(let status) where status.code == 403 && status.message.contains(" cannot "):
            "\(status.description); ask an administrator for this permission (docs/guides/permissions.md has ClusterRoles); "
                + "sail precheck lists all that are missing"
        case .status(let status) where (status.code == 429 || status.code >= 500) && status.isServers:
            status.description + "; the server is overloaded or in trouble: try again later"
        case .status(let status): status.description
        }
    }
}

extension Status: CustomStringConvertible {
    /// The server's message; a cause is added on its own line where the message does not hold it already.
    package var description: String {
        let extra = causes.filter { !message.contains($0.message) }
        let lines = extra.map { $0.field.isEmpty ? "  \($0.message)" : "  \($0.field): \($0.message)" }
        return ([message.isEmpty ? "the server answered \(code) \(reason)" : message] + lines).joined(separator: "\n")
    }
}
