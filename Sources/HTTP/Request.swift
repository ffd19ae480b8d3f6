internal import Values

/// An HTTP request: what is asked of which server, and how far to trust it. Redirects are answers like others: who sends
/// a request decides where its credentials may go.
package struct Request: Sendable {
    package var method: String
    package var url: String
    /// Header lines without the colon's blank: `("Accept", "application/json")`.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    package var security: Security
    package var limits: Limits
    /// The proxy's URL; `nil` takes the environment's (HTTPS_PROXY, NO_PROXY), empty means none.
    package var proxy: String?
    /// Whether the body may come compressed, to be unpacked on arrival.
    package var acceptsCompression = true
    /// Whether sending it twice may do harm. It then gets a connection of its own: where one that stood before breaks,
    /// libcurl sends again whatever the method is.
    package var isSentOnce = false

    package init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        security: Security = Security(), limits: Limits = Limits(), proxy: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.security = security
        self.limits = limits
        self.proxy = proxy
    }
}

/// The parts of a URL that say where to connect.
package struct Address {
    package var isSecure: Bool
    /// With the brackets of an IPv6 address.
    package var host: Substring
    package var port: Substring
    /// Host and port as the URL has them.
    var authority: Substring
    /// Path and query, with the leading slash.
    var path: Substring

    /// `nil` where the text is neither an https nor an http URL.
    package init?(_ url: String) {
        isSecure = url.hasPrefix("https://")
        guard isSecure || url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst(isSecure ? "https://".count : "http://".count)
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        authority = rest[..<end]
        path = rest[end...]
        let closing = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[closing...].firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        } else {
            host = authority
            port = isSecure ? "443" : "80"
        }
    }
}

/// How the server is verified and how the client shows who it is. Certificates and keys are PEM.
package struct Security: Sendable, Equatable {
    /// Certificates that replace the system's.
    package var authorities: [UInt8]?
    package var clientCertificate: [UInt8]?
    package var clientKey: [UInt8]?
    /// Skips verification of the server.
    package var isInsecure: Bool
    /// The name the server's certificate must carry where it is not the URL's host.
    package var serverName: String?

    package init(
        authorities: [UInt8]? = nil, clientCertificate: [UInt8]? = nil, clientKey: [UInt8]? = nil,
        isInsecure: Bool = false, serverName: String? = nil
    ) {
        self.authorities = authorities
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.isInsecure = isInsecure
        self.serverName = serverName
    }
}

/// The bounds of one transfer.
package struct Limits: Sendable {
    /// Until the connection is open, in milliseconds.
    package var connect: Int
    /// For the whole transfer, in milliseconds; 0 is no limit.
    package var total: Int
    /// A transfer that stays below one byte a second for this many seconds is given up; 0 is no limit.
    package var stall: Int
    /// The largest body taken, in bytes.
    package var bytes: Int

    package init(connect: Int = 10_000, total: Int = 60_000, stall: Int = 20, bytes: Int = 128 << 20) {
        self.connect = connect
        self.total = total
        self.stall = stall
        self.bytes = bytes
    }
}

/// An HTTP response with its whole body.
package struct Response: Sendable {
    package var status: Int
    /// Header fields of the last answer (after redirects), names in lower case.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Where the answer came from, after redirects.
    package var url: String
    /// As the status line says it: `HTTP/2`.
    package var version = ""

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [], url: String = "") {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
    }

    package subscript(header name: String) -> String? {
        headers.last { $0.name == name }?.value
    }
}

/// Why an transfer gave no whole response.
package enum TransportError: Error, Sendable, Equatable {
    /// libcurl, or a function of it, could not be loaded.
    case libraryMissing(String)
    case unresolvedHost(url: String)
    case unreachable(url: String, reason: String)
    /// The server's certificate was not accepted.
    /// `isByGiven` tells whether authorities were given for it, which replace the system's.
    case untrustedServer(url: String, reason: String, isByGiven: Bool)
    /// The certificate is trusted, and is for another host.
    case wrongName(url: String, reason: String)
    /// The server's certificate has ended, or has not yet begun.
    case outdatedCertificate(url: String, reason: String)
    /// The server does not speak TLS.
    case notTLS(url: String, reason: String)
    /// The proxy was not reached, or did not let us through; its address is empty where it is the environment's.
    case proxy(url: String, proxy: String, reason: String)
    /// The client's certificate or key could not be used.
    case clientCertificate(url: String, reason: String)
    case timedOut(url: String, reason: String)
    case tooLarge(url: String, bytes: Int)
    /// The connection broke before the whole answer was there.
    case interrupted(url: String, reason: String)
    case cancelled(url: String)
    /// A header, or the address itself, would hold a line break or another control character.
    case invalidHeader(url: String, name: String)
    /// It was held back before it was sent, and may be tried again.
    case withheld(url: String)
    case failed(url: String, reason: String)
}

extension TransportError: CustomStringConvertible {
    package var description: String { text.onOneLine }

    private var text: String {
        switch self {
        case .libraryMissing(let name):
            "\(name) could not be loaded, and without libcurl no server can be reached; install it (Debian and Ubuntu: apt-get "
                + "install libcurl4; Fedora, RHEL and Amazon Linux: dnf install libcurl-minimal)"
        case .unresolvedHost(let url): "\(url): the host name does not resolve; check the name and the DNS"
        case .unreachable(let url, let reason): "\(url): no connection (\(reason)); check the address and the network"
        case .untrustedServer(let url, let reason, isByGiven: true):
            "\(url): the server's certificate is not trusted (\(reason)); check the certificate authority given for it"
        case .untrustedServer(let url, let reason, isByGiven: false):
            "\(url): the server's certificate is not trusted (\(reason)): this machine does not know its certificate "
                + "authority; install ca-certificates where it is missing, or give the authority as certificate-authority of "
                + "the kubeconfig's cluster, or for charts in SSL_CERT_FILE"
        case .wrongName(let url, let reason):
            "\(url): the server's certificate is for another name (\(reason)); use an address that it names, or "
                + "tls-server-name"
        case .outdatedCertificate(let url, let reason):
            "\(url): the server's certificate is not valid today (\(reason)); renew it, or set this machine's clock"
        case .notTLS(let url, let reason):
            "\(url): no TLS is spoken there (\(reason)); check the port, or whether the address begins with http://"
        case .proxy(let url, let proxy, let reason):
            "\(url): the proxy \(proxy.isEmpty ? "" : proxy + " ")gives no way there (\(reason)); check proxy-url or "
                + "HTTPS_PROXY and NO_PROXY"
        case .clientCertificate(let url, let reason):
            "\(url): the client certificate or key cannot be used (\(reason)); see whether they belong together, or log in "
                + "again"
        case .timedOut(let url, let reason): "\(url): timed out (\(reason)); check the network, and try again"
        case .tooLarge(let url, let bytes): "\(url): the answer is larger than \(bytes) bytes; refused"
        case .interrupted(let url, let reason):
            "\(url): the connection broke before the whole answer came (\(reason)); try again"
        case .cancelled(let url): "\(url): cancelled"
        case .invalidHeader(let url, let name) where name.isEmpty:
            "\(url): the address has a blank or a control character in it; nothing was sent, correct the address"
        case .invalidHeader(let url, let name):
            "\(url): the header \(name) would have a line break or another control character in it; nothing was sent, "
                + "correct \(TransportError.origin(of: name))"
        case .withheld(let url): "\(url): held back, not sent"
        case .failed(let url, let reason): "\(url): \(reason)"
        }
    }

    /// Where the value of a header comes from.
    private static func origin(of header: String) -> String {
        switch header {
        case "Authorization": "the token or password"
        case _ where header.hasPrefix("Impersonate-"): "--as, --as-group, --as-uid or the kubeconfig's as fields"
        default: "its value"
        }
    }
}
