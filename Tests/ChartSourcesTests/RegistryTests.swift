import Charts
import Foundation
import Synchronization
import TestSupport
import Testing
import Values

@testable import ChartSources

/// A registry with base 1.30.3 and v1.29.0 at charts/base, which wants a token, or a password for each request.
private final class FakeRegistry: Sendable {
    enum Access: Sendable { case open, token, basic }

    /// Where it answers otherwise than it should.
    enum Fault: Sendable { case none, manifest, blob, noManifest, noToken, realm(String), redirect(String), cut }

    let server: LoopbackServer

    /// `password`: whose token may read; `nil` where everyone's may.
    init(_ access: Access = .token, password: String? = nil, fault: Fault = .none) {
        let address = Mutex("")
        let server = LoopbackServer { call in
            FakeRegistry.answer(call, access, password, fault, url: address.withLock { $0 })
        }
        address.withLock { $0 = server.url }
        self.server = server
    }

    var source: String { "oci://\(server.host)/charts" }

    private static let archive = chart("base")
    private static func manifest(_ version: String) -> String {
        let digest = sha256(version == "1.30.3" ? archive : chart("base", "v1.29.0"))
        return """
            {"schemaVersion": 2, "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"}, "layers": [
            {"mediaType": "application/vnd.cncf.helm.chart.provenance.v1.prov", "digest": "sha256:00"},
            {"mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "digest": "sha256:\(digest)"}]}
            """
    }

    static var manifestDigest: String { "sha256:" + sha256(Array(manifest("1.30.3").utf8)) }

    private static func answer(
        _ call: LoopbackServer.Call, _ access: Access, _ password: String?, _ fault: Fault, url: String
    ) -> LoopbackServer.Answer {
        if call.path.hasPrefix("/token") { return token(call, password, fault) }
        let wanted: String? =
            switch access {
            case .open: nil
            case .token: "Bearer good"
            case .basic: "Basic " + base64(Array("user:\(password ?? "")".utf8))
            }
        if let wanted, call.headers["authorization"] != wanted {
            var realm = url + "/token"
            if case .realm(let other) = fault { realm = other }
            let challenge = access == .basic ? "Basic realm=\"x\"" : "Bearer realm=\"\(realm)\",service=\"registry\""
            return .text(
                "{\"errors\": [{\"code\": \"UNAUTHORIZED\", \"message\": \"authentication required\"}]}", status: 401,
                headers: ["WWW-Authenticate: \(challenge)"])
        }
        return content(call, fault)
    }

    private static func token(_ call: LoopbackServer.Call, _ password: String?, _ fault: Fault) -> LoopbackServer.Answer
    {
        if case .noToken = fault { return .text("{}") }
        let basic = password.map { "Basic " + base64(Array("user:\($0)".utf8)) }
        let isKnown =
            call.method == "POST"
            ? call.body.contains("refresh_token=\(password ?? "")") : call.headers["authorization"] == basic
        guard password == nil || isKnown else {
            return .text("wrong \(call.headers["authorization"] ?? "")", status: 401)
        }
        let scope = "scope=repository%3Acharts%2F"
        guard (call.path + call.body).contains(scope), (call.path + call.body).contains("service=registry") else {
            return .text("no scope", status: 400)
        }
        return .text(call.method == "POST" ? "{\"access_token\": \"good\"}" : "{\"token\": \"good\"}")
    }

    private static func content(_ call: LoopbackServer.Call, _ fault: Fault) -> LoopbackServer.Answer {
        let name = String(call.path.split(separator: "/").last ?? "")
        guard call.path.hasPrefix("/v2/charts/base/") else { return .text("{}", status: 404) }
        if call.path.contains("/tags/list") {
            if call.path.contains("last=") { return .text("{\"name\": \"charts/base\", \"tags\": [\"v1.29.0\"]}") }
            return .text(
                "{\"name\": \"charts/base\", \"tags\": [\"1.30.3\"]}",
                headers: ["Link: </v2/charts/base/tags/list?n=1&last=1.30.3>; rel=\"next\""])
        }
        if call.path.contains("/manifests/") {
            let version = name == manifestDigest ? "1.30.3" : name
            guard ["1.30.3", "v1.29.0"].contains(version) else { return .text("{}", status: 404) }
            if case .noManifest = fault { return .text("<html>") }
            let text = manifest(version)
            let digest = "Docker-Content-Digest: sha256:\(sha256(Array(text.utf8)))"
            if case .manifest = fault { return .text(text + " ", headers: [digest]) }
            return .text(text, headers: [digest])
        }
        switch fault {
        case .blob: return .init(body: archive + [0])
        case .cut: return .init(body: archive, cut: 50)
        case .redirect(let target): return .redirect(target, status: 307)
        default: return .init(body: name == "sha256:" + sha256(archive) ? archive : chart("base", "v1.29.0"))
        }
    }
}

@Suite struct RegistryTests {
    @Test(arguments: ["v1.30.3", "1.30.3", "v1.29.0"])
    func aChartIsFetchedWithATokenForEveryone(version: String) throws {
        let registry = FakeRegistry()
        let user = User()
        let found = try user.charts(registry.source, version: version)
        #expect(found["base"]?.chart.name == "base")
        #expect(registry.server.calls.filter { $0.path.hasPrefix("/token") }.count == 1)
        #expect(user.cache.entries().map(\.source) == [registry.source])
        let before = registry.server.calls.count
        _ = try user.charts(registry.source, version: version)
        #expect(!registry.server.calls.dropFirst(before).contains { $0.path.contains("/blobs/") })
    }

    @Test func oneChartIsNamedByTagByDigestOrByItsRepository() throws {
        let registry = FakeRegistry(.open)
        let base = registry.source + "/base"
        for source in [base + ":1.30.3", base + "@" + FakeRegistry.manifestDigest, base] {
            #expect(try User().charts(source, components).keys.sorted() == ["base"])
        }
        #expect(
            User().failure(base + ":1.2.3")?.hasSuffix(
                "chart \"base\" has no version 1.2.3; check --charts and --version") == true)
    }

    @Test func allTagsAreListedPageByPage() throws {
        let registry = FakeRegistry()
        let listed = try User().fetcher(registry.source).listing(components)
        #expect(listed.map { $0.chart + " " + $0.version } == ["base 1.30.3", "base v1.29.0"])
    }

    @Test func aMissingVersionIsNamedWithThoseThatAreThere() {
        let registry = FakeRegistry()
        #expect(
            User().failure(registry.source, version: "v1.30.9")
                == "\(registry.source)/base: chart \"base\" has no version v1.30.9; it has 1.30.3")
        #expect(
            User().failure(registry.source, ["istiod"])
                == "\(registry.source)/istiod: has no chart \"istiod\"; check --charts")
    }

    @Test(arguments: [
        "{\"auths\": {\"HOST\": {\"auth\": \"dXNlcjpzZWNyZXQ=\"}}}",
        "{\"auths\": {\"https://HOST\": {\"username\": \"user\", \"password\": \"secret\"}}}",
        "{\"auths\": {\"HOST\": {\"auth\": \"d3Jvbmc6d3Jvbmc=\"}, \"HOST/charts\": {\"auth\": \"dXNlcjpzZWNyZXQ=\"}}}",
        "{\"auths\": {\"HOST\": {\"identitytoken\": \"secret\"}}}",
    ])
    func passwordsComeFromTheFilesOfHelmDockerAndContainers(configuration: String) throws {
        for file in [".config/helm/registry/config.json", ".docker/config.json", "run/containers/auth.json"] {
            let registry = FakeRegistry(password: "secret")
            var user = User()
            user.environment["XDG_RUNTIME_DIR"] = user.home.path + "/run"
            try user.home.write(file, configuration.replacingOccurrences(of: "HOST", with: registry.server.host))
            #expect(try user.charts(registry.source).count == 1)
        }
    }

    @Test func aPasswordMayStandInTheSourceAndBeAskedForEachTime() throws {
        let registry = FakeRegistry(.basic, password: "secret")
        #expect(try User().charts("oci://user:secret@\(registry.server.host)/charts").count == 1)
    }

    @Test(arguments: [FakeRegistry.Access.token, .basic])
    private func aWrongPasswordIsNotShown(access: FakeRegistry.Access) {
        let registry = FakeRegistry(access, password: "right")
        let user = User()
        let message = user.failure("oci://user:secret@\(registry.server.host)/charts")
        #expect(message?.contains(": not authorized") == true, "\(message ?? "")")
        #expect(message?.contains("secret") == false)
        #expect(message?.contains(base64(Array("user:secret".utf8))) == false)
        #expect(user.cache.entries().isEmpty)
    }

    @Test(arguments: [
        (FakeRegistry.Fault.manifest, "/manifests/1.30.3: has digest "), (.blob, ": has digest "),
        (.noManifest, "/manifests/1.30.3: has digest"), (.noToken, "/token: gave no token"),
        (.cut, ": the connection broke before the whole answer came"),
        (.realm("http://example.com/token"), "http://example.com/token: plain http is refused; use https"),
        (
            .redirect("http://example.com/blob?signature=secret"),
            "redirects to http://example.com/blob, which is not https"
        ),
    ])
    private func aFaultIsNamedAndNothingIsKept(fault: FakeRegistry.Fault, message: String) {
        let registry = FakeRegistry(fault: fault)
        let user = User()
        let text = user.failure(registry.source)
        if case .noManifest = fault {
            #expect(text?.contains("is not the manifest of a Helm chart") == true, "\(text ?? "")")
        } else {
            #expect(text?.contains(message) == true, "\(text ?? "no error")")
        }
        #expect(text?.contains("secret") == false)
        #expect(user.cache.entries().isEmpty)
    }

    @Test func aBlobElsewhereIsFetchedWithoutTheToken() throws {
        let archive = chart("base")
        let store = LoopbackServer { _ in .init(body: archive) }
        let registry = FakeRegistry(fault: .redirect(store.url + "/blob?signature=x"))
        #expect(try User().charts(registry.source).count == 1)
        #expect(store.calls.map { $0.headers["authorization"] } == [nil])
        #expect(store.calls.map(\.path) == ["/blob?signature=x"])
    }

    @Test func aRegistryOnThisMachineMaySpeakPlainHttp() throws {
        let registry = FakeRegistry()
        var user = User()
        user.environment["SAIL_CHARTS_PLAIN_HTTP"] = ""
        #expect(try user.charts(registry.source).count == 1)
        user.environment["SAIL_CHARTS_PLAIN_HTTP"] = "false"
        #expect(user.failure(registry.source)?.hasPrefix("https://") == true)
    }
}

@Suite struct HelperTests {
    /// Helpers are found on PATH, which belongs to the process: scripts go by their full PATH through a symlinked name.
    private func credentials(_ configuration: String) throws -> Credentials {
        Credentials(registryConfigurations: [try Value(json: configuration)])
    }

    @Test func aHelperIsAskedForItsHost() throws {
        let folder = Scratch()
        try folder.write(
            "docker-credential-sailtest",
            """
            #!/bin/sh
            [ "$1" = get ] || exit 2
            read server
            case $server in
            known.example.com) echo '{"ServerURL": "x", "Username": "user", "Secret": "secret"}';;
            token.example.com) echo '{"Username": "<token>", "Secret": "refresh"}';;
            *) echo "credentials not found in native keychain"; exit 1;;
            esac
            """, executable: true)
        setenv("PATH", folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? ""), 1)
        let store = try credentials("{\"credsStore\": \"sailtest\"}")
        #expect(try store.login(forRegistry: "known.example.com", path: "x") == Login(name: "user", password: "secret"))
        #expect(try store.login(forRegistry: "token.example.com", path: "x")?.isIdentityToken == true)
        #expect(try store.login(forRegistry: "unknown.example.com", path: "x") == nil)
        let helper = try credentials("{\"credHelpers\": {\"known.example.com\": \"sailtest\"}}")
        #expect(try helper.login(forRegistry: "known.example.com", path: "x")?.name == "user")
        #expect(try helper.login(forRegistry: "token.example.com", path: "x") == nil)
    }

    @Test func aStoreThatIsMissingIsPassedOverAndAHelperForTheHostIsNot() throws {
        #expect(
            try credentials("{\"credsStore\": \"sail-nowhere\"}").login(forRegistry: "a.example.com", path: "x") == nil)
        #expect(
            throws: ChartSourceError.credentials(program: "docker-credential-sail-nowhere", reason: "not found on PATH")
        ) {
            try credentials("{\"credHelpers\": {\"a.example.com\": \"sail-nowhere\"}}")
                .login(forRegistry: "a.example.com", path: "x")
        }
        #expect(throws: ChartSourceError.credentials(program: "docker-credential-../x", reason: "is not a name")) {
            try credentials("{\"credHelpers\": {\"a.example.com\": \"../x\"}}")
                .login(forRegistry: "a.example.com", path: "x")
        }
    }

    @Test func dockersHubHasAnOldName() throws {
        let hub = try credentials("{\"auths\": {\"https://index.docker.io/v1/\": {\"auth\": \"dXNlcjpzZWNyZXQ=\"}}}")
        #expect(try hub.login(forRegistry: "docker.io", path: "istio/charts")?.password == "secret")
    }
}
