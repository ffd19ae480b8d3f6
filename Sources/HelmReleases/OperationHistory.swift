package import Istio
internal import Kubernetes
internal import System
internal import Values

/// Which release records count for stored settings and for a rollback.
///
/// A record counts where it is deployed or superseded and, if sail made it, where its run succeeded as a whole: a run
/// that failed at ztunnel leaves istiod deployed with values that have not yet worked. What Helm deployed counts by
/// itself, for Helm knows one release at a time.
package struct OperationHistory: Sendable {
    private let history: ReleaseHistory
    private let good: Set<String>

    package init(_ history: ReleaseHistory) {
        self.history = history
        var runs: [String: [ReleaseRecord]] = [:]
        for record in history.records {
            if let run = record.run { runs[run.id, default: []].append(record) }
        }
        good = Set(runs.filter { OperationHistory.isGood($0.value, history) }.keys)
    }

    package func counts(_ record: ReleaseRecord) -> Bool {
        record.isGood && record.run.map { good.contains($0.id) } ?? true
    }

    /// The newest record that counts of the release that a component has now; `nil` where it has none.
    package func newest(of component: Component) -> ReleaseRecord? {
        revisions(of: component).last(where: counts)
    }

    /// The newest record with a note of what was asked for, among those that are meant.
    package func newestNote(where isMeant: (ReleaseRecord) -> Bool) -> ReleaseRecord? {
        history.records.filter { $0.request["values"]?.map != nil && isMeant($0) }
            .max { ($0.time, $0.run?.id ?? "") < ($1.time, $1.run?.id ?? "") }
    }

    /// The revisions of the release that a component has now, oldest first; none where it was uninstalled.
    package func revisions(of component: Component) -> [ReleaseRecord] {
        guard let newest = history.latest(of: component).last(where: { $0.status != .uninstalled }) else { return [] }
        return history.revisions(of: newest.name, in: newest.namespace)
    }

    /// Whether a record is younger than all that a run recorded; `reference` is any record of that run.
    package func isYounger(_ record: ReleaseRecord, thanRunOf reference: ReleaseRecord) -> Bool {
        let revisions = record.component.map(revisions) ?? []
        // Revisions of one release are ordered exactly, times only to the second and by two machines' clocks.
        if let run = reference.run, let own = revisions.last(where: { $0.run?.id == run.id }) {
            return record.revision > own.revision
        }
        return record.time > reference.time
    }

    private static func isGood(_ records: [ReleaseRecord], _ history: ReleaseHistory) -> Bool {
        guard let first = records.first, let run = first.run else { return false }
        return run.components.allSatisfy { component in
            let own = records.filter { $0.component == component }
            if !own.isEmpty { return own.contains(where: \.isGood) }
            return history.hasForgotten(component, of: first)
        }
    }
}

extension OperationHistory {
    /// What a mesh goes back to by default: what stood before the last thing that was done to it.
    ///
    /// After a run that did not succeed as a whole, the newest records that count. Else a run's components are rolled back by
    /// one, or those that Helm has changed since; the others stay. Components without such a record have none here.
    /// A rollback that did not succeed is as if it had not been: the same command goes on with it.
    package func before(of components: [Component]) -> [Component: ReleaseRecord] {
        let newest = components.compactMap { revisions(of: $0).last }
        if let vain = last(newest)?.run, vain.purpose == "rollback", !good.contains(vain.id) {
            var rest = history
            rest.records.removeAll { $0.run?.id == vain.id }
            return OperationHistory(rest).before(of: components)
        }
        guard newest.allSatisfy(counts) else { return found(components) { self.newest(of: $0) } }
        let last = last(newest)
        let since = newest.filter { record in
            record.run == nil && (last.map { isYounger(record, thanRunOf: $0) } ?? true)
        }
        let stepping = Set(
            (since.isEmpty ? newest.filter { $0.run?.id == last?.run?.id } : since).compactMap(\.component))
        return found(components) { component in
            let counting = revisions(of: component).filter(counts)
            return stepping.contains(component) ? counting.dropLast().last : counting.last
        }
    }

    /// The mesh as it was at a revision of istiod's release: the records of that run, and for components that it was
    /// not about, those of then.
    package func records(with istiod: ReleaseRecord, of components: [Component]) -> [Component: ReleaseRecord] {
        let next = revisions(of: .istiod).first { $0.revision > istiod.revision && counts($0) }
        return found(components) { component in
            let revisions = revisions(of: component)
            if component == .istiod { return istiod }
            if let run = istiod.run, let own = revisions.last(where: { $0.run?.id == run.id }) { return own }
            let then = revisions.filter { record in
                counts(record) && (next.map { record.isOlder(than: $0) } ?? true)
            }
            // Helm upgrades release by release: those of istiod's version are its fellows.
            return then.last { $0.appVersion == istiod.appVersion } ?? then.last
        }
    }

    /// A record of the youngest run of sail.
    private func last(_ records: [ReleaseRecord]) -> ReleaseRecord? {
        records.filter { $0.run != nil }.max { ($0.time, $0.run?.id ?? "") < ($1.time, $1.run?.id ?? "") }
    }

    private func found(_ components: [Component], _ choose: (Component) -> ReleaseRecord?) -> [Component: ReleaseRecord]
    {
        var records: [Component: ReleaseRecord] = [:]
        for component in components { records[component] = choose(component) }
        return records
    }
}

extension ReleaseRecord {
    /// Whether it was applied to its end.
    package var isGood: Bool { status == .deployed || status == .superseded }

    /// When it was made, in seconds since 1970.
    package var time: Int { RFC3339.seconds(lastDeployed) ?? 0 }

    /// Who made it, for people.
    package var author: String { request.isNull ? "Helm" : "sail" }

    fileprivate func isOlder(than other: ReleaseRecord) -> Bool {
        if let run, run == other.run { return false }
        return time < other.time
    }
}

extension ReleaseHistory {
    /// Whether a component's revisions of a run may have been pruned in favour of newer ones.
    fileprivate func hasForgotten(_ component: Component, of record: ReleaseRecord) -> Bool {
        let releases = latest(of: component)
        return releases.contains { newest in
            guard let oldest = revisions(of: newest.name, in: newest.namespace).first else { return false }
            return oldest.revision > 1 && oldest.time >= record.time
        }
    }
}
