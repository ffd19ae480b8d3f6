internal import Glibc
package import HTTP
package import System
package import Values

/// Talks to one cluster's API server: batches of calls, credentials, retries.
///
/// A class, since the login that one call renews serves all others, and since it owns the transport.
package final class Client {
    package let connection: Connection
    /// `Warning` headers of the server in order of appearance, each once; and what became of a login.
    package private(set) var warnings: [String] = []
    /// How many of them were taken.
    private var takenWarnings = 0
    /// Called about once a second while a stream is open; it must not send.
    package var tick: (() -> Void)?
    /// Called before each stream of a watch; it may send.
    package var betweenStreams: (() -> Void)?
    /// How many requests were sent, retries counted too.
    package private(set) var requests = 0
    /// Asked before each batch; `true` ends the work with `APIError.interrupted`.
    package var isInterrupted: () -> Bool = { false }
    /// Gets a line for each request, without its body: the method, the address, the status.
    package var trace: ((String) -> Void)?
    /// Called before each batch and every few seconds of a watch: the place to renew a lock.
    package var heartbeat: (() -> Void)?
    /// Asked right before each request is sent; `false` holds it back until a heartbeat has made it `true` again, or the
    /// run is interrupted.
    package var maySend: () -> Bool = { true }
    /// Seconds that a watch's stream may last while there is a heartbeat.
    static let heartbeatSeconds = 8
    private var isBeating = false
    /// Milliseconds until a request that was held back is tried again.
    private static let withheldDelay = 50
    var ahead = ResponsePrefetch()

    private let transport: any Transport
    private let processEnvironment: ProcessEnvironment
    private let userAgent: String
    private var login: Login?
    private var security: Security
    /// The provider as its last renewal left it.
    private var oidc: OIDC?

    /// What is sent as `Authorization`, and until when (seconds since 1970).
    private struct Login {
        var header: String?
        var expiry: Int?
    }

    package static let attempts = 6

    package init(
        _ connection: Connection, _ processEnvironment: ProcessEnvironment, transport: any Transport, userAgent: String
    ) {
        self.connection = connection
        self.processEnvironment = processEnvironment
        self.transport = transport
        self.userAgent = userAgent
        security = connection.security
    }

    /// Sends one call and answers the body.
    package func send(_ call: APIRequest) throws(APIError) -> Value {
        guard let result = send([call]).first else { throw .interrupted }
        return try result.get()
    }

    /// Sends all calls at once and answers in their order. What may succeed later is tried again, up to six times,
    /// after 0.2 s, 0.4 s, … or what the server asks for.
    package func send(_ calls: [APIRequest]) -> [Result<Value, APIError>] {
        var results: [Result<Value, APIError>] = Array(repeating: .failure(.interrupted), count: calls.count)
        send(calls) { results[$0] = $1 }
        return results
    }

    /// Sends all calls at once and hands over each answer, with its call's index, as soon as it is final, so that large
    /// bodies need not all be there together. `receive` must not send.
    package func send(_ calls: [APIRequest], receive: (Int, Result<Value, APIError>) -> Void) {
        var pending: [Int] = []
        for (index, call) in calls.enumerated() {
            if let answer = ahead.take(call) { receive(index, answer) } else { pending.append(index) }
        }
        var hasRenewedLogin = false
        var attempts = Array(repeating: 0, count: calls.count)
        while !pending.isEmpty {
            // The heartbeat first: it may be what finds that the run must stop.
            beat()
            if isInterrupted() { break }
            var again: [Int] = []
            var delay = 0
            var isLoggedOut = false
            perform(pending.map { calls[$0] }) { position, answer in
                let index = pending[position]
                if answer.isWithheld {
                    again.append(index)
                    delay = max(delay, Client.withheldDelay)
                    return
                }
                attempts[index] += 1
                if case .failure(let error) = answer.result, isExpiredLogin(error), !hasRenewedLogin,
                    attempts[index] < Client.attempts
                {
                    again.append(index)
                    isLoggedOut = true
                } else if let wait = answer.retryDelay(calls[index], attempt: attempts[index]) {
                    again.append(index)
                    delay = max(delay, wait)
                } else {
                    receive(index, answer.result.mapError { named($0).tried(attempts[index]) })
                }
            }
            if isLoggedOut {
                login = nil
                hasRenewedLogin = true
            }
            pending = again.sorted()
            if !pending.isEmpty { pause(milliseconds: delay) }
        }
        for index in pending { receive(index, .failure(.interrupted)) }
    }

    /// Streams a watch; `receive` gets each line's value and answers whether to go on. Returns when the stream ends.
    func stream(_ call: APIRequest, milliseconds: Int, receive: (Value) -> Bool) throws(APIError) {
        var request = try request(for: call)
        request.limits.total = milliseconds
        requests += 1
        var lines = LineBuffer()
        // Comes also without bytes, once a second.
        let result = transport.stream(request) { bytes in
            self.tick?()
            lines.append(bytes)
            while let line = lines.next() {
                guard !line.isEmpty else { continue }
                // What is no JSON is no event either: the receiver refuses `null`.
                if !receive((try? Value(json: line, numbers: .native)) ?? .null) { return false }
            }
            return !lines.isTooLong && !self.isInterrupted()
        }
        trace(request, result)
        switch result {
        case _ where isInterrupted(): return
        case _ where lines.isTooLong: throw .transport(.tooLarge(url: request.url, bytes: LineBuffer.longestLine))
        case .success(let response) where (200..<300).contains(response.status): note(response, to: request)
        case .success(let response): throw named(APIResponse(response, to: request).error)
        case .failure(.timedOut): return
        case .failure(let error): throw .transport(error)
        }
    }

    /// Begins a watch's stream that goes on while other requests are sent; `receive` gets each line's value and must not
    /// send.
    func open(_ call: APIRequest, seconds: Int, receive: @escaping (Value) -> Void) throws(APIError) -> WatchStream {
        var request = try request(for: call)
        request.limits.total = (seconds + WatchStream.grace) * 1000
        requests += 1
        let stream = WatchStream(request)
        stream.source = transport.open(request) { bytes in
            for line in stream.lines(of: bytes) { receive(line) }
        }
        return stream
    }

    /// Why a stream has ended; `nil` within the result where it came to its end.
    func ending(of stream: WatchStream) -> APIError?? {
        guard let result = stream.source?.result else { return nil }
        trace(stream.request, result)
        switch result {
        case .success(let response) where (200..<300).contains(response.status):
            note(response, to: stream.request)
            return stream.isTooLong
                ? .some(.transport(.tooLarge(url: stream.request.url, bytes: LineBuffer.longestLine))) : .some(nil)
        case .success(let response): return .some(named(APIResponse(response, to: stream.request).error))
        case .failure(.timedOut): return .some(nil)
        case .failure(let error): return .some(.transport(error))
        }
    }

    /// Has something served while requests and streams are waited for.
    package func serve(_ attendant: any Attendant) { transport.serve(attendant) }

    /// Waits for news of the open streams at most so long; what keeps a lock is done before.
    package func rest(milliseconds: Int) {
        beat()
        transport.rest(milliseconds: milliseconds)
    }

    /// Whether the error was a login that has ended and that can be renewed, which the next call then does.
    func renewsLogin(after error: APIError) -> Bool {
        guard isExpiredLogin(error) else { return false }
        login = nil
        return true
    }

    /// The server's warnings that were not taken before.
    package func takeWarnings() -> [String] {
        defer { takenWarnings = warnings.count }
        return Array(warnings.dropFirst(takenWarnings))
    }

    /// Calls the heartbeat, which may itself send.
    func beat() {
        guard let heartbeat, !isBeating else { return }
        isBeating = true
        heartbeat()
        isBeating = false
    }

    /// A refusal of a user without credentials says so: the server's own words are about permissions.
    private func named(_ error: APIError) -> APIError {
        guard let owner = connection.anonymousOwner, let status = error.status,
            status.code == 401 || (status.code == 403 && status.message.contains("User \"system:anonymous\""))
        else { return error }
        return .connection(.noCredentials(owner: owner))
    }

    private func isExpiredLogin(_ error: APIError) -> Bool {
        guard error.status?.code == 401 else { return false }
        return switch connection.credential {
        case .tokenFile, .plugin, .oidc: true
        case .none, .header: false
        }
    }

    private func perform(_ calls: [APIRequest], receive: (Int, Attempt) -> Void) {
        var prepared: [Request] = []
        do throws(APIError) {
            for call in calls { prepared.append(try request(for: call)) }
        } catch {
            for index in calls.indices { receive(index, Attempt(result: .failure(error))) }
            return
        }
        requests += prepared.count
        // The heartbeat's own requests are what makes the others possible.
        let maySend = isBeating ? { true } : maySend
        transport.perform(prepared, mayStart: maySend) { index, result in
            let request = prepared[index]
            trace(request, result)
            switch result {
            case .failure(.cancelled) where isInterrupted():
                receive(index, Attempt(result: .failure(.interrupted)))
            case .failure(let error):
                if case .withheld = error { requests -= 1 }
                receive(index, Attempt(result: .failure(.transport(error))))
            case .success(let response):
                note(response, to: request)
                receive(index, Attempt(APIResponse(response, to: request), to: calls[index]))
            }
        }
    }

    private func trace(_ request: Request, _ result: Result<Response, TransportError>) {
        guard let trace else { return }
        switch result {
        case .success(let response): trace("\(request.method) \(request.url.coveringPasswords): \(response.status)")
        case .failure(let error): trace("\(request.method) \(request.url.coveringPasswords): \(error)")
        }
    }

    /// Keeps the server's warnings, so many that a flood of them does no harm.
    private func note(_ response: Response, to request: Request) {
        for (name, value) in response.headers where name == "warning" {
            for text in warningTexts(value) where warnings.count < 100 {
                let text = text.onOneLine.covering(request.secrets)
                if !warnings.contains(text) { warnings.append(text) }
            }
        }
    }
}

// MARK: - Requests

extension Client {
    private func request(for call: APIRequest) throws(APIError) -> Request {
        var headers = [
            (name: "Accept", value: call.accept), (name: "User-Agent", value: userAgent),
        ]
        if let header = try authorization() { headers.append(("Authorization", header)) }
        headers += connection.impersonation
        if call.body != nil { headers.append(("Content-Type", call.contentType)) }
        var url = connection.server + call.path
        for (index, item) in call.query.enumerated() {
            url += (index == 0 ? "?" : "&") + item.name + "=" + item.value.percentEncoded
        }
        var request = Request(
            call.verb.rawValue, url, headers: headers, body: call.body, security: security,
            limits: Limits(total: connection.requestTimeout, stall: 0), proxy: connection.proxy)
        request.isSentOnce = !call.isRepeatable
        if let error = request.invalidHeader { throw .transport(error) }
        return request
    }

    /// The header of the current login, renewed a little before it ends.
    private func authorization() throws(APIError) -> String? {
        let now = SystemClock.now()
        if let login, login.expiry.map({ $0 > now + 10 }) ?? true { return login.header }
        do throws(ConnectionError) {
            let fresh = try renew(now)
            login = fresh
            return fresh.header
        } catch {
            // Ctrl-C ends a plugin too.
            throw isInterrupted() ? .interrupted : .connection(error)
        }
    }

    private func renew(_ now: Int) throws(ConnectionError) -> Login {
        switch connection.credential {
        case .none: return Login()
        case .header(let header): return Login(header: header)
        case .tokenFile(let path, let fallback):
            let token: String
            if let fallback, processEnvironment.read(path) == nil {
                token = fallback
            } else {
                let bytes = try Connection.bytes(of: path, connection.name, processEnvironment)
                token = String(decoding: bytes, as: UTF8.self).trimmingBlanks
            }
            return Login(header: "Bearer " + token, expiry: now + 60)
        case .plugin(let plugin):
            let answer = try plugin.ask(isInteractive: processEnvironment.isInteractive)
            if let certificate = answer.certificate, let key = answer.key {
                security.clientCertificate = certificate
                security.clientKey = key
            }
            return Login(header: answer.token.map { "Bearer " + $0 }, expiry: answer.expiry)
        case .oidc(let provider):
            return try renew(oidc ?? provider, now)
        }
    }

    private func renew(_ provider: OIDC, _ now: Int) throws(ConnectionError) -> Login {
        var fresh = provider
        if try fresh.renew(now: now, transport), !keep(fresh, provider),
            fresh.refreshToken != provider.refreshToken
        {
            warnings.append(
                "\(provider.owner): the issuer gave a new refresh token, which could not be written to"
                    + " \(provider.file); log in again before the next run")
        }
        oidc = fresh
        return Login(header: "Bearer " + fresh.idToken, expiry: fresh.expiry)
    }

    /// Writes new tokens into the kubeconfig; answers whether that was done.
    private func keep(_ fresh: OIDC, _ old: OIDC) -> Bool {
        guard let bytes = processEnvironment.read(fresh.file), let next = fresh.kubeconfig(bytes, replacing: old) else {
            return false
        }
        return processEnvironment.replace(fresh.file, next)
    }

    /// Waits, at most until the run is interrupted.
    package func pause(milliseconds: Int) {
        let end = SystemClock.monotonic() + milliseconds
        while !isInterrupted() {
            let left = end - SystemClock.monotonic()
            guard left > 0 else { return }
            transport.rest(milliseconds: min(left, 100))
        }
    }
}

extension String {
    /// Without white space at both ends, such as the line break at the end of a token's file.
    var trimmingBlanks: String {
        var text = self[...].drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
