import Glibc
import TLSServer

/// One client's connection, plain or TLS; a class, since it owns OpenSSL's handle. Used by one thread at a time.
final class Connection {
    private let file: Int32
    private let tls: UnsafeMutableRawPointer?
    private let library: OpenSSL?
    private var buffer: [UInt8] = []
    private var isReset = false

    /// Takes over the socket; `nil` where the TLS handshake fails.
    init?(_ file: Int32, _ context: TLSContext?) {
        self.file = file
        library = context?.library
        guard let context else {
            tls = nil
            return
        }
        tls = context.library.make(context.handle)
        guard context.library.setFile(tls, file) == 1, context.library.accept(tls) == 1 else { return nil }
    }

    deinit {
        if let tls, let library {
            if !isReset { _ = library.shutDown(tls) }
            library.free(tls)
        }
        close(file)
    }

    /// Breaks the connection so that the peer gets a reset, not an end.
    func reset() {
        isReset = true
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(file, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    func write(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { whole in
                let rest = UnsafeRawBufferPointer(rebasing: whole[offset...])
                if let tls, let library {
                    return Int(library.write(tls, rest.baseAddress, Int32(min(rest.count, 1 << 20))))
                }
                return send(file, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    /// Waits for the peer: `true` where it has closed the connection, or sends while it should listen.
    func isGone(milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, milliseconds) > 0 else { return false }
        var byte: UInt8 = 0
        let count = recv(file, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count >= 0 || errno != EAGAIN
    }

    /// The next request; `nil` at the end of the connection.
    func readRequest() -> HTTPRequest? {
        let blank = Array("\r\n\r\n".utf8)
        var end: Int?
        while true {
            end = firstIndex(of: blank)
            if end != nil { break }
            guard fill() else { return nil }
        }
        guard let end, var request = HTTPRequest(head: String(decoding: buffer[..<end], as: UTF8.self)) else {
            return nil
        }
        buffer.removeFirst(end + blank.count)
        let length = Int(request.headers["content-length"] ?? "") ?? 0
        while buffer.count < length { guard fill() else { return nil } }
        request.body = Array(buffer[..<length])
        buffer.removeFirst(length)
        return request
    }

    private func firstIndex(of pattern: [UInt8]) -> Int? {
        guard buffer.count >= pattern.count else { return nil }
        return (0...buffer.count - pattern.count).first { buffer[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }

    private func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = chunk.withUnsafeMutableBytes { chunk in
            if let tls, let library { return Int(library.read(tls, chunk.baseAddress, Int32(chunk.count))) }
            return recv(file, chunk.baseAddress, chunk.count, 0)
        }
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }
}
