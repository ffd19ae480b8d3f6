package import Istio
package import Objects

/// News of a run under way, handed to one closure; how it is shown is the consumer's affair.
package enum Progress: Sendable {
    case started(component: Component, changes: Int)
    case applied(Change)
    case waiting(component: Component, identity: ObjectReference, Readiness)
    case ready(component: Component, identity: ObjectReference, Readiness)
    case finished(component: Component)
    case note(String)
}
