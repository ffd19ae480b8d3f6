internal import CCurl
internal import Glibc

/// libcurl's multi interface on one thread: up to 32 transfers in flight over kept connections, HTTP/2 where offered.
///
/// libcurl before 8.6 leaves an answer in its buffer now and then when many streams share a connection, and waits until
/// the time is over (seen with 7.88.1): with those, eight connections of HTTP/1.1.
///
/// A class, since it owns C handles. libcurl is loaded when the first one is made.
package final class CurlTransport: Transport {
    private static let mostInFlight = 32

    var curl = sail_curl()
    private let multi: UnsafeMutableRawPointer
    /// Whether requests share a connection.
    package let isMultiplexed: Bool
    private let inFlight: Int
    private var idle: [UnsafeMutableRawPointer] = []
    /// Streams that go on while other requests are performed.
    private var open: [UnsafeMutableRawPointer: (transfer: Transfer, stream: OpenStream)] = [:]
    /// What else this thread serves while it waits for the network.
    private var attendants: [any Attendant] = []
    /// With GnuTLS some options for texts in memory are taken, and have no effect.
    let takesTexts: Bool
    let memoryFiles = MemoryFiles()
    /// Asked about each request under way, once a second and after each signal: whether its answer is no longer wanted.
    package var isAbandoned: (Request) -> Bool = { _ in false }

    /// Throws `TransportError.libraryMissing` where libcurl cannot be loaded.
    package init() throws {
        if let missing = sail_curl_open(&curl) { throw TransportError.libraryMissing(String(cString: missing)) }
        guard let multi = curl.multi_init() else { throw TransportError.libraryMissing("curl_multi_init") }
        self.multi = multi
        let version = curl.version().map { String(cString: $0) } ?? ""
        isMultiplexed = CurlTransport.version(version).map { $0 >= (8, 6) } ?? true
        takesTexts = !version.contains("GnuTLS/")
        inFlight = isMultiplexed ? CurlTransport.mostInFlight : 8
        _ = sail_multi_set_long(&curl, multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        // Or else libcurl closes connections when a batch comes to its end.
        _ = sail_multi_set_long(&curl, multi, CURLMOPT_MAXCONNECTS, CurlTransport.mostInFlight)
    }

    deinit {
        for (handle, item) in open {
            item.stream.result = finish(item.transfer, handle, CURLE_ABORTED_BY_CALLBACK)
        }
        for handle in idle { curl.easy_cleanup(handle) }
        _ = curl.multi_cleanup(multi)
    }

    package func perform(_ requests: [Request]) -> [Result<Response, TransportError>] {
        var results: [Result<Response, TransportError>?] = Array(repeating: nil, count: requests.count)
        perform(requests, mayStart: { true }) { results[$0] = $1 }
        return zip(requests, results).map { $1 ?? .failure(.cancelled(url: $0.url)) }
    }

    package func perform(
        _ requests: [Request], mayStart: @escaping () -> Bool,
        receive: (Int, Result<Response, TransportError>) -> Void
    ) {
        var running: [UnsafeMutableRawPointer: (index: Int, transfer: Transfer)] = [:]
        var next = 0
        while next < requests.count || !running.isEmpty {
            while next < requests.count, running.count < inFlight {
                let transfer = Transfer(requests[next], receive: nil, mayStart: mayStart)
                switch transfer.maySend() ? start(transfer) : .failure(.withheld(url: requests[next].url)) {
                case .success(let handle): running[handle] = (next, transfer)
                case .failure(let error): receive(next, .failure(error))
                }
                next += 1
            }
            for (handle, (index, transfer)) in running where isHalfSent(transfer, handle) && !transfer.maySend() {
                running[handle] = nil
                receive(index, finish(transfer, handle, CURLE_ABORTED_BY_CALLBACK))
            }
            advance { handle, code in
                guard let (index, transfer) = running.removeValue(forKey: handle) else { return }
                receive(index, finish(transfer, handle, code))
            }
            for (handle, (index, transfer)) in running where isAbandoned(transfer.request) {
                running[handle] = nil
                receive(index, finish(transfer, handle, CURLE_ABORTED_BY_CALLBACK))
            }
        }
    }

    package func stream(_ request: Request, receive: ([UInt8]) -> Bool) -> Result<Response, TransportError> {
        withoutActuallyEscaping(receive) { receive in
            let transfer = Transfer(request, receive: receive)
            let handle: UnsafeMutableRawPointer
            switch start(transfer) {
            case .success(let started): handle = started
            case .failure(let error): return .failure(error)
            }
            var result: Result<Response, TransportError>?
            while result == nil {
                advance { ended, code in if ended == handle { result = finish(transfer, handle, code) } }
                // Also in silence the receiver is asked whether to go on.
                if result == nil, !receive([]) {
                    transfer.stop()
                    result = finish(transfer, handle, CURLE_OK)
                }
            }
            return result ?? .failure(.cancelled(url: request.url))
        }
    }

    package func open(_ request: Request, receive: @escaping ([UInt8]) -> Void) -> OpenStream {
        let stream = OpenStream(url: request.url)
        let transfer = Transfer(
            request,
            receive: { bytes in
                receive(bytes)
                return !stream.isClosed
            })
        switch start(transfer) {
        case .success(let handle): open[handle] = (transfer, stream)
        case .failure(let error): stream.result = .failure(error)
        }
        return stream
    }

    package func serve(_ attendant: any Attendant) { attendants.append(attendant) }

    package func rest(milliseconds: Int) {
        for (handle, item) in open where item.stream.isClosed {
            open[handle] = nil
            item.transfer.stop()
            item.stream.result = finish(item.transfer, handle, CURLE_OK)
        }
        advance(milliseconds: max(0, milliseconds)) { _, _ in }
    }

    /// The first two numbers of `libcurl/7.88.1 OpenSSL/3.0.15 …`; `nil` where it says none.
    static func version(_ text: String) -> (Int, Int)? {
        let numbers = text.prefix { $0 != " " }.drop { $0 != "/" }.dropFirst().split(separator: ".").map { Int($0) }
        guard numbers.count > 1, let major = numbers[0], let minor = numbers[1] else { return nil }
        return (major, minor)
    }

    /// Lets libcurl work and waits for news at most a second; hands over what has ended.
    private func advance(milliseconds: Int = 1000, ended: (UnsafeMutableRawPointer, CURLcode) -> Void) {
        var running: Int32 = 0
        _ = curl.multi_perform(multi, &running)
        var left: Int32 = 0
        var hasEnded = false
        while let message = curl.multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = sail_message_handle(message) else { continue }
            hasEnded = true
            let code = sail_message_result(message)
            if let item = open.removeValue(forKey: handle) {
                item.stream.result = finish(item.transfer, handle, code)
            } else {
                ended(handle, code)
            }
        }
        if !hasEnded { wait(milliseconds: milliseconds) }
    }

    /// Waits for news of the transfers and of what the attendants look at; these then have their turn.
    private func wait(milliseconds: Int) {
        var awaited: [curl_waitfd] = []
        for attendant in attendants {
            for item in attendant.awaited {
                let events = item.writes ? CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN
                awaited.append(curl_waitfd(fd: item.descriptor, events: Int16(events), revents: 0))
            }
        }
        _ = curl.multi_poll(multi, &awaited, UInt32(awaited.count), Int32(clamping: milliseconds), nil)
        for attendant in attendants { attendant.attend() }
    }

    /// Whether a part of the body is still to be sent: ended now, the server has nothing to act on.
    private func isHalfSent(_ transfer: Transfer, _ handle: UnsafeMutableRawPointer) -> Bool {
        guard transfer.isBegun, transfer.response.status == 0, let body = transfer.request.body else { return false }
        return sail_get_size(&curl, handle, CURLINFO_SIZE_UPLOAD_T) < body.count
    }

    private func start(_ transfer: Transfer) -> Result<UnsafeMutableRawPointer, TransportError> {
        if let error = transfer.request.invalidHeader { return .failure(error) }
        guard let handle = idle.popLast() ?? curl.easy_init() else {
            return .failure(.failed(url: transfer.request.url, reason: "libcurl is out of memory"))
        }
        curl.easy_reset(handle)
        if let error = configure(handle, transfer) {
            idle.append(handle)
            return .failure(error)
        }
        _ = curl.multi_add_handle(multi, handle)
        return .success(handle)
    }

    private func finish(
        _ transfer: Transfer, _ handle: UnsafeMutableRawPointer, _ code: CURLcode
    ) -> Result<Response, TransportError> {
        defer {
            _ = curl.multi_remove_handle(multi, handle)
            curl.slist_free_all(transfer.headerList)
            curl.slist_free_all(transfer.connectList)
            transfer.headerList = nil
            transfer.connectList = nil
            idle.append(handle)
        }
        if code == CURLE_OK || transfer.isStopped {
            transfer.response.status = sail_get_long(&curl, handle, CURLINFO_RESPONSE_CODE)
            if let url = sail_get_string(&curl, handle, CURLINFO_EFFECTIVE_URL) {
                transfer.response.url = String(cString: url)
            }
            return .success(transfer.response)
        }
        return .failure(failure(transfer, handle, code))
    }
}

// MARK: - Options

extension CurlTransport {
    /// The error where the request cannot be sent as it should be.
    private func configure(_ handle: UnsafeMutableRawPointer, _ transfer: Transfer) -> TransportError? {
        let request = transfer.request
        configureAddress(handle, transfer)
        set(handle, CURLOPT_NOSIGNAL, 1)
        if request.acceptsCompression { set(handle, CURLOPT_ACCEPT_ENCODING, "") }
        set(handle, CURLOPT_HTTP_VERSION, Int(isMultiplexed ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
        if isMultiplexed { set(handle, CURLOPT_PIPEWAIT, 1) }
        if request.isSentOnce { set(handle, CURLOPT_FRESH_CONNECT, 1) }
        set(handle, CURLOPT_CONNECTTIMEOUT_MS, min(request.limits.connect, Int(Int32.max)))
        set(handle, CURLOPT_TIMEOUT_MS, min(request.limits.total, Int(Int32.max)))
        if request.limits.stall > 0 {
            set(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
            set(handle, CURLOPT_LOW_SPEED_TIME, request.limits.stall)
        }
        _ = sail_set_protocol(&curl, handle, request.url.hasPrefix("http://") ? 1 : 0)
        if let proxy = request.proxy { set(handle, CURLOPT_PROXY, proxy) }
        configureMessage(handle, transfer)
        configureCallbacks(handle, transfer)
        return configureSecurity(handle, request)
    }

    /// Where the certificate must carry another name, that name goes into the URL and the connection to the real host:
    /// libcurl has no option for the name alone.
    private func configureAddress(_ handle: UnsafeMutableRawPointer, _ transfer: Transfer) {
        let request = transfer.request
        guard let name = request.security.serverName, let address = Address(request.url), address.isSecure else {
            set(handle, CURLOPT_URL, request.url)
            return
        }
        // The server is still asked for by its own name.
        transfer.headerList = curl.slist_append(nil, "Host: \(address.authority)")
        transfer.connectList = curl.slist_append(nil, "::\(address.host):\(address.port)")
        _ = sail_set_pointer(&curl, handle, CURLOPT_CONNECT_TO, transfer.connectList)
        set(handle, CURLOPT_URL, "https://\(name):\(address.port)\(address.path)")
    }

    private func configureMessage(_ handle: UnsafeMutableRawPointer, _ transfer: Transfer) {
        let request = transfer.request
        set(handle, CURLOPT_CUSTOMREQUEST, request.method)
        if request.method == "HEAD" { set(handle, CURLOPT_NOBODY, 1) }
        var list = transfer.headerList
        for (name, value) in request.headers { list = curl.slist_append(list, "\(name): \(value)") }
        if let body = request.body {
            // No "Expect: 100-continue": it costs a round trip for every larger object.
            list = curl.slist_append(list, "Expect:")
            _ = sail_set_size(&curl, handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            // One byte more than counted, since a body of no bytes has no address.
            (body + [0]).withUnsafeBytes {
                _ = sail_set_pointer(&curl, handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
            }
        }
        transfer.headerList = list
        _ = sail_set_pointer(&curl, handle, CURLOPT_HTTPHEADER, list)
    }

    private func configureCallbacks(_ handle: UnsafeMutableRawPointer, _ transfer: Transfer) {
        // The transfer outlives the transfer: `perform` and `stream` hold it until `finish`.
        let pointer = Unmanaged.passUnretained(transfer).toOpaque()
        _ = sail_set_pointer(&curl, handle, CURLOPT_WRITEDATA, pointer)
        _ = sail_set_pointer(&curl, handle, CURLOPT_HEADERDATA, pointer)
        _ = sail_set_pointer(&curl, handle, CURLOPT_ERRORBUFFER, transfer.errorBuffer)
        // Asked when the connection is open, which may be long after the start. libcurl knows it since 7.80.
        _ = sail_set_pointer(&curl, handle, CURLOPT_PREREQDATA, pointer)
        _ = sail_set_prerequisite(&curl, handle) { transfer, _, _, _, _ in
            guard let transfer else { return 0 }
            return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().begins() ? 0 : 1
        }
        _ = sail_set_data(&curl, handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, transfer in
            guard let bytes, let transfer else { return 0 }
            let total = size * count
            let data = UnsafeRawBufferPointer(start: bytes, count: total)
            return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().take(body: data) ? total : 0
        }
        _ = sail_set_data(&curl, handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, transfer in
            guard let bytes, let transfer else { return 0 }
            let total = size * count
            let data = UnsafeRawBufferPointer(start: bytes, count: total)
            return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().take(header: data) ? total : 0
        }
    }

    func set(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: Int) {
        _ = sail_set_long(&curl, handle, option, value)
    }

    private func set(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: String) {
        _ = sail_set_string(&curl, handle, option, value)
    }
}
