internal import Glibc
internal import HTTP
internal import Values

/// The `oidc` auth-provider of a user entry: an ID token, and how to get the next one.
///
/// A refreshed token serves this process only. It is not written back: the exec plugins that replaced this provider
/// keep their own store, and rewriting a user's kubeconfig is not an installer's business.
struct OIDC: Sendable {
    var issuer: String
    var clientID: String
    var clientSecret: String
    var idToken: String
    var refreshToken: String
    var authorities: [UInt8]?
    var owner: String

    init(_ config: Value, _ owner: String, _ surroundings: Surroundings) throws(ConnectionError) {
        issuer = config["idp-issuer-url"]?.string ?? ""
        clientID = config["client-id"]?.string ?? ""
        clientSecret = config["client-secret"]?.string ?? ""
        idToken = config["id-token"]?.string ?? ""
        refreshToken = config["refresh-token"]?.string ?? ""
        self.owner = owner
        if let text = config["idp-certificate-authority-data"]?.string, !text.isEmpty {
            guard let bytes = decodeBase64(text) else {
                throw .invalidData(key: "idp-certificate-authority-data", owner: owner)
            }
            authorities = bytes
        } else if let path = config["idp-certificate-authority"]?.string, !path.isEmpty {
            guard let bytes = surroundings.read(path) else { throw .unreadableFile(path: path, owner: owner) }
            authorities = bytes
        }
    }

    /// When the ID token ends, in seconds since 1970, by its own `exp` claim.
    var expiry: Int? {
        let parts = idToken.split(separator: ".")
        guard parts.count == 3 else { return nil }
        var payload = parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while payload.count % 4 != 0 { payload.append("=") }
        guard let bytes = decodeBase64(String(payload)), let claims = try? Value(json: bytes, numbers: .native) else {
            return nil
        }
        return claims["exp"]?.int
    }

    /// A token that is good for ten more seconds at least: the one we have, or a new one from the issuer.
    func token(now: Int, _ transport: any Transport) throws(ConnectionError) -> (token: String, expiry: Int?) {
        if !idToken.isEmpty, let expiry, expiry > now + 10 { return (idToken, expiry) }
        guard !refreshToken.isEmpty else {
            throw .loginExpired(owner: owner, reason: "the ID token has expired and there is no refresh token")
        }
        let security = Security(authorities: authorities)
        let discovery = try fetch(
            Request("GET", issuer + "/.well-known/openid-configuration", security: security), transport)
        guard let endpoint = discovery["token_endpoint"]?.string else {
            throw .loginExpired(owner: owner, reason: "\(issuer) names no token endpoint")
        }
        let form = [
            ("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", clientID),
            ("client_secret", clientSecret),
        ]
        let body = form.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
        let answer = try fetch(
            Request(
                "POST", endpoint, headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array(body.utf8), security: security), transport)
        guard let token = answer["id_token"]?.string else {
            throw .loginExpired(owner: owner, reason: "\(issuer) gave no new ID token")
        }
        var next = self
        next.idToken = token
        return (token, next.expiry)
    }

    private func fetch(_ request: Request, _ transport: any Transport) throws(ConnectionError) -> Value {
        switch transport.perform(request) {
        case .failure(let error): throw .loginExpired(owner: owner, reason: error.description)
        case .success(let response):
            guard response.status == 200, let value = try? Value(json: response.body, numbers: .native) else {
                throw .loginExpired(owner: owner, reason: "\(request.url) answered \(response.status)")
            }
            return value
        }
    }
}
