import Foundation
import HTTP
import System
import TestSupport
import Testing
import Values

@testable import Kubernetes

/// The `oidc` auth-provider: when it refreshes, how it asks, and what it leaves in the kubeconfig.
@Suite struct OIDCTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// An ID token that ends at that time.
    private static func token(_ expiry: Int, _ name: String = "n") -> String {
        let claims = Data(#"{"exp": \#(expiry), "name": "\#(name)"}"#.utf8).base64EncodedString()
        let encoded = claims.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return "e30.\(encoded).c2ln"
    }

    private static let old = token(1_000_000_000)
    private static let fresh = token(4_000_000_000)

    private func write(_ idToken: String, _ more: String = "client-secret: s") throws {
        try folder.write(
            "config",
            """
            # mine, ümläut
            clusters: [{name: c, cluster: {server: "https://c.example"}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            users:
            - name: other
              user: {auth-provider: {name: oidc, config: {refresh-token: r1}}}
            - name: u   # ümläut
              user:
                auth-provider: {name: oidc, config: {"ü": "ü", id-token: '\(idToken)', refresh-token: r1, \(more),
                  client-id: a/b, idp-issuer-url: "ISSUER/"}}

            """)
    }

    /// A client whose https requests are answered here, and whose others go to the issuer.
    private func client(_ issuer: LoopbackServer, replaces: Bool = true) throws -> (Client, ScriptedTransport) {
        try folder.write("config", folder.read("config").replacing("ISSUER", with: issuer.url))
        var options = ConnectionOptions()
        options.kubeconfig = folder.path + "/config"
        var around = ProcessEnvironment(
            environment: { _ in nil }, read: { FileManager.default.contents(atPath: $0).map(Array.init) },
            isInteractive: false)
        if replaces { around.replace = replaceFile }
        let curl = try CurlTransport()
        let transport = ScriptedTransport { request in
            request.url.hasPrefix("http://") ? curl.perform(request) : .success(.json("{}"))
        }
        return (Client(try Connection(options, around), transport, around), transport)
    }

    private func issuer(_ answer: @escaping @Sendable (LoopbackServer.Call) -> LoopbackServer.Answer)
        -> LoopbackServer
    {
        LoopbackServer { call in
            if call.path == "/.well-known/openid-configuration" {
                return .text(#"{"token_endpoint": "http://\#(call.headers["host"] ?? "")/token"}"#)
            }
            return answer(call)
        }
    }

    private func bearer(_ transport: ScriptedTransport) -> String? {
        transport.requests.last { $0.url.hasPrefix("https://") }?.authorization
    }

    @Test func aValidTokenIsUsedAsItIs() throws {
        try write(OIDCTests.fresh)
        let issuer = issuer { _ in .text("", status: 500) }
        let (client, transport) = try client(issuer)
        _ = try client.send(.get("/api"))
        #expect(bearer(transport) == "Bearer " + OIDCTests.fresh)
        #expect(issuer.calls.isEmpty)
    }

    @Test func anEndedTokenIsRefreshedOnceAndWrittenBack() throws {
        try write(OIDCTests.old)
        let issuer = issuer { _ in .text(#"{"id_token": "\#(OIDCTests.fresh)", "refresh_token": "r2"}"#) }
        let (client, transport) = try client(issuer)
        let before = try folder.read("config")
        for _ in 0..<2 { _ = try client.send(.get("/api")) }
        #expect(bearer(transport) == "Bearer " + OIDCTests.fresh)
        #expect(issuer.calls.map(\.path) == ["/.well-known/openid-configuration", "/token"])
        #expect(issuer.calls.last?.body == "grant_type=refresh_token&refresh_token=r1")
        #expect(issuer.calls.last?.headers["authorization"] == "Basic " + base64(Array("a%2Fb:s".utf8)))
        let lines = before.components(separatedBy: "\n").map { line in
            guard line.contains("id-token") else { return line }
            return line.replacing(OIDCTests.old, with: OIDCTests.fresh).replacing("r1", with: "r2")
        }
        #expect(try folder.read("config") == lines.joined(separator: "\n"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/config")[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["config"])
        #expect(client.warnings.isEmpty)
    }

    @Test func aRotatedTokenServesTheNextRenewal() throws {
        try write(OIDCTests.old)
        let issuer = issuer { call in
            let next = call.body.contains("=r1") ? "r2" : call.body.contains("=r2") ? "r3" : ""
            guard !next.isEmpty else { return .text(#"{"error": "invalid_grant"}"#, status: 400) }
            return .text(#"{"id_token": "\#(OIDCTests.token(1_000_000_000, next))", "refresh_token": "\#(next)"}"#)
        }
        let (client, transport) = try client(issuer)
        _ = try client.send(.get("/api"))
        _ = try client.send(.get("/api"))
        #expect(bearer(transport) == "Bearer " + OIDCTests.token(1_000_000_000, "r3"))
        #expect(try folder.read("config").contains("refresh-token: r3"))
    }

    @Test func theSecretGoesIntoTheBodyWhereTheHeaderIsRefused() throws {
        try write(OIDCTests.old)
        let issuer = issuer { call in
            call.headers["authorization"] == nil
                ? .text(#"{"id_token": "\#(OIDCTests.fresh)"}"#) : .text(#"{"error": "invalid_client"}"#, status: 401)
        }
        let (client, _) = try client(issuer)
        _ = try client.send(.get("/api"))
        #expect(
            issuer.calls.last?.body == "grant_type=refresh_token&refresh_token=r1&client_id=a%2Fb&client_secret=s")
        #expect(try folder.read("config").contains("id-token: '\(OIDCTests.fresh)', refresh-token: r1,"))
    }

    @Test func aRotatedTokenThatCannotBeKeptIsWarnedOf() throws {
        try write(OIDCTests.old)
        let issuer = issuer { _ in .text(#"{"id_token": "\#(OIDCTests.fresh)", "refresh_token": "r2"}"#) }
        let (client, _) = try client(issuer, replaces: false)
        _ = try client.send(.get("/api"))
        #expect(
            client.warnings == [
                "user \"u\": the issuer gave a new refresh token, which could not be written to "
                    + "\(folder.path)/config; log in again before the next run"
            ])
    }

    @Test func aRefusalIsShownInTheIssuersWords() throws {
        try write(OIDCTests.old)
        let issuer = issuer { _ in
            .text(#"{"error": "invalid_grant", "error_description": "session ended"}"#, status: 400)
        }
        let (client, _) = try client(issuer)
        #expect(
            message { try client.send(.get("/api")) }
                == "user \"u\": \(issuer.url)/token answered 400 (invalid_grant: session ended); log in again")
    }

    @Test func withoutARefreshTokenItEnds() throws {
        try write(OIDCTests.old)
        try folder.write("config", folder.read("config").replacing("refresh-token: r1, ", with: ""))
        let issuer = issuer { _ in .text("{}") }
        let (client, _) = try client(issuer)
        #expect(
            message { try client.send(.get("/api")) }
                == "user \"u\": the ID token has expired and there is no refresh token; log in again")
    }

    @Test(arguments: [
        ("id-token: old", "id-token: new"), ("id-token: \"old\" # x", "id-token: \"new\" # x"),
        ("id-token: older", nil), ("id-token: |-\n                  old", nil), ("id-token: &a old", nil),
    ])
    func onlyWhatIsCertainIsWritten(line: String, next: String?) throws {
        func text(_ line: String) -> String {
            "users:\n- name: u\n  user:\n    auth-provider:\n      name: oidc\n      config:\n        \(line)\n"
        }
        var old = try OIDC(.null, "u", file: "f", "user", processEnvironment([:]))
        old.idToken = "old"
        var fresh = old
        fresh.idToken = "new"
        let written = fresh.kubeconfig(Array(text(line).utf8), replacing: old)
        #expect(written.map { String(decoding: $0, as: UTF8.self) } == next.map(text))
    }
}
