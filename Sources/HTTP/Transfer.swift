internal import CCurl

/// One request under way: what has arrived of its response. A class, since libcurl's callbacks hold a pointer to it.
final class Transfer {
    let request: Request
    var response = Response(status: 0)
    var headerList: UnsafeMutablePointer<curl_slist>?
    var connectList: UnsafeMutablePointer<curl_slist>?
    /// The receiver of a streamed body asked for no more.
    private(set) var isStopped = false
    private(set) var isTooLarge = false
    /// It was held back before it was sent.
    private(set) var isWithheld = false
    /// Its connection is open, and libcurl was allowed to send it.
    private(set) var isBegun = false
    let errorBuffer: UnsafeMutablePointer<CChar>

    private let receive: (([UInt8]) -> Bool)?
    private let mayStart: () -> Bool
    private var received = 0
    private var headerBytes = 0

    /// All header lines of an transfer, those of interim answers too.
    private static let largestHeader = 1 << 20

    init(_ request: Request, receive: (([UInt8]) -> Bool)?, mayStart: @escaping () -> Bool = { true }) {
        self.request = request
        self.receive = receive
        self.mayStart = mayStart
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        errorBuffer.deallocate()
    }

    /// libcurl's description of a failure.
    var reason: String? {
        errorBuffer[0] == 0 ? nil : String(cString: errorBuffer)
    }

    func stop() { isStopped = true }

    /// Whether it may be sent now.
    func maySend() -> Bool {
        isWithheld = !mayStart()
        return !isWithheld
    }

    /// The same, asked by libcurl when the connection is open.
    func begins() -> Bool {
        isBegun = maySend()
        return isBegun
    }

    /// Takes a piece of the body; `false` ends the transfer.
    func take(body: UnsafeRawBufferPointer) -> Bool {
        received += body.count
        if let receive, (200..<300).contains(response.status) {
            isStopped = !receive(Array(body))
            return !isStopped
        }
        guard received <= request.limits.bytes else {
            isTooLarge = true
            return false
        }
        response.body.append(contentsOf: body)
        return true
    }

    /// Takes a header line; a status line starts the headers again (after a 100). `false` ends the transfer.
    func take(header: UnsafeRawBufferPointer) -> Bool {
        headerBytes += header.count
        guard headerBytes <= Transfer.largestHeader else {
            isTooLarge = true
            return false
        }
        let line = String(decoding: header, as: UTF8.self).filter { !$0.isNewline }
        if line.hasPrefix("HTTP/") {
            response.headers = []
            response.body = []
            received = 0
            let words = line.split(separator: " ")
            response.version = words.first.map(String.init) ?? ""
            response.status = words.count > 1 ? Int(words[1]) ?? 0 : 0
            return true
        }
        guard let colon = line.firstIndex(of: ":") else { return true }
        let value = line[line.index(after: colon)...]
        response.headers.append((line[..<colon].lowercased(), String(value.drop { $0 == " " })))
        return true
    }
}
