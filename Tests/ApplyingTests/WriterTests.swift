import Applying
import ClusterState
import Istio
import Kubernetes
import Objects
import Planning
import TestSupport
import Testing
import Values

/// What is written beside the objects of a plan.
@Suite struct WriterTests {
    private let server: TestCluster
    private let cluster: Cluster

    init() throws {
        server = try TestCluster(.sandbox)
        cluster = try Cluster(server.client())
    }

    private func namespace(_ name: String, _ action: Action) -> Change {
        let identity = ObjectReference(apiVersion: "v1", kind: "Namespace", name: name)
        return Change(
            component: .base, identity: identity, action: action,
            sent: ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]])
    }

    private func isThere(_ path: String) -> Bool { (try? cluster.client.send(.get(path))) != nil }

    @Test func theLockMakesItsOwnNamespaceAndTheOthersComeUnderIt() throws {
        var made: [String] = []
        let plan = Plan([namespace("home", .create), namespace("other", .create), namespace("old", .unchanged)])
        let namespaces = Namespaces(cluster, of: plan) { made.append($0) }
        let lock = LeaseLock(cluster.client, namespace: "home", holder: "ann")
        #expect(try lock.take(making: namespaces) == nil)
        #expect(made == ["home"])
        try lock.make(namespaces)
        #expect(made == ["home", "other"])
        #expect(!isThere("/api/v1/namespaces/old"))
        #expect(try LeaseLock(cluster.client, namespace: "home", holder: "bob").take()?.name == "ann")
    }

    @Test func aNamespaceThatNobodyMakesIsAnError() throws {
        let none = Namespaces(cluster, of: Plan([])) { _ in }
        #expect(throws: APIError.self) {
            try LeaseLock(cluster.client, namespace: "nowhere", holder: "ann").take(making: none)
        }
    }

    @Test func aResourceGoesWithItsFinalizersAndLeavesWhatItOwns() throws {
        let maps = "/api/v1/namespaces/default/configmaps"
        let owner: Value = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "owner", "finalizers": ["example.com/hold"]],
        ]
        let live = try cluster.client.send(.create(maps, owner, manager: "test"))
        let owned: Value = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": "owned",
                "ownerReferences": [
                    [
                        "apiVersion": "v1", "kind": "ConfigMap", "name": "owner",
                        "uid": live["metadata"]?["uid"] ?? .null,
                    ]
                ],
            ],
        ]
        _ = try cluster.client.send(.create(maps, owned, manager: "test"))
        let identity = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "owner")
        #expect(ResourceRelease(cluster).run([(identity, live)]).isEmpty)
        #expect(!isThere(maps + "/owner"))
        #expect(isThere(maps + "/owned"))
        // Once more: what is not there counts as removed.
        #expect(ResourceRelease(cluster).run([(identity, live)]).isEmpty)
    }

    @Test func definitionsAreWaitedForOnlyWhereTheRunHasObjectsOfThem() throws {
        let definition: Value = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "things.example.com"],
            "spec": [
                "group": "example.com", "scope": "Namespaced", "names": ["kind": "Thing", "plural": "things"],
                "versions": [["name": "v1", "served": true, "storage": true]],
            ],
        ]
        let thing: Value = [
            "apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "t", "namespace": "default"],
        ]
        let changes = [definition, thing].map { object in
            Change(
                component: .base,
                identity: ObjectReference(
                    apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "",
                    namespace: object["metadata"]?["namespace"]?.string ?? "",
                    name: object["metadata"]?["name"]?.string ?? ""), action: .create, sent: object)
        }
        var options = ApplyOptions()
        options.waits = false
        for (part, waits) in [([changes[0]], false), (changes, true)] {
            let server = try TestCluster(.sandbox)
            let own = try Cluster(server.client())
            var waited = false
            let outcome = Applier(own, options) { news in
                if case .waiting = news { waited = true }
            }.apply(Plan(part))
            guard case .done = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(waited == waits)
            withExtendedLifetime(server) {}
        }
    }
}
