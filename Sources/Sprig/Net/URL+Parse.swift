import GoRegexp
import GoTemplate
import Values

extension URL {
    /// Takes a URL or a reference apart, with Go's errors.
    init(parsing text: Text) throws(URLError) {
        let parts = text.split(by: "#", limit: 2)
        do throws(URLError) {
            try parse(parts[0])
        } catch {
            throw .about("parse ", parts[0], ": " + error.message)
        }
        guard parts.count > 1 else { return }
        do throws(URLError) {
            fragment = try Escaping.fragment.unescape(parts[1])
        } catch {
            throw .about("parse ", text, ": " + error.message)
        }
    }

    private mutating func parse(_ text: Text) throws(URLError) {
        if text.bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw URLError("net/url: invalid control character in URL")
        }
        if text == "*" {
            path = text
            return
        }
        var rest = try takeScheme(from: text)
        if let mark = rest.firstIndex(of: "?") {
            query = rest[(mark + 1)..<rest.count]
            rest = rest[0..<mark]
        }
        if !rest.hasPrefix("/") {
            if !scheme.isEmpty {
                opaque = rest
                return
            }
            if rest.split(by: "/", limit: 2)[0].contains(":") {
                throw URLError("first path segment in URL cannot contain colon")
            }
        }
        if rest.hasPrefix("//"), !scheme.isEmpty || !rest.hasPrefix("///") {
            let end = rest.firstIndex(of: "/", from: 2) ?? rest.count
            try parseAuthority(rest[2..<end])
            rest = rest[end..<rest.count]
        }
        path = try Escaping.path.unescape(rest)
    }

    private mutating func takeScheme(from text: Text) throws(URLError) -> Text {
        for (index, byte) in text.bytes.enumerated() {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A: continue
            case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if index == 0 { return text }
            case UInt8(ascii: ":"):
                if index == 0 { throw URLError("missing protocol scheme") }
                scheme = text[0..<index].mapRunes(\.lower)
                return text[(index + 1)..<text.count]
            default: return text
            }
        }
        return text
    }

    private mutating func parseAuthority(_ authority: Text) throws(URLError) {
        let at = authority.lastIndex(of: "@")
        host = try parseHost(authority[(at.map { $0 + 1 } ?? 0)..<authority.count])
        guard let at else { return }
        let info = authority[0..<at]
        guard info.bytes.allSatisfy(URL.isUserByte) else { throw URLError("net/url: invalid userinfo") }
        let parts = info.split(by: ":", limit: 2)
        let name = try Escaping.user.unescape(parts[0])
        user = User(name: name, password: parts.count > 1 ? try Escaping.user.unescape(parts[1]) : nil)
    }

    private static func isUserByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._:~!$&'()*+,;=%@".utf8.contains(byte)
        }
    }

    private func parseHost(_ text: Text) throws(URLError) -> Text {
        if let open = text.lastIndex(of: "[") {
            guard open == 0 else { throw URLError("invalid IP-literal") }
            return try parseLiteralAddress(text)
        }
        if let first = text.firstIndex(of: ":") {
            // Only for the web's own schemes may a host not have several colons.
            let isStrict = scheme == "http" || scheme == "https"
            let port = text[(isStrict ? first : text.lastIndex(of: ":") ?? first)..<text.count]
            guard URL.isPort(port) else { throw .about("invalid port ", port, " after host") }
        }
        return try Escaping.host.unescape(text)
    }

    /// `[address]` or `[address%25zone]`, with a port or none.
    private func parseLiteralAddress(_ text: Text) throws(URLError) -> Text {
        guard let close = text.lastIndex(of: "]") else { throw URLError("missing ']' in host") }
        let port = text[(close + 1)..<text.count]
        guard URL.isPort(port) else { throw .about("invalid port ", port, " after host") }
        let name = text[1..<close]
        var address: Text
        if let zone = name.firstIndex(of: "%25") {
            address = try Escaping.host.unescape(name[0..<zone])
            address += try Escaping.zone.unescape(name[zone..<name.count], isZone: true)
        } else {
            address = try Escaping.host.unescape(name)
        }
        switch InternetAddress.parse(address) {
        case .failure(let error): throw URLError("invalid host: " + error.message)
        case .success(let parsed) where parsed.bytes.count == 4: throw URLError("invalid IP-literal")
        case .success: return "[" + address + "]" + port
        }
    }
}
