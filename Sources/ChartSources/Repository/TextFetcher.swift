package import HTTP
internal import Values

/// A text that was read over https.
package struct FetchedText: Sendable {
    package let bytes: [UInt8]
    /// The address without what may be secret in it.
    package let address: String
    /// Whether the address alone leads to it: no user, no query that may hold a signature.
    package let isPublic: Bool
}

/// Whether a text is an address that holds nothing secret: https, or this machine, without user and query.
package func isPublicAddress(_ text: String) -> Bool {
    guard let address = WebAddress(text) else { return false }
    return (address.scheme == "https" || address.isLoopback) && address.login == nil && address.query.isEmpty
}

/// What a text is read as, for messages: `--catalogue`, `a catalogue`.
package struct FetchedTextKind: Equatable, Sendable {
    package let flag: String
    package let noun: String

    package init(flag: String, noun: String) { (self.flag, self.noun) = (flag, noun) }
}

/// Reads a text from an address, by the rules of chart sources: https only, or this machine; a whole answer of at
/// most `limit` bytes; the login of a repository at that address, where there is one.
package func fetchText(
    _ text: String, of kind: FetchedTextKind, limit: Int, environment: @escaping (String) -> String?,
    transport: @escaping () throws -> any Transport
) throws(ChartSourceError) -> FetchedText {
    guard var address = WebAddress(text) else { throw .text(kind, url: text.redacted, reason: "is no address") }
    guard address.scheme == "https" || address.isLoopback else { throw .plainHTTP(address.shown) }
    let own = address.login
    address.login = nil
    let client = try Connection(environment: environment, transport: transport).client()
    let login = own ?? client.credentials.login(forRepository: address)
    let answer = try client.get(Client.Call(address: address, authorization: login?.basic, limit: limit))
    if answer.isPage { throw .text(kind, url: address.shown, reason: "is a web page, not \(kind.noun)") }
    return FetchedText(bytes: answer.body, address: address.shown, isPublic: own == nil && address.query.isEmpty)
}
