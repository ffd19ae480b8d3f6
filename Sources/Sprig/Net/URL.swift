import Values

/// A URL in its parts as Go's net/url takes it apart and puts it together.
struct URL {
    struct User {
        var name: Text
        var password: Text?

        /// Name and password, escaped, before the `@`.
        var text: Text {
            let name = Escaping.user.escape(name)
            return password.map { name + ":" + Escaping.user.escape($0) } ?? name
        }
    }

    var scheme: Text = ""
    var opaque: Text = ""
    var user: User?
    var host: Text = ""
    var path: Text = ""
    var query: Text = ""
    var fragment: Text = ""

    init() {}

    /// The host without port and brackets.
    var hostname: Text {
        var name = host
        if let colon = name.lastIndex(of: ":"), URL.isPort(name[colon..<name.count]) { name = name[0..<colon] }
        if name.hasPrefix("["), name.hasSuffix("]") { name = name[1..<max(1, name.count - 1)] }
        return name
    }

    /// The URL written out, each part escaped as it needs.
    var text: Text {
        var result: Text = scheme.isEmpty ? "" : scheme + ":"
        if opaque.isEmpty { appendHierarchy(to: &result) } else { result += opaque }
        if !query.isEmpty { result += "?" + query }
        if !fragment.isEmpty { result += "#" + Escaping.fragment.escape(fragment) }
        return result
    }

    private func appendHierarchy(to result: inout Text) {
        if !host.isEmpty || user != nil || !scheme.isEmpty && !path.isEmpty { result += "//" }
        if let user { result += user.text + "@" }
        result += Escaping.host.escape(host)
        let path = path == "*" ? path : Escaping.path.escape(path)
        if !path.isEmpty, !path.hasPrefix("/"), !host.isEmpty { result += "/" }
        // A colon in the first segment of a bare path would read as a scheme.
        if result.isEmpty, path.split(by: "/", limit: 2)[0].contains(":") { result += "./" }
        result += path
    }

    static func isPort(_ text: Text) -> Bool {
        let bytes = text.bytes
        guard let first = bytes.first else { return true }
        return first == UInt8(ascii: ":") && bytes.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }
}

/// What Go's net/url says of a bad URL.
struct URLError: Error {
    let message: Text

    init(_ message: Text) {
        self.message = message
    }

    static func about(_ before: Text, _ text: Text, _ after: Text = "") -> URLError {
        URLError(before + quoted(text) + after)
    }
}

/// The percent-escaping of one part of a URL.
struct Escaping {
    /// The bytes besides letters, digits and `-._~` that stand for themselves.
    private let kept: [UInt8]
    private let isHost: Bool

    private init(_ kept: StaticString, isHost: Bool = false) {
        self.kept = Array("-._~\(kept)".utf8)
        self.isHost = isHost
    }

    static let path = Escaping("$&+,/:;=@")
    static let host = Escaping("!\"$&'()*+,:;<=>[]", isHost: true)
    /// An IPv6 zone, the part after `%25`.
    static let zone = Escaping("!\"$&'()*+,:;<=>[]")
    static let user = Escaping("$&+,;=")
    static let fragment = Escaping("!$&()*+,/:;=?@")

    private func keeps(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: kept.contains(byte)
        }
    }

    func escape(_ text: Text) -> Text {
        let digits = Array("0123456789ABCDEF".utf8)
        return Text(
            text.bytes.flatMap {
                keeps($0) ? [$0] : [UInt8(ascii: "%"), digits[Int($0 >> 4)], digits[Int($0 & 15)]]
            })
    }

    /// The text with escapes resolved; a host may only escape bytes beyond ASCII and `%`, a zone also what it keeps.
    func unescape(_ text: Text, isZone: Bool = false) throws(URLError) -> Text {
        let bytes = text.bytes
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "%") else {
                if isHost || isZone, byte < 0x80, !keeps(byte) {
                    throw .about("invalid character ", Text([byte]), " in host name")
                }
                result.append(byte)
                index += 1
                continue
            }
            let escape = bytes[index..<min(index + 3, bytes.count)]
            guard escape.count == 3, let high = hexadecimal(bytes[index + 1]), let low = hexadecimal(bytes[index + 2])
            else { throw .about("invalid URL escape ", Text(escape)) }
            let value = high << 4 | low
            let isPercent = value == UInt8(ascii: "%")
            if isHost, high < 8, !isPercent { throw .about("invalid URL escape ", Text(escape)) }
            if isZone, !isPercent, value != 0x20, !keeps(value) {
                throw .about("invalid URL escape ", Text(escape))
            }
            result.append(value)
            index += 3
        }
        return Text(result)
    }

    private func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
