import Foundation
import Glibc
import Synchronization

/// An HTTP server on this machine that answers as a test wants, also wrongly: half an answer, or none. It runs until
/// the process ends.
package final class LoopbackServer: Sendable {
    /// A request as it came.
    package struct Call: Sendable {
        package var method: String
        /// With the query.
        package var path: String
        /// Names in lower case.
        package var headers: [String: String]
        package var body: String
    }

    package struct Answer: Sendable {
        package var status: Int
        package var headers: [String]
        package var body: [UInt8]
        /// Only so many bytes of the body are sent before the connection is closed.
        package var cut: Int?
        /// Seconds of silence before the answer.
        package var delay: Double

        package init(
            _ status: Int = 200, headers: [String] = [], body: [UInt8] = [], cut: Int? = nil, delay: Double = 0
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.cut = cut
            self.delay = delay
        }

        package static func text(_ text: String, status: Int = 200, headers: [String] = []) -> Answer {
            Answer(status, headers: headers, body: Array(text.utf8))
        }

        package static func redirect(_ target: String, status: Int = 302) -> Answer {
            Answer(status, headers: ["Location: \(target)"])
        }
    }

    package let port: UInt16
    private let socket: Int32
    private let seen = Mutex<[Call]>([])
    private let respond: @Sendable (Call) -> Answer

    /// Everything that was asked so far.
    package var calls: [Call] { seen.withLock { $0 } }
    package var url: String { "http://127.0.0.1:\(port)" }
    package var host: String { "127.0.0.1:\(port)" }

    package init(_ respond: @escaping @Sendable (Call) -> Answer) {
        self.respond = respond
        let (socket, port) = listening()
        (self.socket, self.port) = (socket, port)
        // The thread holds the server: a test may use no more than its address.
        Thread {
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                Thread { self.serve(connection) }.start()
            }
        }.start()
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard let call = read(connection) else { return }
        seen.withLock { $0.append(call) }
        let answer = respond(call)
        if answer.delay > 0 { Thread.sleep(forTimeInterval: answer.delay) }
        var head = "HTTP/1.1 \(answer.status) Status\r\nConnection: close\r\nContent-Length: \(answer.body.count)\r\n"
        for line in answer.headers { head += line + "\r\n" }
        let bytes = Array((head + "\r\n").utf8) + answer.body.prefix(answer.cut ?? answer.body.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func read(_ connection: Int32) -> Call? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            if let call = parse(String(decoding: bytes, as: UTF8.self)) { return call }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    private func parse(_ text: String) -> Call? {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let body = String(text[end.upperBound...])
        guard body.utf8.count >= Int(headers["content-length"] ?? "0") ?? 0, words.count > 1 else { return nil }
        return Call(method: words[0], path: words[1], headers: headers, body: body)
    }
}

/// A listening socket on a free port of 127.0.0.1.
package func listening() -> (socket: Int32, port: UInt16) {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            _ = bind(file, address, size)
            _ = listen(file, 64)
            _ = getsockname(file, address, &size)
        }
    }
    return (file, UInt16(bigEndian: address.sin_port))
}

/// A port of 127.0.0.1 where nobody listens.
package func freePort() -> UInt16 {
    let (file, port) = listening()
    close(file)
    return port
}
