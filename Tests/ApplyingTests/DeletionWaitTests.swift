import ClusterState
import Istio
import Kubernetes
import Objects
import Planning
import Sandbox
import TestSupport
import Testing
import Values

@testable import Applying

/// Objects that are being deleted: waited for, or named with what holds them.
@Suite struct DeletionWaitTests {
    private let server: TestCluster
    private let cluster: Cluster
    private let maps = "/api/v1/namespaces/default/configmaps"
    private let identity = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "held")

    init() throws {
        server = try TestCluster(.sandbox)
        cluster = try Cluster(server.client())
    }

    private func held() throws -> Value {
        _ = try cluster.client.send(
            .create(maps, ["metadata": ["name": "held", "finalizers": ["example.com/hold"]]], manager: "test"))
        _ = try cluster.client.send(.delete(maps + "/held"))
        return try #require(try cluster.get([identity])[0])
    }

    @Test func whatAFinalizerHoldsIsNamedAtOnce() throws {
        let live = try held()
        let failures = try DeletionWait(cluster, timeout: 60_000) { _ in }.run([(identity, live)])
        #expect(failures.map(\.identity) == [identity])
        #expect(failures[0].message.contains("example.com/hold"), "\(failures)")
    }

    @Test func whenTheTimeIsOverItSaysWhatHeldIt() throws {
        let live = try held()
        var notes: [String] = []
        let wait = DeletionWait(cluster, end: 0, stopsWhereHeld: false) { notes.append($0) }
        let failures = try wait.run([(identity, live)])
        #expect(failures[0].message.hasPrefix("was not deleted in time: "), "\(failures)")
        #expect(failures[0].message.contains("example.com/hold"))
    }

    @Test func whatIsLetGoIsWaitedFor() throws {
        let live = try held()
        var notes: [String] = []
        let client = cluster.client
        let path = maps + "/held"
        let wait = DeletionWait(cluster, end: .max, stopsWhereHeld: false) { line in
            notes.append(line)
            _ = try? client.send(.mergePatch(path, ["metadata": ["finalizers": .null]], manager: "test"))
        }
        #expect(try wait.run([(identity, live)]).isEmpty)
        #expect(notes.count == 1 && notes[0].contains("ConfigMap default/held"), "\(notes)")
    }

    @Test func aSuccessorOfTheSameNameIsAnotherObject() throws {
        _ = try cluster.client.send(.create(maps, ["metadata": ["name": "held"]], manager: "test"))
        let live = try #require(try cluster.get([identity])[0])
        _ = try cluster.client.send(.delete(maps + "/held"))
        _ = try cluster.client.send(.create(maps, ["metadata": ["name": "held"]], manager: "test"))
        #expect(try DeletionWait(cluster, timeout: 0) { _ in }.run([(identity, live)]).isEmpty)
    }

    @Test func anInterruptionEndsIt() throws {
        _ = try cluster.client.send(.create(maps, ["metadata": ["name": "held"]], manager: "test"))
        let live = try #require(try cluster.get([identity])[0])
        cluster.client.isInterrupted = { true }
        #expect(throws: APIError.self) { try DeletionWait(cluster, timeout: 60_000) { _ in }.run([(identity, live)]) }
    }

    // MARK: - Whose lock it is

    @Test func aHolderIsNamedWhileItIsAtWork() throws {
        let lock = LeaseLock(cluster.client, namespace: "default", holder: "ann@far (pid 7)")
        #expect(try LeaseLock(cluster.client, namespace: "default").holderNow() == nil)
        #expect(try lock.take() == nil)
        let holder = try #require(try LeaseLock(cluster.client, namespace: "default").holderNow())
        #expect(holder.name == "ann@far (pid 7)")
        #expect(holder.description.hasPrefix("another run is at work on this mesh: ann@far (pid 7), since "))
        lock.release()
        #expect(try LeaseLock(cluster.client, namespace: "default").holderNow() == nil)
        let old: Value = ["spec": ["holderIdentity": "bob@far (pid 1)", "renewTime": "2020-01-01T00:00:00.000000Z"]]
        let path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/sail"
        _ = try cluster.client.send(.mergePatch(path, old, manager: "test"))
        #expect(try LeaseLock(cluster.client, namespace: "default").holderNow() == nil)
    }

    // MARK: - What an applier is refused

    private func change(_ name: String, kind: String = "ConfigMap", apiVersion: String = "v1") -> Change {
        let identity = ObjectReference(apiVersion: apiVersion, kind: kind, namespace: "default", name: name)
        let object: Value = [
            "apiVersion": .string(apiVersion), "kind": .string(kind),
            "metadata": ["name": .string(name), "namespace": "default"], "data": ["a": "b"],
        ]
        return Change(component: .base, identity: identity, action: .create, sent: object)
    }

    @Test func aKindThatIsNotServedIsNamedAndNothingOfItsStepIsSent() throws {
        let failures = Applier(cluster, ApplyOptions()) { _ in }
            .write([change("a"), change("b", kind: "Gadget", apiVersion: "example.com/v1")])
        #expect(failures.map(\.message).contains("this cluster does not serve example.com/v1 Gadget"), "\(failures)")
    }

    @Test func eachRefusalIsListedWithItsObject() throws {
        server.sandbox?.change { $0.refusals["ConfigMap/*"] = "frozen" }
        let failures = Applier(cluster, ApplyOptions()) { _ in }.write([change("a"), change("b")])
        #expect(failures.compactMap { $0.identity?.name } == ["a", "b"])
        #expect(failures.allSatisfy { $0.message.contains("frozen") })
    }

    /// A status that moves on between the read and the write is read again, five times at most.
    @Test func aHandoverIsTriedAgainAndThenSaysSo() throws {
        _ = try cluster.client.send(
            .apply(
                maps + "/old",
                ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "old"], "data": ["a": "b"]],
                manager: "istioctl", force: true))
        let reference = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "old")
        let live = try #require(try cluster.get([reference])[0])
        var item = change("old")
        item.action = .takeOver
        item.live = live
        item.takeover = Takeover(live: live, sending: try #require(item.sent), by: .helm)
        let wanted = try #require(item.takeover)
        #expect(!wanted.from.isEmpty)
        let sandbox = try #require(server.sandbox)
        sandbox.add(Fault(.status(409, message: "moved on"), method: "PATCH", path: "configmaps/old", times: 1))
        var applied: [String] = []
        let applier = Applier(cluster, ApplyOptions()) { progress in
            if case .applied(let change) = progress { applied.append(change.identity.name) }
        }
        #expect(applier.write([item]).isEmpty)
        #expect(applied == ["old"])
        sandbox.add(Fault(.status(409, message: "moved on"), method: "PATCH", path: "configmaps/old"))
        let failures = applier.write([item])
        #expect(
            failures.isEmpty || failures[0].message == "changed since the plan was made; run the command again",
            "\(failures)")
    }
}
