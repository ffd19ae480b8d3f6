import HTTP
import TestSupport
import Testing

@testable import ChartSources

/// Where credentials go when a server leads elsewhere.
@Suite struct RedirectTests {
    private func client() throws -> Client {
        Client(transport: try CurlTransport(), credentials: Credentials(), usesPlainHTTP: true)
    }

    private func token(_ server: LoopbackServer) throws -> Client.Call {
        var call = Client.Call(address: try #require(WebAddress(server.url + "/token")), limit: 1 << 20)
        call.method = "POST"
        call.form = "refresh_token=SECRET-TOKEN"
        call.authorization = "Basic c2VjcmV0"
        return call
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aTokenIsNeverPostedToAnotherServer(status: Int) throws {
        let other = LoopbackServer { _ in .text("{}") }
        let first = LoopbackServer { _ in .redirect(other.url + "/token", status: status) }
        if status >= 307 {
            #expect(throws: ChartSourceError.self) { try client().send(token(first)) }
            #expect(other.calls.isEmpty)
        } else {
            _ = try client().send(token(first))
            #expect(other.calls.map(\.method) == ["GET"])
        }
        for call in other.calls {
            #expect(call.body == "")
            #expect(call.headers["authorization"] == nil)
        }
    }

    @Test(arguments: [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
    func aPostIsKeptOnlyWhereTheRedirectSaysSo(status: Int, method: String) throws {
        let server = LoopbackServer { call in
            call.path == "/token" ? .redirect("/elsewhere", status: status) : .text("{}")
        }
        _ = try client().send(token(server))
        let last = try #require(server.calls.last)
        #expect(last.path == "/elsewhere")
        #expect(last.method == method)
        #expect(last.body == (method == "POST" ? "refresh_token=SECRET-TOKEN" : ""))
        #expect(last.headers["authorization"] == "Basic c2VjcmV0")
    }

    @Test func anotherServerBehindARedirectHasNoSayInWhoGetsTheLogin() throws {
        let evil = LoopbackServer { call in
            call.path.hasPrefix("/realm")
                ? .text(#"{"token": "t"}"#)
                : .text("{}", status: 401, headers: ["WWW-Authenticate: Bearer realm=\"http://127.0.0.1:1/realm\""])
        }
        let server = LoopbackServer { _ in .redirect(evil.url + "/blob", status: 307) }
        var registry = Registry(
            host: server.host, path: "charts/base", client: try client(), login: Login(name: "u", password: "SECRET"))
        #expect(throws: ChartSourceError.self) { try registry.tags() }
        #expect(evil.calls.count == 1)
        #expect(evil.calls.allSatisfy { $0.headers["authorization"] == nil })
    }

    @Test func aTokenThatARegistryRepeatsIsCovered() throws {
        let server = LoopbackServer { call in
            .text("you sent \(call.headers["authorization"] ?? "") and \(call.body)", status: 403)
        }
        var call = try token(server)
        call.secrets = ["SECRET-TOKEN"]
        do {
            _ = try client().get(call)
            Issue.record("an answer")
        } catch {
            #expect("\(error)".contains("you sent Basic ***"))
            #expect(!"\(error)".contains("SECRET"))
        }
    }

    private func registry(_ server: LoopbackServer) throws -> Registry {
        Registry(
            host: server.host, path: "charts/base", client: try client(), login: Login(name: "u", password: "SECRET"))
    }

    @Test func aLoginThatARegistryRepeatsIsCovered() throws {
        let server = LoopbackServer { call in
            let given = call.headers["authorization"] ?? ""
            return .text(
                #"{"errors": [{"message": "you sent \#(given)"}]}"#, status: 401,
                headers: ["WWW-Authenticate: Basic realm=\"x\""])
        }
        var registry = try registry(server)
        for ask in [{ _ = try registry.tags() }, { _ = try registry.layer("1.30.3") }] as [() throws -> Void] {
            let error = try #require(throws: ChartSourceError.self) { try ask() }
            #expect("\(error)".contains("you sent Basic ***"), "\(error)")
        }
        #expect(server.calls.contains { $0.headers["authorization"] != nil })
    }

    /// The newest version may be in the part that is not read.
    @Test(arguments: [
        (#"{"name": "x", "tags": 42}"#, "", "is not a list of tags"),
        (#"{"name": "x", "tags": ["1.0.0", 2]}"#, "", "is not a list of tags"),
        (
            #"{"name": "x", "tags": ["1.0.0"]}"#, "</v2/charts/base/tags/list?last=a>; rel=\"next\"",
            "more than 100 pages"
        ),
        (#"{"name": "x", "tags": ["1.0.0"]}"#, "<http://127.0.0.1:1/v2/>; rel=\"next\"", "goes on at another server"),
    ])
    func aListOfTagsThatCannotBeReadToItsEndIsAnError(body: String, link: String, reason: String) throws {
        let server = LoopbackServer { _ in .text(body, headers: link.isEmpty ? [] : ["Link: " + link]) }
        var registry = try registry(server)
        let error = try #require(throws: ChartSourceError.self) { try registry.tags() }
        #expect("\(error)".contains(reason), "\(error)")
    }

    @Test func aRepositoryWithoutTagsHasNone() throws {
        let server = LoopbackServer { _ in .text(#"{"name": "x", "tags": null}"#) }
        var registry = try registry(server)
        #expect(try registry.tags() == [])
    }
}
