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

/// How ztunnel's pods come to a new revision.
package enum RolloutMode: Sendable, Equatable {
    /// By Kubernetes, as the DaemonSet's strategy says.
    case rolling
    /// By sail, so many nodes at a time.
    case batch(Int)
    /// When another client deletes them: a drain, a new node.
    case onDelete
}
