import Objects
import Testing
import Values

/// What holds an object that is being deleted.
@Suite struct TerminationTests {
    private func object(_ finalizers: Value, kind: Value = "ConfigMap", status: Value = .null) -> Value {
        [
            "kind": kind, "metadata": ["deletionTimestamp": "2026-11-26T10:00:00Z", "finalizers": finalizers],
            "status": status,
        ]
    }

    @Test func anObjectThatStaysHasNone() {
        #expect(termination(of: ["metadata": ["finalizers": ["example.com/hold"]]]) == nil)
        #expect(termination(of: ["metadata": ["deletionTimestamp": .null]]) == nil)
        #expect(termination(of: .null) == nil)
    }

    @Test(arguments: [
        [] as Value, ["foregroundDeletion"], ["customresourcecleanup.apiextensions.k8s.io"],
        ["kubernetes.io/pvc-protection", "orphan"], .null, "text", [7],
    ])
    func whatKubernetesEndsByItselfIsWaitedFor(finalizers: Value) {
        #expect(termination(of: object(finalizers)) == Termination())
    }

    @Test func aFinalizerOfOthersHoldsIt() {
        let held = termination(of: object(["foregroundDeletion", "example.com/hold", "b"]))
        #expect(held?.description == "is being deleted, held by finalizer example.com/hold, finalizer b")
    }

    @Test func aNamespaceIsHeldByTheFinalizersInIt() {
        let message =
            "Some content in the namespace has finalizers remaining: example.com/hold in 2 resource instances, "
            + "foregroundDeletion in 1 resource instances"
        let condition: Value = [
            "type": "NamespaceFinalizersRemaining", "status": "True", "message": .string(message),
        ]
        let held = termination(of: object([], kind: "Namespace", status: ["conditions": [condition]]))
        #expect(held?.holders == ["finalizer example.com/hold of objects in it"])
        let empty: Value = ["type": "NamespaceFinalizersRemaining", "status": "True", "message": ""]
        #expect(termination(of: object([], kind: "Namespace", status: ["conditions": [empty]]))?.isHeld == false)
    }
}
