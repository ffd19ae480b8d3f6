internal import HTTP
internal import Objects

/// Which proxy the environment asks for, by the rules of Go's net/http, which are kubectl's: never one for this very
/// machine, and NO_PROXY by host, domain, address or range. libcurl's own rules differ in both.
struct ProxyRule {
    private let proxy: String
    private let exceptions: [Substring]

    init(isSecure: Bool, _ environment: (String) -> String?) {
        func value(_ name: String) -> String {
            for name in [name, name.lowercased()] {
                if let text = environment(name), !text.isEmpty { return text }
            }
            return ""
        }
        let text = value(isSecure ? "HTTPS_PROXY" : "HTTP_PROXY")
        proxy = text.isEmpty || text.contains("://") ? text : "http://" + text
        exceptions = value("NO_PROXY").lowercased().split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    }

    /// The proxy for a server's URL in libcurl's form; empty for none.
    static func proxy(for server: String, _ environment: (String) -> String?) -> String {
        guard let address = Address(server) else { return "" }
        let rule = ProxyRule(isSecure: server.hasPrefix("https://"), environment)
        let isUsed = rule.applies(to: bare(address.host).lowercased(), port: address.port)
        return isUsed ? forCurl(rule.proxy) : ""
    }

    /// Go resolves names at a SOCKS proxy; libcurl does so by the name `socks5h`.
    static func forCurl(_ proxy: String) -> String {
        let prefix = "socks5://"
        return proxy.hasPrefix(prefix) ? "socks5h://" + proxy.dropFirst(prefix.count) : proxy
    }

    private func applies(to host: String, port: Substring) -> Bool {
        let address = IPAddress(host)
        if proxy.isEmpty || host == "localhost" || address?.isLoopback == true { return false }
        return !exceptions.contains { ProxyRule.covers($0, host, address, port) }
    }

    private static func covers(_ exception: Substring, _ host: String, _ address: IPAddress?, _ port: Substring) -> Bool
    {
        if exception == "*" { return true }
        if let slash = exception.lastIndex(of: "/"), Int(exception[exception.index(after: slash)...]) != nil {
            return address?.isIn(range: exception) == true
        }
        let (name, wanted) = parts(exception)
        guard wanted == nil || wanted == port else { return false }
        if let own = IPAddress(bare(name)) { return address == own }
        let domain = name.hasPrefix("*.") ? name.dropFirst() : name
        return domain.hasPrefix(".") ? host.hasSuffix(domain) : host == domain || host.hasSuffix("." + domain)
    }

    /// A host and the port behind it; an IPv6 address has no port without brackets.
    private static func parts(_ text: Substring) -> (name: Substring, port: Substring?) {
        guard let colon = text.lastIndex(of: ":"), text[..<colon].hasSuffix("]") || !text[..<colon].contains(":") else {
            return (text, nil)
        }
        return (text[..<colon], text[text.index(after: colon)...])
    }
}

/// Without the brackets of an IPv6 address in a URL.
private func bare(_ host: Substring) -> Substring {
    host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
}

private func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
}
