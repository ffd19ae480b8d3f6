import ClusterState
import Kubernetes
import Objects
import Sandbox
import TestSupport
import Testing
import Values

private let mode = "istio.io/dataplane-mode"
private let mark = "ambient.istio.io/redirection"

/// A pod of a kind that the reader must tell from others.
private struct PodKind: Sendable {
    var name: String
    var labels: Mapping = [:]
    var annotations: Mapping = [:]
    var isOnHost = false
    var phase = "Running"
    /// Whether it is enrolled by its namespace and should have been captured.
    var isMissed = false
}

private let kinds = [
    PodKind(name: "captured", annotations: [mark: "enabled"]), PodKind(name: "missed", isMissed: true),
    PodKind(name: "other-mark", annotations: [mark: "disabled"], isMissed: true),
    PodKind(name: "on-host", isOnHost: true), PodKind(name: "done", phase: "Succeeded"),
    PodKind(name: "failed", phase: "Failed"), PodKind(name: "starting", phase: "Pending"),
    PodKind(name: "left-out", labels: [mode: "none"]),
    PodKind(name: "waypoint", labels: ["gateway.networking.k8s.io/gateway-name": "w"]),
    PodKind(name: "sidecar", annotations: ["sidecar.istio.io/status": "{}"]),
    PodKind(name: "own-label", labels: [mode: "ambient"], isMissed: true),
    PodKind(name: "own-label-done", labels: [mode: "ambient"], phase: "Succeeded"),
    PodKind(name: "own-label-captured", labels: [mode: "ambient"], annotations: [mark: "enabled"]),
]

@Suite struct EnrollmentTests {
    private let cluster: TestCluster
    private let client: Client

    init() throws {
        cluster = try TestCluster(.sandbox)
        client = try cluster.client()
        for (name, labels) in [("enrolled", [mode: "ambient"]), ("plain", Mapping())] {
            let namespace: Value = ["metadata": ["name": .string(name), "labels": .map(labels)]]
            _ = try client.send(.create("/api/v1/namespaces", namespace))
        }
    }

    private func make(_ pods: [(name: String, kind: PodKind)], in namespace: String) throws {
        let path = "/api/v1/namespaces/\(namespace)/pods"
        let creations = pods.map { name, kind -> APIRequest in
            var spec: Mapping = ["containers": [["name": "c", "image": "i"]]]
            if kind.isOnHost { spec["hostNetwork"] = true }
            let metadata: Value = [
                "name": .string(name), "labels": .map(kind.labels), "annotations": .map(kind.annotations),
            ]
            return .create(path, ["apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": .map(spec)])
        }
        for answer in client.send(creations) { _ = try answer.get() }
        let updates = pods.map { name, kind in
            APIRequest.mergePatch(path + "/\(name)/status", ["status": ["phase": .string(kind.phase)]])
        }
        for answer in client.send(updates) { _ = try answer.get() }
    }

    /// What a full read of all pods would answer.
    private func fullRead() throws -> (pods: [String], uncaptured: [String]) {
        let all = try client.list("/api/v1/pods").items
        let enrolled = all.filter { $0.metadata.label(mode) == "ambient" }
        let uncaptured = all.filter { pod in
            let metadata = pod.metadata
            let isEnrolled =
                metadata.label(mode) == "ambient" || (metadata.label(mode) == nil && metadata.namespace == "enrolled")
            return isEnrolled && pod["status"]?["phase"] == "Running" && pod["spec"]?["hostNetwork"] != true
                && metadata.label("gateway.networking.k8s.io/gateway-name") == nil
                && metadata.annotation("sidecar.istio.io/status") == nil && metadata.annotation(mark) != "enabled"
        }
        return (enrolled.map(\.metadata.title), uncaptured.map(\.metadata.title).sorted())
    }

    @Test func everyKindOfPodIsToldApart() throws {
        try make(kinds.map { ($0.name, $0) }, in: "enrolled")
        try make(kinds.map { ($0.name, $0) }, in: "plain")
        let found = try Cluster(client).enrollment(withPods: true)
        let inPlain = kinds.filter { $0.isMissed && $0.labels[mode] != nil }.map { "plain/\($0.name)" }
        let expected = kinds.filter(\.isMissed).map { "enrolled/\($0.name)" } + inPlain
        #expect(found.namespaces == ["enrolled"])
        #expect(found.uncaptured == expected.sorted())
        #expect(found.pods.count == 6)
        #expect(try found.uncaptured == fullRead().uncaptured)
        #expect(try Cluster(client).enrollment(withPods: false).uncaptured == [])
    }

    /// Five hundred of seven hundred pods have ended or are on the host's network: pages and selectors hide none.
    @Test func manyFinishedPodsDoNotHideTheOthers() throws {
        let others = kinds.filter { $0.isOnHost || $0.phase != "Running" }
        let pods = (0..<700).map { number in
            let kind = number < 500 ? others[number % others.count] : kinds[number % kinds.count]
            return (name: "p\(number)", kind: kind)
        }
        try make(pods, in: "enrolled")
        let found = try Cluster(client).enrollment(withPods: true)
        let full = try fullRead()
        #expect(found.uncaptured == full.uncaptured && !full.uncaptured.isEmpty)
        #expect(found.pods == full.pods && !full.pods.isEmpty)
    }

    /// A server that does not know the field selectors is asked for whole pods.
    @Test func aServerWithoutTheFieldSelectorsIsReadInFull() throws {
        try make(kinds.map { ($0.name, $0) }, in: "enrolled")
        let expected = try Cluster(client).enrollment(withPods: true)
        try #require(cluster.sandbox).add(Fault(.status(400), path: "fieldSelector"))
        #expect(try Cluster(client).enrollment(withPods: true) == expected)
    }

    @Test func thoseWhoMayNotReadPodsAreToldSo() throws {
        try #require(cluster.sandbox).add(Fault(.status(403), path: "/pods"))
        #expect(throws: APIError.self) { try Cluster(client).enrollment(withPods: true) }
    }
}
