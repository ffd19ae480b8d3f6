package import ClusterState
internal import HelmReleases
package import Istio
import Kubernetes
import Objects
import Values

/// The state of a mesh as of one moment.
package struct MeshHealth {
    package var header: MeshHeader
    package var workloads: [Workload]
    package var nodes: [NodeHealth]
    package var enrollment: Enrollment
    /// Workloads with pods that should be captured and are not.
    package var uncaptured: [UncapturedWorkload]
    /// The certificates that the mesh hangs on.
    package var certificates: [HealthRow]
    /// Why it is not healthy, the weightiest first.
    package var problems: [String]
    /// What the user should know besides.
    package var notes: [String]
    /// Whether a run is at work on it, by its records.
    package var isChanging = false

    package var enrolledNamespaces: [String] { enrollment.namespaces }
    package var enrolledPods: [String] { enrollment.pods }
    /// Pods of enrolled namespaces that are not captured, `namespace/name`.
    package var uncapturedPods: [String] { enrollment.uncaptured }
    package var waypoints: [String] { enrollment.waypoints }
    /// The waypoints with their versions and pods, as far as they could be read.
    package var waypointRows: [WaypointSummary] = []

    package var isHealthy: Bool { problems.isEmpty && !workloads.isEmpty }
    /// `Healthy`, or the first reason why not.
    package var state: String {
        workloads.isEmpty ? (isChanging ? "Installing" : "NotInstalled") : problems.first ?? "Healthy"
    }
}

/// Which mesh it is, on which cluster, and what was last done to it.
package struct MeshHeader: Sendable {
    /// The context, with the server's address.
    package var cluster = ""
    package var server = ""
    package var namespace = ""
    package var profile: String?
    package var platform: String?
    /// The version that the last run stored.
    package var storedVersion: String?
    package var lastRun: RecordedRun?
}

/// How one thing is.
package enum HealthMark: String, Sendable {
    case good, warning, bad
}

/// One line of a report: what it is about, how that is, and what to do where it is not good.
package struct HealthRow: Sendable, Equatable {
    package var mark: HealthMark
    package var subject: String
    package var message: String
    package var remedy: String?

    package init(_ mark: HealthMark, _ subject: String, _ message: String, remedy: String? = nil) {
        (self.mark, self.subject, self.message, self.remedy) = (mark, subject, message, remedy)
    }

    /// The message with what to do.
    package var text: String { remedy.map { "\(message); \($0)" } ?? message }
}

/// Whether a node has a ready ztunnel and node agent.
package struct NodeHealth: Equatable {
    package var name: String
    /// By component; one that does not run there at all is missing.
    package var ready: [Component: Bool]
    /// Components that the values keep away from the node.
    package var leftOut: Set<Component> = []

    /// `cni not ready, no ztunnel`; `nil` where all is well.
    package var complaint: String? {
        let words = Component.nodeAgents.filter { !leftOut.contains($0) }.compactMap { component -> String? in
            switch ready[component] {
            case true: nil
            case false: "\(component) not ready"
            default: "no \(component)"
            }
        }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}

/// A pod of ztunnel or of the CNI agent: the DaemonSet that it belongs to, and its node.
struct NodeAgent: Equatable {
    var component: Component
    var node: String
    var set: ObjectReference
}

/// Nodes on which a component runs more than once, by different DaemonSets. Pure.
func doubledAgents(_ agents: [NodeAgent]) -> [String] {
    Component.nodeAgents.compactMap { component -> String? in
        let own = Dictionary(grouping: agents.filter { $0.component == component }, by: \.node)
        let doubled = own.mapValues { Set($0.map(\.set.description)) }.filter { $0.value.count > 1 }
        guard !doubled.isEmpty else { return nil }
        let sets = Set(doubled.values.flatMap { $0 }).sorted().joined(separator: " and ")
        let nodes = doubled.count == 1 ? "node \(doubled.keys.first ?? "")" : "\(doubled.count) nodes"
        return "\(component) runs more than once on \(nodes): \(sets)"
    }
}

/// What is wrong with these workloads: missing, not ready, scaled away, too far apart. Pure.
func problems(of workloads: [Workload]) -> [String] {
    guard !workloads.isEmpty else { return [] }
    var problems: [String] = []
    for component in Component.withWorkload {
        let own = workloads.filter { $0.component == component }
        if own.isEmpty { problems.append("\(component) is not installed") }
        for workload in own {
            if let termination = termination(of: workload.object) {
                problems.append(terminating(workload.identity, termination))
            } else if let complaint = workload.complaint {
                problems.append("\(workload.identity): \(complaint)")
            }
            if workload.versions.count > 1 {
                problems.append("\(workload.identity): runs \(workload.versions.joined(separator: " and "))")
            }
        }
    }
    let skew = VersionSkew(live: workloads.runningVersions).findings
    return problems + skew.filter { $0.kind == .ahead || $0.kind == .behind }.map { "\($0.message); \($0.remedy)" }
}

extension Workload {
    /// What is wrong with it in a few words; `nil` where it does its work.
    package var complaint: String? {
        if let termination = termination(of: object) { return termination.description }
        if !readiness.isReady { return readiness.message }
        return component == .istiod && desired == 0 ? "scaled to 0, there is no control plane" : nil
    }
}

/// `DaemonSet istio-system/ztunnel: is being deleted; once it is deleted, sail upgrade creates it again`
func terminating(_ identity: ObjectReference, _ termination: Termination) -> String {
    let command =
        "kubectl patch \(identity.kind.lowercased()) \(identity.name)"
        + (identity.namespace.isEmpty ? "" : " -n \(identity.namespace)")
    let remedy =
        termination.isHeld
        ? "start the controller that owns the finalizer, or take it off with \(command)"
        : "once it is deleted, sail upgrade creates it again"
    return "\(identity): \(termination); \(remedy)"
}

/// What the newest records tell of the last run; `isChanging` where one has not ended.
func lastRun(_ records: [ReleaseRecord]) -> (note: String?, isChanging: Bool) {
    let newest = Component.allCases.compactMap { component in
        records.filter { $0.component == component }.max { $0.revision < $1.revision }
    }
    if let pending = newest.last(where: { $0.status.isPending }) {
        return ("a run is at work, or was interrupted, at \(pending.chartName) (\(pending.status.rawValue))", true)
    }
    guard let failed = newest.first(where: { $0.status == .failed }) else { return (nil, false) }
    return ("the last run failed at \(failed.chartName): \(failed.description)", false)
}
