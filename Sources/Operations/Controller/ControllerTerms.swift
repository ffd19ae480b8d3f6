import ClusterState
import Istio
import Meshes
import Objects
import Planning
import SailResources
import Values

/// What a turn of the controller adds to a run: whose objects they are, and for whom it waits.
struct ControllerTerms: Sendable {
    /// The resource as its objects' owner; `nil` where nothing is to be marked.
    var owner: Value?
    /// The components that a resource asks for.
    var asked: Set<Component> = []

    /// What the Sail Operator labels its objects with.
    static let label = (key: "managed-by", value: "sail-operator")

    /// Kinds that outlive the resource: with an owner, its deletion would delete all that users made of them.
    private static let unowned: Set<String> = ["CustomResourceDefinition", "Namespace"]

    init(owner: Value? = nil, asked: Set<Component> = []) { (self.owner, self.asked) = (owner, asked) }

    /// The terms of a resource. The control plane's objects belong to its IstioRevision; where that is being deleted or
    /// cannot be, to the Istio itself.
    init(_ resource: GivenResource, revision: GivenResource?, asked: Set<Component>) {
        self.asked = asked
        guard let live = revision?.live ?? resource.live, let uid = live.metadata.uid else { return }
        // An object has one controller: of istiod's an operator would make its IstioRevision that.
        let isController = !resource.kind.isControlPlane || revision != nil
        owner = .map(ControllerTerms.reference(to: live, uid: uid, isController: isController))
    }

    /// A resource as an owner of others.
    static func reference(to live: Value, uid: String, isController: Bool) -> Mapping {
        var owner: Mapping = [
            "apiVersion": .string("\(ResourceKind.group)/v1"), "kind": .string(live.kind),
            "name": .string(live.metadata.name), "uid": .string(uid), "blockOwnerDeletion": true,
        ]
        if isController { owner["controller"] = true }
        return owner
    }

    /// The state with the owner and the label on all objects that go with the resource.
    func marking(_ state: DesiredState) -> DesiredState {
        guard let owner else { return state }
        var state = state
        for index in state.desired.indices where !ControllerTerms.unowned.contains(state.desired[index].identity.kind) {
            guard case .map(var object) = state.desired[index].object else { continue }
            object.set(.list([owner]), at: ["metadata", "ownerReferences"])
            object.set(.string(ControllerTerms.label.value), at: ["metadata", "labels", ControllerTerms.label.key])
            state.desired[index].object = .map(object)
        }
        return state
    }
}

/// A component's turn that has not come: others must be ready before.
struct WaitsForOthers: Error, CustomStringConvertible {
    let description: String
}

extension PlannedRun {
    /// Throws where the plan replaces or creates pods of a component whose predecessors are not ready: istiod, then the
    /// node agent, then ztunnel. Other objects wait for nobody.
    func waitForOthers() throws {
        guard let terms = options.controller else { return }
        let rolled = plan.changes.filter { $0.identity.hasRollout && ![.unchanged, .takeOver].contains($0.action) }
        let order: [Component] = [.istiod, .cni, .ztunnel]
        guard let last = rolled.compactMap(\.component).compactMap(order.firstIndex).max(), last > 0 else { return }
        let workloads = try session.cluster.workloads()
        for component in order[..<last] where terms.asked.contains(component) {
            let found = workloads.filter { $0.component == component }
            guard !found.isEmpty else {
                throw WaitsForOthers(description: "waits for \(component): it is not installed yet")
            }
            for workload in found where !workload.readiness.isReady {
                throw WaitsForOthers(
                    description: "waits for \(component): \(workload.identity): \(workload.readiness.message)")
            }
        }
    }
}
