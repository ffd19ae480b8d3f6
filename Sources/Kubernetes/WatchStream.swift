internal import HTTP
internal import Values

/// The stream of a watch beside other requests. A class, since the transport hands it lines as they come.
final class WatchStream {
    /// Seconds that a server may take to end a stream whose time is over.
    static let grace = 30

    let request: Request
    var source: OpenStream?
    private var buffer = LineBuffer()
    private(set) var isTooLong = false

    init(_ request: Request) { self.request = request }

    /// The values of the lines that are whole with these bytes; what is no JSON is `null`.
    func lines(of bytes: [UInt8]) -> [Value] {
        guard !isTooLong else { return [] }
        buffer.append(bytes)
        var found: [Value] = []
        while let line = buffer.next() {
            if !line.isEmpty { found.append((try? Value(json: line, numbers: .native)) ?? .null) }
        }
        if buffer.isTooLong {
            isTooLong = true
            close()
        }
        return found
    }

    var hasEnded: Bool { source?.result != nil }

    func close() { source?.close() }
}
