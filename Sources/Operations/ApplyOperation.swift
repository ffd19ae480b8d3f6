import Applying
import ClusterState
package import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import Values

/// A change of a mesh from plan to record: what install, upgrade and rollback have in common.
package struct ApplyOperation {
    let session: ClusterSession
    let target: DesiredState
    let history: ReleaseHistory
    let purpose: ReleaseRecorder.Purpose
    private let checked: CheckResult
    private let plan: Plan

    var options: OperationOptions { session.options }
    var ui: any OperationUI { session.ui }

    /// Reads the cluster and plans; nothing is written. `checked` is what the checks left to the user to decide.
    package init(
        _ session: ClusterSession, _ target: DesiredState, _ history: ReleaseHistory,
        _ purpose: ReleaseRecorder.Purpose,
        _ checked: CheckResult = .unchecked
    ) throws {
        self.checked = checked
        self.session = session
        self.target = target
        self.purpose = purpose
        releaseCodePages()
        let snapshot = try session.cluster.snapshot(target.snapshotRequest(session.options.cluster))
        plan = Planning.plan(target.desired, snapshot)
        // The records of a namespace that is being deleted end with it.
        let ending = Set(plan.terminating.map(\.identity).filter { $0.kind == "Namespace" }.map(\.name))
        var history = history
        history.records.removeAll { ending.contains($0.namespace) }
        self.history = history
        sayNewerDefinitions()
    }

    private func sayNewerDefinitions() {
        let newer = plan.changes.compactMap { change in
            change.newerPart.map { "\(change.identity.name) (it has \($0))" }
        }
        guard !newer.isEmpty else { return }
        ui.note(
            "custom resource definitions that are newer than this run's are left as they are: "
                + newer.joined(separator: ", "))
    }

    /// Shows the plan, asks, and carries it out; returns the exit code.
    package func run() throws -> Int32 {
        if options.cluster.dryRun != nil { return try rehearse() }
        if plan.isEmpty { return try runWithoutChanges() }
        try session.refuse(managers.filter { $0.severity == .blocking })
        try requirePermissions()
        try showBeforeChange()
        try refuseWhatCannotBe()
        warnOfHelm()
        guard try confirm() else {
            ui.note("nothing was changed")
            return 1
        }
        return try carryOut(recording)
    }

    /// What keeps the objects of the mesh from a repository, by what reading them has shown.
    private var managers: [Finding] {
        var facts = checked.facts
        facts.pending.remove(.objects)
        facts.managers = session.cluster.gitOpsManagers
        var mesh = checked.mesh
        mesh.allowsManaged = options.cluster.allowsManaged
        return preflight(mesh, facts, for: purpose.kind, about: .objects)
    }

    /// Shows the plan; where the run would be refused, so is its rehearsal, by the same checks.
    private func rehearse() throws -> Int32 {
        let code = try show()
        for question in checked.questions { ui.warn("\(question.message); \(question.remedy)") }
        session.sayManagers(managers)
        if !plan.isEmpty || !recording.isCurrent {
            try requirePermissions()
            try refuseWhatCannotBe()
            if plan.isEmpty { sayCorrections() }
        }
        return checked.isRefused || managers.isBlocking ? 1 : code
    }

    /// Nothing of the mesh's objects changes: what is left are pods of an old revision, and release records that an
    /// interrupted run left behind, which are put right without a question.
    private func runWithoutChanges() throws -> Int32 {
        var nodes = 0
        if case .batch = options.cluster.apply.rollout { nodes = try nodesInTurn }
        let recording = recording
        if nodes == 0 {
            ui.note("no changes: the cluster is as it should be")
        }
        guard nodes > 0 || !recording.isCurrent else {
            sayRemaining()
            return 0
        }
        try session.refuse(managers.filter { $0.severity == .blocking })
        try requirePermissions()
        try options.refuseLargeRecords(recording.tooLarge)
        sayCorrections()
        guard try confirmWithoutChanges(nodes) else {
            ui.note("nothing was changed")
            return 1
        }
        return try carryOut(recording.isCurrent ? nil : recording)
    }

    /// What will be put right in the release records.
    private func sayCorrections() {
        for (release, reason) in recording.corrections {
            ui.note("release \(release): \(reason); a new revision will record the mesh as it is")
        }
    }

    /// Pods are replaced only when asked for, and so is what Helm began and has not ended.
    private func confirmWithoutChanges(_ nodes: Int) throws -> Bool {
        warnOfHelm()
        if nodes > 0 {
            ui.note(
                "nothing to apply; \(nodes) \(nodes == 1 ? "node still has" : "nodes still have") ztunnel's old revision"
            )
            return try ui.confirm("Replace \(nodes == 1 ? "its pod" : "their pods")?")
        }
        return try pendingOfHelm.isEmpty || ui.confirm("Mark what Helm began as failed?")
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
            guard remainingNodes > 0, let set = target.ztunnel, options.cluster.apply.rolloutNodes != nil else {
                return remainingNodes
            }
            return try session.cluster.outdatedNodes(of: set.identity, options.cluster.apply)
        }
    }

    /// With OnDelete a run is over before the nodes are.
    private func sayRemaining() {
        guard remainingNodes > 0 else { return }
        let nodes = "\(remainingNodes) \(remainingNodes == 1 ? "node keeps" : "nodes keep")"
        ui.note("\(nodes) ztunnel's old revision until its pod is deleted; --ztunnel-rollout batch=N does that")
    }

    var recording: ReleaseRecorder {
        ReleaseRecorder(
            history, ReleaseStorage(session.client, maximum: options.cluster.historyMax), purpose, request: target.note,
            contents: target.contents)
    }

    /// Prints the plan as the result; returns 1 where it has differences, as `kubectl diff` does.
    package func diff() throws -> Int32 {
        _ = try show(.plan)
        session.sayManagers(managers)
        return plan.isEmpty ? 0 : 1
    }

    /// Before the first write, since a run that stops for want of a right stands half done.
    private func requirePermissions() throws {
        try refuseUnplanned()
        let places = [target.namespace] + target.contents.map(\.namespace)
        try session.requirePermissions(
            requiredPermissions(
                plan, session.cluster.discovery, options.cluster.apply, lock: target.namespace,
                records: Set(places).sorted()))
    }

    /// A plan that could not be made for want of a right, which only shows as refused objects.
    private func refuseUnplanned(_ need: Need = .mesh) throws {
        let refused = plan.refusals.contains { change in
            if case .refused(let message) = change.action { isMissingPermission(message) } else { false }
        }
        guard refused else { return }
        try session.requirePermissions(session.permissions(for: target, need))
    }

    private func show(_ need: Need = .mesh) throws -> Int32 {
        try refuseUnplanned(need)
        session.sayWarnings()
        try ui.show(plan, as: .result, differences: true)
        return 0
    }

    private func showBeforeChange() throws {
        // A first installation is all additions; the list says it.
        let showsDifferences = plan.count { $0 == .change || $0 == .delete } > 0 && !options.cluster.isApproved
        try ui.show(plan, as: .preview, differences: showsDifferences)
    }

    /// What the server would not take, or what something else holds: known before anything is written.
    func refuseWhatCannotBe() throws {
        let refused = refusals(of: plan)
        let held = heldRefusals(of: plan)
        let owned = ownershipRefusals(of: plan)
        let conflicts = conflictRefusals(of: plan)
        let webhooks = session.webhookFindings(refused.map(\.failure))
        // What a webhook that does not answer refuses is said once, not for each object.
        let others = refused.map(\.failure).filter { webhooks.isEmpty || failedWebhook(in: $0.description) == nil }
        let failures = owned + conflicts + others + held + webhooks.map { Failure(nil, $0.message) }
        guard !failures.isEmpty else { return try options.refuseLargeRecords(recording.tooLarge) }
        let remedies =
            (owned.isEmpty ? [] : [ownershipRemedy]) + (conflicts.isEmpty ? [] : [conflictRemedy])
            + (held.isEmpty ? [] : [heldRemedy]) + [refused.last?.remedy].compactMap { $0 } + webhooks.map(\.remedy)
        throw Failures(failures: failures, remedy: remedies.isEmpty ? nil : remedies.joined(separator: "; "))
    }

    /// Helm takes no lock: whether it died or is still at work is for people to know.
    private func warnOfHelm() {
        for record in pendingOfHelm {
            ui.warn(
                "release \(record.name): Helm began revision \(record.revision) at \(record.lastDeployed) and has not "
                    + "ended it (\(record.status.rawValue)); it will be marked as failed")
        }
    }

    private var pendingOfHelm: [ReleaseRecord] {
        history.records.filter { $0.status.isPending && $0.request.isNull }
    }

    /// Deletions are confirmed on their own.
    private func confirm() throws -> Bool {
        for question in checked.questions {
            ui.warn("\(question.message); \(question.remedy)")
            guard try ui.confirm("Go on with it?") else { return false }
        }
        let deletions = plan.deletions.count
        if plan.changes.contains(where: { $0.action != .unchanged && $0.action != .delete }) || deletions == 0 {
            guard try ui.confirm("Apply these changes?") else { return false }
        }
        guard deletions > 0 else { return true }
        let only = deletions == 1 ? plan.deletions.first?.identity.description : nil
        return try ui.confirm("Delete \(only ?? "\(deletions) objects"), no longer wanted?")
    }

    /// `recording` is `nil` where nothing that is recorded changes.
    private func carryOut(_ recording: ReleaseRecorder?) throws -> Int32 {
        options.signals.listen()
        try waitForDeletions()
        try ensureNamespace()
        let guarded = try LockedRun(session, namespace: target.namespace, knowing: history)
        defer { guarded.release() }
        let outcome = try apply(recording, guarded)
        if let loss = guarded.loss {
            if case .failed(let failures, _) = outcome {
                for failure in failures where failure.identity != nil { ui.fail("\(failure)") }
            }
            throw loss
        }
        if case .failed(let failures, let component) = outcome, options.cluster.rollsBackOnFailure {
            return compensate(failures, at: component, guarded)
        }
        return finish(outcome)
    }

    /// Carries the plan out under a lock that is held.
    func apply(_ recording: ReleaseRecorder?, _ guarded: LockedRun) throws -> Outcome {
        let progress = ui.progress()
        var recording = recording
        let components = order(of: target.contents.map(\.component))
        let outcome = Applier(session.cluster, options.cluster.apply, report: progress.take).apply(
            plan, components: components
        ) { phase in
            options.signals.masked {
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
        return outcome
    }

    /// What is being deleted is made anew after its end. Before the lock, whose own namespace may be among it.
    private func waitForDeletions() throws {
        let items = plan.terminating.compactMap { change in change.live.map { (identity: change.identity, live: $0) } }
        guard !items.isEmpty else { return }
        ui.note(
            "waiting for the deletion of "
                + (items.count == 1 ? "\(items[0].identity)" : "\(items.count) objects") + " to end")
        let wait = DeletionWait(session.cluster, timeout: options.cluster.apply.timeout) { ui.note($0) }
        let left = try wait.run(items)
        guard left.isEmpty else { throw Failures(failures: left, remedy: "nothing was changed") }
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
        for change in plan.changes
        where change.identity.kind == "Namespace"
            && (change.action == .create || change.action.termination != nil)
        {
            guard let path = session.cluster.path(of: change.identity), let object = change.sent else { continue }
            _ = try session.client.send(.apply(path, object, manager: change.manager.rawValue))
            ui.note("created namespace \(change.identity.name)")
        }
    }

    private func finish(_ outcome: Outcome) -> Int32 {
        switch outcome {
        case .done:
            ui.note(doneLine)
            return 0
        case .interrupted(let component):
            ui.fail("interrupted at \(component); what was done is recorded; run the same command again to go on")
            return options.signals.exitCode
        case .failed(let failures, let component):
            for failure in failures { ui.fail("\(failure)") }
            session.sayWebhooks(failures)
            ui.fail("stopped at \(component); what came before stands; run the same command again to go on")
            sayWhatWaits(failures)
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
            ui.warn(
                "\(set.identity) keeps its old pods where they serve, but a node that joins or restarts gets the new "
                    + "revision; upgrade to values that work, or go back with sail rollback")
        }
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

extension ReleaseRecorder.Purpose {
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
