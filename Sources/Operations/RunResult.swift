package import Istio
package import Preflight

/// How a run that applies has ended: for programs.
package struct RunResult: Sendable {
    /// How it ended as a whole.
    package enum Ending: String, Sendable {
        case done
        /// There was nothing to do.
        case unchanged
        /// The user said no; nothing was changed.
        case declined
        case failed, interrupted
    }

    /// How a component's turn ended.
    package struct Part: Sendable {
        /// The end of one component's turn.
        package enum Ending: String, Sendable {
            case done, unchanged, failed, interrupted
            case notReached = "not reached"
        }

        package var component: Component
        package var release: String
        package var namespace: String
        /// The release's revision after the run; `nil` where there is none.
        package var revision: Int?
        package var ending: Ending
    }

    package var kind: RunKind
    /// The verb, as programs read it: `upgrade`.
    package var operation: String { kind.name }
    package var ending: Ending
    /// What was planned; `nil` where the run ended before it had a plan.
    package var preview: RunPreview?
    package var parts: [Part] = []
    package var errors: [String] = []
    /// What became of the resources that the run was about.
    package var resources: [ResourceOutcome] = []
    /// How long it took, in milliseconds.
    package var duration = 0
}
