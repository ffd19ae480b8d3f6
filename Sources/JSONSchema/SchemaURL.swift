import GoTemplate
import Sprig
import Values

/// Addresses of schemas: references are resolved as RFC 3986 has it.
enum SchemaURL {
    /// The address that a reference leads to from `base`, and its fragment with percent signs decoded.
    static func resolve(_ reference: String, base: String) throws(SchemaFailure) -> (url: String, fragment: String) {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let fragment = parts.count > 1 ? String(parts[1]) : ""
        guard let decoded = percentDecoded(fragment) else {
            let bad = fragment.drop { $0 != "%" }.prefix(3)
            throw .unparsableURL(reference, reason: "invalid URL escape \(quoted(String(bad)))")
        }
        let address = String(parts[0])
        if case .failure(let problem) = TextForms.url(Text(address)) {
            throw .unparsableURL(address, reason: problem.message.string)
        }
        return (join(base, address), decoded)
    }

    private static func join(_ base: String, _ reference: String) -> String {
        if scheme(of: reference) != nil { return reference }
        guard let scheme = scheme(of: base) else { return reference.isEmpty ? base : reference }
        let rest = base.dropFirst(scheme.count + 1)
        // An address such as urn:x:y has no parts to put a reference between.
        guard rest.hasPrefix("/") else { return base }
        if reference.isEmpty { return base }
        if reference.hasPrefix("//") { return scheme + ":" + reference }
        let hasAuthority = rest.hasPrefix("//")
        let afterSlashes = hasAuthority ? rest.dropFirst(2) : rest
        let authority = hasAuthority ? afterSlashes.prefix { $0 != "/" && $0 != "?" } : ""
        let root = scheme + ":" + (hasAuthority ? "//" : "") + authority
        let path = afterSlashes.dropFirst(authority.count).prefix { $0 != "?" }
        if reference.hasPrefix("?") { return root + path + reference }
        let mark = reference.firstIndex(of: "?") ?? reference.endIndex
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        let joined = reference.hasPrefix("/") ? String(reference[..<mark]) : String(folder) + reference[..<mark]
        return root + withoutDots(joined) + reference[mark...]
    }

    /// The path with `.` and `..` worked out.
    private static func withoutDots(_ path: String) -> String {
        var parts: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (index, part) in segments.enumerated() {
            let isLast = index == segments.count - 1
            if part == "." || part == ".." {
                if part == "..", !parts.isEmpty { parts.removeLast() }
                if isLast { parts.append("") }
            } else {
                parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func scheme(of url: String) -> String? {
        guard let colon = url.firstIndex(of: ":"), let first = url.utf8.first,
            (0x61...0x7A).contains(first | 0x20)
        else { return nil }
        let name = url[..<colon]
        let isName = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "+-.".utf8.contains(byte)
        }
        return isName ? String(name) : nil
    }

    /// `nil` where a percent sign is not followed by two hexadecimal digits.
    static func percentDecoded(_ text: String) -> String? {
        var result: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimalDigit),
                let low = rest.popFirst().flatMap(hexadecimalDigit)
            else { return nil }
            result.append(high << 4 | low)
        }
        return Text(result).string
    }

    /// Why a schema elsewhere is not available: sail loads none, neither from disk nor from the net.
    static func unreachable(_ url: String) -> String {
        switch scheme(of: url) {
        case "file"?:
            let path = percentDecoded(String(url.dropFirst("file://".count))) ?? url
            return "open \(path): no such file or directory"
        case "http"?, "https"?: return "HTTP request failed for \(url): schemas are not fetched"
        default: return "no URLLoader registered for \(quoted(url))"
        }
    }
}
