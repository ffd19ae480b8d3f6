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
            let key = ControllerTerms.label.key
            let manager = metadata.label(key).flatMap { owners.isEmpty && $0 != ControllerTerms.label.value ? nil : $0 }
            guard !owners.isEmpty || manager != nil else { continue }
            if !owners.isEmpty { desired.set(.list(owners), at: ["metadata", "ownerReferences"]) }
            if let manager { desired.set(.string(manager), at: ["metadata", "labels", key]) }
            state.desired[index].object = .map(desired)
        }
        return state
    }
}
