import Kubernetes
import Sandbox
import Synchronization
import TestSupport
import Testing
import Values

/// What only the sandbox has: scripts of faults, a log, users.
@Suite struct FaultTests {
    private let namespaces = "/api/v1/namespaces"

    @Test(arguments: [
        Fault(.status(429, retryAfter: 0), times: 2), Fault(.status(500), times: 2), Fault(.status(503), times: 2),
        Fault(.reset(), times: 2), Fault(.cut, times: 1), Fault(.delay(50), times: 1),
    ])
    func faultsPassForWhoTriesAgain(fault: Fault) throws {
        let cluster = try TestCluster(.sandbox)
        cluster.sandbox?.add(fault)
        #expect(try cluster.client().list(namespaces).items.count == 4)
    }

    @Test func everySoManyRequestsCanFail() throws {
        let cluster = try TestCluster(.sandbox)
        let sandbox = try #require(cluster.sandbox)
        sandbox.add(Fault(.status(404), every: 3))
        let client = try cluster.client()
        let answers = (0..<6).map { _ in (try? client.send(.get(namespaces))) != nil }
        #expect(answers == [true, true, false, true, true, false])
        #expect(sandbox.requests.map(\.status) == [200, 200, 404, 200, 200, 404])
    }

    @Test func writesAreCountedAndNothingElse() throws {
        let cluster = try TestCluster(.sandbox)
        let sandbox = try #require(cluster.sandbox)
        let client = try cluster.client()
        _ = try client.send(.create(namespaces, ["metadata": ["name": "n"]]))
        _ = try client.send(.get(namespaces + "/n"))
        _ = try client.send(.mergePatch(namespaces + "/n", ["metadata": ["labels": ["a": "b"]]]))
        _ = try client.send(.mergePatch(namespaces + "/n", ["metadata": ["labels": ["a": "b"]]]))
        #expect(sandbox.writes.map { "\($0.method) \($0.path)" } == ["POST \(namespaces)", "PATCH \(namespaces)/n"])
    }

    @Test func aHookRunsBeforeItsRequestIsAnswered() throws {
        let cluster = try TestCluster(.sandbox)
        let sandbox = try #require(cluster.sandbox)
        let seen = Mutex(0)
        sandbox.at(request: 2) { seen.withLock { $0 += 1 } }
        let client = try cluster.client()
        _ = try client.send(.get(namespaces))
        #expect(seen.withLock { $0 } == 0)
        _ = try client.send(.get(namespaces))
        #expect(seen.withLock { $0 } == 1)
    }

    @Test func admissionCanRefuse() throws {
        let cluster = try TestCluster(.sandbox)
        cluster.sandbox?.change { $0.refusals["Namespace/*"] = "not here" }
        #expect {
            try cluster.client().send(.create(namespaces, ["metadata": ["name": "n"]]))
        } throws: { error in
            (error as? APIError)?.status?.message
                == "admission webhook \"refuse.sandbox.example\" denied the request: not here"
        }
    }

    @Test(arguments: [
        (Sandbox.expiredToken, 401, "Unauthorized"),
        (
            Sandbox.viewerToken, 403,
            "nodes is forbidden: User \"viewer\" cannot list resource \"nodes\" in API group \"\" at the cluster scope"
        ),
    ])
    func tokensDecideWhatOneMayDo(token: String, code: Int, message: String) throws {
        let cluster = try TestCluster(.sandbox)
        #expect {
            try cluster.client(token: token).send(.get("/api/v1/nodes"))
        } throws: { error in
            (error as? APIError)?.status?.code == code && (error as? APIError)?.status?.message == message
        }
    }

    @Test func grantsAreSeenByReviews() throws {
        var settings = SandboxSettings()
        settings.grants = [Grant(user: "viewer", verbs: ["get"], group: "", resource: "pods", namespace: "n")]
        let cluster = try TestCluster(.sandbox, settings)
        let client = try cluster.client(token: Sandbox.viewerToken)
        let allowed = try ["n", "m"].map { namespace in
            try client.send(
                .create(
                    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                    [
                        "spec": [
                            "resourceAttributes": [
                                "verb": "get", "resource": "pods", "namespace": .string(namespace),
                            ]
                        ]
                    ]))["status"]?["allowed"]
        }
        #expect(allowed == [true, false])
    }
}
