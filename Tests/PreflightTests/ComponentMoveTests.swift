import Istio
import Objects
import Planning
import Preflight
import Testing
import Values

/// A component stays in its namespace.
@Suite struct MovedComponentTests {
    private func identity(_ component: Component, _ namespace: String) -> ObjectReference {
        let name = component == .cni ? "istio-cni-node" : component.rawValue
        return ObjectReference(
            apiVersion: "apps/v1", kind: component == .istiod ? "Deployment" : "DaemonSet", namespace: namespace,
            name: name)
    }

    private func desired(_ component: Component, _ namespace: String) -> Desired {
        Desired(component: component, identity: identity(component, namespace), object: .null)
    }

    private func workload(_ component: Component, _ namespace: String) -> Workload {
        Workload(
            component: component, identity: identity(component, namespace), images: [], readiness: .ready,
            desired: 1, available: 1, object: .null)
    }

    private func movedComponents(_ desired: [Desired], _ workloads: [Workload], _ places: [ReleasePlace]) -> [Finding] {
        var facts = ClusterFacts()
        facts.workloads = workloads
        var mesh = DesiredMesh(desired: desired)
        mesh.places = places
        return preflight(mesh, facts, for: .upgrade).filter { $0.check == "component" }
    }

    @Test(arguments: [Component.cni, .ztunnel])
    func aSecondOneOnTheSameNodesIsRefused(component: Component) {
        let found = movedComponents([desired(component, "new")], [workload(component, "old")], [])
        #expect(found.isBlocking)
        #expect(found.first?.message.contains("DaemonSet old/") == true)
        #expect(found.first?.message.contains("second \(component) on its nodes, in namespace new") == true)
        #expect(found.first?.remedy.hasPrefix("keep it there with --\(component)-namespace old;") == true)
    }

    @Test func oneInItsPlaceIsNone() {
        let all: [Component] = [.istiod, .cni, .ztunnel]
        let places = all.map { ReleasePlace(component: $0, namespace: "m") }
        #expect(movedComponents(all.map { desired($0, "m") }, all.map { workload($0, "m") }, places) == [])
        #expect(movedComponents(all.map { desired($0, "m") }, [], []) == [])
        #expect(movedComponents([desired(.ztunnel, "m")], [workload(.cni, "other")], places) == [])
    }

    /// As a run without this check left it.
    @Test func oneThatIsThereTwiceIsNamedWithTheWayOut() {
        let found = movedComponents([desired(.cni, "b")], [workload(.cni, "a"), workload(.cni, "b")], [])
        #expect(found.map(\.message) == ["DaemonSet a/istio-cni-node is a second cni beside the one in namespace b"])
        #expect(found.first?.remedy.contains("kubectl -n a delete daemonset istio-cni-node, then kubectl -n b") == true)
    }

    @Test(arguments: [Component.istiod, .cni, .ztunnel])
    func whatIsRecordedElsewhereCountsWithoutItsWorkload(component: Component) {
        let place = ReleasePlace(component: component, namespace: "old")
        let found = movedComponents([desired(component, "new")], [], [place])
        #expect(
            found.map(\.message) == [
                "\(component) is recorded in namespace old, and this would install it in namespace new"
            ])
    }
}
