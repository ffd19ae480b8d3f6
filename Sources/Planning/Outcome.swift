package import Istio
package import Objects

/// How a run ended.
package enum Outcome: Sendable {
    case done
    /// What stopped it, in order, and the component it stopped at.
    case failed([Failure], component: Component)
    case interrupted(component: Component)
}

/// A component's turn within a run, for the release recorder.
package enum Phase: Sendable {
    case began(component: Component)
    /// `nil` where all went well.
    case ended(component: Component, Outcome?)

    /// Whose turn it is.
    package var component: Component {
        switch self {
        case .began(let component), .ended(let component, _): component
        }
    }
}

/// One thing that went wrong, with the object it went wrong at.
package struct Failure: Error, Sendable, CustomStringConvertible {
    package var identity: ObjectReference?
    package var message: String

    package init(_ identity: ObjectReference? = nil, _ message: String) {
        self.identity = identity
        self.message = message
    }

    package var description: String {
        identity.map { "\($0): \(message)" } ?? message
    }
}
