import HTTP
import Kubernetes
import System
import Testing

/// What is said where a login is missing, or a file of it cannot be read.
@Suite struct CredentialMessageTests {
    private func refusal(_ user: String, _ status: Int, _ body: String) throws -> String {
        let transport = ScriptedTransport { _ in
            .success(.json(body, status: status))
        }
        let environment = processEnvironment(["/k/config": config(user: user)])
        var options = ConnectionOptions()
        options.kubeconfig = "/k/config"
        let client = Client(
            try Connection(options, environment), environment, transport: transport, userAgent: "test/1")
        return message { try client.send(.get("/api")) }
    }

    private static let anonymous = """
        {"kind": "Status", "code": 403, "reason": "Forbidden",
        "message": "forbidden: User \\"system:anonymous\\" cannot get path \\"/api\\""}
        """
    private static let unauthorized =
        #"{"kind": "Status", "code": 401, "reason": "Unauthorized", "message": "Unauthorized"}"#

    @Test(arguments: [(403, anonymous), (401, unauthorized)])
    func aUserWithoutCredentialsIsNamedAsSuch(status: Int, body: String) throws {
        let text = try refusal("", status, body)
        #expect(
            text.hasPrefix("user \"u\": has no credentials in the kubeconfig, and the server requires them; log in"),
            "\(text)")
        #expect(!text.contains("system:anonymous"))
    }

    @Test func aUserWithCredentialsHearsTheServersWords() throws {
        let text = try refusal("token: t", 401, CredentialMessageTests.unauthorized)
        #expect(text.hasPrefix("the cluster does not accept the kubeconfig's credentials (Unauthorized)"), "\(text)")
    }

    @Test func aContextWithoutAUserIsNamed() throws {
        let text = """
            clusters: [{name: c, cluster: {server: "https://c.example:6443"}}]
            contexts: [{name: x, context: {cluster: c}}]
            current-context: x
            """
        #expect(try connection(text).anonymousOwner == "context \"x\"")
        #expect(try connection(config()).anonymousOwner == nil)
    }

    @Test(arguments: [
        ("permission denied; check its permissions"), ("is a folder, not a file; name a file in it"),
        ("no such file or directory; check the path"),
    ])
    func aKubeconfigThatCannotBeReadSaysWhy(reason: String) {
        let environment = ProcessEnvironment(
            environment: { _ in nil }, readFile: { _ throws(FileFailure) in throw FileFailure(reason: reason) },
            isInteractive: false)
        var options = ConnectionOptions()
        options.kubeconfig = "/k/config"
        #expect(message { try Connection(options, environment) } == "/k/config: \(reason)")
    }
}
