import Arguments
import Operations
import Terminal

/// The commands that change a mesh, and `diff`, which says what they would change.
let deployCommands: [Command<Request>] = [
    Command(
        "install", summary: "Install the mesh, or apply changed values", section: "Cluster",
        groups: [
            .mesh, .values, .patching, .applying, .gatewayAPI, .plan, .ownership, .rollout, .checking, .cluster,
            .plan([.component, .endOfLife]), .common,
        ],
        examples: [
            ("sail install --profile ambient -f values.yaml", "Shows the plan, asks, installs"),
            ("sail install --dry-run", "Shows the plan and changes nothing"),
        ],
        body: install),
    Command(
        "upgrade", summary: "Bring an installed mesh to another version or other values",
        discussion: """
            Profile, platform and values are remembered from the last run; what you give now goes on top of them.

            With --contexts or --all-contexts the plans of all clusters are shown before the first question; then one \
            cluster is upgraded at a time, in the order given, up to the first that fails.
            """,
        section: "Cluster",
        groups: [
            .mesh, .values, .patching, .applying, .gatewayAPI, .plan, .ownership, .rollout, .checking, .cluster,
            .contexts("one after the other"), .plan([.component, .endOfLife, .resetValues]),
            .common,
        ],
        examples: [
            ("sail upgrade --version v1.30.3", "One minor at a time"),
            ("sail upgrade --version v1.30.3 --contexts test,prod-1,prod-2", "One cluster at a time"),
        ],
        body: upgrade),
    Command(
        "diff", summary: "Show what an upgrade with these values would change",
        discussion: """
            With -o markdown the plan is a comment for a pull request, with -o html a page for those who approve it: cluster, \
            versions and impact, then each object's differences, folded.

            Exits with 0 where nothing differs, 1 where something does, 2 and more on errors.
            """,
        section: "Cluster",
        groups: [
            .mesh, .values, .patching, .plan, .ownership, .cluster, .contexts,
            .plan([.component, .resetValues]),
            .common,
        ],
        examples: [
            ("sail diff -f values.yaml -o markdown >comment.md", "What a merge would change, for its reviewers")
        ],
        exitStatus: ManualNotes.ofDifference, body: ofContexts(.diff, diff)),
]

extension Flag<Request> {
    static let resetValues = Flag.toggle(
        "reset-values", help: "Forget the stored values; only what is given now counts"
    ) {
        $0.cluster.resetsValues = $1
    }
}

private func install(_ request: Request) throws -> Int32 {
    try request.refusePages(of: "install")
    return try Pipeline.run(.install, request.showingAll.options)
}

private func upgrade(_ request: Request) throws -> Int32 {
    if let contexts = try request.selectedContexts(of: "upgrade") { return try upgrade(contexts, request) }
    try request.refusePages(of: "upgrade")
    return try Pipeline.run(.upgrade, request.showingAll.options)
}

private func diff(_ request: Request) throws -> Int32 {
    do {
        return try Pipeline.diff(request.showingAll.options)
    } catch {
        request.console.fail(error)
        return 2
    }
}

extension Request {
    /// Refuses a page of a plan from a run that applies one, whose result it would have to be.
    fileprivate func refusePages(of verb: String) throws {
        guard Format.pages.contains(format), options.cluster.dryRun != .server else { return }
        throw UsageError(
            message: "-o \(format.rawValue) shows a plan for a cluster, and changes nothing; add --dry-run",
            command: "\(program) \(verb)")
    }

    /// The same request; a page has all differences where nothing else is said, since they are folded.
    fileprivate var showingAll: Request {
        guard Format.pages.contains(format), options.cluster.difference == nil else { return self }
        var request = self
        request.options.cluster.difference = .full
        return request
    }
}
