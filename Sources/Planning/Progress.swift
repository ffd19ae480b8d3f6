package import Istio
package import Objects
internal import Values

/// News of a run under way, handed to one closure; how it is shown is the consumer's affair.
package enum Progress: Sendable {
    case started(component: Component, changes: Int)
    case applied(Change)
    case waiting(component: Component, identity: ObjectReference, Readiness)
    case ready(component: Component, identity: ObjectReference, Readiness)
    /// The pod of a workload that is waited for which is the furthest behind.
    case slow(identity: ObjectReference, SlowPod?)
    case finished(component: Component)
    case note(String)
}

/// A pod that keeps a rollout waiting: `node-2 (ContainerCreating, 20s)`.
package struct SlowPod: Sendable, Equatable, CustomStringConvertible {
    package var node: String
    package var reason: String
    /// Since when it is so, in seconds since 1970; `nil` where it is not known.
    package var since: Int?
    package var now: Int

    package init(node: String, reason: String, since: Int?, now: Int) {
        self.node = node
        self.reason = reason
        self.since = since
        self.now = now
    }

    package var description: String {
        let (seconds, overflows) = now.subtractingReportingOverflow(since ?? now)
        let time = since == nil || overflows || seconds < 1 ? "" : ", \(seconds)s"
        return "\(node) (\(reason)\(time))".onOneLine
    }
}
