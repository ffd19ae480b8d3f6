/// An http or https address, taken apart as far as fetching needs it: `https://host:8443/charts/x.tgz?token=…`.
struct WebAddress: Equatable, Sendable {
    /// `http` or `https`.
    var scheme: String
    /// Host and port in lower case, without the user.
    var authority: String
    /// With its leading slash, or empty.
    var path: String
    /// With its question mark, or empty.
    var query: String
    /// The user and password before the host.
    var login: Login?

    /// `nil` for other schemes, without a host, and for text that has blanks or control characters.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), let colon = text.utf8.firstIndex(of: Byte.colon),
            text[colon...].hasPrefix("://")
        else { return nil }
        scheme = text[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[colon...].dropFirst(3).prefix { $0 != "#" }
        let end = rest.utf8.firstIndex { $0 == Byte.slash || $0 == Byte.question } ?? rest.endIndex
        guard let (login, host) = splitUser(rest[..<end]), !host.isEmpty, host.utf8.first != Byte.colon else {
            return nil
        }
        self.login = login
        authority = host.lowercased()
        let question = rest[end...].utf8.firstIndex(of: Byte.question) ?? rest.endIndex
        path = String(rest[end..<question])
        query = String(rest[question...])
    }

    /// What is sent to the server; never the user.
    var text: String { scheme + "://" + authority + path + query }

    /// What is shown to people: a query may hold a signature.
    var shown: String { scheme + "://" + authority + path }

    /// Scheme, host and port: what credentials are for.
    var origin: String {
        let standard = scheme == "https" ? ":443" : ":80"
        let host = authority.hasSuffix(standard) ? String(authority.dropLast(standard.count)) : authority
        return scheme + "://" + host
    }

    /// Plain http is accepted only from this machine itself, where no network is in between.
    var isLoopback: Bool { authority.isLoopbackHost }

    /// Where a reference found at this address leads (RFC 3986, section 5.2); `nil` for other schemes.
    func resolving(_ reference: String) -> WebAddress? {
        if let other = WebAddress(reference) { return other }
        guard !reference.hasScheme, reference.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        if reference.hasPrefix("//") { return WebAddress(scheme + ":" + reference) }
        var result = self
        let reference = reference.prefix { $0 != "#" }
        let question = reference.utf8.firstIndex(of: Byte.question) ?? reference.endIndex
        result.query = String(reference[question...])
        let target = reference[..<question]
        let base =
            target.utf8.first == Byte.slash ? "" : path.utf8.lastIndex(of: Byte.slash).map { path[...$0] } ?? ""
        if target.isEmpty {
            if result.query.isEmpty { result.query = query }
        } else if path.isEmpty, base.isEmpty {
            result.path = withoutDots(target.utf8.first == Byte.slash ? String(target) : "/" + target)
        } else {
            result.path = withoutDots(String(base) + target)
        }
        return result
    }
}

/// Bytes with a meaning in addresses.
enum Byte {
    static let slash = UInt8(ascii: "/")
    static let colon = UInt8(ascii: ":")
    static let question = UInt8(ascii: "?")
    static let at = UInt8(ascii: "@")
}

/// User and password, decoded, and the host after them; `nil` where an escape is wrong.
func splitUser(_ authority: Substring) -> (login: Login?, host: Substring)? {
    guard let at = authority.utf8.lastIndex(of: Byte.at) else { return (nil, authority) }
    let user = authority[..<at]
    let host = authority[authority.utf8.index(after: at)...]
    let colon = user.utf8.firstIndex(of: Byte.colon) ?? user.endIndex
    guard let name = percentDecoded(user[..<colon]), let password = percentDecoded(user[colon...].dropFirst()) else {
        return nil
    }
    return (name.isEmpty && password.isEmpty ? nil : Login(name: name, password: password), host)
}

private func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard rest.count >= 2, let digits = String(rest.prefix(2)), let value = UInt8(digits, radix: 16) else {
            return nil
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}

/// A path with `.` and `..` resolved; it never leads above the root.
private func withoutDots(_ path: String) -> String {
    var parts: [Substring] = []
    let all = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    for part in all {
        switch part {
        case ".": continue
        case "..": parts = parts.dropLast()
        default: parts.append(part)
        }
    }
    let endsOpen = all.last == "." || all.last == ".."
    return "/" + parts.joined(separator: "/") + (endsOpen && !parts.isEmpty ? "/" : "")
}

extension String {
    /// `[::1]:5000`, `localhost`, `127.0.0.1:80`: this machine.
    var isLoopbackHost: Bool {
        ["127.0.0.1", "localhost", "[::1]"].contains { host in
            hasPrefix(host) && [nil, ":"].contains(dropFirst(host.count).first)
        }
    }

    /// Whether the text starts with a scheme: `ftp:…`.
    var hasScheme: Bool {
        guard let colon = utf8.firstIndex(of: Byte.colon), colon != startIndex else { return false }
        return self[..<colon].utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                || [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
        }
    }
}
