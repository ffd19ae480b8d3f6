internal import Values

extension Request {
    /// What a header or the address has in it that would end it, and begin another one, as Go's net/http refuses it too;
    /// `nil` where all is well.
    package var invalidHeader: TransportError? {
        let address = url.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
        if address || security.serverName?.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) == true {
            return .invalidHeader(url: url, name: "")
        }
        let wrong = headers.first { !Request.isToken($0.name) || $0.value.utf8.contains(where: Request.isControl) }
        return wrong.map { .invalidHeader(url: url, name: $0.name) }
    }

    private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 || byte == 0x7F }

    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// What an answer must not be shown to repeat: the credentials of the request.
    package var secrets: [String] {
        var secrets: [String] = []
        for (name, value) in headers where name.lowercased() == "authorization" {
            guard let blank = value.firstIndex(of: " ") else {
                secrets.append(value)
                continue
            }
            let credential = String(value[value.index(after: blank)...])
            secrets.append(credential)
            guard value[..<blank].lowercased() == "basic", let pair = decodeBase64(credential),
                let colon = pair.firstIndex(of: UInt8(ascii: ":"))
            else { continue }
            secrets.append(String(decoding: pair[(colon + 1)...], as: UTF8.self))
        }
        for address in [url, proxy ?? ""] { secrets += Request.password(in: address).map { [$0] } ?? [] }
        return secrets
    }

    /// The password of an address, as written.
    private static func password(in address: String) -> String? {
        let start = address.firstIndex(of: "/").map { address[$0...].drop { $0 == "/" } } ?? address[...]
        guard let at = start.prefix(while: { $0 != "/" }).lastIndex(of: "@"),
            let colon = start[..<at].firstIndex(of: ":")
        else { return nil }
        return String(start[start.index(after: colon)..<at])
    }
}
