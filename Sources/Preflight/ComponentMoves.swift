package import Istio
internal import Objects
internal import Planning

/// Where a component's release is, as the records have it.
package struct ReleasePlace: Sendable, Equatable {
    package var component: Component
    package var namespace: String

    package init(component: Component, namespace: String) {
        self.component = component
        self.namespace = namespace
    }
}

/// Components that a run would make once more in another namespace, and those that are there twice already.
///
/// Two agents of a kind on one node undo each other's work: the node agent takes the end of the other one for its own
/// uninstallation, and removes the CNI configuration of both.
func componentMoves(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let (desired, workloads, places) = (mesh.desired, facts.workloads, mesh.places)
    return Component.withWorkload.flatMap { component -> [Finding] in
        let wanted = desired.filter { $0.component == component && $0.identity.hasRollout }.map(\.identity)
        let namespaces = Set(wanted.map(\.namespace))
        guard let namespace = wanted.first?.namespace else { return [] }
        let others = workloads.filter { $0.component == component && !namespaces.contains($0.identity.namespace) }
        let isThere = workloads.contains { $0.component == component && namespaces.contains($0.identity.namespace) }
        // Another istiod is another control plane, which has a check of its own.
        if component != .istiod, !others.isEmpty {
            return others.map {
                isThere ? second($0, besides: namespace) : moved($0.component, $0.identity, to: namespace)
            }
        }
        guard others.isEmpty, let place = places.last(where: { $0.component == component }),
            !namespaces.contains(place.namespace)
        else { return [] }
        return [recorded(place, to: namespace)]
    }
}

private func moved(_ component: Component, _ identity: ObjectReference, to namespace: String) -> Finding {
    Finding(
        .blocking, "component",
        "\(identity) runs in namespace \(identity.namespace), and this would make a second \(component) on its nodes, "
            + "in namespace \(namespace)",
        remedy: stay(component, identity.namespace))
}

private func recorded(_ place: ReleasePlace, to namespace: String) -> Finding {
    Finding(
        .blocking, "component",
        "\(place.component) is recorded in namespace \(place.namespace), and this would install it in namespace "
            + namespace,
        remedy: stay(place.component, place.namespace))
}

private func stay(_ component: Component, _ namespace: String) -> String {
    "keep it there with \(component.namespaceFlag) \(namespace); to move it, run sail uninstall "
        + "and install the mesh again"
}

private func second(_ workload: Workload, besides namespace: String) -> Finding {
    let place = workload.identity.namespace
    let name = workload.identity.name
    // The node agent that ends takes the other one's configuration along.
    let again =
        workload.component == .cni
        ? ", then kubectl -n \(namespace) rollout restart daemonset -l k8s-app=istio-cni-node" : ""
    return Finding(
        .blocking, "component",
        "\(workload.identity) is a second \(workload.component) beside the one in namespace \(namespace)",
        remedy: "remove the obsolete one: kubectl -n \(place) delete daemonset \(name)" + again)
}
