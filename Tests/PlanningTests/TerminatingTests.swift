import Istio
import Objects
import Planning
import Testing
import Values

/// Objects that are being deleted are not unchanged.
@Suite struct TerminatingTests {
    private let identity = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "n", name: "a")
    private let live: Value = [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": ["name": "a", "namespace": "n", "deletionTimestamp": "2026-11-26T10:00:00Z"],
    ]

    @Test func oneThatIsWantedIsCreatedAfterItsEnd() {
        let termination = Termination(holders: ["finalizer example.com/hold"])
        let wanted = Desired(component: .base, identity: identity, object: live)
        let snapshot = Snapshot(
            observations: [identity: ObservedObject(live: live, sent: live, prediction: .terminating(termination))])
        let plan = plan([wanted], snapshot)
        #expect(!plan.isEmpty)
        #expect(plan.terminating.map(\.identity) == [identity])
        #expect(plan.terminating.first?.action.termination?.isHeld == true)
    }

    @Test func oneThatIsNoLongerWantedNeedsNoDeletion() {
        let plan = plan([], Snapshot(previous: [(component: .base, identity: identity, live: live)]))
        #expect(plan.isEmpty)
    }
}
