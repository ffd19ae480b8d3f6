import Foundation
import Glibc
import HTTP
import System
import TestSupport
import Testing
import Values

@testable import Kubernetes

/// Numbers, lists, streams and texts that no API server sends.
@Suite struct HostileServerTests {
    private static func failure(_ more: String = "", code: String = "429") -> String {
        #"{"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "x", "code": \#(code)\#(more)}"#
    }

    @Test(arguments: [
        "9223372036854775807", "9223372036854775", "-9223372036854775808", "-1", "1e400", "9223372036854775808", "",
        "Wed, 21 Oct 2015 07:28:00 GMT", "0", "0.5",
    ])
    func aWaitOutOfRangeIsHeldWithinBounds(text: String) throws {
        for isHeader in [true, false] {
            let body = isHeader ? "" : #", "details": {"retryAfterSeconds": \#(text.isEmpty ? "null" : text)}"#
            let response = Response.json(
                HostileServerTests.failure(body), status: 429,
                headers: isHeader ? [("retry-after", text)] : [])
            let answer = APIResponse(response, to: Request("GET", "https://c.example/api"))
            for attempt in 1..<Client.attempts {
                let delay = try #require(Attempt(answer, to: .get("/api")).retryDelay(.get("/api"), attempt: attempt))
                #expect((200...30_000).contains(delay))
            }
        }
    }

    @Test(arguments: ["9223372036854775807", "-1", "1e300", "\"404\"", "null", "[]"])
    func aStatusCodeMayBeAnything(code: String) throws {
        let response = Response.json(HostileServerTests.failure(code: code), status: 400)
        let client = Client(try connection(config()), ScriptedTransport { _ in .success(response) })
        #expect(throws: APIError.self) { try client.send(.get("/api")) }
    }

    @Test(arguments: [
        "9999-12-31T23:59:59Z", "0000-00-00T00:00:00Z", "2026-99-99T99:99:99+99:99", "-999-12--1T-1:-1:-1Z",
        "2026-11-26T12:00:00-", "2026-11-26T12:00:00+9", "2026-11-26T12:00:00.999999999999999999999999Z",
        String(repeating: "9", count: 100), "", "é026-11-26T12:00:00Z",
    ])
    func aTimeMayBeAnything(text: String) {
        _ = RFC3339.seconds(text)
    }

    // MARK: Lists and streams without end

    @Test func aListThatNamesOnePageAgainAndAgainIsAnError() throws {
        let page = #"{"kind": "List", "items": [{"metadata": {"name": "a"}}], "metadata": {"continue": "again"}}"#
        let transport = ScriptedTransport { _ in .success(.json(page)) }
        let client = Client(try connection(config()), transport)
        #expect(message { try client.list("/api/v1/pods") }.contains("/api/v1/pods: the list does not end"))
        #expect(transport.requests.count == 2)
    }

    @Test func aListOfEverNewPagesIsAnError() throws {
        var number = 0
        let transport = ScriptedTransport { _ in
            number += 1
            return .success(.json(#"{"kind": "List", "items": [], "metadata": {"continue": "page-\#(number)"}}"#))
        }
        let client = Client(try connection(config()), transport)
        #expect(message { try client.list("/api/v1/pods") }.contains("the list does not end"))
        #expect(transport.requests.count <= Client.mostPages + 1)
    }

    @Test func longLinesAreFoundOnceAndEndlessOnesNotKept() {
        var lines = LineBuffer()
        let piece = [UInt8](repeating: 0x61, count: 1 << 14)
        while !lines.isTooLong {
            lines.append(piece)
            #expect(lines.next() == nil)
        }
        var short = LineBuffer()
        short.append(Array("a\nbc\nd".utf8))
        #expect(short.next() == Array("a".utf8))
        #expect(short.next() == Array("bc".utf8))
        #expect(short.next() == nil)
        short.append(Array("e\n\n".utf8))
        #expect(short.next() == Array("de".utf8))
        #expect(short.next() == [])
        #expect(short.next() == nil)
    }

    @Test func aWatchLineWithoutEndIsAnError() throws {
        let line = [UInt8](repeating: 0x20, count: LineBuffer.longestLine + 1)
        let transport = ScriptedTransport { _ in .success(Response(status: 200, body: line)) }
        let client = Client(try connection(config()), transport)
        #expect(
            message {
                try client.watch("/api/v1/pods", from: Listing(resourceVersion: "1"), milliseconds: 60_000) { _ in true
                }
            }.contains("is larger than"))
    }

    @Test(arguments: ["", #"{"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired"}}"#])
    func aWatchThatEndsAtOnceIsNotTakenUpWithoutPause(line: String) throws {
        let transport = ScriptedTransport { request in
            .success(.json(request.url.contains("watch=true") ? line + "\n" : #"{"kind": "List", "items": []}"#))
        }
        let client = Client(try connection(config()), transport)
        _ = try client.watch("/api/v1/pods", from: Listing(resourceVersion: "1"), milliseconds: 2000) { _ in true }
        // 0.2, 0.4, 0.8 s … between the attempts.
        #expect(transport.requests.count < 12, "\(transport.requests.count)")
    }

    @Test func headersWithoutEndAreAnError() throws {
        let port = answeringAtOnce(
            "HTTP/1.1 200 OK\r\n"
                + String(repeating: "X-Flood: " + String(repeating: "a", count: 8000) + "\r\n", count: 400))
        let result = try CurlTransport().perform(Request("GET", "http://127.0.0.1:\(port)/"))
        guard case .failure = result else {
            Issue.record("an answer: \(result)")
            return
        }
    }

    @Test func aBodyWithoutEndIsAnError() throws {
        let server = LoopbackServer { _ in .init(body: [UInt8](repeating: 0x61, count: 3 << 20)) }
        let request = Request("GET", server.url, limits: Limits(bytes: 1 << 20))
        let result = try CurlTransport().perform(request)
        guard case .failure(.tooLarge) = result else {
            Issue.record("\(result)")
            return
        }
    }

    // MARK: Texts

    private let hostile = #"no \u001b[2J\u001b]0;title\u0007 \r\nerror: a line of the server's"#
    private let shown = #"no \x1b[2J\x1b]0;title\a error: a line of the server's"#

    @Test func whatAServerSaysStandsOnOneLine() throws {
        let cause = #"{"field": "a\u001bb", "reason": "r", "message": "c\nd"}"#
        let body = #"{"kind": "Status", "code": 403, "message": "\#(hostile)", "details": {"causes": [\#(cause)]}}"#
        let transport = ScriptedTransport { _ in .success(.json(body, status: 403)) }
        let client = Client(try connection(config()), transport)
        #expect(message { try client.send(.get("/api")) } == shown + "\n" + #"  a\x1bb: c d"#)
    }

    @Test func warningsAndPlainAnswersDoSoToo() throws {
        let transport = ScriptedTransport { _ in
            .success(
                Response(
                    status: 500, headers: [("warning", "299 - \"a\u{1B}[2J\u{9B}b\""), ("content-type", "text/plain")],
                    body: Array("down\u{1B}[2J\rerror: x\nmore".utf8)))
        }
        let client = Client(try connection(config()), transport)
        var call = APIRequest.get("/api")
        call.attempts = 1
        #expect(message { try client.send(call) }.contains(#"answered 500: down\x1b[2J"#))
        #expect(client.warnings == [#"a\x1b[2J\u009bb"#])
    }

    @Test func aTokenThatAServerRepeatsIsCovered() throws {
        let body = #"{"kind": "Status", "code": 401, "message": "bad token SECRET-TOKEN (Bearer SECRET-TOKEN)"}"#
        let transport = ScriptedTransport { _ in
            .success(.json(body, status: 401, headers: [("warning", "299 - \"SECRET-TOKEN is old\"")]))
        }
        let client = Client(try connection(config(user: "token: SECRET-TOKEN")), transport)
        var lines: [String] = []
        client.trace = { lines.append($0) }
        let text = message { try client.send(.get("/api")) }
        #expect(text.contains("bad token ***"))
        #expect(!(text + lines.joined() + client.warnings.joined()).contains("SECRET"))
        #expect(client.warnings == ["*** is old"])
    }

    @Test func aPasswordThatAServerRepeatsIsCovered() throws {
        let basic = base64(Array("user:SECRETPW".utf8))
        let body = #"{"kind": "Status", "code": 403, "message": "SECRETPW, \#(basic)"}"#
        let transport = ScriptedTransport { _ in .success(.json(body, status: 403)) }
        let client = Client(try connection(config(user: "username: user, password: SECRETPW")), transport)
        #expect(message { try client.send(.get("/api")) } == "***, ***")
    }

    // MARK: Passwords in addresses

    @Test(arguments: [
        Result<Response, TransportError>.failure(
            .unreachable(url: "https://user:SECRETPW@c.example/api", reason: "no")),
        .failure(.failed(url: "x", reason: "bad proxy ftp://user:SECRETPW@p")),
        .success(Response(status: 302, headers: [("location", "https://user:SECRETPW@other.example/")])),
        .success(Response(status: 500)), .success(.json("no JSON")),
    ])
    func aPasswordInAnAddressIsCovered(answer: Result<Response, TransportError>) throws {
        let transport = ScriptedTransport { _ in answer }
        let client = Client(
            try connection(config()) { $0.server = "https://user:SECRETPW@c.example" }, transport)
        var lines: [String] = []
        client.trace = { lines.append($0) }
        var call = APIRequest.get("/api")
        call.attempts = 1
        let text = message { try client.send(call) }
        #expect(!(text + lines.joined()).contains("SECRET"), "\(text)\n\(lines)")
        #expect(transport.requests.first?.url.contains("SECRETPW@") == true)
    }

    @Test func neitherIsThatOfAProxyShown() {
        let text = message {
            try connection(config(cluster: #"proxy-url: "ftp://user:SECRETPW@127.0.0.1:9""#))
        }
        #expect(text.contains("ftp://***@127.0.0.1:9"))
        #expect(!text.contains("SECRET"))
    }

    @Test func plainHTTPIsWarnedOfWithoutThePassword() throws {
        let warnings = try connection(config()) { $0.server = "http://user:SECRETPW@c.example" }.warnings
        #expect(warnings.count == 1)
        #expect(!warnings.joined().contains("SECRET"))
    }
}

/// What would end a header and begin another one is refused, as Go's net/http does.
@Suite struct HeaderTests {
    @Test(arguments: ["a\r\nX-Evil: yes", "a\nb", "a\rb", "a\u{00}b", "a\u{1B}b", "a\u{7F}b"])
    func aControlCharacterIsRefusedBeforeAnythingIsSent(text: String) throws {
        for (header, change) in [
            ("Impersonate-User", { $0.impersonatedUser = text }),
            ("Impersonate-Group", { ($0.impersonatedUser, $0.impersonatedGroups) = ("u", [text]) }),
            ("Impersonate-Uid", { ($0.impersonatedUser, $0.impersonatedUID) = ("u", text) }),
            ("Authorization", { $0.token = text }),
        ] as [(String, (inout ConnectionOptions) -> Void)] {
            let transport = ScriptedTransport()
            let client = Client(try connection(config(), change), transport)
            let said = message { try client.send(.get("/api")) }
            #expect(said.contains("the header \(header) would have a line break"), "\(said)")
            #expect(transport.requests.isEmpty)
        }
    }

    @Test func aTokenOfTheKubeconfigOrOfAFileIsCheckedToo() throws {
        for (user, files) in [
            (#"token: "abc\r\nX-Evil: yes""#, [:]), ("tokenFile: /k/token", ["/k/token": "abc\nX-Evil: yes\n"]),
        ] as [(String, [String: String])] {
            #expect(message { try sent(config(user: user), files: files) }.contains("the header Authorization"))
        }
        #expect(
            try sent(config(user: "tokenFile: /k/token"), files: ["/k/token": " abc\r\n"]).authorization == "Bearer abc"
        )
    }

    @Test func theTransportItselfSendsNoSuchHeader() throws {
        let server = LoopbackServer { _ in .text("{}") }
        for headers in [[("X", "a\r\nY: b")], [("X\r\nY", "a")], [("X Y", "a")], [("", "a")]] as [[(String, String)]] {
            let result = try CurlTransport().perform(
                Request("GET", server.url, headers: headers.map { (name: $0.0, value: $0.1) }))
            guard case .failure(.invalidHeader) = result else {
                Issue.record("\(result)")
                return
            }
        }
        guard case .failure = try CurlTransport().perform(Request("GET", server.url + "/a\r\nX: y")) else {
            Issue.record("an address with a line break was asked for")
            return
        }
        #expect(server.calls.isEmpty)
    }
}
