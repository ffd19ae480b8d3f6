/// What a server asks for in `WWW-Authenticate`: `Bearer realm="…",service="…",scope="…"` or `Basic realm="…"`.
enum AuthChallenge: Equatable {
    /// A token from the realm (the distribution specification's token authentication).
    case bearer(realm: String, service: String?, scope: String?)
    case basic

    /// The first challenge that can be met, tokens before passwords.
    static func best(of headers: [String]) -> AuthChallenge? {
        let all = headers.compactMap { AuthChallenge($0) }
        return all.first { $0 != .basic } ?? all.first
    }

    /// `nil` for another scheme, or a token without a realm.
    init?(_ header: String) {
        let scheme = header.prefix { $0 != " " }.lowercased()
        if scheme == "basic" {
            self = .basic
            return
        }
        let parameters = AuthChallenge.parameters(header.dropFirst(scheme.count))
        guard scheme == "bearer", let realm = parameters["realm"] else { return nil }
        self = .bearer(realm: realm, service: parameters["service"], scope: parameters["scope"])
    }

    private static func parameters(_ text: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].drop { $0 == "," || $0 == " " }
            rest = rest[rest.index(after: equals)...]
            let isQuoted = rest.first == "\""
            if isQuoted { rest = rest.dropFirst() }
            let end = rest.firstIndex(of: isQuoted ? "\"" : ",") ?? rest.endIndex
            parameters[name.lowercased()] = String(rest[..<end])
            rest = rest[end...].dropFirst()
        }
        return parameters
    }
}
