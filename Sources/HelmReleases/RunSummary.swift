internal import Istio
internal import System
internal import Values

/// One run as its records tell of it: of sail over several components, or of Helm over one.
package struct RunSummary: Sendable {
    /// How a run ended.
    package enum Result: Sendable, Equatable {
        case complete
        case failed(String)
        case interrupted
        /// Its records are pending: at work, or dead.
        case pending(String)
    }

    /// Its records, one of each component, in the order of installation.
    package let records: [ReleaseRecord]
    /// `upgrade`; of Helm what its record says.
    package let purpose: String
    /// The version of istiod before the run, or of its first component; `nil` where there was none, or it is not known.
    package let from: String?
    package let to: String
    package let result: Result

    package var run: OperationID? { records.first?.run }
    /// Whether sail made it.
    package var isSails: Bool { records.first.map { !$0.request.isNull } ?? false }
    /// When it began, in seconds since 1970.
    package var began: Int { records.map(\.time).filter { $0 > 0 }.min() ?? 0 }
    /// How long it took; `nil` where that was not kept.
    package var seconds: Int? {
        let ends = records.compactMap(\.ended)
        guard ends.count == records.count, let last = ends.max(), began > 0 else { return nil }
        let (span, overflows) = last.subtractingReportingOverflow(began)
        return overflows || span < 0 ? nil : span
    }

    /// `upgrade v1.29.6 → v1.30.3`
    package var title: String {
        guard let from, !from.hasSameBytes(as: to) else { return "\(purpose) \(to)" }
        return "\(purpose) \(from) → \(to)"
    }
}

extension ReleaseHistory {
    /// All runs, oldest first.
    package var runs: [RunSummary] {
        var groups: [(key: String, records: [ReleaseRecord])] = []
        var places: [String: Int] = [:]
        for record in records where record.component != nil {
            let key = record.run?.id ?? "\(record.namespace)/\(record.name)/\(record.revision)"
            if let place = places[key] {
                groups[place].records.append(record)
            } else {
                places[key] = groups.count
                groups.append((key, [record]))
            }
        }
        return groups.map { summary(of: $0.records) }.sorted { first, second in
            if first.began != second.began { return first.began < second.began }
            return (first.records.first?.revision ?? 0) < (second.records.first?.revision ?? 0)
        }
    }

    private func summary(of records: [ReleaseRecord]) -> RunSummary {
        let ordered = records.sorted { ($0.component ?? .base) < ($1.component ?? .base) }
        let leader = ordered.first { $0.component == .istiod } ?? ordered.first
        let before = leader.flatMap { leader in
            revisions(of: leader.name, in: leader.namespace).last { $0.revision < leader.revision && $0.isGood }
        }
        let to = leader?.appVersion.withVersionPrefix ?? ""
        let from = (before?.appVersion).flatMap { $0.isEmpty ? nil : $0.withVersionPrefix }
        let isSails = leader.map { !$0.request.isNull } ?? false
        let purpose = leader?.run?.purpose ?? ""
        return RunSummary(
            records: ordered, purpose: isSails && !purpose.isEmpty ? purpose : "helm \(leader?.name ?? "")", from: from,
            to: to, result: result(of: ordered))
    }

    private func result(of records: [ReleaseRecord]) -> RunSummary.Result {
        if let pending = records.first(where: \.status.isPending) {
            return .pending("\(pending.chartName) is \(pending.status.rawValue): \(pending.description)")
        }
        if let failed = records.first(where: { $0.status == .failed }) {
            if failed.description.hasSuffix(" interrupted") { return .interrupted }
            return .failed("\(failed.chartName): \(failed.description)")
        }
        let missing = (records.first?.run?.components ?? []).filter { component in
            !records.contains { $0.component == component }
        }
        // A run that died between two components; of an older one the other records may have been pruned.
        guard let next = missing.first, isLast(records) else { return .complete }
        return .failed("it ended before \(next)")
    }

    /// Whether nothing newer is recorded of these releases, so that none of the run's records can have been pruned.
    private func isLast(_ records: [ReleaseRecord]) -> Bool {
        records.allSatisfy { record in
            revisions(of: record.name, in: record.namespace).last?.revision == record.revision
        }
    }
}
