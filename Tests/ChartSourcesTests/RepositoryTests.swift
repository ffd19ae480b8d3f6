import Charts
import Foundation
import Synchronization
import TestSupport
import Testing
import Values

@testable import ChartSources

/// A repository's answer that must fail: to the index, and to the archive.
struct Fault: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var index: LoopbackServer.Answer
    var archive: LoopbackServer.Answer
    /// What the message must hold.
    var message: String

    init(
        _ name: String, index: LoopbackServer.Answer = .text(ChartSourcesTests.index(digest: sha256(good))),
        archive: LoopbackServer.Answer = .init(body: good), _ message: String
    ) {
        testDescription = name
        self.index = index
        self.archive = archive
        self.message = message
    }
}

private let good = chart("base")
private let other = chart("istiod")
private let page = "<!DOCTYPE html>\n<html><body>Sign in</body></html>"

private let faults = [
    Fault(
        "error at the index", index: .text("database\nis down", status: 500),
        "/charts/index.yaml: the server answered 500 (database); try again later"),
    Fault("no index", index: .text("", status: 404), "/charts/index.yaml: the server answered 404; check the address"),
    Fault(
        "locked", index: .text("who are you", status: 401),
        "/charts/index.yaml: not authorized (who are you); log in with"),
    Fault("page", index: .text(page), "/charts/index.yaml: is a web page, not an index"),
    Fault("garbage", index: .text("a: b: c: ["), "/charts/index.yaml: is not the index of a chart repository"),
    Fault("no entries", index: .text("apiVersion: v1\n"), "/charts/index.yaml: is not the index of a chart repository"),
    Fault(
        "half an index", index: .init(body: Array(index(digest: nil).utf8), cut: 40),
        "/charts/index.yaml: the connection broke before the whole answer came"),
    Fault(
        "no digest", index: .text(index(digest: nil)), "lists base v1.30.3 without a digest, so it cannot be checked"),
    Fault("a digest that is a path", index: .text(index(digest: "../../../etc/passwd")), "without a digest"),
    Fault(
        "no such chart", index: .text(index("other", digest: sha256(good))),
        "/charts: has no chart \"base\" (it has other); check --charts"),
    Fault(
        "no such version", index: .text(index(version: "1.30.1", digest: sha256(good))),
        "/charts: chart \"base\" has no version v1.30.3; it has 1.30.1"),
    Fault(
        "an archive over plain http", index: .text(index(url: "http://example.com/x.tgz", digest: sha256(good))),
        "http://example.com/x.tgz: plain http is refused; use https"),
    Fault("no archive", archive: .text("", status: 404), "/charts/base-1.30.3.tgz: the server answered 404"),
    Fault(
        "half an archive", archive: .init(body: good, cut: 100),
        "/charts/base-1.30.3.tgz: the connection broke before the whole answer came"),
    Fault(
        "other bytes", archive: .init(body: other),
        "/charts/base-1.30.3.tgz: has digest \(sha256(other)) instead of \(sha256(good)); nothing was kept"),
    Fault("a page for an archive", archive: .text(page), "/charts/base-1.30.3.tgz: has digest"),
    Fault(
        "no chart", index: .text(index(digest: sha256(Array(page.utf8)))), archive: .text(page),
        "/charts/base-1.30.3.tgz: is not a .tgz archive"),
    Fault(
        "another chart", index: .text(index(digest: sha256(other))), archive: .init(body: other),
        "is istiod 1.30.3 where base v1.30.3 was wanted"),
    Fault(
        "redirect to plain http", archive: .redirect("http://example.com/x.tgz?signature=secret"),
        "/charts/base-1.30.3.tgz: redirects to http://example.com/x.tgz, which is not https; refused, nothing was kept"),
    Fault(
        "redirect of the index", index: .redirect("http://example.com/index.yaml"),
        "/charts/index.yaml: redirects to http://example.com/index.yaml, which is not https"),
    Fault(
        "redirect to a file", archive: .redirect("file:///etc/passwd"),
        "redirects to file:///etc/passwd, which is not https"),
    Fault("redirect in a circle", archive: .redirect("base-1.30.3.tgz"), "redirects more than 10 times"),
    Fault("silence", index: .init(delay: 4), "/charts/index.yaml: timed out ("),
    Fault(
        "a very large archive", archive: .init(body: [UInt8](repeating: 1, count: 21 << 20)),
        "/charts/base-1.30.3.tgz: the answer is larger than 20971520 bytes; refused"),
    Fault("writing to the terminal", index: .text("\u{1B}[2Jgone", status: 403), #"not authorized (\x1b[2Jgone)"#),
]

@Suite struct RepositoryTests {
    @Test(arguments: faults)
    func aFaultIsNamedAndNothingIsKept(fault: Fault) {
        let server = LoopbackServer { $0.path.hasSuffix("/index.yaml") ? fault.index : fault.archive }
        var user = User()
        user.environment = ["SAIL_CHARTS_TIMEOUT": "1"]
        let message = user.failure("http://user:secret@\(server.host)/charts")
        #expect(message?.contains(fault.message) == true, "\(message ?? "no error")")
        #expect(message?.contains("secret") == false)
        #expect(message?.contains("\n") == false)
        #expect(!FileManager.default.fileExists(atPath: user.cache.folder))
    }

    @Test func aServerThatIsDownIsNamed() {
        let user = User()
        let url = "http://127.0.0.1:\(freePort())/charts"
        #expect(user.failure(url)?.hasPrefix("\(url)/index.yaml: no connection (") == true)
        #expect(
            user.failure("https://sail.invalid/charts")
                == "https://sail.invalid/charts/index.yaml: the host name does not resolve; check the name and the DNS")
        #expect(user.cache.entries().isEmpty)
    }

    @Test func nothingIsKeptWhereOneOfSeveralFails() {
        let server = repository(["base", "istiod", "cni"])
        let user = User()
        #expect(
            user.failure(server.url + "/charts", components)?.contains(
                "has no chart \"ztunnel\" (it has base, cni, istiod)") == true)
        #expect(user.cache.entries().isEmpty)
    }

    @Test func chartsAreFetchedOnceAndTheIndexEachTime() throws {
        let server = repository()
        let user = User()
        let found = try user.charts(server.url + "/charts/index.yaml", components)
        #expect(
            found.mapValues(\.chart.name) == ["base": "base", "istiod": "istiod", "cni": "cni", "ztunnel": "ztunnel"])
        #expect(server.calls.count == 5)
        _ = try user.charts(server.url + "/charts", components, version: "1.30.3")
        #expect(server.calls.map(\.path).dropFirst(5) == ["/charts/index.yaml"])
        #expect(user.cache.entries().map(\.chart) == ["base", "cni", "istiod", "ztunnel"])
        #expect(user.cache.entries().allSatisfy { $0.isIntact && $0.source == server.url + "/charts" })
    }

    @Test func versionsMatchWithAndWithoutTheirV() throws {
        let server = repository(["base"], versions: ["v1.30.3", "1.29.0"])
        let user = User()
        #expect(try user.charts(server.url + "/charts", version: "1.30.3").count == 1)
        #expect(try user.charts(server.url + "/charts", version: "v1.29.0").count == 1)
        let listed = try user.fetcher(server.url + "/charts").listing([])
        #expect(listed.map(\.version) == ["v1.30.3", "1.29.0"])
        #expect(listed.allSatisfy { $0.digest?.isHexDigest == true })
    }

    @Test func aServerThatIsBrieflyOverloadedIsAskedAgain() throws {
        let count = Mutex(0)
        let server = LoopbackServer { call in
            let isFirst = count.withLock {
                $0 += 1; return $0 == 1
            }
            if isFirst { return .text("busy", status: 503) }
            return call.path == "/index.yaml" ? .text(index(digest: sha256(good))) : .init(body: good)
        }
        #expect(try User().charts(server.url).count == 1)
    }

    @Test func anArchiveIsTakenAsItIsThoughItIsCalledCompressed() throws {
        let server = LoopbackServer { call in
            call.path == "/index.yaml"
                ? .text(index(digest: sha256(good))) : .init(headers: ["Content-Encoding: gzip"], body: good)
        }
        #expect(try User().charts(server.url).count == 1)
    }

    @Test func noProxyLeadsToThisMachine() throws {
        setenv("http_proxy", "http://127.0.0.1:\(freePort())", 1)
        defer { unsetenv("http_proxy") }
        #expect(try User().charts(repository().url + "/charts").count == 1)
    }

    @Test func oneArchiveByItsAddressIsOneChart() throws {
        let server = repository()
        let user = User()
        #expect(try user.charts(server.url + "/charts/cni-1.30.3.tgz", components).keys.sorted() == ["cni"])
        #expect(user.cache.entries().map(\.chart) == ["cni"])
    }
}

@Suite struct LoginTests {
    private let basic = "Basic " + base64(Array("user:secret".utf8))

    /// An index on one server whose archive lies on another.
    private func servers(redirecting: Bool) -> (index: LoopbackServer, archive: LoopbackServer) {
        let archive = LoopbackServer { _ in .init(body: good) }
        let url = archive.url + "/x.tgz"
        let first = LoopbackServer { call in
            if call.path.hasSuffix("/index.yaml") {
                return .text(index(url: redirecting ? "x.tgz" : url, digest: sha256(good)))
            }
            return .redirect(url)
        }
        return (first, archive)
    }

    @Test(arguments: [true, false])
    func aPasswordStaysWithItsServer(redirecting: Bool) throws {
        let (first, second) = servers(redirecting: redirecting)
        _ = try User().charts("http://user:secret@\(first.host)/charts")
        #expect(first.calls.allSatisfy { $0.headers["authorization"] == basic })
        #expect(second.calls.map { $0.headers["authorization"] } == [nil])
    }

    @Test(arguments: [(false, nil), (true, "Basic dXNlcjpzZWNyZXQ=")])
    func helmsRepositoriesGiveTheirPasswords(forAll: Bool, elsewhere: String?) throws {
        let (first, second) = servers(redirecting: false)
        let user = User()
        try user.home.write(
            ".config/helm/repositories.yaml",
            """
            repositories:
            - {name: other, url: "\(first.url)/cha", username: wrong, password: wrong}
            - {name: mine, url: "\(first.url)/charts/", username: user, password: secret, pass_credentials_all: \(forAll)}
            """)
        _ = try user.charts(first.url + "/charts/sub")
        #expect(first.calls.map { $0.headers["authorization"] } == [basic])
        #expect(second.calls.map { $0.headers["authorization"] } == [elsewhere])
    }
}
