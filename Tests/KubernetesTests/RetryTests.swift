import HTTP
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// What is sent again, how often, and what is said in the end.
@Suite struct RetryTests {
    private let namespaces = "/api/v1/namespaces"
    private let new: Value = ["metadata": ["name": "n"]]

    private func client(_ fault: Fault) throws -> (Client, Sandbox, TestCluster) {
        let cluster = try TestCluster(.sandbox)
        let sandbox = try #require(cluster.sandbox)
        sandbox.add(fault)
        return (try cluster.client(), sandbox, cluster)
    }

    @Test(arguments: [
        Fault.Effect.status(500), .status(502), .status(503), .status(504), .status(429), .reset(), .cut,
        .reset(afterWriting: true),
    ])
    func readsAndAppliesAreSentAgain(effect: Fault.Effect) throws {
        let (client, sandbox, cluster) = try client(Fault(effect, times: 1))
        #expect(try client.list(namespaces).items.count == 4)
        sandbox.add(Fault(effect, method: "PATCH", times: 1))
        let map: Value = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "c"], "data": ["a": "b"]]
        let path = "/api/v1/namespaces/default/configmaps/c"
        #expect(try client.send(.apply(path, map, manager: "m"))["data"] == ["a": "b"])
        // libcurl itself repeats what broke on a connection that stood before.
        #expect(sandbox.requests.count == 4)
        withExtendedLifetime(cluster) {}
    }

    @Test(arguments: [Fault.Effect.status(500), .status(503), .status(504)])
    func aCreateIsNotSentAgainWhereItMayHaveBeenCarriedOut(effect: Fault.Effect) throws {
        let (client, sandbox, cluster) = try client(Fault(effect, method: "POST"))
        #expect(throws: APIError.self) { try client.send(.create(namespaces, new)) }
        #expect(sandbox.requests.count == 1)
        withExtendedLifetime(cluster) {}
    }

    @Test(arguments: [Fault.Effect.reset(), .reset(afterWriting: true), .cut])
    func aBrokenCreateIsNotSentAgainEither(effect: Fault.Effect) throws {
        let (client, sandbox, cluster) = try client(Fault(effect, method: "POST"))
        // Over a connection that stands already, which libcurl would otherwise replace and go on by itself.
        _ = try client.send(.get(namespaces))
        #expect {
            try client.send(.create(namespaces, new))
        } throws: { error in
            if case .transport(.interrupted) = error as? APIError { true } else { false }
        }
        #expect(sandbox.requests.filter { $0.method == "POST" }.count == 1)
        withExtendedLifetime(cluster) {}
    }

    @Test func aCreateThatWasPutOffIsSentAgain() throws {
        let (client, sandbox, cluster) = try client(Fault(.status(429, retryAfter: 1), method: "POST", times: 1))
        let start = monotonic()
        #expect(try client.send(.create(namespaces, new))["metadata"]?["name"] == "n")
        #expect(monotonic() - start >= 1)
        #expect(sandbox.requests.map(\.status) == [429, 201])
        withExtendedLifetime(cluster) {}
    }

    @Test func aCreateThatMayBeRepeatedIs() throws {
        let (client, sandbox, cluster) = try client(Fault(.reset(afterWriting: true), method: "POST", times: 1))
        #expect {
            try client.send(.repeatedCreate(namespaces, new))
        } throws: { error in
            (error as? APIError)?.isConflict == true
        }
        #expect(sandbox.requests.map(\.status) == [201, 409])
        withExtendedLifetime(cluster) {}
    }

    @Test func itEndsAfterSixAttemptsWithAClearError() throws {
        let (client, sandbox, cluster) = try client(Fault(.status(503)))
        let text =
            "\(sandbox.url)/api: the server answered 503: the server is currently unable to handle the request "
            + "(tried 6 times); the server is overloaded or in trouble: try again later"
        #expect(message { try client.send(.get("/api")) } == text)
        #expect(sandbox.requests.count == 6)
        withExtendedLifetime(cluster) {}
    }

    @Test func connectionsThatBreakEndSoToo() throws {
        let (client, sandbox, cluster) = try client(Fault(.reset()))
        let text = message { try client.send(.get("/api")) }
        #expect(text.hasPrefix("\(sandbox.url)/api: the connection broke before the whole answer came ("))
        #expect(text.hasSuffix("; tried 6 times); try again"))
        withExtendedLifetime(cluster) {}
    }

    @Test func aSlowAnswerIsAskedForTwice() throws {
        let cluster = try TestCluster(.sandbox)
        let sandbox = try #require(cluster.sandbox)
        sandbox.add(Fault(.delay(3000), path: "/api"))
        var options = ConnectionOptions()
        options.kubeconfig = cluster.kubeconfig
        options.requestTimeout = 300
        let client = try makeClient(options)
        let start = monotonic()
        #expect(message { try client.send(.get("/api")) }.contains(": timed out ("))
        #expect(client.requests == 2)
        #expect(monotonic() - start < 3)
    }

    @Test func inABatchOnlyWhatFailedIsSentAgain() throws {
        let (client, sandbox, cluster) = try client(Fault(.status(503), every: 10))
        let answers = client.send((0..<100).map { _ in .get("/api") })
        #expect(answers.allSatisfy { (try? $0.get()) != nil })
        #expect(sandbox.requests.count < 115)
        withExtendedLifetime(cluster) {}
    }

    @Test func anInterruptionEndsTheWaitAtOnce() throws {
        let (client, sandbox, cluster) = try client(Fault(.status(429, retryAfter: 20)))
        client.isInterrupted = { !sandbox.requests.isEmpty }
        let start = monotonic()
        #expect(message { try client.send(.get("/api")) } == "interrupted")
        #expect(monotonic() - start < 2)
        #expect(sandbox.requests.count == 1)
        withExtendedLifetime(cluster) {}
    }

    @Test func compressedAnswersAreUnpacked() throws {
        let packed: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 171, 86, 74, 84, 178, 82, 48, 172, 5, 0, 151, 142, 161, 251, 8, 0, 0, 0,
        ]
        let server = LoopbackServer { call in
            call.headers["accept-encoding"]?.contains("gzip") == true
                ? LoopbackServer.Answer(headers: ["Content-Encoding: gzip"], body: packed) : .text("", status: 406)
        }
        let text = config().replacing("https://c.example:6443", with: server.url)
        #expect(try Client(try connection(text), CurlTransport()).send(.get("/api")) == ["a": 1])
    }
}
