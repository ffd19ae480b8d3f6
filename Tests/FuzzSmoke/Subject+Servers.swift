import Applying
import ChartSources
import ClusterState
import HTTP
import HelmReleases
import Kubernetes
import Objects
import Planning
import System
import Values

// What servers say, and the files that name them.
extension Subject {
    private static let config = """
        apiVersion: v1
        kind: Config
        current-context: x
        clusters: [{name: c, cluster: {server: "https://c.example:6443", proxy-url: "http://u:p@proxy:3128"}}]
        users: [{name: u, user: {token: t}}]
        contexts: [{name: x, context: {cluster: c, user: u, namespace: apps}}]
        """

    static let kubeconfig = Subject(
        "kubeconfig",
        texts: [
            config,
            config.replacing(
                "token: t",
                with:
                    "exec: {apiVersion: client.authentication.k8s.io/v1, command: /none, interactiveMode: Never, args: [a]}"
            ),
            config.replacing("token: t", with: "client-certificate-data: aGVsbG8=, client-key-data: aGVsbG8="),
            config.replacing(
                "token: t", with: "tokenFile: token, as: other, as-groups: [a, b], as-user-extra: {k: [v]}"),
            "{\"clusters\":[{\"name\":\"c\",\"cluster\":{\"server\":\"http://[::1]:80/p\",\"insecure-skip-tls-verify\":true}}],"
                + "\"contexts\":[{\"name\":\"x\",\"context\":{\"cluster\":\"c\"}}],\"current-context\":\"x\"}",
        ],
        words: [
            "server: ", "https://", "http://a:b@c", "[::1]", ":99999999999999999999", "certificate-authority-data: ",
            "exec: ",
            "auth-provider: {name: oidc, config: {id-token: a.b.c}}", "null", "tls-server-name: ", "\"\\r\\nX: y\"",
            "current-context: ",
        ]
    ) { bytes in
        var processEnvironment = ProcessEnvironment(
            environment: { _ in nil }, read: { $0 == "/k/config" ? bytes : nil }, isInteractive: false)
        processEnvironment.exists = { $0 == "/k/config" }
        var options = ConnectionOptions()
        options.kubeconfig = "/k/config"
        let place = processEnvironment
        return succeeds({ _ = try Connection(options, place) })
    }

    static let apiAnswer = Subject(
        "api-answer",
        texts: [
            "200\n\n{\"kind\":\"List\",\"items\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"istiod\",\"namespace\":"
                + "\"istio-system\",\"generation\":2,\"resourceVersion\":\"7\",\"managedFields\":[{\"manager\":\"helm\",\"operation\":\"Apply\","
                + "\"fieldsV1\":{\"f:spec\":{\"f:replicas\":{}}}}]},\"spec\":{\"replicas\":2},\"status\":{\"replicas\":2,\"observedGeneration\":2,"
                + "\"conditions\":[{\"type\":\"Available\",\"status\":\"True\"}]}}],\"metadata\":{\"resourceVersion\":\"1\",\"continue\":\"\"}}",
            "429\nRetry-After: 1\n\n{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"slow\",\"code\":429,\"details\":{\"retryAfterSeconds\":1}}",
            "409\n\n{\"kind\":\"Status\",\"message\":\"c\",\"reason\":\"Conflict\",\"code\":409,\"details\":{\"causes\":[{\"reason\":\"FieldManagerConflict\","
                + "\"message\":\"conflict with \\\"helm\\\" using apps/v1\",\"field\":\".spec.replicas\"}]}}",
            "200\nWarning: 299 - \"old\"\n\n{\"kind\":\"APIGroupDiscoveryList\",\"items\":[{\"metadata\":{\"name\":\"apps\"},\"versions\":[{\"version\":\"v1\","
                + "\"resources\":[{\"resource\":\"deployments\",\"responseKind\":{\"kind\":\"Deployment\"},\"scope\":\"Namespaced\",\"verbs\":[\"get\"]}]}]}]}",
            "200\n\n{\"kind\":\"Lease\",\"metadata\":{\"name\":\"l\",\"resourceVersion\":\"1\"},\"spec\":{\"holderIdentity\":\"h\","
                + "\"leaseDurationSeconds\":15,\"renewTime\":\"2026-11-24T10:00:00.000000Z\"}}",
            "200\n\n{\"kind\":\"DaemonSet\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"ztunnel\",\"namespace\":\"n\",\"generation\":1},\"status\":{"
                + "\"desiredNumberScheduled\":3,\"updatedNumberScheduled\":3,\"numberReady\":3,\"numberAvailable\":3,\"observedGeneration\":1}}",
        ],
        words: [
            "null", "42", "\"text\"", "[]", "{}", "\"continue\":\"again\"", "\"items\":null", "\"code\":500",
            "\"retryAfterSeconds\":",
            "Retry-After: 9223372036854775807\n", "\u{1B}[2J", "\\u001b",
            "\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"",
            "\"leaseDurationSeconds\":9223372036854775807", "\"finalizers\":[\"f\"]",
            "\"k:{\\\"name\\\":\\\"x\\\"}\":{}", "\"v:1\":{}",
        ]
    ) { bytes in
        let answer = Response(answer: bytes)
        return succeeds(
            { _ = try client(answer).send(.get("/api/v1/namespaces/n")) },
            { _ = try client(answer).list("/api/v1/secrets", Selection(labels: "a=b")) },
            { _ = try client(answer).history(namespace: nil) },
            { _ = try client(answer).recentHistory() },
            { _ = try Cluster(client(answer)).workloads() },
            { _ = try Cluster(client(answer)).detectPlatform() },
            { _ = try LeaseLock(client(answer), namespace: "n").holderNow() },
            {
                let value = try Value(json: answer.body, numbers: .native)
                for object in value["items"]?.list ?? [value] {
                    _ = readiness(of: object)
                    _ = comparable(masked(object))
                    _ = sent(object, live: object)
                    _ = isSettled(object, live: object)
                    _ = FieldSet(fieldsV1: object["metadata"]?["managedFields"]?.list?.first?["fieldsV1"] ?? .null)
                }
            })
    }

    private static func client(_ answer: Response) throws -> Client {
        let processEnvironment = ProcessEnvironment(
            environment: { _ in nil }, read: { $0 == "/k/config" ? Array(config.utf8) : nil }, isInteractive: false)
        var options = ConnectionOptions()
        options.kubeconfig = "/k/config"
        options.token = "t"
        let transport = RepeatingTransport(answer, most: 12)
        let client = Client(
            try Connection(options, processEnvironment), processEnvironment, transport: transport, userAgent: "fuzz")
        client.isInterrupted = { transport.isTired }
        return client
    }

    static let registryAnswer = Subject(
        "oci-answer",
        texts: [
            "200\nDocker-Content-Digest: sha256:00\n\n{\"schemaVersion\":2,\"layers\":[{\"mediaType\":"
                + "\"application/vnd.cncf.helm.chart.content.v1.tar+gzip\",\"digest\":\"sha256:"
                + String(repeating: "ab", count: 32)
                + "\",\"size\":100}]}",
            "401\nWWW-Authenticate: Bearer realm=\"https://auth.example/token\",service=\"s\",scope=\"repository:a:pull\"\n\n{\"errors\":[{\"message\":\"no\"}]}",
            "200\nLink: </v2/a/tags/list?n=2&last=b>; rel=\"next\"\n\n{\"name\":\"a\",\"tags\":[\"1.30.3\",\"v1.30.2\",\"1.30.3_x\"],\"token\":\"t\"}",
            "200\n\napiVersion: v1\nentries:\n  base:\n  - {version: 1.30.3, digest: "
                + String(repeating: "ab", count: 32)
                + ", urls: [charts/base-1.30.3.tgz]}\n",
            "302\nLocation: ../x?y#z\n\n", "404\n\n<html>no</html>",
        ],
        words: [
            "Location: ", "Location: x\n", "https://h", "http://127.0.0.1:5000/", "//h/p", "%zz", "Bearer ", "realm=",
            "\"", ",", "urls: []",
            "digest: ", "\"tags\":null", "\"layers\":[]", "\u{1B}]0;t\u{7}", "entries: null",
            "WWW-Authenticate: Basic\n",
        ]
    ) { bytes in
        let answer = Response(answer: bytes)
        func fetch(_ source: String) throws {
            let fetcher = ChartFetcher(
                [try ChartSource(source)], cache: Cache(folder: "/nowhere/fuzz"), environment: { _ in nil },
                transport: { RepeatingTransport(answer, most: 40) })
            let names = ["base", "istiod"]
            let isListed = succeeds({ _ = try fetcher.listing(names).newestFirst })
            if !isListed { _ = try fetcher.charts(["base"], of: names, version: "1.30.3") }
        }
        return succeeds(
            { try fetch("oci://registry.example/charts") }, { try fetch("oci://registry.example/charts/base:1.30.3") },
            { try fetch("https://charts.example") }, { try fetch("https://charts.example/base-1.30.3.tgz") })
    }
}

/// Answers each request alike, a number of times.
private final class RepeatingTransport: Transport {
    private let answer: Response
    private var left: Int

    init(_ answer: Response, most: Int) {
        self.answer = answer
        left = most
    }

    var isTired: Bool { left <= 0 }

    // Nobody waits between two attempts.
    func rest(milliseconds: Int) { left -= 1 }

    func perform(_ requests: [Request]) -> [Result<Response, TransportError>] {
        requests.map { request in
            left -= 1
            return left < 0 ? .failure(.cancelled(url: request.url)) : .success(answer)
        }
    }

    func stream(_ request: Request, receive: ([UInt8]) -> Bool) -> Result<Response, TransportError> {
        left -= 1
        _ = receive(answer.body)
        return left < 0 ? .failure(.cancelled(url: request.url)) : .success(answer)
    }
}

extension Response {
    /// From a text: the status, header lines, a blank line and the body.
    fileprivate init(answer bytes: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        var lines: [String] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: newline) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            lines.append(String(decoding: line, as: UTF8.self))
        }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            return (name: (parts.first ?? "").lowercased(), value: String(value))
        }
        self.init(status: lines.first.flatMap { Int($0) } ?? 200, headers: headers, body: Array(rest))
    }
}
