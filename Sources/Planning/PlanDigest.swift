internal import Objects
internal import Values

/// A plan as people read it: objects that differ in nothing but labels stand apart from those that change.
package struct PlanDigest: Sendable {
    /// What a change comes to for the reader.
    package enum Weight: Sendable, Equatable {
        /// Something of the object, or the object itself, changes.
        case content
        /// Nothing but the labels of a version differ, and no pod restarts.
        case relabelled
        /// Nothing but who owns or manages it changes.
        case takenOver
        case unchanged
    }

    /// A change with the fields that differ.
    package struct Row: Sendable {
        package let change: Change
        package let weight: Weight
        /// Of an object that changes: all fields.
        package let differences: [FieldDifference]

        /// The fields without labels of versions and marks of ownership.
        package var contents: [FieldDifference] {
            differences.filter { !$0.isVersionLabel && !$0.isOwnershipMark }
        }
    }

    package let rows: [Row]
    /// How many objects get other version labels, by the versions.
    package let versionLabels: [VersionLabelChange]

    package init(_ plan: Plan) {
        let rows = plan.changes.map { change in
            let isChange = change.action == .change
            return Row(
                change, isChange ? fieldDifferences(change.live.map(readable), change.predicted.map(readable)) : [])
        }
        var labels: [VersionLabelChange] = []
        for row in rows {
            guard let (old, new) = row.differences.versions else { continue }
            if let index = labels.firstIndex(where: { $0.old == old && $0.new == new }) {
                labels[index].objects += 1
            } else {
                labels.append(VersionLabelChange(old: old, new: new, objects: 1))
            }
        }
        self.rows = rows
        versionLabels = labels.sorted { $0.objects > $1.objects }
    }

    /// The rows of one weight, those with an effect on pods first.
    package func rows(_ weights: Weight...) -> [Row] {
        let own = rows.filter { weights.contains($0.weight) }
        return own.filter { $0.change.impact != .none } + own.filter { $0.change.impact == .none }
    }

    package func count(_ weight: Weight) -> Int { rows.count { $0.weight == weight } }

    /// `7 of 46 objects, 23 relabelled`, `46 objects to create`
    package var summary: String {
        func objects(_ count: Int) -> String { "\(count) \(count == 1 ? "object" : "objects")" }
        func count(_ matches: (Action) -> Bool) -> Int { rows.count { matches($0.change.action) } }
        let (created, deleted) = (count { $0 == .create }, count { $0 == .delete })
        if created > 0, created == rows.count { return "\(objects(created)) to create" }
        if deleted > 0, deleted == rows.count { return "\(objects(deleted)) to delete" }
        let parts: [(Int, String)] = [
            (created, "to create"), (deleted, "to delete"), (self.count(.relabelled), "relabelled"),
            (self.count(.takenOver), "taken over"), (count { $0.termination != nil }, "to create after deletion"),
            (count { if case .conflict = $0 { true } else { false } }, "in conflict"),
            (
                count {
                    switch $0 {
                    case .owned, .refused: true
                    default: false
                    }
                }, "refused"
            ),
        ]
        let changed = rows.count { $0.weight == .content && $0.change.action == .change }
        return (["\(changed) of \(objects(rows.count))"] + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" })
            .joined(separator: ", ")
    }
}

extension FieldDifference {
    /// A field of a Secret without what it holds.
    fileprivate var masked: FieldDifference {
        guard path.first == .key("data") || path.first == .key("stringData") else { return self }
        return FieldDifference(
            path: path, old: old.map { _ in "*** (before)" }, new: new.map { _ in old == nil ? "***" : "*** (after)" })
    }
}

extension PlanDigest.Row {
    fileprivate init(_ change: Change, _ differences: [FieldDifference]) {
        self.change = change
        self.differences = change.identity.kind == "Secret" ? differences.map(\.masked) : differences
        let isOnlyMarks = differences.allSatisfy { $0.isVersionLabel || $0.isOwnershipMark }
        weight =
            switch change.action {
            case .unchanged: .unchanged
            case .takeOver: .takenOver
            case .change where change.impact == .none && isOnlyMarks:
                differences.contains(where: \.isVersionLabel) ? .relabelled : .takenOver
            default: .content
            }
    }
}
