import Arguments
import Istio
import Meshes
import Operations
import Planning
import Terminal
import Values

/// Commands that show what would be installed.
let inspectCommands: [Command<Request>] = [
    Command(
        "profile", summary: "List, show and compare profiles", section: "Inspect",
        children: [
            Command(
                "list", summary: "List the profiles and platforms of an Istio version",
                groups: [.version, .list(), .common], body: listProfiles),
            Command(
                "show", summary: "Print a profile's values", operands: [.profile("NAME")],
                groups: [.version, .output(), .common], body: showProfile),
            Command(
                "diff", summary: "Compare the values of two profiles; exits 1 where they differ",
                operands: [.profile("FROM"), .profile("TO")],
                groups: [.version, .output(), .common], exitStatus: ManualNotes.ofDifference, body: compareProfiles),
        ]),
    Command(
        "values", summary: "Print each component's values as its chart gets them",
        discussion: """
            With --explain, says of any key of the charts' schemas what it may hold, its default, which component reads \
            it, and which layers set it, from the bottom to the one that wins.
            """,
        section: "Inspect",
        groups: [
            .mesh, .values,
            .output(
                [
                    .component,
                    .value(
                        "explain", "KEY", help: "Say what a key, such as pilot.env, is and which layers set it",
                        completion: .words(explainedKeys)
                    ) {
                        $0.explain = $1
                    },
                    .toggle("schema", help: "Print the JSON schema of a values file") { $0.wantsSchema = $1 },
                ]), .common,
        ],
        examples: [
            ("sail values --platform openshift --explain cni.cniBinDir", "Why a value is what it is"),
            ("sail values --schema > values.schema.json", "For an editor that checks and completes values files"),
        ],
        body: printValues),
    Command(
        "images", summary: "List the images that the mesh runs, for an air gap", section: "Inspect",
        groups: [
            .mesh, .values, .patching,
            .list(
                [
                    .component,
                    .toggle("digests", help: "Beside each image the digest that the catalogue has of it") {
                        $0.wantsDigests = $1
                    },
                    .toggle("from-cluster", help: "Of the mesh as stored on the cluster, with the flags on top") {
                        $0.isFromCluster = $1
                    },
                ]), .cluster.needing("from-cluster", "contexts", "all-contexts"), .contexts, .common,
        ],
        examples: [
            ("sail images --version v1.28-latest | xargs -n1 docker pull", "Fetch them all"),
            ("sail images --all-contexts -o name", "What all clusters run, each image once"),
        ],
        body: ofContexts(.images, printImages)),
    Command(
        "versions", summary: "List the Istio versions that can be installed",
        discussion: """
            With --remote, asks a source of charts for the versions that it has, and shows the newest of each minor \
            beside what is built in and what runs on the cluster. Without --charts that is Istio's own repository.
            """, section: "Inspect",
        groups: [
            FlagGroup(
                "Versions",
                [
                    .catalogue,
                    .toggle("remote", help: "What a source of charts offers") { $0.asksSource = $1 },
                    .charts.needing("remote"),
                ]),
            .list(
                [
                    .all("Every patch release, not only the newest of each minor"),
                    .toggle("changes", help: "What behaves differently from minor to minor, and how to keep the old") {
                        $0.wantsChanges = $1
                    },
                ]), .cluster.needing("remote"), .contexts.needing("remote"), .common,
        ],
        body: ofContexts(.versions, listVersions)),
]

extension FlagGroup<Request> {
    fileprivate static let version = FlagGroup("Mesh", [.version, .catalogue])
}

extension Operand<Request> {
    fileprivate static func profile(_ name: String) -> Operand {
        Operand(name, help: "Name of a profile or platform", completion: .words { _ in profileNames() }) {
            $0.operands.append($1)
        }
    }
}

private func listProfiles(_ request: Request) throws -> Int32 {
    let entries = Profiles(try request.minor()).entries
    let rows = entries.map { [$0.name, $0.isPlatform ? "platform" : "profile", $0.summary] }
    let table = Table(["NAME", "KIND", "ABOUT"], rows: rows)
    var output = Output(table.text(width: request.console.window, style: request.console.style)) {
        .list(
            entries.map { entry in
                [
                    "name": .string(entry.name), "kind": entry.isPlatform ? "platform" : "profile",
                    "about": .string(entry.summary),
                ]
            })
    }
    output.names = { entries.map(\.name) }
    return try request.print(output)
}

private func showProfile(_ request: Request) throws -> Int32 {
    let profiles = Profiles(try request.minor())
    let text = try profiles.text(of: request.operands[0])
    let values = try profiles.values(of: request.operands[0])
    return try request.print(Output(text) { .map(values) })
}

private func compareProfiles(_ request: Request) throws -> Int32 {
    let changes: [ValueDifference]
    do {
        let profiles = Profiles(try request.minor())
        changes = differences(
            try profiles.values(of: request.operands[0]), try profiles.values(of: request.operands[1]))
    } catch {
        for line in messageLines("\(error)") { request.console.fail(line) }
        return 2
    }
    _ = try request.print(
        Output(changes.map { $0.text(request.console.style) }.joined()) { .list(changes.map(\.value)) })
    return changes.isEmpty ? 0 : 1
}

private func listVersions(_ request: Request) throws -> Int32 {
    if request.asksSource { return try listRemoteVersions(request) }
    let catalogue = try request.options.catalogue()
    if request.wantsChanges { return try request.print(Output(changes(catalogue, request)) { catalogue.value }) }
    var table = Table(["VERSION", "KUBERNETES", "SUPPORTED UNTIL", "ALSO CALLED"])
    for minor in catalogue.minors {
        for release in shown(minor, request) {
            table.append(versionRow(release, minor, catalogue))
        }
    }
    let notes = catalogue.releases.compactMap { release in
        release.chartOrigin.map { "\(release.version): charts as of the \($0)\n" }
    }
    let text = table.text(width: request.console.window, style: request.console.style) + notes.joined()
    var output = Output(text) { catalogue.value }
    output.names = { catalogue.minors.flatMap { shown($0, request).map(\.version) } }
    return try request.print(output)
}

/// The releases of a minor that the list has.
private func shown(_ minor: Minor, _ request: Request) -> [Release] {
    Array(request.wantsAll ? minor.releases[...] : minor.releases.prefix(1))
}

private func changes(_ catalogue: Catalogue, _ request: Request) -> String {
    var table = Table(["SINCE", "CHANGE"])
    for minor in catalogue.minors {
        for change in minor.changes { table.append([minor.name, change.text + change.remedy]) }
    }
    return table.text(width: request.console.window, style: request.console.style)
}

private func versionRow(_ release: Release, _ minor: Minor, _ catalogue: Catalogue) -> [String] {
    let names = catalogue.aliases.filter { $0.version == release.version }.map(\.name)
    let ends = minor.kubernetes
    let kubernetes = ends.least.isEmpty && ends.most.isEmpty ? "not known" : "\(ends.least) to \(ends.most)"
    return [
        release.version, kubernetes, minor.endOfLife + (minor.isExpected ? " (expected)" : ""),
        names.joined(separator: ", "),
    ]
}

extension Request {
    /// The minor of --version.
    fileprivate func minor() throws -> Minor {
        try options.catalogue().release(options.version).minor
    }
}
