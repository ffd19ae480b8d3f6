internal import Glibc
package import Kubernetes
package import Values

/// What one component's release will be: the record's content before the run.
package struct ReleaseContent: Sendable {
    package var component: String
    package var name: String
    package var namespace: String
    package var chartVersion: String
    /// Made when a record is: a chart as Helm keeps it is large.
    private let makeChart: @Sendable () -> Value
    package var chart: Value { makeChart() }
    package var config: Value
    package var manifest: String
    package var notes: String

    package init(
        component: String, name: String, namespace: String, chartVersion: String,
        chart: @escaping @Sendable () -> Value, config: Value, manifest: String, notes: String = ""
    ) {
        self.component = component
        self.name = name
        self.namespace = namespace
        self.chartVersion = chartVersion
        makeChart = chart
        self.config = config
        self.manifest = manifest
        self.notes = notes
    }

    package init(
        component: String, name: String, namespace: String, chart: Value, config: Value, manifest: String,
        notes: String = ""
    ) {
        self.init(
            component: component, name: name, namespace: namespace,
            chartVersion: chart["metadata"]?["version"]?.string ?? "", chart: { chart }, config: config,
            manifest: manifest, notes: notes)
    }
}

/// Keeps the releases' records in step with a run: pending before a component's first write, its end after the last.
package struct Recording {
    package enum Purpose: String, Sendable {
        case install, upgrade, rollback, adopt
    }

    private let history: History
    private let runs: Runs
    private let recorder: Recorder
    private let purpose: Purpose
    private let request: Value
    private let contents: [ReleaseContent]
    private let run: RunMark
    private var open: [String: Record] = [:]

    /// `request` is what the user asked for, kept with each record.
    package init(
        _ history: History, _ recorder: Recorder, _ purpose: Purpose, request: Value, contents: [ReleaseContent]
    ) {
        self.history = history
        runs = Runs(history)
        self.recorder = recorder
        self.purpose = purpose
        self.request = request
        self.contents = contents
        run = RunMark(components: contents.map(\.component), purpose: purpose.rawValue)
    }

    /// The releases whose records would not fit into a Secret, with the bytes that are too many.
    package var tooLarge: [(name: String, excess: Int)] {
        contents.compactMap { content in
            let excess = record(content, after: []).excess
            return excess > 0 ? (content.name, excess) : nil
        }
    }

    /// Whether the newest record already says just this, so that a run without changes needs none.
    package func isCurrent(_ content: ReleaseContent) -> Bool {
        guard let last = history.revisions(of: content.name, in: content.namespace).last,
            history.isTidy(content.name, in: content.namespace)
        else { return false }
        return last.status == .deployed && last.manifest == content.manifest && last.config == content.config
            && last.chartVersion == content.chartVersion && last.request == request
            && runs.counts(last)
    }

    /// Whether every release's newest record says just what this run is about.
    package var isCurrent: Bool { contents.allSatisfy(isCurrent) }

    /// Takes a phase of the run; components without content have no record.
    package mutating func note(_ phase: Phase) throws(APIError) {
        switch phase {
        case .began(let component):
            for content in contents where content.component == component { try begin(content) }
        case .ended(let component, let outcome): try end(component, outcome)
        }
    }

    private mutating func begin(_ content: ReleaseContent) throws(APIError) {
        let earlier = history.revisions(of: content.name, in: content.namespace)
        // The lock is ours: whoever left these pending is gone.
        for record in earlier where record.status.isPending { try recorder.abandon(record) }
        let record = record(content, after: earlier)
        try recorder.begin(record)
        open[content.component] = record
    }

    private func record(_ content: ReleaseContent, after earlier: [Record]) -> Record {
        let now = rfc3339(Int(time(nil)))
        let isFirst = !earlier.contains(where: \.isGood)
        let status: Record.Status =
            purpose == .rollback ? .pendingRollback : isFirst ? .pendingInstall : .pendingUpgrade
        return Record(
            name: content.name, namespace: content.namespace,
            revision: history.nextRevision(of: content.name, in: content.namespace),
            status: status, firstDeployed: earlier.first?.firstDeployed ?? now, lastDeployed: now,
            description: "sail \(purpose.rawValue) under way", notes: content.notes, chart: content.chart,
            config: content.config, manifest: content.manifest, request: request, run: run)
    }

    private mutating func end(_ component: String, _ outcome: Outcome?) throws(APIError) {
        guard var record = open.removeValue(forKey: component) else { return }
        record.status = outcome == nil ? .deployed : .failed
        record.description = Recording.description(purpose, outcome)
        try recorder.end(
            record, earlier: history.revisions(of: record.name, in: record.namespace), keeping: kept(record))
    }

    /// What is never pruned: the newest record that counts, to which a rollback goes.
    private func kept(_ record: Record) -> Int? {
        history.revisions(of: record.name, in: record.namespace).last(where: runs.counts)?.revision
    }

    private static func description(_ purpose: Purpose, _ outcome: Outcome?) -> String {
        switch outcome {
        case nil, .done: "sail \(purpose.rawValue) complete"
        case .failed(let failures, _):
            "sail \(purpose.rawValue) failed: \(failures.first?.description ?? "")"
        case .interrupted: "sail \(purpose.rawValue) interrupted"
        }
    }
}
