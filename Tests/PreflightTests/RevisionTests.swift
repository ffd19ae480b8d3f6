import Istio
import Objects
import Planning
import Preflight
import Testing
import Values

private func istiod(_ name: String, namespace: String, revision: String) -> (identity: ObjectReference, object: Value) {
    let variables: Value = [["name": "PILOT_ENABLE_AMBIENT", "value": "true"]]
    return (
        ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: namespace, name: name),
        [
            "metadata": ["labels": ["istio.io/rev": .string(revision)]],
            "spec": ["template": ["spec": ["containers": [["name": "discovery", "env": variables]]]]],
        ]
    )
}

private func findings(
    live: (identity: ObjectReference, object: Value), wanted: (identity: ObjectReference, object: Value)
) -> [Finding] {
    let workload = Workload(
        component: .istiod, identity: live.identity, images: [],
        readiness: readiness(of: ["kind": "Deployment"]), desired: 1, available: 1, object: live.object)
    let desired = Desired(component: .istiod, identity: wanted.identity, object: wanted.object)
    var facts = ClusterFacts()
    facts.workloads = [workload]
    return preflight(DesiredMesh(desired: [desired]), facts, for: .upgrade)
}

@Test func aChangedRevisionIsNamedWithTheWayOn() throws {
    let canary = findings(
        live: istiod("istiod", namespace: "istio-system", revision: "default"),
        wanted: istiod("istiod-canary", namespace: "istio-system", revision: "canary"))
    let first = try #require(canary.first)
    #expect(
        first.message == "Deployment istio-system/istiod is the control plane of revision default, and the values say "
            + "revision canary: sail does not change the revision of a mesh")
    #expect(first.remedy.hasPrefix("leave revision out of the values to upgrade this control plane in place"))
    #expect(first.severity == .blocking)

    let dropped = findings(
        live: istiod("istiod-blue", namespace: "mesh", revision: "blue"),
        wanted: istiod("istiod", namespace: "mesh", revision: "default"))
    #expect(dropped.first?.remedy.hasPrefix("give --set revision=blue to upgrade") == true)
}

@Test func aControlPlaneInAnotherNamespaceIsAnotherMesh() {
    let found = findings(
        live: istiod("istiod", namespace: "mesh-a", revision: "default"),
        wanted: istiod("istiod", namespace: "istio-system", revision: "default"))
    #expect(found.map(\.message) == ["Deployment mesh-a/istiod is another control plane"])
}

@Test func theSameControlPlaneIsNoFinding() {
    let own = istiod("istiod", namespace: "istio-system", revision: "default")
    #expect(findings(live: own, wanted: own).isEmpty)
}
