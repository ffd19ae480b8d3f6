/// Where charts come from, as `--charts` spells it.
///
/// `./charts` (a folder of charts, or one chart), `istiod-1.30.3.tgz`, `https://host/charts` (a repository with an
/// index.yaml), `https://host/istiod-1.30.3.tgz`, `oci://host/path` (a registry with one repository per chart beneath
/// `path`), `oci://host/path/istiod:1.30.3` (one chart).
package struct ChartSource: Sendable, Equatable {
    enum Place: Sendable, Equatable {
        case path(String)
        case archive(WebAddress)
        case repository(WebAddress)
        case registry(host: String, path: String)
        /// One chart by its tag or, as `sha256:…`, its digest; the path includes the chart's name.
        case image(host: String, path: String, reference: String)
    }

    let place: Place
    /// The user and password of an address that has them.
    var login: Login?

    /// Throws `ChartSourceError` for what is none of these.
    package init(_ text: String) throws(ChartSourceError) {
        guard let colon = text.utf8.firstIndex(of: Byte.colon), text[colon...].hasPrefix("://") else {
            if text.isEmpty { throw .malformed(text: text, reason: "is empty") }
            place = .path(text)
            return
        }
        switch text[..<colon].lowercased() {
        case "https", "http":
            guard var address = WebAddress(text) else { throw .malformed(text: text.redacted, reason: "is no address") }
            guard address.scheme == "https" || address.isLoopback else { throw .plainHTTP(address.shown) }
            guard address.query.isEmpty else { throw .malformed(text: address.shown, reason: "must not have a query") }
            login = address.login
            address.login = nil
            place = ChartSource.place(of: address)
        case "oci":
            (login, place) = try ChartSource.registry(text, text[colon...].dropFirst(3))
        case "file":
            place = .path(String(text[colon...].dropFirst(3)))
        default: throw .unknownScheme(text.redacted)
        }
    }

    /// Several sources with commas between them.
    package static func list(_ text: String) throws(ChartSourceError) -> [ChartSource] {
        var sources: [ChartSource] = []
        for part in text.split(separator: ",") { sources.append(try ChartSource(part.trimmingBlanks)) }
        if sources.isEmpty { throw .malformed(text: text, reason: "is empty") }
        return sources
    }

    private static func place(of address: WebAddress) -> Place {
        var address = address
        if address.path.hasSuffix(".tgz") || address.path.hasSuffix(".tar.gz") { return .archive(address) }
        if address.path.hasSuffix("/index.yaml") { address.path.removeLast("/index.yaml".count) }
        while address.path.hasSuffix("/") { address.path.removeLast() }
        return .repository(address)
    }

    private static func registry(
        _ text: String, _ rest: Substring
    ) throws(ChartSourceError) -> (Login?, Place) {
        let rest = rest.trimmingSlashes
        let isPlain = rest.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != Byte.question && $0 != UInt8(ascii: "#") }
        guard isPlain, let slash = rest.firstIndex(of: "/"), let (login, host) = splitUser(rest[..<slash]),
            !host.isEmpty
        else { throw .registryPath(text.redacted) }
        let path = rest[rest.index(after: slash)...]
        let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let mark = path[name...].firstIndex(of: "@") ?? path[name...].firstIndex(of: ":")
        guard let mark else { return (login, .registry(host: host.lowercased(), path: String(path))) }
        let reference = String(path[path.index(after: mark)...])
        let isDigest = path[mark] == "@"
        guard !reference.isEmpty, !isDigest || reference.isDigest else {
            throw .malformed(text: text.redacted, reason: "names no tag or sha256 digest after the chart")
        }
        return (login, .image(host: host.lowercased(), path: String(path[..<mark]), reference: reference))
    }

    /// Whether it is an address, which leads to the same from every machine.
    package var isAddress: Bool { if case .path = place { false } else { true } }

    /// Whether the address has a user or password in it.
    package var hasLogin: Bool { login != nil }

    /// The text that names this source again, without its user.
    package var text: String {
        switch place {
        case .path(let path): path
        case .archive(let address), .repository(let address): address.shown
        case .registry(let host, let path): "oci://\(host)/\(path)"
        case .image(let host, let path, let reference):
            "oci://\(host)/\(path)\(reference.isDigest ? "@" : ":")\(reference)"
        }
    }
}

extension Substring {
    var trimmingSlashes: Substring {
        var text = self
        while text.last == "/" { text.removeLast() }
        return text
    }

    fileprivate var trimmingBlanks: String {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

extension String {
    /// `sha256:` and 64 hexadecimal digits.
    var isDigest: Bool { hasPrefix("sha256:") && String(dropFirst(7)).isHexDigest }

    /// 64 hexadecimal digits in lower case.
    var isHexDigest: Bool {
        utf8.count == 64
            && utf8.allSatisfy { (0x30...0x39).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }

    /// Without what may be secret in an address: the user before the host, and the query.
    var redacted: String {
        guard let colon = utf8.firstIndex(of: Byte.colon), self[colon...].hasPrefix("://") else { return self }
        let rest = self[colon...].dropFirst(3).prefix { $0 != "?" && $0 != "#" }
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        let host = rest[..<end].lastIndex(of: "@").map { rest.index(after: $0) } ?? rest.startIndex
        return self[..<colon] + "://" + rest[host...]
    }
}
