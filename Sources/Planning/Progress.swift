package import Objects

/// News of a run under way, handed to one closure; how it is shown is the consumer's affair.
package enum Progress: Sendable {
    case started(component: String, changes: Int)
    case applied(Change)
    case waiting(component: String, identity: Identity, Readiness)
    case ready(component: String, identity: Identity, Readiness)
    case finished(component: String)
    case note(String)
}
