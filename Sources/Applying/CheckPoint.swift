package import Istio
package import Planning

/// A place in a run at which its user's own check is made: after a component, or after a batch of ztunnel's nodes.
package struct CheckPoint: Sendable {
    package var component: Component
    /// Nodes with pods that the run may have replaced; none for what runs on no node in particular.
    package var nodes: [String] = []
    /// The number of the batch and how many there are; `nil` after a whole component.
    package var batch: (number: Int, count: Int)?
    /// Milliseconds until the run's time is over.
    package var remaining: Int
}

/// What a check came to.
package enum CheckVerdict: Sendable {
    case passed
    case failed(Failure)
    case interrupted
}

/// Makes the user's own check.
package typealias RunCheck = (CheckPoint) -> CheckVerdict
