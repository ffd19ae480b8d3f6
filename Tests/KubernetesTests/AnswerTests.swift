import HTTP
import Kubernetes
import Sandbox
import TLSServer
import TestSupport
import Testing
import Values

/// What is said of answers that are not what was wanted.
@Suite struct AnswerTests {
    private func client(_ response: Response) throws -> Client {
        Client(try connection(config()), ScriptedTransport { _ in .success(response) })
    }

    @Test(arguments: [
        (
            #"{"kind": "Status", "code": 422, "message": "x is invalid", "details": {"causes": "#
                + #"[{"field": "spec.a", "message": "Required value"}, {"message": "too long"}]}}"#,
            422, "x is invalid\n  spec.a: Required value\n  too long"
        ),
        (
            #"{"kind": "Status", "code": 422, "message": "x is invalid: spec.a: Required value", "details": "#
                + #"{"causes": [{"field": "spec.a", "message": "Required value"}]}}"#,
            422, "x is invalid: spec.a: Required value"
        ),
        (
            #"{"kind": "Status", "code": 403, "message": "User \"u\" cannot list resource \"pods\""}"#, 403,
            "User \"u\" cannot list resource \"pods\"; ask an administrator for this permission (docs/guides/permissions.md has ClusterRoles); sail precheck lists all that are missing"
        ),
        (
            #"{"kind": "Status", "code": 401, "message": "Unauthorized"}"#, 401,
            "the cluster does not accept the kubeconfig's credentials (Unauthorized); log in again, or choose another "
                + "--context"
        ),
        ("404 page not found\n", 404, "https://c.example:6443/x: the server answered 404: 404 page not found"),
        (
            "<html>", 200,
            "https://c.example:6443/x: answered 200 with something that is not from a Kubernetes API server; check the "
                + "address"
        ),
        (
            "Client sent an HTTP request to an HTTPS server.\n", 400,
            "https://c.example:6443/x: answered 400 with something that is not from a Kubernetes API server (Client "
                + "sent an HTTP request to an HTTPS server.); check the address"
        ),
    ])
    func errorsAreShownWithWhatToDo(body: String, status: Int, text: String) throws {
        let client = try client(.json(body, status: status))
        #expect(message { try client.send(.get("/x")) } == text)
    }

    @Test func aRedirectIsNotFollowedButNamed() throws {
        let client = try client(Response(status: 302, headers: [("location", "https://login.example")]))
        #expect(message { try client.send(.get("/x")) }.contains(" (a redirect to https://login.example); check"))
    }

    @Test(arguments: ClusterKind.available.filter { $0 == .live })
    func aRealServersCausesAreNamedPerField(kind: ClusterKind) throws {
        let cluster = try TestCluster(kind)
        let client = try cluster.client()
        let wrong: Value = [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "Bad_Name"],
            "spec": ["ports": [["port": 0]]],
        ]
        let text = message { try client.send(.create("/api/v1/namespaces/default/services", wrong)) }
        #expect(text.contains("metadata.name"))
        #expect(text.contains("spec.ports[0].port"))
    }

    @Test func warningsAreKeptOnceEach() throws {
        let client = try client(
            .json(
                "{}",
                headers: [
                    ("warning", #"299 - "first""#), ("warning", #"299 - "say \"x\" \\ y", 299 - "third""#),
                    ("warning", #"299 - "first""#), ("warning", "nothing"),
                ]))
        for _ in 0..<2 { _ = try client.send(.get("/x")) }
        #expect(client.warnings == ["first", #"say "x" \ y"#, "third"])
    }
}

/// Connections as they really are: TLS, HTTP/2, how many.
@Suite struct ConnectionTests {
    private func kubeconfig(_ cluster: String) -> String {
        config(cluster: "", user: "").replacing(
            #"server: "https://c.example:6443""#, with: cluster)
    }

    private func failure(_ cluster: String) throws -> String {
        let client = Client(try connection(kubeconfig(cluster)), try CurlTransport())
        return message { try client.send(.get("/readyz").expecting(.anything)) }
    }

    private func authority(_ text: String) -> String { "certificate-authority-data: " + base64(Array(text.utf8)) }

    @Test func anotherAuthorityIsNotBelieved() throws {
        let sandbox = try Sandbox()
        let other = try rendered(#"{{ (genCAWithKey "other" 30 (genPrivateKey "ecdsa")).Cert }}"#)
        let text = try failure("server: '\(sandbox.url)', \(authority(other))")
        #expect(text.hasPrefix("\(sandbox.url)/readyz: the server's certificate is not trusted ("))
        #expect(text.hasSuffix("; check the certificate authority given for it"))
        #expect(client(sandbox) == "ok")
        sandbox.stop()
    }

    private func client(_ sandbox: Sandbox, _ more: String = "") -> Value? {
        let text = kubeconfig("server: '\(sandbox.url)', \(authority(sandbox.authority))\(more)")
        return try? Client(try connection(text), try CurlTransport()).send(.get("/readyz").expecting(.anything))
    }

    @Test func theNameOfTheCertificateCounts() throws {
        let sandbox = try Sandbox()
        #expect(client(sandbox, ", tls-server-name: localhost") == "ok")
        let text = try failure(
            "server: '\(sandbox.url)', tls-server-name: other.example, \(authority(sandbox.authority))")
        #expect(text.hasPrefix("\(sandbox.url)/readyz: the server's certificate is for another name ("))
        #expect(text.hasSuffix("; use an address that it names, or tls-server-name"))
        sandbox.stop()
    }

    @Test func anOutdatedCertificateIsToldFromAWrongOne() throws {
        var settings = SandboxSettings()
        settings.certificateDays = -1
        let sandbox = try Sandbox(settings)
        let text = try failure("server: '\(sandbox.url)', \(authority(sandbox.authority))")
        #expect(text.hasPrefix("\(sandbox.url)/readyz: the server's certificate is not valid today ("))
        #expect(text.hasSuffix("; renew it, or set this machine's clock"))
        #expect(try failure("server: '\(sandbox.url)', insecure-skip-tls-verify: true") == "no error")
        sandbox.stop()
    }

    @Test func aServerWithoutTLSIsNamedAtOnce() throws {
        let port = answeringAtOnce("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        let start = monotonic()
        let text = try failure("server: 'https://127.0.0.1:\(port)'")
        #expect(text.hasPrefix("https://127.0.0.1:\(port)/readyz: no TLS is spoken there ("))
        #expect(text.hasSuffix("; check the port, or whether the address begins with http://"))
        #expect(monotonic() - start < 1)
    }

    @Test func nobodyThereIsSaidSoon() throws {
        let port = freePort()
        let start = monotonic()
        let text = try failure("server: 'https://127.0.0.1:\(port)'")
        #expect(text.hasPrefix("https://127.0.0.1:\(port)/readyz: no connection ("))
        #expect(text.hasSuffix("; check the address and the network"))
        #expect(monotonic() - start < 3)
        #expect(
            try failure("server: 'https://nowhere.invalid'")
                == "https://nowhere.invalid/readyz: the host name does not resolve; check the name and the DNS")
    }

    @Test func aProxyThatDoesNotAnswerIsNamed() throws {
        let proxy = "http://ann:secret@127.0.0.1:\(freePort())"
        let text = try failure("server: 'https://c.example', proxy-url: '\(proxy)'")
        let shown = proxy.replacing("ann:secret", with: "***")
        #expect(text.hasPrefix("https://c.example/readyz: the proxy \(shown) gives no way there ("))
        #expect(text.hasSuffix("; check proxy-url or HTTPS_PROXY and NO_PROXY"))
    }

    @Test func aProxyThatRefusesIsNamed() throws {
        let proxy = LoopbackServer { _ in .text("", status: 407) }
        let text = try failure("server: 'https://c.example', proxy-url: '\(proxy.url)'")
        #expect(text.hasPrefix("https://c.example/readyz: the proxy \(proxy.url) gives no way there ("))
        #expect(text.contains("407"))
        #expect(proxy.calls.first?.method == "CONNECT")
        #expect(proxy.calls.first?.path == "c.example:443")
    }

    @Test func atMost32ConnectionsAreOpenedAndKept() throws {
        let cluster = try TestCluster(.sandbox)
        let sandbox = try #require(cluster.sandbox)
        sandbox.add(Fault(.delay(20)))
        let client = try cluster.client()
        for _ in 0..<3 {
            for answer in client.send((0..<100).map { _ in .get("/api") }) { _ = try answer.get() }
        }
        #expect(sandbox.requests.count == 300)
        #expect((2...32).contains(sandbox.connections))
    }

    @Test(arguments: ClusterKind.available.filter { $0 == .live })
    func aRealServerIsSpokenToInHTTP2WhereLibcurlKeepsUp(kind: ClusterKind) throws {
        let cluster = try TestCluster(kind)
        let connection = try cluster.client().connection
        let transport = try CurlTransport()
        let requests = (0..<100).map { _ in
            HTTP.Request(
                "GET", connection.server + "/readyz", headers: [("Authorization", "Bearer \(Sandbox.adminToken)")],
                security: connection.security, proxy: "")
        }
        let answers = try transport.perform(requests).map { try $0.get() }
        #expect(answers.allSatisfy { $0.version == (transport.isMultiplexed ? "HTTP/2" : "HTTP/1.1") })
    }
}
