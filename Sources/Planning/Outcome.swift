package import Objects

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
