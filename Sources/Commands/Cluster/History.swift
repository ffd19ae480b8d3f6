import Arguments
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
import Operations
import Planning
import Preflight
import System
import Terminal
import Values
import YAML

/// The commands that read what was recorded, and the one that goes back to it.
let recordCommands: [Command<Request>] = [
    Command(
        "history", summary: "List the runs that changed the mesh, or a component's revisions",
        discussion: """
            A line for each run: when, what it did, what it changed, who asked for it, how long it took, how it ended, \
            and its flags. With COMPONENT the revisions of its release, as helm history lists them.
            """,
        section: "Cluster", operands: [.component], groups: [.list(), .installed, .common],
        examples: [
            ("sail history", "What was done to the mesh"), ("sail history istiod", "Revisions to roll back to"),
        ],
        body: history),
    Command(
        "rollback", summary: "Roll back to an earlier revision",
        discussion: """
            Without a revision to what stood before the last run: after one that failed, to the last one that \
            succeeded as a whole. Custom resource definitions stay as they are.
            """,
        section: "Cluster",
        operands: [
            Operand(
                "REVISION", help: "Number of istiod's revision, as sail history istiod lists them", count: .optional,
                completion: .words(revisionNumbers)
            ) {
                guard let number = Int($1), number > 0 else { throw InvalidValue(expectation: "a revision's number") }
                $0.revision = number
            }
        ],
        groups: [.applying, .plan, .ownership, .installed, .output(), .common], body: rollback),
    Command(
        "get", summary: "Print what a revision was made of", section: "Cluster",
        children: [
            Command(
                "values", summary: "Print the values that were given to a component's chart",
                operands: [.component], groups: recordGroups, body: values),
            Command(
                "manifest", summary: "Print the manifest that was applied",
                operands: [.component], groups: recordGroups, body: manifest),
            Command(
                "all", summary: "Print all that is recorded: what was asked for, values, notes, manifest",
                discussion: "A YAML stream: for each component what is known of the revision, then its objects.",
                operands: [.component], groups: recordGroups, body: all),
        ]),
]

private let recordGroups: [FlagGroup<Request>] = [
    FlagGroup("Which", [.revision]), .output(), .installed, .common,
]

extension Operand<Request> {
    fileprivate static var component: Operand {
        Operand(
            "COMPONENT", help: "Only this component: base, istiod, cni or ztunnel", count: .optional,
            completion: .words { _ in Component.allCases.map { Candidate($0.rawValue) } }
        ) {
            $0.components = [try componentNamed($1)]
        }
    }
}

extension Flag<Request> {
    fileprivate static var revision: Flag {
        .value(
            "revision", "N", help: "Number of the revision, the last one by default",
            completion: .words(revisionNumbers)
        ) {
            guard let number = Int($1), number > 0 else { throw InvalidValue(expectation: "a revision's number") }
            $0.revision = number
        }
    }
}

private func history(_ request: Request) throws -> Int32 {
    let session = try ClusterSession(request.options)
    var history = try session.history()
    try session.refuseOtherNamespace(history)
    history.records = try session.withEnds(of: history.records)
    guard !request.components.isEmpty else {
        let runs = history.runs
        let text = runs.isEmpty ? nothingRecorded : table(runs).text(request.console, overflowing: 4)
        var output = Output(text) { .list(runs.map(\.value)) }
        let names = chosen(history.records, request).map(\.sideName)
        output.names = { names }
        return try request.print(output)
    }
    let records = chosen(history.records, request)
    let text = records.isEmpty ? nothingRecorded : table(records).text(request.console, overflowing: 4)
    var output = Output(text) { .list(records.map(\.summary)) }
    output.names = { records.map(\.sideName) }
    return try request.print(output)
}

private let nothingRecorded =
    "nothing recorded: sail install makes the first record, sail adopt records a mesh that runs\n"

private func table(_ runs: [RunSummary]) -> Table {
    var table = Table(["TIME (UTC)", "RUN", "CHANGES", "BY", "TOOK", "RESULT", "FLAGS"])
    for run in runs {
        table.append([
            run.time, run.title, run.run?.details.changes ?? "", run.author, run.took ?? "", run.shortResult,
            run.run?.details.flags.joined(separator: " ") ?? "",
        ])
    }
    return table
}

private func table(_ records: [ReleaseRecord]) -> Table {
    let namespace = records.first?.namespace
    let areUsual = records.allSatisfy { record in
        record.namespace == namespace && record.component?.releaseName == record.name
    }
    var table = Table(
        ["COMPONENT"] + (areUsual ? [] : ["RELEASE"]) + ["REV", "VERSION", "STATUS", "TIME (UTC)", "DESCRIPTION"])
    for record in records {
        table.append(
            [record.chartName] + (areUsual ? [] : ["\(record.namespace)/\(record.name)"]) + [
                String(record.revision), record.appVersion, record.status.rawValue, record.shortTime,
                record.told,
            ])
    }
    return table
}

private func values(_ request: Request) throws -> Int32 {
    let records = try latest(request)
    return try request.print(
        Output {
            try records.flatMap { record in
                let title = "---\n# Release: \(record.namespace)/\(record.name), revision \(record.revision)\n"
                return try Array(title.utf8) + record.config.yamlBytes()
            }
        } value: {
            .list(records.map { .map($0.which.adding("values", $0.config)) })
        })
}

private func manifest(_ request: Request) throws -> Int32 {
    let records = try latest(request)
    var output = Output {
        records.flatMap { Array($0.manifest.utf8) }
    } value: {
        try ["apiVersion": "v1", "kind": "List", "items": .list(records.flatMap { try $0.objects() })]
    }
    output.yaml = output.text
    return try request.print(output)
}

private func all(_ request: Request) throws -> Int32 {
    let records = try latest(request)
    return try request.print(
        Output {
            try records.flatMap { try Array("---\n".utf8) + $0.full.yamlBytes() + $0.manifest.utf8 }
        } value: {
            try .list(records.map { .map(($0.full.map ?? Mapping()).adding("objects", .list(try $0.objects()))) })
        })
}

private func rollback(_ request: Request) throws -> Int32 { try Pipeline.run(.rollback, request.options) }

private func chosen(_ records: [ReleaseRecord], _ request: Request) -> [ReleaseRecord] {
    let wanted = request.components.isEmpty ? Component.allCases : request.components
    return records.filter { record in record.component.map(wanted.contains) ?? false }
        .sorted { first, second in
            let ranks = [first, second].map { $0.component ?? .base }
            return (ranks[0], first.namespace, first.name, first.revision) < (
                ranks[1], second.namespace, second.name, second.revision
            )
        }
}

/// The wanted revision of each chosen component, the newest without --revision.
private func latest(_ request: Request) throws -> [ReleaseRecord] {
    var found: [ReleaseRecord] = []
    let session = try ClusterSession(request.options)
    let history = try session.history()
    try session.refuseOtherNamespace(history)
    for record in chosen(history.records, request) {
        if let revision = request.revision, record.revision != revision { continue }
        found.removeAll { $0.name == record.name && $0.namespace == record.namespace }
        found.append(record)
    }
    guard found.isEmpty else { return found }
    throw session.missing(request.revision, of: request.components.first, in: history.records)
}

extension ReleaseRecord {
    /// As `manifest diff` takes it: `istiod@3`.
    fileprivate var sideName: String { "\(chartName)@\(revision)" }

    fileprivate var summary: Value {
        [
            "component": .string(chartName), "release": .string(name), "namespace": .string(namespace),
            "revision": .int(revision), "version": .string(appVersion), "status": .string(status.rawValue),
            "time": .string(lastDeployed), "by": .string(author.lowercased()), "description": .string(description),
        ]
    }

    /// Which component's revision it is.
    fileprivate var which: Mapping {
        let value: Value = [
            "component": .string(chartName), "release": .string(name), "namespace": .string(namespace),
            "revision": .int(revision),
        ]
        return value.map ?? Mapping()
    }

    /// The objects of its manifest.
    fileprivate func objects() throws -> [Value] {
        try identified(manifest).map { text, _ in try Value(yaml: Array(text.utf8), numbers: .native) }
    }

    /// All but the chart and the manifest.
    fileprivate var full: Value {
        var map = summary.map ?? Mapping()
        map["chart"] = .string("\(chartName)-\(chartVersion)")
        map["firstDeployed"] = .string(firstDeployed)
        if let run { map["run"] = .string(run.id) }
        if !request.isNull { map["asked"] = request }
        map["values"] = config
        if !notes.isEmpty { map["notes"] = .string(notes) }
        return .map(map)
    }

    /// What was done, and by whom: sail's own descriptions begin with its name.
    fileprivate var told: String { request.isNull ? "Helm: \(description)" : description }

    /// `2026-11-24 12:10`: Helm keeps nanoseconds and its own zone.
    fileprivate var shortTime: String {
        guard time > 0 else { return lastDeployed }
        return String(RFC3339.text(time).prefix(16).map { $0 == "T" ? " " : $0 })
    }
}

extension Mapping {
    fileprivate func adding(_ key: String, _ value: Value) -> Mapping {
        var map = self
        map[key] = value
        return map
    }
}
