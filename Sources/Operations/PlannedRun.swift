import Applying
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import Values

/// An operation from its plan to its end.
struct PlannedRun {
    let session: ClusterSession
    let operation: Operation
    let target: DesiredState
    let history: ReleaseHistory
    let checked: CheckResult
    let plan: Plan
    /// The waypoints whose proxies follow istiod.
    let waypoints: [RolledWaypoint]

    var options: OperationOptions { session.options }
    var ui: any OperationUI { session.ui }

    /// Reads the cluster and plans; nothing is written. `checked` is what the checks left to the user to decide.
    init(
        _ session: ClusterSession, _ operation: Operation, _ target: DesiredState, _ history: ReleaseHistory,
        _ checked: CheckResult
    ) throws {
        (self.session, self.operation, self.target, self.checked) = (session, operation, target, checked)
        releaseCodePages()
        if operation.isRemoval {
            plan = Plan(Pruner.ordered(target.removals).flatMap { $0 })
        } else {
            let snapshot = try session.cluster.snapshot(target.snapshotRequest(session.options.cluster))
            try session.options.writePlanInputs(target.desired, snapshot)
            plan = Planning.plan(target.desired, snapshot)
        }
        waypoints = try operation.isRemoval ? [] : session.waypointsToRoll(plan)
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
    func run() throws -> Int32 {
        if options.cluster.dryRun != nil { return try rehearse() }
        let preview = try preview()
        options.journal?.take(preview, target, history)
        try options.requireShown(plan)
        if plan.isEmpty, !operation.isRemoval { return try runWithoutChanges() }
        try waitForOthers()
        try session.refuse(managers.filter { $0.severity == .blocking })
        try requirePermissions()
        if !plan.isEmpty { try ui.show(preview, as: .preview) }
        try refuseWhatCannotBe()
        warnOfHelm()
        sayWaypoints()
        let purge = try checkedPurge()
        if let purge, purge.isOpen, !ui.canAsk { throw purge.unapproved }
        guard try confirm(preview), try purge?.ask(ui) ?? true else {
            ui.note(options.declinedNote)
            return 1
        }
        return try carryOut(recording, purge)
    }

    /// What keeps the objects of the mesh from a repository, by what reading them has shown.
    private var managers: [Finding] {
        var facts = checked.facts
        facts.pending.remove(.objects)
        facts.managers = session.cluster.gitOpsManagers
        var mesh = checked.mesh
        mesh.allowsManaged = options.cluster.allowsManaged
        return preflight(mesh, facts, for: operation.kind, about: .objects)
    }

    /// Shows the plan; where the run would be refused, so is its rehearsal, by the same checks.
    private func rehearse() throws -> Int32 {
        try show()
        for question in checked.questions { ui.warn("\(question.message); \(question.remedy)") }
        session.sayManagers(managers)
        if operation.isRemoval || !plan.isEmpty || recording?.isCurrent == false {
            try requirePermissions()
            try refuseWhatCannotBe()
            if plan.isEmpty { sayCorrections() }
            sayWaypoints()
        }
        _ = try checkedPurge()
        return checked.isRefused || managers.isBlocking ? 1 : 0
    }

    /// Nothing of the mesh's objects changes: what is left are pods of an old revision, and release records that an
    /// interrupted run left behind, which are put right without a question.
    private func runWithoutChanges() throws -> Int32 {
        var nodes = 0
        if case .batch = options.cluster.apply.rollout { nodes = try nodesInTurn }
        let recording = recording.flatMap { $0.isCurrent ? nil : $0 }
        if nodes == 0 {
            ui.note("no changes: the cluster is as it should be")
            if let newerVersionNote { ui.note(newerVersionNote) }
        }
        guard nodes > 0 || recording != nil else {
            sayRemaining()
            return 0
        }
        try session.refuse(managers.filter { $0.severity == .blocking })
        try requirePermissions()
        try options.refuseLargeRecords(recording?.tooLarge ?? [])
        sayCorrections()
        guard try confirmWithoutChanges(nodes) else {
            ui.note(options.declinedNote)
            return 1
        }
        return try carryOut(recording, nil)
    }

    /// What will be put right in the release records.
    private func sayCorrections() {
        for (release, reason) in recording?.corrections ?? [] {
            ui.note("release \(release): \(reason); a new revision will record the current mesh")
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

    /// Records the run; `nil` for a removal, which ends with the deletion of the records.
    var recording: ReleaseRecorder? {
        operation.purpose.map { purpose in
            ReleaseRecorder(
                history, ReleaseStorage(session.client, maximum: options.cluster.historyMax), purpose,
                request: target.note, contents: target.contents)
        }
    }

    /// Prints the plan as the result; returns 1 where it has differences, as `kubectl diff` does.
    func diff() throws -> Int32 {
        try show(.plan)
        session.sayManagers(managers)
        return plan.isEmpty ? 0 : 1
    }

    /// Before the first write, since a run that stops for want of a right stands half done.
    private func requirePermissions() throws {
        try refuseUnplanned()
        let places = operation.isRemoval ? history.records.map(\.namespace) : target.contents.map(\.namespace)
        try session.requirePermissions(
            requiredPermissions(
                plan, session.cluster.discovery, options.cluster.apply, lock: target.namespace,
                records: Set(operation.isRemoval ? places : places + [target.namespace]).sorted()))
    }

    /// A plan that could not be made for want of a right, which only shows as refused objects.
    private func refuseUnplanned(_ need: Need = .mesh) throws {
        let refused = plan.refusals.contains { change in
            if case .refused(let message) = change.action { isMissingPermission(message) } else { false }
        }
        guard refused else { return }
        try session.requirePermissions(session.permissions(for: target, need))
    }

    private func show(_ need: Need = .mesh) throws {
        try refuseUnplanned(need)
        session.sayWarnings()
        try ui.show(preview(), as: .result)
    }

    /// What the server would not take, or what something else holds: known before anything is written.
    func refuseWhatCannotBe() throws {
        var facts = checked.facts
        facts.pending.remove(.plan)
        facts.plan = plan
        let isOfWebhooks = plan.refusals.contains { change in
            if case .refused(let message) = change.action { failedWebhook(in: message) != nil } else { false }
        }
        if isOfWebhooks, facts.webhooks.isEmpty { facts.webhooks = (try? session.cluster.webhooks()) ?? [] }
        try session.refuse(preflight(checked.mesh, facts, for: operation.kind, about: .plan).folded)
        try options.refuseLargeRecords(recording?.tooLarge ?? [])
    }

    /// Helm takes no lock: whether it died or is still at work is for people to know.
    private func warnOfHelm() {
        if operation.isRemoval { return }
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
    private func confirm(_ preview: RunPreview) throws -> Bool {
        if operation.isRemoval {
            ui.summarize(preview)
            return try ui.confirm(preview.question)
        }
        for question in checked.questions {
            ui.warn("\(question.message); \(question.remedy)")
            guard try ui.confirm("Go on with it?") else { return false }
        }
        ui.summarize(preview)
        let deletions = plan.deletions.count
        if plan.changes.contains(where: { $0.action != .unchanged && $0.action != .delete }) || deletions == 0 {
            guard try ui.confirm(preview.question) else { return false }
        }
        guard deletions > 0 else { return true }
        let only = deletions == 1 ? plan.deletions.first?.identity.description : nil
        return try ui.confirm("Delete \(only ?? "\(deletions) objects"), no longer wanted?")
    }
}
