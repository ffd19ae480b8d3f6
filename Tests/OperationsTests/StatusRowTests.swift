import Certificates
import ClusterState
import Foundation
import HelmReleases
import Istio
import Kubernetes
import Operations
import Sandbox
import TestSupport
import Testing
import Values

/// What `sail status` says of certificates, pods and nodes.
@Suite struct StatusRowTests {
    private static func pem(_ name: String) throws -> String {
        try String(contentsOf: Repository.fixtures.appending(path: "certificates/\(name).pem"), encoding: .utf8)
    }

    private func roots(_ names: String...) throws -> [CertificateDetails] {
        try names.flatMap { certificates(inPEM: Array(try StatusRowTests.pem($0).utf8)) }
    }

    /// Both roots end on 2036-01-01.
    private static let end = 2_082_758_400
    private static let day = 86_400

    private func rows(_ found: MeshCertificates, daysBefore days: Int) -> [HealthRow] {
        certificateRows(found, namespace: "istio-system", now: StatusRowTests.end - days * StatusRowTests.day)
    }

    @Test(arguments: [(61, HealthMark.good), (60, .good), (59, .warning), (1, .warning), (-1, .bad)])
    func aCertificateIsWarnedOfSixtyDaysBefore(days: Int, mark: HealthMark) throws {
        var found = MeshCertificates()
        found.isPluggedIn = true
        found.authorities = [
            .init(place: "Secret istio-system/cacerts, ca-cert.pem", certificates: try roots("root-a"))
        ]
        let row = try #require(rows(found, daysBefore: days).first)
        #expect(row.mark == mark, "\(row)")
        #expect(row.text.contains("2036-01-01"))
        #expect((row.remedy?.contains("create secret generic cacerts") ?? false) == (mark != .good))
    }

    @Test func aBundleThatIsNotIstiodsRootIsBad() throws {
        var found = MeshCertificates()
        found.roots = try roots("root-a")
        found.webhooks = [
            .init(place: "ValidatingWebhookConfiguration a", certificates: try roots("root-b", "root-a")),
            .init(place: "ValidatingWebhookConfiguration b", certificates: try roots("root-b")),
        ]
        let rows = rows(found, daysBefore: 1000)
        #expect(rows.map(\.mark) == [.good, .bad])
        #expect(rows[1].text.contains("is not istiod's root"))
        #expect(rows[1].text.contains("kubectl -n istio-system rollout restart deployment/istiod"))
    }

    @Test func whatHoldsNoCertificateOrCannotBeReadIsSaid() throws {
        var found = MeshCertificates()
        found.authorities = [.init(place: "Secret a", certificates: [])]
        found.unreadable = [("Secret b", "you may not read it")]
        let rows = rows(found, daysBefore: 1000)
        #expect(rows.map(\.mark) == [.warning, .warning])
        #expect(rows[1].text == "could not be read: you may not read it")
    }

    // MARK: - On a cluster

    private func mesh() throws -> Bench {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0, "\(bench.ui.text)")
        return bench
    }

    private func health(_ bench: Bench) throws -> MeshHealth { try ClusterSession(bench.options()).health() }

    private func secret(_ name: String, _ data: [String: String]) -> Value {
        [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string(name)],
            "data": .map(Mapping(data.map { (key: $0.key, value: .string(base64(Array($0.value.utf8)))) })),
        ]
    }

    @Test func aControlPlaneScaledToNothingIsNotReady() throws {
        let bench = try mesh()
        let path = "/apis/apps/v1/namespaces/istio-system/deployments/istiod"
        _ = try bench.client.send(.mergePatch(path, ["spec": ["replicas": 0]], manager: "test"))
        let health = try health(bench)
        #expect(!health.isHealthy)
        let istiod = try #require(health.workloads.first { $0.component == .istiod })
        #expect(istiod.complaint == "scaled to 0, there is no control plane")
        #expect(health.state.hasSuffix("Deployment istio-system/istiod: scaled to 0, there is no control plane"))
        #expect(health.workloads.filter { $0.component != .istiod }.allSatisfy { $0.complaint == nil })
    }

    @Test func theHeaderSaysWhichMeshItIsAndWhatWasDone() throws {
        let bench = try mesh()
        let health = try health(bench)
        #expect(health.isHealthy, "\(health.problems)")
        #expect(health.header.namespace == "istio-system")
        #expect(health.header.profile == "ambient")
        #expect(health.header.storedVersion == Bench.new)
        #expect(health.header.lastRun?.title == "install \(Bench.new)")
        #expect(health.header.lastRun?.result == "complete")
        #expect(health.header.lastRun?.took != nil)
        #expect(health.header.lastRun?.changes.hasSuffix("created") == true)
        #expect(health.certificates.isEmpty)
    }

    @Test func thePluggedInAuthorityIsReadAndComparedWithTheWebhooks() throws {
        let bench = try mesh()
        let root = try StatusRowTests.pem("root-a")
        let data = ["ca-cert.pem": root, "root-cert.pem": root]
        _ = try bench.client.send(.create("/api/v1/namespaces/istio-system/secrets", secret("cacerts", data)))
        var health = try health(bench)
        #expect(
            health.certificates.map(\.subject) == [
                "Secret istio-system/cacerts, ca-cert.pem", "Secret istio-system/cacerts, root-cert.pem",
            ])
        let path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
        let names = try bench.client.list(path).items.compactMap { $0[path: "metadata", "name"]?.string }
        let name = try #require(names.first { $0.contains("istio") })
        let bundle = try base64(Array(StatusRowTests.pem("root-b").utf8))
        _ = try bench.client.send(
            .jsonPatch(
                path + "/" + name,
                [["op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": .string(bundle)]]))
        health = try self.health(bench)
        #expect(!health.isHealthy)
        #expect(health.state.contains("\(name), caBundle: is not istiod's root"), "\(health.problems)")
    }

    @Test func workloadsThatAreNotCapturedAreNamedWithTheCommandThatRestartsThem() throws {
        let bench = try mesh()
        _ = try bench.client.send(
            .create(
                "/api/v1/namespaces",
                ["metadata": ["name": "shop", "labels": ["istio.io/dataplane-mode": "ambient"]]]))
        func pod(_ name: String, _ owner: Value?, _ labels: Value = [:]) throws {
            var metadata: Mapping = ["name": .string(name), "namespace": "shop", "labels": labels]
            if let owner { metadata["ownerReferences"] = .list([owner]) }
            _ = try bench.client.send(
                .create(
                    "/api/v1/namespaces/shop/pods",
                    [
                        "apiVersion": "v1", "kind": "Pod", "metadata": .map(metadata),
                        "spec": ["containers": [["name": "c", "image": "i"]]],
                    ]))
            _ = try bench.client.send(
                .mergePatch("/api/v1/namespaces/shop/pods/\(name)/status", ["status": ["phase": "Running"]]))
        }
        func owner(_ kind: String, _ name: String) -> Value {
            ["apiVersion": "apps/v1", "kind": .string(kind), "name": .string(name), "uid": "u", "controller": true]
        }
        try pod("web-5d-a", owner("ReplicaSet", "web-5d"), ["pod-template-hash": "5d"])
        try pod("web-5d-b", owner("ReplicaSet", "web-5d"), ["pod-template-hash": "5d"])
        try pod("db-0", owner("StatefulSet", "db"))
        try pod("alone", nil)
        usleep(500_000)
        let health = try health(bench)
        #expect(
            health.uncaptured.map(\.complaint) == [
                "Deployment shop/web: 2 pods are enrolled and not captured; "
                    + "kubectl -n shop rollout restart deployment/web",
                "Pod shop/alone: 1 pod is enrolled and not captured; delete it and create it again: "
                    + "kubectl -n shop delete pod alone",
                "StatefulSet shop/db: 1 pod is enrolled and not captured; "
                    + "kubectl -n shop rollout restart statefulset/db",
            ])
        #expect(!health.isHealthy)
    }

    @Test func anObjectThatIsBeingDeletedIsNotHealthy() throws {
        let bench = try mesh()
        let path = "/api/v1/namespaces/istio-system/configmaps/istio"
        _ = try bench.client.send(.mergePatch(path, ["metadata": ["finalizers": ["example.com/hold"]]]))
        _ = try bench.client.send(.delete(path, uid: nil))
        let health = try health(bench)
        #expect(!health.isHealthy)
        #expect(
            health.state.hasPrefix(
                "ConfigMap istio-system/istio: is being deleted, held by finalizer example.com/hold"),
            "\(health.problems)")
    }

    @Test func aNodeWithoutReadyAgentsIsNotHealthyUnlessTheValuesLeaveItOut() throws {
        let bench = try mesh()
        func node(_ name: String, _ labels: Value) throws {
            _ = try bench.client.send(
                .create("/api/v1/nodes", ["metadata": ["name": .string(name), "labels": labels]]))
        }
        // ztunnel and the node agent select nodes of Linux.
        try node("other", ["kubernetes.io/os": "plan9"])
        #expect(try health(bench).isHealthy)
        bench.cluster.breakImages("ztunnel")
        try node("late", ["kubernetes.io/os": "linux"])
        usleep(800_000)
        let health = try health(bench)
        #expect(!health.isHealthy)
        #expect(
            health.problems.contains { $0.hasPrefix("node late: ") && $0.contains("ztunnel") }, "\(health.problems)")
        #expect(!health.nodes.contains { $0.name == "other" })
    }

    @Test func withoutSecretsTheRowsThatAreMissingAreNamed() throws {
        let bench = try mesh()
        bench.cluster.sandbox?.add(Fault(.status(403), path: "/secrets"))
        let health = try health(bench)
        #expect(
            health.notes.contains(
                "you may not read the release records (Secrets): profile, stored version, last run and missing objects are "
                    + "not shown; ask an administrator for the ClusterRole sail-viewer of docs/guides/permissions.md"),
            "\(health.notes)")
        #expect(health.certificates.map(\.text).contains("could not be read: you may not read it"))
        #expect(health.header.storedVersion == nil && health.header.lastRun == nil)
        #expect(health.isHealthy, "\(health.problems)")
    }
}
