import Foundation
import HTTP
import System
import Testing
import Values

@testable import Kubernetes

/// Credential plugins, run as programs.
@Suite struct PluginTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// A plugin that notes what it was told, then runs `body` (sh).
    private func plugin(_ body: String) throws {
        try folder.write(
            "plugin", "#!/bin/sh\nprintf '%s\\n' \"$KUBERNETES_EXEC_INFO\" >> \"$0.info\"\n\(body)\n", mode: 0o700)
    }

    private func answering(_ status: String, version: String = "v1beta1") throws {
        try plugin(
            "echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/\(version)\", "
                + "\"status\": \(status)}'")
    }

    private func asked() throws -> [Value] {
        try folder.read("plugin.info").split(separator: "\n").map { try Value(json: Array($0.utf8), numbers: .native) }
    }

    private func client(
        _ exec: String = "", version: String = "v1beta1", cluster: String = "", isInteractive: Bool = false,
        _ transport: ScriptedTransport = ScriptedTransport()
    ) throws -> Client {
        let command = exec.contains("command:") ? "" : "command: ./plugin, "
        let more = exec.isEmpty ? "" : ", " + exec
        let user = "exec: {\(command)apiVersion: client.authentication.k8s.io/\(version)\(more)}"
        try folder.write("config", config(cluster: cluster, user: user))
        var options = ConnectionOptions()
        options.kubeconfig = folder.path + "/config"
        let around = ProcessEnvironment(
            environment: { _ in nil }, read: { FileManager.default.contents(atPath: $0).map(Array.init) },
            isInteractive: isInteractive)
        return Client(try Connection(options, around), transport, around)
    }

    @Test(arguments: [("v1", ", interactiveMode: Never"), ("v1beta1", "")])
    func aTokenIsSentAndThePluginIsToldTheVersion(version: String, mode: String) throws {
        try answering(#"{"token": "'"$1-$FOO"'"}"#, version: version)
        let transport = ScriptedTransport()
        let client = try client(
            "args: [a], env: [{name: FOO, value: b}]" + mode, version: version, transport)
        _ = try client.send(.get("/api"))
        #expect(transport.requests.first?.authorization == "Bearer a-b")
        #expect(
            try asked() == [
                [
                    "kind": "ExecCredential", "apiVersion": .string("client.authentication.k8s.io/" + version),
                    "spec": ["interactive": false],
                ]
            ])
    }

    @Test func theClusterIsToldWhereAskedFor() throws {
        try answering(#"{"token": "t"}"#)
        let pem = base64(Array("-----BEGIN CERTIFICATE-----\n".utf8))
        let client = try client(
            "provideClusterInfo: true",
            cluster: "certificate-authority-data: \(pem), tls-server-name: other, proxy-url: 'http://p:1', extensions: "
                + "[{name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: {audience: x}}]")
        _ = try client.send(.get("/api"))
        #expect(
            try asked().first?["spec"]?["cluster"] == [
                "server": "https://c.example:6443", "certificate-authority-data": .string(pem),
                "tls-server-name": "other",
                "proxy-url": "http://p:1", "config": ["audience": "x"],
            ])
    }

    @Test(arguments: [
        (#"{"token": "t"}"#, 1), (#"{"token": "t", "expirationTimestamp": "2999-01-01T00:00:00Z"}"#, 1),
        (#"{"token": "t", "expirationTimestamp": "2020-01-01T00:00:00+01:00"}"#, 3),
    ])
    func itIsAskedAgainWhenTheLoginEnds(status: String, runs: Int) throws {
        try answering(status)
        let client = try client()
        for _ in 0..<3 { _ = try client.send(.get("/api")) }
        #expect(try asked().count == runs)
    }

    @Test func aRefusedLoginIsRenewedOnce() throws {
        try plugin(
            "echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1beta1\", "
                + "\"status\": {\"token\": \"'$(wc -l < \"$0.info\")'\"}}'")
        let transport = ScriptedTransport { request in
            .success(
                request.authorization == "Bearer 2"
                    ? .json(#"{"a": 1}"#) : .json(#"{"kind": "Status", "code": 401}"#, status: 401))
        }
        let client = try client("", transport)
        #expect(try client.send([.get("/a"), .get("/b")]).map { try $0.get() } == [["a": 1], ["a": 1]])
        #expect(try asked().count == 2)
    }

    @Test func aCertificateIsUsedForTheConnection() throws {
        try answering(#"{"clientCertificateData": "CERT", "clientKeyData": "KEY"}"#)
        let transport = ScriptedTransport()
        _ = try client("", transport).send(.get("/api"))
        #expect(transport.requests.first?.authorization == nil)
        #expect(transport.requests.first?.security.clientCertificate == Array("CERT".utf8))
        #expect(transport.requests.first?.security.clientKey == Array("KEY".utf8))
    }

    @Test(arguments: [
        (#"{}"#, "its answer has neither a token nor a certificate"),
        (#"{"token": ""}"#, "its answer has neither a token nor a certificate"),
        (#"{"clientCertificateData": "C"}"#, "its answer has a certificate or a key, not both"),
    ])
    func emptyAnswersAreRefused(status: String, text: String) throws {
        try answering(status)
        let client = try client()
        #expect(
            message { try client.send(.get("/api")) }
                == "\(folder.path)/./plugin: the credential plugin failed: \(text)")
    }

    @Test(arguments: [
        ("echo 'no JSON'", "its answer is no ExecCredential"),
        ("echo '{\"kind\": \"Pod\"}'", "its answer is no ExecCredential"),
        (
            "echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\"}'",
            "it answers with client.authentication.k8s.io/v1 instead of client.authentication.k8s.io/v1beta1"
        ),
        (
            "echo first >&2; echo 'not logged in' >&2; exit 3",
            "exit code 3: not logged in; the kubeconfig says: get it from\nX"
        ),
        ("kill -9 $$", "exit code 137; the kubeconfig says: get it from\nX"),
    ])
    func failuresSayWhatThePluginSaid(body: String, text: String) throws {
        try plugin(body)
        let client = try client("installHint: \"get it from\\nX\"")
        #expect(
            message { try client.send(.get("/api")) }
                == "\(folder.path)/./plugin: the credential plugin failed: \(text.replacing("\n", with: " "))")
    }

    @Test func aMissingProgramGetsTheInstallHint() throws {
        let client = try client("command: no-such-plugin, installHint: \"get it:\\n  apt\"")
        #expect(
            message { try client.send(.get("/api")) }
                == "no-such-plugin: the credential plugin of the kubeconfig is not on PATH; the kubeconfig says: get it: apt"
        )
    }

    @Test(arguments: [
        ("v1", "", "user \"u\": an exec plugin of client.authentication.k8s.io/v1 without interactiveMode"),
        ("v1", "interactiveMode: Sometimes", "user \"u\": interactiveMode \"Sometimes\""),
        ("v1alpha1", "", "user \"u\": exec apiVersion \"client.authentication.k8s.io/v1alpha1\""),
        ("v1", "command: ''", "user \"u\": an exec plugin without a command"),
    ])
    func wrongEntriesAreRefused(version: String, exec: String, text: String) {
        #expect(
            message { try client(exec, version: version) }
                == text + " is not supported; use an exec plugin or a token")
    }

    @Test func onlyAPersonCanBeAsked() throws {
        try answering(#"{"token": "t"}"#, version: "v1")
        let client = try client("interactiveMode: Always", version: "v1")
        #expect(
            message { try client.send(.get("/api")) }
                == "\(folder.path)/./plugin: the credential plugin failed: it wants to ask you, but there is no terminal"
        )
    }

    @Test(arguments: [("IfAvailable", true), ("Always", true), ("Never", false)])
    func onATerminalItIsToldSo(mode: String, isInteractive: Bool) throws {
        try answering(#"{"token": "t"}"#, version: "v1")
        let client = try client("interactiveMode: \(mode)", version: "v1", isInteractive: true)
        _ = try client.send(.get("/api"))
        #expect(try asked().first?["spec"]?["interactive"] == .bool(isInteractive))
    }

    @Test func oneThatHangsIsEnded() throws {
        try plugin("exec sleep 60")
        guard case .plugin(let plugin) = try client().connection.credential else { throw Missing() }
        let start = monotonic()
        #expect(
            message { try plugin.ask(isInteractive: false, seconds: 1) }
                == "\(folder.path)/./plugin: the credential plugin failed: no answer in 1 s")
        #expect(monotonic() - start < 5)
    }

    @Test func aChildThatStaysDoesNotHoldUpTheAnswer() throws {
        try answering(#"{"token": "t"}"#)
        try folder.write("plugin", folder.read("plugin") + "sleep 20 &\n", mode: 0o700)
        let start = monotonic()
        _ = try client().send(.get("/api"))
        #expect(monotonic() - start < 10)
    }
}
