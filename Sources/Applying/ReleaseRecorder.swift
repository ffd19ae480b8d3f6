internal import Glibc
package import HelmReleases
package import Istio
package import Kubernetes
package import Planning
internal import System
package import Values

/// What one component's release will be: the record's content before the run.
package struct ReleaseContent: Sendable {
    package var component: Component
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
        component: Component, name: String, namespace: String, chartVersion: String,
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
        component: Component, name: String, namespace: String, chart: Value, config: Value, manifest: String,
        notes: String = ""
    ) {
        self.init(
            component: component, name: name, namespace: namespace,
            chartVersion: chart["metadata"]?["version"]?.string ?? "", chart: { chart }, config: config,
            manifest: manifest, notes: notes)
    }
}

/// Keeps the releases' records in step with a run: pending before a component's first write, its end after the last.
package struct ReleaseRecorder {
    package enum Purpose: String, Sendable {
        case install, upgrade, rollback, adopt, reconcile
    }

    private let history: ReleaseHistory
    private let runs: OperationHistory
    private let recorder: ReleaseStorage
    private let purpose: Purpose
    private let request: Value
    private let contents: [ReleaseContent]
    private var run: OperationID
    private var open: [Component: ReleaseRecord] = [:]

    /// `request` is what the user asked for, kept with each record.
    package init(
        _ history: ReleaseHistory, _ recorder: ReleaseStorage, _ purpose: Purpose, request: Value,
        contents: [ReleaseContent]
    ) {
        self.history = history
        runs = OperationHistory(history)
        self.recorder = recorder
        self.purpose = purpose
        self.request = request
        self.contents = contents
        run = OperationID(components: contents.map(\.component), purpose: purpose.rawValue)
    }

    /// The releases whose records would not fit into a Secret, with the bytes that are too many.
    package var tooLarge: [(name: String, excess: Int)] { ReleaseRecorder.tooLarge(contents, request: request) }

    /// The same before there is a history.
    package static func tooLarge(_ contents: [ReleaseContent], request: Value) -> [(name: String, excess: Int)] {
        let run = OperationID(components: contents.map(\.component), purpose: Purpose.rollback.rawValue)
        let time = RFC3339.text(SystemClock.now())
        return contents.compactMap { content in
            let record = ReleaseRecord(
                name: content.name, namespace: content.namespace, revision: 1, status: .pendingRollback,
                firstDeployed: time, lastDeployed: time, description: "sail rollback under way", notes: content.notes,
                chart: content.chart, config: content.config, manifest: content.manifest, request: request, run: run)
            return record.excess > 0 ? (content.name, record.excess) : nil
        }
    }

    /// Why the newest record of a release does not say just what this run is about; `nil` where it does, so that a run
    /// without changes needs none.
    private func correction(of content: ReleaseContent) -> String? {
        let revisions = history.revisions(of: content.name, in: content.namespace)
        guard let last = revisions.last else { return "it has no revision yet" }
        let name = "revision \(last.revision)"
        if last.status.isPending { return "\(name) is \(last.status.rawValue), and its run has ended" }
        if last.status != .deployed { return "\(name) is \(last.status.rawValue)" }
        if let old = revisions.dropLast().last(where: \.status.isPending) {
            return "revision \(old.revision) is \(old.status.rawValue), and its run has ended"
        }
        if !history.isTidy(content.name, in: content.namespace) { return "several revisions are deployed" }
        if !runs.counts(last) { return "the run of \(name) did not succeed as a whole" }
        if last.manifest != content.manifest || last.chartVersion != content.chartVersion {
            return "\(name) holds another manifest"
        }
        let isNoted = last.request == request || purpose == .reconcile && isNewestNote
        return last.config == content.config && isNoted ? nil : "\(name) holds other values"
    }

    /// Whether the newest note says what this run is about, in whichever component's record: resources have turns of their
    /// own, and what one of them asks for is no news for the others.
    private var isNewestNote: Bool { runs.newestNote(where: runs.counts)?.request == request }

    /// The releases whose records do not say what this run is about, each with the reason.
    package var corrections: [(release: String, reason: String)] {
        contents.compactMap { content in correction(of: content).map { (content.name, $0) } }
    }

    /// Whether every release's newest record says just what this run is about.
    package var isCurrent: Bool { corrections.isEmpty }

    /// Keeps with each record who asked for the run, and how.
    package mutating func note(_ details: RunDetails) { run.details = details }

    /// The revision that this run makes of a component's release; `nil` for components without content.
    package func revision(of component: Component) -> Int? {
        contents.first { $0.component == component }.map { history.nextRevision(of: $0.name, in: $0.namespace) }
    }

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
        // This run holds the lock: the run that left these pending has ended.
        for record in earlier where record.status.isPending { try recorder.abandon(record) }
        let record = record(content, after: earlier)
        try recorder.begin(record)
        open[content.component] = record
    }

    private func record(_ content: ReleaseContent, after earlier: [ReleaseRecord]) -> ReleaseRecord {
        let now = RFC3339.text(SystemClock.now())
        let isFirst = !earlier.contains(where: \.isGood)
        let status: ReleaseRecord.Status =
            purpose == .rollback ? .pendingRollback : isFirst ? .pendingInstall : .pendingUpgrade
        return ReleaseRecord(
            name: content.name, namespace: content.namespace,
            revision: history.nextRevision(of: content.name, in: content.namespace),
            status: status, firstDeployed: earlier.first?.firstDeployed ?? now, lastDeployed: now,
            description: "sail \(purpose.rawValue) under way", notes: content.notes, chart: content.chart,
            config: content.config, manifest: content.manifest, request: request, run: run)
    }

    private mutating func end(_ component: Component, _ outcome: Outcome?) throws(APIError) {
        guard var record = open.removeValue(forKey: component) else { return }
        record.status = outcome == nil ? .deployed : .failed
        record.ended = SystemClock.now()
        record.description = ReleaseRecorder.description(purpose, outcome)
        try recorder.end(
            record, earlier: history.revisions(of: record.name, in: record.namespace), keeping: kept(record))
    }

    /// What is never pruned: the newest record that counts, to which a rollback goes.
    private func kept(_ record: ReleaseRecord) -> Int? {
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
