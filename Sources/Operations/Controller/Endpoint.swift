import Glibc
import HTTP
import TLSServer
import Values

/// What a client of an endpoint asks for.
struct EndpointRequest: Sendable {
    var method: String
    /// Without the query.
    var path: String
    /// The token of `Authorization: Bearer`.
    var token: String?

    /// `nil` where the text is no request.
    init?(head: String) {
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3, words[2].hasPrefix("HTTP/1."), words[1].hasPrefix("/") else { return nil }
        method = String(words[0])
        path = String(words[1].prefix { $0 != "?" })
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "authorization" else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            if value.lowercased().hasPrefix("bearer ") { token = String(value.dropFirst("bearer ".count)) }
        }
    }
}

/// What it gets.
struct EndpointAnswer: Sendable, Equatable {
    var status: Int
    var body: String
    var type = "text/plain; charset=utf-8"

    static let ok = EndpointAnswer(status: 200, body: "ok")

    private static let reasons = [
        200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed",
        500: "Internal Server Error", 503: "Service Unavailable",
    ]

    /// As it is sent; the connection ends with it.
    func bytes(withBody: Bool) -> [UInt8] {
        let reason = EndpointAnswer.reasons[status] ?? ""
        var text = "HTTP/1.1 \(status) \(reason)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
        if status == 401 { text += "WWW-Authenticate: Bearer\r\n" }
        text += "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        return Array(text.utf8) + (withBody ? Array(body.utf8) : [])
    }
}

/// A small HTTP server on the controller's own thread: it is served whenever the controller waits for the network.
///
/// A class, since it owns its sockets.
final class Endpoint: Attendant {
    private let socket: Int32
    private let tls: TLSContext?
    private let now: () -> Int
    /// Answers at once; `nil` holds the request until `answerHeld`.
    private let answer: (EndpointRequest) -> EndpointAnswer?
    private var connections: [EndpointConnection] = []
    /// The port that it listens on.
    let port: Int

    private static let mostConnections = 64
    /// Milliseconds for all of a connection.
    private static let longest = 10_000

    /// Listens at `:8081`, `127.0.0.1:8081` or `[::1]:8081`. `now` counts milliseconds.
    init(
        _ address: String, tls: TLSContext?, now: @escaping () -> Int,
        answer: @escaping (EndpointRequest) -> EndpointAnswer?
    ) throws {
        (self.tls, self.now, self.answer) = (tls, now, answer)
        (socket, port) = try ListeningSocket.open(address)
    }

    deinit {
        connections = []
        close(socket)
    }

    var awaited: [(descriptor: Int32, writes: Bool)] {
        [(socket, false)] + connections.compactMap { item in item.isHeld ? nil : (item.descriptor, item.writes) }
    }

    func attend() {
        let time = now()
        while connections.count < Endpoint.mostConnections {
            let descriptor = accept(socket, nil, nil)
            guard descriptor >= 0 else { break }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            connections.append(EndpointConnection(descriptor, tls, since: time))
        }
        for connection in connections { connection.go(on: answer) }
        connections.removeAll { $0.isOver || time - $0.since > Endpoint.longest }
    }

    /// Answers the requests that were held; `body` may send.
    func answerHeld(_ body: (EndpointRequest) -> EndpointAnswer) {
        for connection in connections {
            guard let request = connection.held else { continue }
            connection.reply(body(request))
            connection.go(on: answer)
        }
    }

    var hasHeld: Bool { connections.contains(where: \.isHeld) }
}

/// One client's connection, which never makes anybody wait. A class, since it owns a socket and OpenSSL's handle.
private final class EndpointConnection {
    private enum Step { case greeting, reading, held(EndpointRequest), writing, over }

    let descriptor: Int32
    let since: Int
    private let tls: UnsafeMutableRawPointer?
    private let library: OpenSSL?
    private var step: Step
    private(set) var writes = false
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var sent = 0
    private var wantsBody = true

    private static let largestHead = 16 << 10

    init(_ descriptor: Int32, _ context: TLSContext?, since: Int) {
        (self.descriptor, self.since) = (descriptor, since)
        library = context?.library
        tls = context.flatMap { $0.library.make($0.handle) }
        step = context == nil ? .reading : .greeting
        if let context, context.library.setFile(tls, descriptor) != 1 { step = .over }
    }

    deinit {
        if let tls, let library {
            if isOver, sent > 0 { _ = library.shutDown(tls) }
            library.free(tls)
        }
        close(descriptor)
    }

    var isOver: Bool { if case .over = step { true } else { false } }
    var held: EndpointRequest? { if case .held(let request) = step { request } else { nil } }
    var isHeld: Bool { held != nil }

    func reply(_ answer: EndpointAnswer) {
        output = answer.bytes(withBody: wantsBody)
        (step, writes) = (.writing, true)
    }

    /// Does what can be done without waiting.
    func go(on answer: (EndpointRequest) -> EndpointAnswer?) {
        while true {
            switch step {
            case .greeting: guard greet() else { return }
            case .reading: guard read(answer) else { return }
            case .writing: guard write() else { return }
            case .held, .over: return
            }
        }
    }

    /// Whether the next step can be taken at once.
    private func greet() -> Bool {
        guard let library else { return false }
        let result = library.accept(tls)
        if result == 1 {
            (step, writes) = (.reading, false)
            return true
        }
        return waits(result)
    }

    private func read(_ answer: (EndpointRequest) -> EndpointAnswer?) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = chunk.withUnsafeMutableBytes { chunk -> Int in
            if let library { return Int(library.read(tls, chunk.baseAddress, Int32(chunk.count))) }
            return recv(descriptor, chunk.baseAddress, chunk.count, 0)
        }
        guard count > 0 else { return waits(Int32(clamping: count)) }
        input += chunk[..<count]
        guard let end = headEnd else {
            if input.count > EndpointConnection.largestHead { step = .over }
            return true
        }
        guard let request = EndpointRequest(head: String(decoding: input[..<end], as: UTF8.self)) else {
            reply(EndpointAnswer(status: 400, body: "bad request\n"))
            return true
        }
        wantsBody = request.method != "HEAD"
        if !["GET", "HEAD"].contains(request.method) {
            reply(EndpointAnswer(status: 405, body: "method not allowed\n"))
        } else if let answer = answer(request) {
            reply(answer)
        } else {
            step = .held(request)
        }
        return true
    }

    private var headEnd: Int? {
        let blank = Array("\r\n\r\n".utf8)
        guard input.count >= blank.count else { return nil }
        return (0...input.count - blank.count).first { input[$0..<$0 + blank.count].elementsEqual(blank) }
    }

    private func write() -> Bool {
        let count = output.withUnsafeBytes { whole -> Int in
            let rest = UnsafeRawBufferPointer(rebasing: whole[sent...])
            if let library { return Int(library.write(tls, rest.baseAddress, Int32(clamping: rest.count))) }
            return send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return waits(Int32(clamping: count)) }
        sent += count
        if sent == output.count {
            if tls == nil { shutdown(descriptor, Int32(SHUT_WR)) }
            step = .over
        }
        return true
    }

    /// Whether the connection is over; else it waits for its socket. Always false: nothing can be done at once.
    private func waits(_ result: Int32) -> Bool {
        if let library {
            let reason = library.error(tls, result)
            if reason == OpenSSL.wantsRead {
                writes = false
            } else if reason == OpenSSL.wantsWrite {
                writes = true
            } else {
                step = .over
            }
        } else if result == 0 || (errno != EAGAIN && errno != EINTR) {
            step = .over
        }
        return false
    }
}
