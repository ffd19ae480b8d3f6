import ClusterState
import Meshes
import Objects
import Planning
import SailResources
import Values

extension ClusterSession {
    /// The state with the marks by which a controller finds its objects: its own, or those that are there.
    func marked(_ state: DesiredState) throws -> DesiredState {
        guard let terms = options.controller else { return try keepingOperatorsMarks(state) }
        return terms.marking(state)
    }

    /// The state with the marks of a Sail Operator on the objects that have them: they are sent along, so that the fields
    /// which are taken over from it do not go with them, and it finds its objects again.
    private func keepingOperatorsMarks(_ state: DesiredState) throws -> DesiredState {
        var state = state
        let live = try cluster.get(state.desired.map(\.identity))
        for (index, object) in live.enumerated() {
            guard let metadata = object?.metadata, case .map(var desired) = state.desired[index].object else {
                continue
            }
            let owners = metadata.ownerReferences.filter {
                $0["apiVersion"]?.string?.hasPrefix(ResourceKind.group + "/") == true
            }
            guard !owners.isEmpty else { continue }
            desired.set(.list(owners), at: ["metadata", "ownerReferences"])
            if let manager = metadata.label("managed-by") {
                desired.set(.string(manager), at: ["metadata", "labels", "managed-by"])
            }
            state.desired[index].object = .map(desired)
        }
        return state
    }
}
