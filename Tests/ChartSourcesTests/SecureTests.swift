import Foundation
import TestSupport
import Testing
import Values

@testable import ChartSources

/// `openssl s_server` as an https server whose files hold whole HTTP answers; `nil` where there is no openssl.
private final class SecureServer {
    let folder = Scratch()
    let port = freePort()
    private let process = Process()

    var url: String { "https://127.0.0.1:\(port)" }
    var authority: String { folder.path + "/cert.pem" }

    init?() throws {
        guard
            try SecureServer.run([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj",
                "/CN=sail test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder.path + "/key.pem", "-out",
                folder.path + "/cert.pem",
            ])
        else { return nil }
    }

    func start() throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "s_server", "-quiet", "-HTTP", "-accept", "127.0.0.1:\(port)", "-cert",
            folder.path + "/cert.pem",
            "-key", folder.path + "/key.pem",
        ]
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = Pipe()
        try process.run()
        Thread.sleep(forTimeInterval: 0.5)
    }

    deinit {
        guard process.isRunning else { return }
        // Not SIGTERM: threads of the test run block it, and the child inherits that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func answer(_ path: String, _ head: String, _ body: [UInt8] = []) throws {
        try folder.write(
            path, Array("HTTP/1.0 \(head)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8) + body)
    }

    private static func run(_ arguments: [String]) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

@Test func anHttpsRepositoryIsTrustedByItsAuthorityAndMayNotLeadToPlainHttp() throws {
    guard let server = try SecureServer() else {
        print("skipped: there is no openssl, https was not tried")
        return
    }
    let archive = chart("base")
    let plain = LoopbackServer { _ in .init(body: archive) }
    try server.answer("good/index.yaml", "200 OK", Array(index(digest: sha256(archive)).utf8))
    try server.answer("good/base-1.30.3.tgz", "200 OK", archive)
    try server.answer("plain/index.yaml", "200 OK", Array(index(digest: sha256(archive)).utf8))
    try server.answer("plain/base-1.30.3.tgz", "302 Found\r\nLocation: \(plain.url)/x.tgz")
    try server.answer(
        "listed/index.yaml", "200 OK", Array(index(url: "http://example.com/x.tgz", digest: sha256(archive)).utf8))
    try server.start()

    var user = User()
    #expect(user.failure(server.url + "/good")?.contains("the server's certificate is not trusted") == true)
    user.environment["SSL_CERT_FILE"] = server.authority
    #expect(try user.charts(server.url + "/good").count == 1)
    let other = User()
    var cautious = other
    cautious.environment["SSL_CERT_FILE"] = server.authority
    // Not even to this machine: whoever redirects decides where.
    #expect(
        cautious.failure(server.url + "/plain")
            == "\(server.url)/plain/base-1.30.3.tgz: redirects to \(plain.url)/x.tgz, which is not https; refused, nothing was kept"
    )
    #expect(plain.calls.isEmpty)
    #expect(cautious.failure(server.url + "/listed") == "http://example.com/x.tgz: plain http is refused; use https")
    #expect(cautious.cache.entries().isEmpty)
}
