internal import Glibc
internal import HTTP
internal import System
internal import Values

/// The `oidc` auth-provider of a user entry: an ID token, and how to get the next one.
///
/// As with kubectl, refreshed tokens are written back to the kubeconfig (`KubeconfigTokenWriter`): an issuer that gives each refresh
/// token once only would otherwise lock the user out.
struct OIDC: Sendable {
    var issuer: String
    var clientID: String
    var clientSecret: String
    var idToken: String
    var refreshToken: String
    var authorities: [UInt8]?
    var owner: String
    /// The kubeconfig that holds it, and the user's name there.
    var file: String
    var user: String

    init(_ config: Value, _ user: String, file: String, _ owner: String, _ processEnvironment: ProcessEnvironment)
        throws(ConnectionError)
    {
        issuer = config["idp-issuer-url"]?.string ?? ""
        while issuer.hasSuffix("/") { issuer.removeLast() }
        self.user = user
        self.file = file
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
            authorities = try Connection.bytes(of: path, owner, processEnvironment)
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

    /// Gets a token that is good for ten more seconds at least: the one we have, or a new one from the issuer. Answers
    /// whether it is new.
    mutating func renew(now: Int, _ transport: any Transport) throws(ConnectionError) -> Bool {
        if !idToken.isEmpty, let expiry, expiry > now + 10 { return false }
        guard !refreshToken.isEmpty else {
            throw .loginExpired(owner: owner, reason: "the ID token has expired and there is no refresh token")
        }
        let discovery = try accepted(
            request("GET", issuer + "/.well-known/openid-configuration"), transport)
        guard let endpoint = discovery["token_endpoint"]?.string else {
            throw .loginExpired(owner: owner, reason: "\(issuer) names no token endpoint")
        }
        let answer = try exchange(endpoint, transport)
        guard let token = answer["id_token"]?.string else {
            throw .loginExpired(owner: owner, reason: "\(issuer) gave no new ID token")
        }
        idToken = token
        if let next = answer["refresh_token"]?.string, !next.isEmpty { refreshToken = next }
        return true
    }

    /// The client's secret goes into the header first and into the body where that is refused, as in Go's oauth2: RFC
    /// 6749 asks every issuer for the former, and not all do it. A client without a secret has only the body.
    private func exchange(
        _ endpoint: String, _ transport: any Transport
    ) throws(ConnectionError) -> Value {
        var form = [("grant_type", "refresh_token"), ("refresh_token", refreshToken)]
        if !clientSecret.isEmpty {
            var first = request("POST", endpoint, form: form)
            let pair = "\(clientID.percentEncoded):\(clientSecret.percentEncoded)"
            first.headers.append(("Authorization", "Basic " + base64(Array(pair.utf8))))
            if case .success(let response) = transport.perform(first), let value = OIDC.value(response) { return value }
        }
        form.append(("client_id", clientID))
        if !clientSecret.isEmpty { form.append(("client_secret", clientSecret)) }
        return try accepted(request("POST", endpoint, form: form), transport)
    }

    private func request(
        _ method: String, _ url: String, form: [(String, String)] = []
    ) -> Request {
        let body = form.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
        var request = Request(
            method, url,
            headers: form.isEmpty ? [] : [("Content-Type", "application/x-www-form-urlencoded")],
            body: form.isEmpty ? nil : Array(body.utf8), security: Security(authorities: authorities),
            limits: Limits(bytes: 4 << 20))
        // A refresh token may be good for one use.
        request.isSentOnce = !form.isEmpty
        return request
    }

    private static func value(_ response: Response) -> Value? {
        response.status == 200 ? try? Value(json: response.body, numbers: .native) : nil
    }

    private func accepted(_ request: Request, _ transport: any Transport) throws(ConnectionError) -> Value {
        switch transport.perform(request) {
        case .failure(let error): throw .loginExpired(owner: owner, reason: error.description)
        case .success(let response):
            if let value = OIDC.value(response) { return value }
            // RFC 6749, section 5.2: why the token was refused.
            let answer = try? Value(json: response.body, numbers: .native)
            let words = [answer?["error"]?.string, answer?["error_description"]?.string].compactMap {
                $0?.covering([refreshToken, clientSecret, idToken])
            }
            throw .loginExpired(
                owner: owner,
                reason: "\(request.url) answered \(response.status)"
                    + (words.isEmpty ? "" : " (\(words.joined(separator: ": ")))"))
        }
    }
}
