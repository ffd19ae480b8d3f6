package import Istio
package import Objects
package import Values

/// What will be done to a cluster, object by object, in the order in which it is done.
package struct Plan: Sendable {
    package var changes: [Change]

    package init(_ changes: [Change]) {
        self.changes = changes
    }

    /// Whether carrying it out would write nothing.
    package var isEmpty: Bool { changes.allSatisfy { $0.action == .unchanged } }

    package var conflicts: [Change] {
        changes.filter { if case .conflict = $0.action { true } else { false } }
    }

    package var refusals: [Change] {
        changes.filter { if case .refused = $0.action { true } else { false } }
    }

    /// Objects that belong to a Helm release outside the mesh.
    package var foreign: [Change] {
        changes.filter { if case .owned = $0.action { true } else { false } }
    }

    /// Objects that are being deleted, and are made anew once that has ended.
    package var terminating: [Change] { changes.filter { $0.action.termination != nil } }

    package var deletions: [Change] { changes.filter { $0.action == .delete } }

    package func count(_ matches: (Action) -> Bool) -> Int { changes.count { matches($0.action) } }
}

/// One object's part of a plan.
package struct Change: Sendable {
    /// `nil` for an object that was read from a file, which belongs to none.
    package var component: Component?
    package var identity: ObjectReference
    package var action: Action
    /// What is sent; `nil` for a deletion.
    package var sent: Value?
    /// The object as it is; `nil` where there is none.
    package var live: Value?
    /// The object as the server says it will be; `nil` where it goes.
    package var predicted: Value?
    /// Managers of earlier installers whose fields become ours.
    package var takeover: Takeover?
    package var impact: Impact
    /// What a definition on the cluster has and ours lacks, for which it is left as it is.
    package var newerPart: String?
    /// The name under which it is applied.
    package var manager = FieldManager.helm
    /// What changed the object after its chart made it, in order: `patch ztunnel.yaml`.
    package var changedBy: [String] = []
    /// A merge patch that is sent in the place of an apply: labels on an object that is another's.
    package var patch: Value?

    package init(
        component: Component?, identity: ObjectReference, action: Action, sent: Value? = nil, live: Value? = nil,
        predicted: Value? = nil, takeover: Takeover? = nil, impact: Impact = .none
    ) {
        self.component = component
        self.identity = identity
        self.action = action
        self.sent = sent
        self.live = live
        self.predicted = predicted
        self.takeover = takeover
        self.impact = impact
    }
}

/// What happens to an object.
package enum Action: Sendable, Equatable {
    case create
    case change
    /// Only who manages the fields changes.
    case takeOver
    case unchanged
    case delete
    /// Others own fields with other values; nothing is done unless forced.
    case conflict([FieldConflict])
    /// The object belongs to a Helm release outside the mesh.
    case owned(by: ReleaseReference)
    /// The server's admission refuses the object, in its words.
    case refused(String)
    /// The object is being deleted; it is created once that has ended.
    case terminating(Termination)

    package var name: String {
        switch self {
        case .create: "create"
        case .change: "change"
        case .takeOver: "take over"
        case .unchanged: "unchanged"
        case .delete: "delete"
        case .conflict: "conflict"
        case .owned, .refused: "refused"
        case .terminating: "create after deletion"
        }
    }

    /// What was done once it is carried out.
    package var past: String {
        switch self {
        case .create, .terminating: "created"
        case .change: "changed"
        case .takeOver: "took over"
        case .delete: "deleted"
        case .unchanged, .conflict, .owned, .refused: "left"
        }
    }

    /// The deletion that is under way; `nil` where there is none.
    package var termination: Termination? {
        if case .terminating(let termination) = self { termination } else { nil }
    }
}

/// A field that another manager owns with another value.
package struct FieldConflict: Sendable, Equatable, CustomStringConvertible {
    package var manager: String
    package var field: String
    /// What the field holds and what it would hold; `nil` where this is not known, or not to be shown.
    package var values: Values?

    /// A field as it is and as it would be, `nil` where it is absent.
    package struct Values: Sendable, Equatable {
        package var live: Value?
        package var wanted: Value?

        package init(live: Value?, wanted: Value?) {
            self.live = live
            self.wanted = wanted
        }
    }

    package init(manager: String, field: String, values: Values? = nil) {
        self.manager = manager
        self.field = field
        self.values = values
    }

    /// `.spec.replicas is managed by "kubectl": 5 there, 3 wanted`
    package var description: String {
        let text = "\(field) is managed by \"\(manager)\"".onOneLine
        guard let values else { return text }
        let (live, wanted) = FieldConflict.short(values.live, values.wanted)
        return text + ": \(live) there, \(wanted) wanted".onOneLine
    }

    private static let shown = 48

    /// Both values so short that they fit into a line: of long ones the part around the first difference.
    private static func short(_ live: Value?, _ wanted: Value?) -> (String, String) {
        let texts = [live, wanted].map { value in
            value.map { Array(((try? $0.json(escapingHTML: false)) ?? "").unicodeScalars) }
        }
        let same = zip(texts[0] ?? [], texts[1] ?? []).prefix { $0 == $1 }.count
        let parts = texts.map { scalars -> String in
            guard let scalars else { return "nothing" }
            let start = scalars.count <= shown ? 0 : max(0, min(same - 8, scalars.count - shown))
            let part = scalars[start...].prefix(shown)
            let text = String(String.UnicodeScalarView(part))
            return (start > 0 ? "…" : "") + text + (part.endIndex < scalars.endIndex ? "…" : "")
        }
        return (parts[0], parts[1])
    }
}

/// What a change does to running workloads.
package enum Impact: Sendable, Equatable {
    case none
    /// ztunnel's pods are replaced one node after another; connections through it that last longer are reset.
    case rollsZtunnel(nodes: Int)
    /// The node agent is replaced; traffic goes on, new pods wait for it.
    case rollsNodeAgent(nodes: Int)
    /// The DaemonSet's pods stay as they are until another client deletes them (updateStrategy OnDelete).
    case awaitsDeletion(nodes: Int)
    case restartsControlPlane
    case rolls(workload: String)
    /// A Deployment gets another number of pods, new ones of all where `restarting`.
    case scales(workload: String, from: Int, to: Int, restarting: Bool)
}

extension Impact: CustomStringConvertible {
    package var description: String {
        switch self {
        case .none: "no restart"
        case .rollsZtunnel(let nodes):
            "rolls ztunnel on \(nodes) \(nodes == 1 ? "node" : "nodes"), resets long TCP connections"
        case .rollsNodeAgent(let nodes):
            "rolls the CNI agent on \(nodes) \(nodes == 1 ? "node" : "nodes"), new pods wait meanwhile"
        case .awaitsDeletion(let nodes):
            "for \(nodes) \(nodes == 1 ? "node" : "nodes"), each when its pod is deleted (OnDelete)"
        case .restartsControlPlane: "restarts istiod"
        case .rolls(let workload): "rolls \(workload)"
        case .scales(let workload, let from, let to, let restarting):
            (restarting ? "restarts \(workload), " : "") + "scales \(workload) from \(from) to \(to)"
        }
    }
}
