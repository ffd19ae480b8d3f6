internal import Objects
internal import Values

/// What a plan does, to be compared with the plan that is made later for the same cluster: other than in the objects as
/// such, it does not differ where the server alone has changed what it keeps.
package struct PlannedWork: Sendable, Equatable {
    private struct Step: Sendable, Equatable {
        let identity: ObjectReference
        let action: Action
        /// Of a change the fields that differ; else what is sent.
        let differences: [FieldDifference]
        let sent: Value?
    }

    private let steps: [Step]

    package init(_ plan: Plan) {
        steps = plan.changes.filter { $0.action != .unchanged }.map { change in
            let isChange = change.action == .change
            return Step(
                identity: change.identity, action: change.action,
                differences: isChange
                    ? fieldDifferences(change.live.map(readable), change.predicted.map(readable)) : [],
                sent: isChange ? nil : change.sent)
        }
    }
}
