import Arguments
import Istio
import Kubernetes
import Objects
import Planning
import Releases
import Terminal
import Values
import YAML

/// The commands that read what was recorded, and the one that goes back to it.
let recordCommands: [Command<Request>] = [
    Command(
        "history", summary: "List what was installed when", section: "Cluster",
        operands: [.component], groups: [.output([.yaml, .json]), .cluster, .common], body: history),
    Command(
        "rollback", summary: "Go back to an earlier revision",
        discussion: "Without a revision to the good one before the last. Custom resource definitions stay as they are.",
        section: "Cluster",
        operands: [
            Operand("REVISION", help: "Number of the revision, as sail history lists them", count: .optional) {
                guard let number = Int($1), number > 0 else { throw InvalidValue(expectation: "a revision's number") }
                $0.revision = number
            }
        ],
        groups: [.applying, .cluster, .output([.yaml, .json]), .common], body: rollback),
    Command(
        "get", summary: "Print what a revision was made of", section: "Cluster",
        children: [
            Command(
                "values", summary: "Print the values that were given to a component's chart",
                operands: [.component], groups: [FlagGroup("Which", [.revision]), .cluster, .common], body: values),
            Command(
                "manifest", summary: "Print the manifest that was applied",
                operands: [.component], groups: [FlagGroup("Which", [.revision]), .cluster, .common], body: manifest),
        ]),
]

extension Operand<Request> {
    fileprivate static var component: Operand {
        Operand("COMPONENT", help: "Only this component: base, istiod, cni or ztunnel", count: .optional) {
            guard let component = Component(rawValue: $1) else {
                throw InvalidValue(expectation: "one of base, istiod, cni, ztunnel")
            }
            $0.components = [component]
        }
    }
}

extension Flag<Request> {
    fileprivate static var revision: Flag {
        .value("revision", "N", help: "Number of the revision, the last one by default") {
            guard let number = Int($1), number > 0 else { throw InvalidValue(expectation: "a revision's number") }
            $0.revision = number
        }
    }
}

private func history(_ request: Request) throws -> Int32 {
    let records = try chosen(Session(request).history().records, request)
    var table = Table(["COMPONENT", "RELEASE", "REVISION", "VERSION", "STATUS", "TIME", "DESCRIPTION"])
    for record in records {
        table.append([
            record.chartName, record.name, String(record.revision), record.appVersion, record.status.rawValue,
            record.lastDeployed, record.description,
        ])
    }
    let text =
        records.isEmpty ? "nothing recorded\n" : table.text(width: request.console.width, style: request.console.style)
    return try request.print(Output(text) { .list(records.map(\.summary)) })
}

private func values(_ request: Request) throws -> Int32 {
    let records = try latest(request)
    var bytes: [UInt8] = []
    for record in records {
        bytes += "---\n# Release: \(record.namespace)/\(record.name), revision \(record.revision)\n".utf8
        bytes += try record.config.yamlBytes()
    }
    return try request.print(bytes)
}

private func manifest(_ request: Request) throws -> Int32 {
    try request.print(latest(request).flatMap { Array($0.manifest.utf8) })
}

private func rollback(_ request: Request) throws -> Int32 {
    let session = try Session(request)
    let history = try session.history()
    try session.requireMesh(history)
    let target = try session.earlierTarget(history)
    try session.check(target, isFirst: false)
    return try Deployment(session, target, history, .rollback).run()
}

private func chosen(_ records: [Record], _ request: Request) -> [Record] {
    let order = Component.allCases.map(\.rawValue)
    return records.filter { record in
        request.components.isEmpty || request.components.contains { $0.rawValue == record.chartName }
    }
    .sorted { first, second in
        let ranks = [first, second].map { order.firstIndex(of: $0.chartName) ?? order.count }
        return (ranks[0], first.namespace, first.name, first.revision) < (
            ranks[1], second.namespace, second.name, second.revision
        )
    }
}

/// The wanted revision of each chosen component, the newest without --revision.
private func latest(_ request: Request) throws -> [Record] {
    var found: [Record] = []
    for record in try chosen(Session(request).history().records, request) {
        if let revision = request.revision, record.revision != revision { continue }
        found.removeAll { $0.name == record.name && $0.namespace == record.namespace }
        found.append(record)
    }
    guard found.isEmpty else { return found }
    throw Failures(
        failures: [Failure(nil, request.revision.map { "no revision \($0)" } ?? "nothing recorded")],
        remedy: "sail history lists what there is")
}

extension Session {
    /// The mesh as its records of an earlier revision say.
    fileprivate func earlierTarget(_ history: History) throws -> Target {
        var records: [Record] = []
        for component in Component.allCases {
            guard let newest = history.latest(ofChart: component.rawValue).last else { continue }
            records.append(try earlier(than: newest, history.revisions(of: newest.name, in: newest.namespace)))
        }
        return try target(records, history)
    }

    /// The mesh as those records say, one of each component; `history` tells what was applied since.
    func target(_ records: [Record], _ history: History) throws -> Target {
        guard let istiod = records.first(where: { $0.chartName == "istiod" }) else {
            throw Failures(
                failures: [Failure(nil, "istiod has no records")], remedy: "sail history lists what there is")
        }
        let desired = try records.flatMap { record in
            try identified(record.manifest).map { text, identity in
                Desired(
                    component: record.chartName, identity: identity,
                    object: try Value(yaml: Array(text.utf8), numbers: .native))
            }
        }
        return Target(
            namespace: istiod.namespace, version: "v" + istiod.appVersion, desired: desired.inRecordedOrder,
            previous: earlierObjects(records.map { ($0.chartName, $0.name, $0.namespace) }, history),
            contents: records.map(\.content), note: istiod.request, platform: istiod.request["platform"]?.string)
    }

    private func earlier(than newest: Record, _ revisions: [Record]) throws -> Record {
        if let wanted = request.revision {
            if let record = revisions.first(where: { $0.revision == wanted }) { return record }
            let known = revisions.map { String($0.revision) }.joined(separator: ", ")
            throw Failures(
                failures: [Failure(nil, "release \(newest.name) has no revision \(wanted) (it has \(known))")],
                remedy: "sail history lists what there is")
        }
        let good = revisions.filter { $0.status == .deployed || $0.status == .superseded }
        // After a failed run the last good one; after a good run the one before it.
        let last = newest.status == .deployed ? good.dropLast().last : good.last
        guard let last else {
            throw Failures(
                failures: [Failure(nil, "release \(newest.name) has no earlier revision")],
                remedy: "sail uninstall removes the mesh")
        }
        return last
    }
}

extension [Desired] {
    /// Components in the order of installation, each in the order in which kinds are applied.
    fileprivate var inRecordedOrder: [Desired] {
        Component.allCases.flatMap { component in
            filter { $0.component == component.rawValue }.inApplyOrder(\.identity)
        }
    }
}

extension Record {
    fileprivate var content: ReleaseContent {
        ReleaseContent(
            component: chartName, name: name, namespace: namespace, chart: chart, config: config, manifest: manifest,
            notes: notes)
    }

    fileprivate var summary: Value {
        [
            "component": .string(chartName), "release": .string(name), "namespace": .string(namespace),
            "revision": .int(revision), "version": .string(appVersion), "status": .string(status.rawValue),
            "time": .string(lastDeployed), "description": .string(description),
        ]
    }
}
