internal import Istio
internal import Objects
internal import Values

/// What a change does to running pods, for a summary of a run.
package struct ImpactSummary: Sendable, Equatable {
    package var change: Change.Name
    /// `ztunnel rolls on 3 nodes: long TCP connections reset`
    package var text: String
    /// How many nodes are touched; `nil` where it is about no nodes.
    package var nodes: Int?

    /// What happens to pods of an object; of `nodes` nodes.
    package init(change: Change.Name, text: String, nodes: Int?) {
        (self.change, self.text, self.nodes) = (change, text, nodes)
    }
}

extension Change {
    /// The component and the object that something is about.
    package struct Name: Sendable, Equatable {
        package var component: String
        package var object: String

        package init(component: String, object: String) {
            (self.component, self.object) = (component, object)
        }
    }

    /// What it does to running pods where ztunnel's pods are replaced in that way; `nil` for nothing.
    package func impactSummary(_ rollout: RolloutMode) -> ImpactSummary? {
        let summary: (text: String, nodes: Int?)
        switch impact {
        case .none: return nil
        case .rollsZtunnel(let nodes):
            summary = ("ztunnel rolls on \(shown(nodes)): long TCP connections reset", nodes)
        case .rollsNodeAgent(let nodes): summary = ("CNI agent rolls on \(shown(nodes)): new pods wait", nodes)
        case .awaitsDeletion(let nodes):
            if case .batch(let size) = rollout, component == .ztunnel {
                let text = "ztunnel rolls on \(shown(nodes)), \(size) at a time: long TCP connections reset"
                summary = (text, nodes)
            } else {
                summary = ("\(identity.name) changes on \(shown(nodes)) when its pods are deleted (OnDelete)", nodes)
            }
        case .restartsControlPlane: summary = ("istiod restarts", nil)
        case .rolls: summary = ("\(identity.name) restarts", nil)
        case .scales(_, let from, let to, let restarting):
            summary = ("\(identity.name) \(restarting ? "restarts and " : "")scales from \(from) to \(to)", nil)
        }
        let name = Name(component: component?.rawValue ?? "", object: identity.description)
        return ImpactSummary(change: name, text: summary.text.onOneLine, nodes: summary.nodes)
    }

    private func shown(_ nodes: Int) -> String { "\(nodes) \(nodes == 1 ? "node" : "nodes")" }
}
