import Applying
import ClusterState
import Kubernetes
import Objects
import Planning
import Preflight
import Values

/// A run that changes single objects beside the mesh: a waypoint, the labels by which workloads use it.
///
/// It has a plan, a question and a result as every run has, and neither the mesh's lock nor release records: what it
/// writes the server itself guards object by object, and its user may have no permission in the mesh's namespace.
struct ObjectRun {
    /// Objects that are written, then those that are deleted, then what is waited for before the next stage.
    struct Stage {
        var changes: [Change] = []
        /// Answers what did not come about; the stages behind it are then left out.
        var wait: () throws -> [Failure] = { [] }
    }

    let session: ClusterSession
    let kind: RunKind
    let namespace: String
    let subject: RunSubject
    let stages: [Stage]
    /// What is sent besides the plan's writes.
    var permissions: [Permission] = []
    /// Whether another run follows, whose plan or result is the command's.
    var isPrelude = false
    /// What is said at the end where all went well.
    var done: () -> Void = {}

    private var options: OperationOptions { session.options }
    private var ui: any OperationUI { session.ui }
    private var plan: Plan { Plan(stages.flatMap(\.changes)) }

    /// Connects and runs `body`, after what comes `before` unless that ends the run with an exit code, with what it takes for a run of that kind; `permissions` are named where one is missing.
    static func connected(
        _ kind: RunKind, _ options: OperationOptions, _ permissions: @escaping (ClusterSession) -> [Permission],
        before: (OperationOptions) throws -> Int32? = { _ in nil }, _ body: (ClusterSession) throws -> Int32
    ) throws -> Int32 {
        try RunJournal.keep(kind, options) { options in
            if let code = try before(options) { return code }
            let session = try ClusterSession(options)
            return try session.run(needing: .objects(permissions(session))) { try body(session) }
        }
    }

    /// Shows the plan, asks, and carries it out; returns the exit code.
    func run() throws -> Int32 {
        let preview = preview
        if options.cluster.dryRun != nil { return try rehearse(preview) }
        options.journal?.take(preview)
        if plan.isEmpty {
            ui.note("no changes: the cluster is as it should be")
            return try carryOut()
        }
        try session.refuse(managers)
        try requirePermissions()
        try ui.show(preview, as: .preview)
        try refuseWhatCannotBe()
        ui.summarize(preview)
        guard try ui.confirm(preview.question) else {
            ui.note(options.declinedNote)
            return 1
        }
        return try carryOut()
    }

    private var preview: RunPreview {
        var preview = RunPreview(
            kind: kind, digest: PlanDigest(plan), cluster: session.shownCluster, namespace: namespace, direction: .same)
        preview.subject = subject
        preview.form = options.cluster.differenceForm()
        preview.showsAll = options.cluster.showsAll
        return preview
    }

    /// Shows the plan; where the run would be refused, so is its rehearsal.
    private func rehearse(_ preview: RunPreview) throws -> Int32 {
        session.sayWarnings()
        try ui.show(preview, as: isPrelude ? .preview : .result)
        session.sayManagers(managers)
        if !plan.isEmpty {
            try requirePermissions()
            try refuseWhatCannotBe()
        }
        return managers.isBlocking ? 1 : 0
    }

    /// What keeps objects that would be applied from a repository; labels on an object are anybody's.
    private var managers: [Finding] {
        let applied = plan.changes.filter { $0.patch == nil && $0.action != .unchanged }
        return applied.compactMap { change in
            change.live.flatMap { MeshManager(object: $0) }.map { manager in
                Finding(
                    options.cluster.allowsManaged ? .warning : .blocking, "manager",
                    "\(manager.sign) manages \(change.identity) and would undo what sail does",
                    remedy: "change it there, or continue with --allow-managed")
            }
        }
    }

    private func requirePermissions() throws {
        let needed = requiredPermissions(writing: plan, session.cluster.discovery) + permissions
        try session.requirePermissions(needed, .objects(needed))
    }

    /// What the server would not take, or what something else holds: known before anything is written.
    private func refuseWhatCannotBe() throws {
        var facts = ClusterFacts()
        facts.plan = plan
        try session.refuse(preflight(DesiredMesh(), facts, for: kind, about: .plan).folded)
    }

    // MARK: - Carrying it out

    private func carryOut() throws -> Int32 {
        options.signals.listen()
        options.journal?.begin(writing: !plan.isEmpty)
        defer { session.sayWarnings() }
        for (index, stage) in stages.enumerated() {
            if session.client.isInterrupted() { throw APIError.interrupted }
            var failures = try write(stage.changes)
            if failures.isEmpty { failures = try stage.wait() }
            if session.client.isInterrupted() { throw APIError.interrupted }
            guard failures.isEmpty else { return end(failures, leaving: stages[(index + 1)...]) }
        }
        done()
        return 0
    }

    private func write(_ changes: [Change]) throws -> [Failure] {
        let ending = changes.compactMap { change in
            change.action.termination.flatMap { _ in change.live }.map { (identity: change.identity, live: $0) }
        }
        if !ending.isEmpty {
            let wait = DeletionWait(session.cluster, timeout: options.cluster.apply.timeout) { ui.note($0) }
            let left = try wait.run(ending)
            if !left.isEmpty { return left }
        }
        let applier = Applier(session.cluster, options.cluster.apply) { progress in
            if case .applied(let change) = progress { ui.note(change.pastLine) }
        }
        let failures = applier.write(changes.filter { $0.action != .unchanged && $0.action != .delete })
        guard failures.isEmpty else { return failures }
        switch applier.delete(changes.filter { $0.action == .delete }) {
        case .failed(let failures, _)?: return failures
        case .interrupted?: throw APIError.interrupted
        case .done?, nil: return []
        }
    }

    /// Says what stopped the run, and what of the plan was left out with it.
    private func end(_ failures: [Failure], leaving stages: ArraySlice<Stage>) -> Int32 {
        for failure in failures { ui.fail("\(failure)") }
        let left = stages.flatMap(\.changes).filter { $0.action != .unchanged }
        let names = left.map(\.identity.description).joined(most: 5)
        ui.fail(
            (left.isEmpty ? "stopped" : "stopped; left as before: \(names)")
                + "; run the same command again to go on")
        return 1
    }
}

extension Change {
    /// `created Gateway app/waypoint`, `labelled Namespace app: istio.io/use-waypoint=waypoint`
    fileprivate var pastLine: String {
        guard let labels = patch?["metadata"]?["labels"]?.map else { return "\(action.past) \(identity)" }
        let texts = labels.map { key, value in value.string.map { "\(key)=\($0)" } ?? "\(key)-" }
        return "labelled \(identity): \(texts.joined(separator: ", "))".onOneLine
    }
}
