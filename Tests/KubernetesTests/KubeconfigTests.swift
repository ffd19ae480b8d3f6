import HTTP
import Kubernetes
import Testing
import Values

/// Which file, context, cluster and user count: as kubectl 1.32 answers to the same files, where not said otherwise.
@Suite struct KubeconfigTests {
    private static let first = """
        clusters: [{name: c, cluster: {server: "https://first"}}]
        contexts: [{name: x, context: {cluster: c}}]
        """
    private static let second = """
        clusters:
        - {name: c, cluster: {server: "https://second", tls-server-name: abc}}
        - {name: d, cluster: {server: "https://d"}}
        contexts:
        - {name: x, context: {cluster: c, namespace: ns}}
        - {name: z, context: {cluster: d, namespace: ns}}
        current-context: x
        """

    private func merged(_ list: String, _ change: (inout ConnectionOptions) -> Void = { _ in }) throws -> Connection {
        var options = ConnectionOptions()
        change(&options)
        let files = ["/a": KubeconfigTests.first, "/b": KubeconfigTests.second, "/empty": "", "/null": "---\n"]
        return try Connection(options, processEnvironment(files, ["KUBECONFIG": list, "HOME": "/home"]))
    }

    @Test(arguments: ["/a:/b", ":/gone::/a:/b:", "/empty:/a:/null:/b:/a"])
    func theFirstOfSeveralFilesWinsByWholeEntries(list: String) throws {
        let connection = try merged(list)
        #expect(connection.server == "https://first")
        #expect(connection.security.serverName == nil)
        #expect(connection.namespace == "default")
        #expect(connection.name == "x")
    }

    @Test func theOrderOfFilesDecides() throws {
        let connection = try merged("/b:/a")
        #expect(connection.server == "https://second")
        #expect(connection.security.serverName == "abc")
        #expect(connection.namespace == "ns")
    }

    @Test func flagsChooseAmongAllFiles() throws {
        #expect(try merged("/a:/b") { $0.context = "z" }.server == "https://d")
        #expect(try merged("/a:/b") { $0.cluster = "d" }.server == "https://d")
        #expect(try merged("/a:/b") { $0.context = "" }.server == "https://first")
        #expect(try merged("/b") { $0.namespace = "m" }.namespace == "m")
        #expect(try merged("/a:/b") { $0.kubeconfig = "/b" }.server == "https://second")
    }

    @Test func withoutVariableItIsTheOneAtHome() throws {
        let files = ["/home/.kube/config": KubeconfigTests.second]
        #expect(
            try Connection(ConnectionOptions(), processEnvironment(files, ["HOME": "/home"])).server == "https://second"
        )
    }

    @Test(arguments: [
        (
            "/gone",
            "no cluster to talk to: no kubeconfig at /gone and no service account; use --kubeconfig or KUBECONFIG"
        ),
        ("/a:/forbidden", "/forbidden: no such file or directory"),
        ("/empty", "/empty: has no contexts; fetch the kubeconfig again, or name another one"),
        ("/a", "/a: has no current-context; choose one with --context (known: x)"),
    ])
    func whatIsMissingIsNamed(list: String, text: String) {
        #expect(message { try merged(list) } == text)
    }

    @Test(arguments: [
        ("context", "prodd", "/k/config: has no context \"prodd\" (known: prod, test); did you mean prod?"),
        ("cluster", "tset", "/k/config: has no cluster \"tset\" (known: prod, test); did you mean test?"),
        ("user", "zzzzzz", "/k/config: has no user \"zzzzzz\" (known: admin)"),
        ("file", "/gone", "/gone: no such file or directory"),
    ])
    func anUnknownNameGetsTheNearest(flag: String, name: String, text: String) {
        let config = """
            clusters: [{name: prod, cluster: {server: "https://p"}}, {name: test, cluster: {server: "https://t"}}]
            users: [{name: admin, user: {}}]
            contexts: [{name: prod, context: {cluster: prod}}, {name: test, context: {cluster: test, user: admin}}]
            current-context: prod
            """
        #expect(
            message {
                try connection(config) { options in
                    if flag == "context" { options.context = name }
                    if flag == "cluster" { options.cluster = name }
                    if flag == "user" { options.user = name }
                    if flag == "file" { options.kubeconfig = name }
                }
            } == text)
    }

    @Test(arguments: [
        ("clusters: [{name: c", "/k/config:1: did not find expected ',' or '}'; not a kubeconfig"),
        ("a: b\nclusters:\n\t- x\n", "/k/config:3: found character that cannot start any token; not a kubeconfig"),
        ("- a\n- b\n", "/k/config:1:1: is not a map; not a kubeconfig"),
        ("clusters: {a: b}", "/k/config:1:11: clusters is not a list; not a kubeconfig"),
        (
            "users:\n- name: u\n  user: {username: a, password: 123}\n",
            "/k/config:3:33: users[0].user.password is not text; put it in quotes; not a kubeconfig"
        ),
        (
            "clusters:\n- name: c\n  cluster:\n    insecure-skip-tls-verify: \"true\"\n",
            "/k/config:4:31: clusters[0].cluster.insecure-skip-tls-verify is not true or false; leave out quotes; "
                + "not a kubeconfig"
        ),
        (
            "users:\n- name: u\n  user: {exec: {args: [a, 1]}}\n",
            "/k/config:3:27: users[0].user.exec.args[1] is not text; put it in quotes; not a kubeconfig"
        ),
        ("contexts: [{context: {}}]", "/k/config: an entry of contexts has no name; not a kubeconfig"),
        (
            "clusters: [{name: c, cluster: {}}, {name: c}]",
            "/k/config: clusters has two entries \"c\"; remove one; not a kubeconfig"
        ),
    ])
    func wrongFilesAreRefusedWithThePlace(config: String, text: String) {
        #expect(message { try connection(config) } == text)
    }

    @Test func pathsAreRelativeToTheirFileAndInlineDataWins() throws {
        let pem = "-----BEGIN CERTIFICATE-----\nfile\n"
        let files = ["/a/sub/ca.pem": pem, "/b/ca.pem": pem + "b"]
        let relative = try Connection(
            ConnectionOptions(),
            processEnvironment(
                files.merging([
                    "/a/config": config(cluster: "certificate-authority: sub/ca.pem"),
                    "/b/config": config(cluster: "certificate-authority: ca.pem"),
                ]) { $1 }, ["KUBECONFIG": "/a/config:/b/config"]))
        #expect(relative.security.authorities == Array(pem.utf8))
        let data = base64(Array("-----BEGIN CERTIFICATE-----\ndata\n".utf8))
        let inline = try connection(
            config(cluster: "certificate-authority: /gone, certificate-authority-data: \(data)"))
        #expect(inline.security.authorities == Array("-----BEGIN CERTIFICATE-----\ndata\n".utf8))
    }

    @Test(arguments: [
        ("certificate-authority: ca.pem", "cluster \"c\": names /k/ca.pem: no such file or directory"),
        (
            "certificate-authority-data: '!!!'",
            "cluster \"c\": certificate-authority-data is not valid base64; fetch the kubeconfig again"
        ),
        (
            "certificate-authority-data: aGVsbG8=",
            "cluster \"c\": certificate-authority-data holds no PEM certificate or key; fetch the kubeconfig again"
        ),
        (
            "insecure-skip-tls-verify: true, certificate-authority-data: \(base64(Array("-----BEGIN ".utf8)))",
            "cluster \"c\": has both a certificate authority and insecure-skip-tls-verify; remove the latter"
        ),
        (
            "proxy-url: 'localhost:1'",
            "cluster \"c\": proxy-url \"localhost:1\" must begin with http://, https:// or socks5://"
        ),
    ])
    func wrongClustersAreRefused(cluster: String, text: String) {
        #expect(message { try connection(config(cluster: cluster)) } == text)
    }

    @Test func notVerifyingIsWarnedOf() throws {
        let open = try connection(config(cluster: "insecure-skip-tls-verify: true, tls-server-name: other"))
        #expect(open.security.isInsecure)
        #expect(open.security.serverName == "other")
        #expect(
            open.warnings == ["cluster \"c\": insecure-skip-tls-verify is set; the server is not verified"])
    }

    @Test(arguments: [
        ("https://h/prefix/", "", "https://h/prefix"), ("h:6443", "", "http://h:6443"),
        ("h:6443", ", insecure-skip-tls-verify: true", "https://h:6443"),
    ])
    func addressesAreMadeWhole(server: String, more: String, url: String) throws {
        let config = """
            clusters: [{name: c, cluster: {server: "\(server)"\(more)}}]
            contexts: [{name: x, context: {cluster: c}}]
            current-context: x
            """
        #expect(try connection(config).server == url)
    }
}

/// The pod's own account, where there is no kubeconfig.
@Suite struct ServiceAccountTests {
    private static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
    private let files = [
        folder + "/token": "secret\n", folder + "/ca.crt": "-----BEGIN CERTIFICATE-----\n",
        folder + "/namespace": "ns\n",
        "/empty": "# nothing\n",
    ]
    private let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443", "HOME": "/h"]

    @Test(arguments: ["", "/empty"])
    func standsInWhereNoFileSaysAnything(list: String) throws {
        let around = processEnvironment(files, environment.merging(["KUBECONFIG": list]) { $1 })
        let connection = try Connection(ConnectionOptions(), around)
        #expect(connection.server == "https://[fd00::1]:443")
        #expect(connection.namespace == "ns")
        #expect(connection.name == "in-cluster")
        let transport = ScriptedTransport()
        _ = try Client(connection, transport, around).send(.get("/api"))
        #expect(transport.requests.first?.authorization == "Bearer secret")
        #expect(transport.requests.first?.security.authorities == Array("-----BEGIN CERTIFICATE-----\n".utf8))
    }

    @Test func isNotTakenForAContextThatIsNotThere() {
        var options = ConnectionOptions()
        options.context = "prod"
        #expect(
            message { try Connection(options, processEnvironment(files, environment)) }
                == "no cluster to talk to: no kubeconfig at /h/.kube/config and no service account; "
                + "use --kubeconfig or KUBECONFIG")
    }

    @Test func actsAsAnotherWhereAsked() throws {
        var options = ConnectionOptions()
        options.impersonatedUser = "jane"
        let around = processEnvironment(files, environment)
        let transport = ScriptedTransport()
        _ = try Client(try Connection(options, around), transport, around).send(.get("/api"))
        #expect(transport.requests.first?.values("Impersonate-User") == ["jane"])
    }
}
