import HTTP
import Kubernetes
import Synchronization
import System
import Testing
import Values

/// Who a request says it is from.
@Suite struct LoginTests {
    @Test(arguments: [
        ("token: t", "Bearer t"), ("tokenFile: tok", "Bearer filed"), ("token: t, tokenFile: tok", "Bearer filed"),
        ("token: t, tokenFile: gone", "Bearer t"), ("username: ann, password: 'p:w'", "Basic YW5uOnA6dw=="),
        ("{}", nil),
        (
            "token: t, exec: {command: none, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}",
            "Bearer t"
        ),
    ])
    func theHeaderIsAsKubectlSendsIt(user: String, header: String?) throws {
        let text = user == "{}" ? config(user: "") : config(user: user)
        #expect(try sent(text, files: ["/k/tok": "filed\n"]).authorization == header)
    }

    @Test func aTokenFileIsReadAnewAfterARefusal() throws {
        let token = Mutex("old")
        let around = ProcessEnvironment(
            environment: { _ in nil },
            read: { path in
                path == "/k/config" ? Array(config(user: "tokenFile: tok").utf8) : Array(token.withLock { $0 }.utf8)
            }, isInteractive: false)
        var options = ConnectionOptions()
        options.kubeconfig = "/k/config"
        let transport = ScriptedTransport { request in
            guard request.authorization == "Bearer old" else { return .success(.json(#"{"a": 1}"#)) }
            token.withLock { $0 = "new" }
            return .success(.json(#"{"kind": "Status", "code": 401, "message": "Unauthorized"}"#, status: 401))
        }
        let client = Client(try Connection(options, around), transport, around)
        #expect(try client.send(.get("/api")) == ["a": 1])
        #expect(transport.requests.map(\.authorization) == ["Bearer old", "Bearer new"])
    }

    @Test func aTokenThatStaysRefusedIsAnErrorAtOnce() throws {
        let transport = ScriptedTransport { _ in
            .success(.json(#"{"kind": "Status", "code": 401, "message": "Unauthorized"}"#, status: 401))
        }
        let client = Client(try connection(config()), transport)
        #expect(
            message { try client.send(.get("/api")) }
                == "the cluster does not accept the kubeconfig's credentials (Unauthorized); log in again, "
                + "or choose another --context")
        #expect(transport.requests.count == 1)
    }

    @Test func impersonationIsMergedPartByPart() throws {
        let user = "token: t, as: bob, as-uid: '7', as-groups: [g1, g2], as-user-extra: {'a/b': [v1, v2]}"
        let plain = try sent(config(user: user))
        #expect(plain.values("Impersonate-User") == ["bob"])
        #expect(plain.values("Impersonate-Uid") == ["7"])
        #expect(plain.values("Impersonate-Group") == ["g1", "g2"])
        #expect(plain.values("Impersonate-Extra-a%2Fb") == ["v1", "v2"])
        let flagged = try sent(config(user: user)) { $0.impersonatedUser = "eve" }
        #expect(flagged.values("Impersonate-User") == ["eve"])
        #expect(flagged.values("Impersonate-Group") == ["g1", "g2"])
        let both = try sent(config(user: user)) {
            $0.impersonatedUser = "eve"
            $0.impersonatedGroups = ["h"]
        }
        #expect(both.values("Impersonate-Group") == ["h"])
    }

    @Test func aGroupAloneIsRefused() {
        let text = "user \"u\": asks for impersonation without a user; name one with --as"
        #expect(message { try connection(config()) { $0.impersonatedGroups = ["g"] } } == text)
        #expect(message { try connection(config(user: "as-groups: [g]")) } == text)
    }

    @Test(arguments: [
        ("token: t, username: a", "user \"u\": has both a token and a password; remove one"),
        (
            "exec: {command: c}, auth-provider: {name: oidc}",
            "user \"u\": has both an exec plugin and an auth-provider; remove one"
        ),
        ("auth-provider: {name: gcp}", "user \"u\": auth-provider gcp is not supported; use an exec plugin or a token"),
        ("tokenFile: gone", "user \"u\": names /k/gone: no such file or directory"),
        (
            "client-certificate: cert.pem",
            "user \"u\": has a client certificate without client-key or client-key-data; add it"
        ),
        (
            "client-certificate: cert.pem, client-key-data: aGVsbG8=",
            "user \"u\": client-key-data holds no PEM certificate or key; fetch the kubeconfig again"
        ),
    ])
    func contradictionsAreRefused(user: String, text: String) {
        let files = ["/k/cert.pem": "-----BEGIN CERTIFICATE-----\n"]
        #expect(message { try connection(config(user: user), files: files) } == text)
    }

    @Test func aClientCertificateGoesWithItsKey() throws {
        let files = ["/k/cert.pem": "-----BEGIN CERTIFICATE-----\n", "/k/key.pem": "-----BEGIN EC PRIVATE KEY-----\n"]
        let request = try sent(config(user: "client-certificate: cert.pem, client-key: key.pem"), files: files)
        #expect(request.security.clientCertificate == Array("-----BEGIN CERTIFICATE-----\n".utf8))
        #expect(request.security.clientKey == Array("-----BEGIN EC PRIVATE KEY-----\n".utf8))
        #expect(request.authorization == nil)
    }

    @Test func nothingSecretGoesOverPlainHTTP() throws {
        let plain = config().replacing("https://", with: "http://")
        #expect(try sent(plain).authorization == nil)
        #expect(
            try connection(plain).warnings == [
                "http://c.example:6443: is plain HTTP; the user's credentials are not sent there"
            ])
    }

    @Test func aRequestHasItsWholeTimeForSilence() throws {
        let request = try sent(config()) { $0.requestTimeout = 90_000 }
        #expect(request.limits.total == 90_000)
        #expect(request.limits.stall == 0)
    }
}

/// Which proxy, by kubeconfig or Go's rules for the environment.
@Suite struct ProxyTests {
    private func proxy(_ server: String, _ environment: [String: String], cluster: String = "") throws -> String? {
        let text = config(cluster: cluster).replacing("https://c.example:6443", with: server)
        return try connection(text, environment: environment).proxy
    }

    @Test func theKubeconfigComesFirst() throws {
        let environment = ["HTTPS_PROXY": "http://env:1", "NO_PROXY": "*"]
        #expect(try proxy("https://a", environment, cluster: "proxy-url: 'http://own:2'") == "http://own:2")
        #expect(try proxy("https://a", environment, cluster: "proxy-url: 'socks5://own:2'") == "socks5h://own:2")
    }

    @Test(arguments: [
        (["HTTPS_PROXY": "http://p:1"], "http://p:1"), (["https_proxy": "p:1"], "http://p:1"),
        (["HTTP_PROXY": "http://p:1"], ""), (["ALL_PROXY": "http://p:1"], ""),
        (["HTTPS_PROXY": "socks5://p:1"], "socks5h://p:1"), ([:], ""),
    ])
    func theEnvironmentIsReadAsGoDoes(environment: [String: String], proxy: String) throws {
        #expect(try self.proxy("https://a.example", environment) == proxy)
    }

    @Test(arguments: [
        ("https://localhost:6443", "", false), ("https://127.0.0.1:6443", "", false), ("https://[::1]:6443", "", false),
        ("https://a.example", "", true), ("https://a.example", "*", false), ("https://a.example", "b.example", true),
        ("https://A.example", "a.example", false), ("https://x.a.example", "a.example", false),
        ("https://xa.example", "a.example", true), ("https://a.example", ".a.example", true),
        ("https://x.a.example", ".a.example", false), ("https://x.a.example", "*.a.example", false),
        ("https://a.example:6443", "a.example:6443", false), ("https://a.example:6443", "a.example:443", true),
        ("https://a.example", "a.example:443", false), ("https://10.1.2.3", "10.0.0.0/8", false),
        ("https://11.1.2.3", "10.0.0.0/8", true), ("https://10.1.2.3", " 10.1.2.3 ,x", false),
        ("https://[fd00::1]", "fd00::/8", false), ("https://[fd00::1]", "fd00::1", false),
        ("https://[fe00::1]:2", "[fe00::1]:2", false), ("https://10.1.2.3", "10.1.2.3:444", true),
    ])
    func exceptionsAreThoseOfGo(server: String, exceptions: String, isUsed: Bool) throws {
        let found = try proxy(server, ["HTTPS_PROXY": "http://p:1", "NO_PROXY": exceptions])
        #expect(found == (isUsed ? "http://p:1" : ""))
    }
}
