internal import HelmReleases
internal import Istio
internal import System
package import Values

/// A run as `sail history` lists it.
package struct RecordedRun: Sendable {
    /// `upgrade v1.29.6 → v1.30.3`
    package let title: String
    /// `2026-11-27 02:10`; Helm keeps nanoseconds and its own zone.
    package let time: String
    /// What it changed, as its plan summed it up.
    package let changes: String
    /// Who asked for it.
    package let author: String
    /// `41s`, `3m 20s`
    package let took: String?
    /// `complete`, `failed at ztunnel`: the reason is in the records of the component, and in `value`.
    package let result: String
    package let flags: [String]
    /// The run for programs.
    package let value: Value

    init(_ run: RunSummary) {
        title = run.title
        time = run.began > 0 ? shortTime(run.began) : run.records.first?.lastDeployed ?? ""
        changes = run.run?.details.changes ?? ""
        author = run.author
        took = run.seconds.map { $0 == 0 ? "0s" : shownDuration(milliseconds: $0 &* 1000) }
        result = run.shortResult
        flags = run.run?.details.flags ?? []
        value = run.value
    }

    /// `upgrade v1.29.6 → v1.30.3, 2026-11-27 02:10 UTC, took 41s, complete`
    package var line: String {
        let span = took.map { ", took \($0)" } ?? ""
        return "\(title), \(time) UTC\(span), \(result)"
    }
}

/// `2026-11-27 02:10` of seconds since 1970.
func shortTime(_ seconds: Int) -> String {
    String(RFC3339.text(seconds).prefix(16).map { $0 == "T" ? " " : $0 })
}

extension RunSummary {
    fileprivate var shortResult: String {
        switch result {
        case .complete: "complete"
        case .failed(let reason):
            records.first { $0.status == .failed }.map { "failed at \($0.chartName)" } ?? "failed: \(reason)"
        case .interrupted: "interrupted"
        case .pending(let state): state
        }
    }

    fileprivate var author: String {
        let user = run?.details.user ?? ""
        return isSails ? user.isEmpty ? "sail" : user : "Helm"
    }

    fileprivate var value: Value {
        var map: Mapping = [
            "purpose": .string(purpose), "to": .string(to), "time": .string(RFC3339.text(began)),
            "by": .string(isSails ? "sail" : "helm"), "result": .string(resultName),
        ]
        if let from { map["from"] = .string(from) }
        if let run {
            map["run"] = .string(run.id)
            if !run.details.user.isEmpty { map["user"] = .string(run.details.user) }
            map["flags"] = .list(run.details.flags.map(Value.string))
            if !run.details.changes.isEmpty { map["changes"] = .string(run.details.changes) }
        }
        if let seconds { map["seconds"] = .int(seconds) }
        if case .failed(let reason) = result { map["message"] = .string(reason) }
        if case .pending(let state) = result { map["message"] = .string(state) }
        map["components"] = .list(
            records.map { record in
                [
                    "component": .string(record.chartName), "release": .string(record.name),
                    "namespace": .string(record.namespace), "revision": .int(record.revision),
                    "version": .string(record.appVersion), "status": .string(record.status.rawValue),
                ]
            })
        return .map(map)
    }

    private var resultName: String {
        switch result {
        case .complete: "complete"
        case .failed: "failed"
        case .interrupted: "interrupted"
        case .pending: "pending"
        }
    }
}
