package import Objects
package import Planning

/// News of a run under way, handed to one closure; how it is shown is the consumer's affair.
package enum Progress: Sendable {
    case started(component: String, changes: Int)
    case applied(Change)
    case waiting(component: String, identity: Identity, Readiness)
    case ready(component: String, identity: Identity, Readiness)
    case finished(component: String)
    case note(String)
}

/// How a run ended.
package enum Outcome: Sendable {
    case done
    /// What stopped it, in order, and the component it stopped at.
    case failed([Failure], component: String)
    case interrupted(component: String)
}

/// A component's turn within a run, for whoever records it.
package enum Phase: Sendable {
    case began(component: String)
    /// `nil` where all went well.
    case ended(component: String, Outcome?)
}

/// One thing that went wrong, with the object it went wrong at.
package struct Failure: Error, Sendable, CustomStringConvertible {
    package var identity: Identity?
    package var message: String

    package init(_ identity: Identity? = nil, _ message: String) {
        self.identity = identity
        self.message = message
    }

    package var description: String {
        identity.map { "\($0): \(message)" } ?? message
    }
}

/// How to carry out a plan.
package struct ApplyOptions: Sendable {
    package var forcesConflicts = false
    /// Whether each component must be ready before the next one starts.
    package var waits = true
    /// For the whole run, in milliseconds.
    package var timeout = 300_000
    /// How ztunnel's pods are replaced; each batch has the whole timeout for itself.
    package var rollout = RolloutMode.rolling
    /// A label selector for the nodes whose turn it is; all where `nil`.
    package var rolloutNodes: String?
    /// Milliseconds between two batches.
    package var rolloutPause = 0

    package init() {}
}
