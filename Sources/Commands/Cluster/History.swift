import Arguments
import Istio
import Operations
import Terminal
import Values

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
    let recorded = try ClusterSession(request.options).recordedHistory(withEnds: true)
    let revisions = recorded.revisions(of: request.components)
    let (shown, value): (Table, Value)
    if request.components.isEmpty {
        let runs = recorded.runs
        (shown, value) = (table(runs), .list(runs.map(\.value)))
    } else {
        (shown, value) = (table(revisions), .list(revisions.map(\.summary)))
    }
    let text = shown.isEmpty ? nothingRecorded : shown.text(request.console, overflowing: 4)
    var output = Output(text) { value }
    output.names = { revisions.map(\.sideName) }
    return try request.print(output)
}

private let nothingRecorded =
    "nothing recorded: sail install makes the first record, sail adopt records a mesh that runs\n"

private func table(_ runs: [RecordedRun]) -> Table {
    var table = Table(["TIME (UTC)", "RUN", "CHANGES", "BY", "TOOK", "RESULT", "FLAGS"])
    for run in runs {
        table.append([
            run.time, run.title, run.changes, run.author, run.took ?? "", run.result, run.flags.joined(separator: " "),
        ])
    }
    return table
}

private func table(_ revisions: [RecordedRevision]) -> Table {
    let areUsual = revisions.allSatisfy { $0.namespace == revisions.first?.namespace && $0.hasUsualName }
    var table = Table(
        ["COMPONENT"] + (areUsual ? [] : ["RELEASE"]) + ["REV", "VERSION", "STATUS", "TIME (UTC)", "DESCRIPTION"])
    for revision in revisions {
        table.append(
            [revision.component] + (areUsual ? [] : [revision.release]) + [
                String(revision.revision), revision.version, revision.status, revision.time, revision.description,
            ])
    }
    return table
}

private func values(_ request: Request) throws -> Int32 {
    let revisions = try wanted(request)
    return try request.print(
        Output {
            try yamlStream(
                revisions.map { ("Release: \($0.release), revision \($0.revision)", $0.values) })
        } value: {
            .list(revisions.map { .map($0.which.adding("values", $0.values)) })
        })
}

private func manifest(_ request: Request) throws -> Int32 {
    let revisions = try wanted(request)
    var output = Output {
        revisions.flatMap { Array($0.manifest.utf8) }
    } value: {
        try ["apiVersion": "v1", "kind": "List", "items": .list(revisions.flatMap { try $0.objects() })]
    }
    output.yaml = output.text
    return try request.print(output)
}

private func all(_ request: Request) throws -> Int32 {
    let revisions = try wanted(request)
    return try request.print(
        Output {
            try revisions.flatMap { try yamlStream([(nil, .map($0.details))]) + $0.manifest.utf8 }
        } value: {
            try .list(revisions.map { .map($0.details.adding("objects", .list(try $0.objects()))) })
        })
}

/// The wanted revision of each chosen component, the newest without --revision.
private func wanted(_ request: Request) throws -> [RecordedRevision] {
    try ClusterSession(request.options).recordedRevisions(of: request.components, at: request.revision)
}

private func rollback(_ request: Request) throws -> Int32 { try Pipeline.run(.rollback, request.options) }
