import Kubernetes
import Testing
import Values

@testable import Operations

/// Which news of an object give a resource a turn. Numbers are those of the operator's behaviours.
@Suite struct EventFilterTests {
    private let ztunnel = ResourceKey(kind: "ZTunnel", name: "default")
    private let istio = ResourceKey(kind: "Istio", name: "default")

    private var filter: EventFilter {
        EventFilter(resources: [
            KnownResource("Istio", kept: ["metadata": ["name": "default"], "namespace": "istio-system"]),
            KnownResource("ZTunnel", kept: ["metadata": ["name": "default"], "target": "default"]),
        ])
    }

    private func kind(_ name: String) throws -> FollowedKind {
        try #require(FollowedKind.all.first { $0.kind == name })
    }

    private func object(_ fields: Mapping, metadata: Mapping = [:]) -> Value {
        var all: Mapping = ["name": "x", "namespace": "ztunnel"]
        all["ownerReferences"] = [
            ["apiVersion": "sailoperator.io/v1", "kind": "ZTunnel", "name": "default", "uid": "1"]
        ]
        for (key, value) in metadata { all[key] = value }
        var object = fields
        object["metadata"] = .map(all)
        return .map(object)
    }

    private func wakes(_ name: String, _ old: Value, _ new: Value) throws -> [Wake] {
        let kind = try kind(name)
        let (old, new) = (kind.kept(old), kind.kept(new))
        return old == new ? [] : filter.wakes(for: ObjectNews(.changed, old: old, new: new), of: kind)
    }

    // Behaviour 39.
    @Test(arguments: ["HorizontalPodAutoscaler", "PodDisruptionBudget", "Service", "NetworkPolicy"])
    func aStatusIsNoChange(name: String) throws {
        let before = object(["spec": ["a": 1], "status": ["b": 1]], metadata: ["generation": 1])
        let after = object(
            ["spec": ["a": 1], "status": ["b": 2]], metadata: ["generation": 1, "resourceVersion": "9"])
        #expect(try wakes(name, before, after) == [])
        let other = object(["spec": ["a": 2], "status": ["b": 1]], metadata: ["generation": 2])
        #expect(try wakes(name, before, other) == [Wake(what: .reconcile, key: ztunnel)])
    }

    // Behaviour 38.
    @Test func whatIstiodWritesIntoWebhooksIsNoChange() throws {
        func webhook(_ bundle: String, _ policy: String, _ name: String = "a") -> Value {
            object([
                "webhooks": [
                    [
                        "name": .string(name), "failurePolicy": .string(policy),
                        "clientConfig": ["caBundle": .string(bundle)],
                    ]
                ]
            ])
        }
        let name = "ValidatingWebhookConfiguration"
        #expect(try wakes(name, webhook("", "Ignore"), webhook("QQ==", "Fail")) == [])
        #expect(try wakes(name, webhook("", "Ignore"), webhook("", "Ignore", "b")).map(\.what) == [.reconcile])
    }

    // Behaviours 40 and 41.
    @Test func someUpdatesAreOthersAndDeletionsAreNot() throws {
        let account = object(["imagePullSecrets": [["name": "a"]]])
        #expect(try wakes("ServiceAccount", object([:]), account) == [])
        let ignored: Mapping = ["annotations": ["sailoperator.io/ignore": "true"], "generation": 2]
        let after = object([:], metadata: ignored)
        #expect(try wakes("DaemonSet", object([:], metadata: ["generation": 1]), after) == [])
        for name in ["ServiceAccount", "DaemonSet"] {
            let kind = try kind(name)
            let news = ObjectNews(.deleted, old: kind.kept(after))
            #expect(filter.wakes(for: news, of: kind).contains(Wake(what: .reconcile, key: ztunnel)))
        }
    }

    // Behaviours 27, 46 and 50.
    @Test func podsChangeTheStatusAlone() throws {
        let before = object(["status": ["numberReady": 2]], metadata: ["generation": 1])
        let after = object(["status": ["numberReady": 3]], metadata: ["generation": 1])
        let wakes = try wakes("DaemonSet", before, after)
        #expect(wakes.contains(Wake(what: .status, key: ztunnel)))
        #expect(!wakes.contains { $0.what == .reconcile })
        #expect(wakes.contains(Wake(what: .retry, key: istio)))
    }

    // Behaviours 26, 45 and 56.
    @Test func whatAResourceWaitsForWakesIt() throws {
        let namespace = try kind("Namespace")
        let added = ObjectNews(.added, new: namespace.kept(["metadata": ["name": "ztunnel"]]))
        #expect(filter.wakes(for: added, of: namespace) == [Wake(what: .reconcile, key: ztunnel)])
        let resource = try kind("Istio")
        let news = ObjectNews(.added, new: resource.kept(["metadata": ["name": "default", "generation": 1]]))
        #expect(filter.wakes(for: news, of: resource).contains(Wake(what: .reconcile, key: ztunnel)))
        // Its own status is no reason for a turn.
        let before: Value = ["metadata": ["name": "default", "generation": 1], "status": ["state": "a"]]
        let after: Value = ["metadata": ["name": "default", "generation": 1], "status": ["state": "b"]]
        #expect(try wakes("Istio", before, after) == [])
        // That of a node agent is one for the control plane's status.
        #expect(try wakes("ZTunnel", before, after) == [Wake(what: .status, key: istio)])
    }
}
