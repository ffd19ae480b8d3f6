import Glibc
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import Releases
import Terminal
import Values

/// A change of a mesh from plan to record: what install, upgrade and rollback have in common.
struct Deployment {
    let session: Session
    let target: Target
    let history: History
    let purpose: Recording.Purpose
    private let checked: Preflighted
    private let plan: Plan

    private var request: Request { session.request }
    private var console: Console { session.console }

    /// Reads the cluster and plans; nothing is written. `checked` is what the checks left to the user to decide.
    init(
        _ session: Session, _ target: Target, _ history: History, _ purpose: Recording.Purpose,
        _ checked: Preflighted = Preflighted()
    ) throws {
        self.checked = checked
        self.session = session
        self.target = target
        self.history = history
        self.purpose = purpose
        releaseCodePages()
        let snapshot = try session.cluster.snapshot(target.snapshotRequest(session.request.cluster))
        plan = Planning.plan(target.desired, snapshot)
        sayNewerDefinitions()
    }

    private func sayNewerDefinitions() {
        let newer = plan.changes.compactMap { change in
            change.newerPart.map { "\(change.identity.name) (it has \($0))" }
        }
        guard !newer.isEmpty else { return }
        console.note(
            "custom resource definitions that are newer than this run's are left as they are: "
                + newer.joined(separator: ", "))
    }

    /// Shows the plan, asks, and carries it out; returns the exit code.
    func run() throws -> Int32 {
        if request.cluster.dryRun != nil { return try dryRun() }
        if plan.isEmpty, recording.isCurrent {
            if case .batch = request.cluster.apply.rollout, try nodesInTurn > 0 { return try rollOnly() }
            console.note(PlanOutput(plan: plan, style: console.messageStyle, width: console.window).text.trimmed)
            sayRemaining()
            return 0
        }
        try session.refuse(managers.filter { $0.severity == .blocking })
        try requireRights()
        try showBeforeChange()
        try refuseWhatCannotBe()
        warnOfHelm()
        guard try confirm() else {
            console.note("nothing was changed")
            return 1
        }
        return try carryOut(recording)
    }

    /// Shows the plan; 1 where the run itself would stop.
    private func dryRun() throws -> Int32 {
        let code = try show()
        for question in checked.questions { console.warn("\(question.message); \(question.remedy)") }
        session.sayManagers(managers)
        return checked.isRefused || managers.isBlocking ? 1 : code
    }

    /// What keeps the objects of the mesh from a repository, by what reading them has shown.
    private var managers: [Finding] {
        var facts = checked.facts
        facts.pending.remove(.objects)
        facts.managers = session.cluster.gitOpsManagers
        var mesh = checked.mesh
        mesh.allowsManaged = request.cluster.allowsManaged
        return preflight(mesh, facts, for: purpose.kind, about: .objects)
    }

    /// Nodes whose ztunnel is of an old revision though the DaemonSet is as it should be.
    private var remainingNodes: Int {
        let live = plan.changes.first { $0.identity == target.ztunnel?.identity }?.live
        let status = live?["status"]
        let (difference, overflows) = (status?["desiredNumberScheduled"]?.int ?? 0)
            .subtractingReportingOverflow(status?["updatedNumberScheduled"]?.int ?? 0)
        return overflows ? 0 : difference
    }

    /// Those of them that `--ztunnel-nodes` selects.
    private var nodesInTurn: Int {
        get throws {
            guard remainingNodes > 0, let set = target.ztunnel, request.cluster.apply.rolloutNodes != nil else {
                return remainingNodes
            }
            return try session.cluster.outdatedNodes(of: set.identity, request.cluster.apply)
        }
    }

    /// With OnDelete a run is over before the nodes are.
    private func sayRemaining() {
        guard remainingNodes > 0 else { return }
        let nodes = "\(remainingNodes) \(remainingNodes == 1 ? "node keeps" : "nodes keep")"
        console.note("\(nodes) ztunnel's old revision until its pod is deleted; --ztunnel-rollout batch=N does that")
    }

    /// Goes on with a rollout whose objects are all applied and recorded.
    private func rollOnly() throws -> Int32 {
        let nodes = try nodesInTurn
        console.note(
            "nothing to apply; \(nodes) \(nodes == 1 ? "node still has" : "nodes still have") ztunnel's old revision")
        guard try Confirmation(request).ask("Replace \(nodes == 1 ? "its pod" : "their pods")?") else {
            console.note("nothing was changed")
            return 1
        }
        return try carryOut(nil)
    }

    private var recording: Recording {
        Recording(
            history, Recorder(session.client, maximum: request.cluster.historyMax), purpose, request: target.note,
            contents: target.contents)
    }

    /// Prints the plan as the result; returns 1 where it has differences, as `kubectl diff` does.
    func diff() throws -> Int32 {
        _ = try show(.plan)
        session.sayManagers(managers)
        return plan.isEmpty ? 0 : 1
    }

    /// Before the first write, since a run that stops for want of a right stands half done.
    private func requireRights() throws {
        try refuseUnplanned()
        let places = [target.namespace] + target.contents.map(\.namespace)
        try session.requireRights(
            requiredRights(
                plan, session.cluster.discovery, request.cluster.apply, lock: target.namespace,
                records: Set(places).sorted()))
    }

    /// A plan that could not be made for want of a right, which only shows as refused objects.
    private func refuseUnplanned(_ need: Need = .mesh) throws {
        let refused = plan.refusals.contains { change in
            if case .refused(let message) = change.action { isMissingRight(message) } else { false }
        }
        guard refused else { return }
        try session.requireRights(session.rights(for: target, need))
    }

    private func show(_ need: Need = .mesh) throws -> Int32 {
        try refuseUnplanned(need)
        let output = PlanOutput(plan: plan, style: console.style, width: console.window)
        session.sayWarnings()
        return try request.print(Output(output.text) { output.value })
    }

    private func showBeforeChange() throws {
        var output = PlanOutput(plan: plan, style: console.messageStyle, width: console.window)
        // A first installation is all additions; the list says it.
        output.showsDifferences = plan.count { $0 == .change || $0 == .delete } > 0 && !request.cluster.isApproved
        console.show(output.text)
    }

    private func refuseWhatCannotBe() throws {
        let refused = refusals(of: plan)
        let owned = ownershipRefusals(of: plan)
        let conflicts = conflictRefusals(of: plan)
        let webhooks = session.webhookFindings(refused.map(\.failure))
        // What a webhook that does not answer refuses is said once, not for each object.
        let others = refused.map(\.failure).filter { webhooks.isEmpty || failedWebhook(in: $0.description) == nil }
        let failures = owned + conflicts + others + webhooks.map { Failure(nil, $0.message) }
        guard !failures.isEmpty else { return try refuseLargeRecords() }
        let remedies =
            (owned.isEmpty ? [] : [ownershipRemedy]) + (conflicts.isEmpty ? [] : [conflictRemedy])
            + [refused.last?.remedy].compactMap { $0 } + webhooks.map(\.remedy)
        throw Failures(failures: failures, remedy: remedies.isEmpty ? nil : remedies.joined(separator: "; "))
    }

    /// Helm takes no lock: whether it died or is still at work is for people to know.
    private func warnOfHelm() {
        for record in history.records where record.status.isPending && record.request.isNull {
            console.warn(
                "release \(record.name): Helm began revision \(record.revision) at \(record.lastDeployed) and has not "
                    + "ended it (\(record.status.rawValue)); it will be marked as failed")
        }
    }

    /// A Secret holds 1 MB; a record that does not fit is known before anything is written.
    private func refuseLargeRecords() throws {
        let failures = recording.tooLarge.map { name, excess in
            Failure(
                nil,
                "the record of release \(name) would be \((excess + 1023) / 1024) KB larger than the 1 MB of a Secret")
        }
        guard !failures.isEmpty else { return }
        throw Failures(
            failures: failures, remedy: "make the values smaller; nothing was changed")
    }

    /// Deletions are confirmed on their own.
    private func confirm() throws -> Bool {
        let confirmation = Confirmation(request)
        for question in checked.questions {
            console.warn("\(question.message); \(question.remedy)")
            guard try confirmation.ask("Go on with it?") else { return false }
        }
        let deletions = plan.deletions.count
        if plan.changes.contains(where: { $0.action != .unchanged && $0.action != .delete }) || deletions == 0 {
            guard try confirmation.ask("Apply these changes?") else { return false }
        }
        guard deletions > 0 else { return true }
        let only = deletions == 1 ? plan.deletions.first?.identity.description : nil
        return try confirmation.ask("Delete \(only ?? "\(deletions) objects"), no longer wanted?")
    }

    /// `recording` is `nil` where nothing that is recorded changes.
    private func carryOut(_ recording: Recording?) throws -> Int32 {
        Interrupts.listen()
        try ensureNamespace()
        let guarded = try Guarded(session, namespace: target.namespace, knowing: history)
        defer { guarded.release() }
        let progress = ProgressOutput(console, isTerminal: isatty(STDERR_FILENO) == 1)
        var recording = recording
        let components = order(of: target.contents.map(\.component))
        let outcome = Run(session.cluster, request.cluster.apply, report: progress.take).apply(
            plan, components: components
        ) { phase in
            Interrupts.masked {
                do throws(APIError) {
                    if let loss = guarded.loss { throw loss }
                    try recording?.note(phase)
                    return nil
                } catch {
                    return error
                }
            }
        }
        progress.close()
        session.sayWarnings()
        return try finish(outcome)
    }

    /// The components in the order in which no two of them are too far apart on the way.
    private func order(of components: [String]) -> [String] {
        var live: [Component: [IstioVersion]] = [:]
        for change in plan.changes where change.identity.hasRollout {
            guard let component = Component(rawValue: change.component),
                let image = change.live?["spec"]?["template"].flatMap({ ComponentImage(component, pod: $0) })
            else { continue }
            live[component] = [image.judged].compactMap { $0 }
        }
        let skew = VersionSkew(live: live, wanted: target.images.versions)
        return skew.isDataPlaneFirst ? components.reversed() : components
    }

    /// Records and the lock live in the mesh's namespace, so it comes before them.
    private func ensureNamespace() throws {
        for change in plan.changes where change.identity.kind == "Namespace" && change.action == .create {
            guard let path = session.cluster.path(of: change.identity), let object = change.sent else { continue }
            _ = try session.client.send(.apply(path, object, manager: change.manager.rawValue))
            console.note("created namespace \(change.identity.name)")
        }
    }

    private func finish(_ outcome: Outcome) throws -> Int32 {
        switch outcome {
        case .done:
            console.note(doneLine)
            return 0
        case .interrupted(let component):
            console.fail("interrupted at \(component); what was done is recorded; run the same command again to go on")
            return Interrupts.exitCode
        case .failed(let failures, let component):
            for failure in failures { console.fail("\(failure)") }
            session.sayWebhooks(failures)
            if request.cluster.rollsBackOnFailure {
                console.fail("stopped at \(component)")
                try goBack()
            } else {
                console.fail("stopped at \(component); what came before stands; run the same command again to go on")
                sayWhatWaits(failures)
            }
            return 1
        }
    }

    /// A DaemonSet that did not come up in a new revision is half a success: its old pods serve, and no new one will.
    private func sayWhatWaits(_ failures: [Failure]) {
        let sets = plan.changes.filter { change in
            change.identity.kind == "DaemonSet" && change.live != nil
                && failures.contains { $0.identity == change.identity }
        }
        for set in sets {
            console.warn(
                "\(set.identity) keeps its old pods where they serve, but a node that joins or restarts gets the new "
                    + "revision; upgrade to values that work, or go back with sail rollback")
        }
    }

    /// Back to what stood before this run: the last good records, or nothing where there were none.
    private func goBack() throws {
        let since = try session.history()
        let records = Component.allCases.compactMap { component -> Record? in
            guard let latest = history.latest(ofChart: component.rawValue).last else { return nil }
            return history.base(of: latest.name, in: latest.namespace)
        }
        console.note("going back to what stood before (--rollback-on-failure)")
        guard records.contains(where: { $0.chartName == "istiod" && $0.status == .deployed }) else {
            _ = try Removing(session: session, removals: session.removals(since), history: since).carryOut()
            return
        }
        let deployment = try Deployment(session, session.target(records, since), since, .rollback)
        _ = try deployment.carryOut(deployment.recording)
    }

    /// What was done, and what runs now.
    private var doneLine: String {
        let now = try? session.cluster.workloads()
        let runs = now.flatMap { $0.summary } ?? target.images.summary(release: target.version ?? "")
        return switch purpose {
        case .install: "installed \(runs) in \(target.namespace)"
        case .upgrade: "the mesh is at \(runs)"
        case .rollback: "rolled back; the mesh is at \(runs)"
        case .adopt: "adopted \(runs); sail upgrade and sail diff now know this mesh"
        }
    }
}

extension Recording.Purpose {
    /// The command as checks know it.
    fileprivate var kind: RunKind {
        switch self {
        case .install: .install
        case .upgrade: .upgrade
        case .rollback: .rollback
        case .adopt: .adopt
        }
    }
}

/// Several things that are wrong, each on its line, and what to do about them.
struct Failures: Error, CustomStringConvertible {
    let failures: [Failure]
    let remedy: String?

    var description: String {
        failures.map(\.description).joined(separator: "\n") + (remedy.map { "; " + $0 } ?? "")
    }
}

extension String {
    /// Without the line break at its end.
    var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
