import Applying
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import System
import Values

/// Carrying a plan out: the lock, the objects, the records, and what is said of the end.
extension PlannedRun {
    /// A step under the lock: answers the exit code with which the run ends, or `nil` where the next step is to follow.
    private typealias Step = (LockedRun) throws -> Int32?

    /// Carries out what was approved; returns the exit code. `recording` is `nil` where nothing that is recorded changes.
    func carryOut(_ recording: ReleaseRecorder?, _ purge: Purge?) throws -> Int32 {
        options.signals.listen()
        options.journal?.begin()
        try waitForDeletions()
        let namespaces = Namespaces(session.cluster, of: plan) { [ui] in ui.note("created namespace \($0)") }
        let locked = try LockedRun(session, namespace: target.namespace, making: namespaces, knowing: history)
        defer { locked.release() }
        var recording = recording
        recording?.note(details)
        let compensates = options.cluster.rollsBackOnFailure && !operation.isRemoval
        // What leads back is the second step at most: nothing leads back from it.
        var steps: [Step] = [{ try perform(recording, purge, $0, isLast: !compensates) }]
        if compensates { steps.append { compensate($0) } }
        for step in steps {
            if let code = try step(locked) { return code }
        }
        return 1
    }

    /// Who asks for the run, how, and what it changes.
    private var details: RunDetails {
        let counts: [(Int, String)] = [
            (plan.count { $0 == .create } + plan.terminating.count, "created"),
            (plan.count { $0 == .change }, "changed"),
            (plan.count { $0 == .takeOver }, "taken over"), (plan.deletions.count, "deleted"),
        ]
        let changes = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return RunDetails(
            user: session.cluster.knownUser() ?? "", flags: options.shownFlags,
            changes: changes.isEmpty ? "none" : changes)
    }

    private func perform(
        _ recording: ReleaseRecorder?, _ purge: Purge?, _ locked: LockedRun, isLast: Bool
    ) throws -> Int32? {
        let outcome = try apply(recording, locked, purge)
        if let loss = locked.loss {
            if case .failed(let failures, _) = outcome {
                for failure in failures where failure.identity != nil { ui.fail("\(failure)") }
            }
            throw loss
        }
        if case .failed(let failures, let component) = outcome, !isLast {
            say(failures, "stopped at \(component)")
            return nil
        }
        return finish(outcome, locked)
    }

    /// Carries the plan out under a lock that is held.
    func apply(_ recording: ReleaseRecorder?, _ locked: LockedRun, _ purge: Purge? = nil) throws -> Outcome {
        let progress = ui.progress()
        session.client.tick = { progress.tick() }
        defer {
            session.client.tick = nil
            progress.close()
            session.sayWarnings()
        }
        guard !operation.isRemoval else { return try remove(purge, progress.take) }
        var recording = recording
        let components = order(of: target.contents.map(\.component))
        let check = checkWithWaypoints(try runCheck(progress.take), progress.take)
        return Applier(session.cluster, options.cluster.apply, check: check, report: progress.take).apply(
            plan, components: components
        ) { phase in
            options.signals.masked {
                do throws(APIError) {
                    if let loss = locked.loss { throw loss }
                    try recording?.note(phase)
                    options.journal?.take(phase, revision: recording?.revision(of: phase.component))
                    options.report?.take(phase)
                    return nil
                } catch {
                    return error
                }
            }
        }
    }

    /// Removes all but the definitions, then those whose objects are still as many as were approved, then the records:
    /// until then they say what there is to remove.
    private func remove(_ purge: Purge?, _ report: @escaping (Progress) -> Void) throws -> Outcome {
        let pruner = Pruner(session.cluster, timeout: options.cluster.apply.timeout, report: report)
        let outcome = pruner.run(plan.changes.filter { $0.identity.kind != "CustomResourceDefinition" })
        guard case .done = outcome else { return outcome }
        if let purge {
            try purge.checkAgain(session, definitions)
            let outcome = pruner.run(definitions)
            guard case .done = outcome else { return outcome }
        }
        try ReleaseStorage(session.client).delete(history.records)
        return .done
    }

    private var definitions: [Change] { plan.changes.filter { $0.identity.kind == "CustomResourceDefinition" } }

    /// What deleting the definitions comes to; refused where another number of objects was approved.
    func checkedPurge() throws -> Purge? {
        guard operation.isRemoval else { return nil }
        guard options.cluster.purgesCRDs else {
            guard options.cluster.confirmedPurge == nil else {
                throw Failures(
                    failures: [Failure(nil, "--confirm-purge approves nothing without --purge-crds")],
                    remedy: "add --purge-crds, or leave --confirm-purge out")
            }
            return nil
        }
        let purge = try Purge(session, definitions, confirmed: options.cluster.confirmedPurge)
        guard !definitions.isEmpty else { return nil }
        ui.warn(purge.description)
        try purge.check()
        return purge
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
    func order(of components: [Component]) -> [Component] {
        var live: [Component: [IstioVersion]] = [:]
        for change in plan.changes where change.identity.hasRollout {
            guard let component = change.component,
                let image = change.live?["spec"]?["template"].flatMap({ ComponentImage(component, pod: $0) })
            else { continue }
            live[component] = [image.judged].compactMap { $0 }
        }
        let skew = VersionSkew(live: live, wanted: target.images.versions)
        return skew.isDataPlaneFirst ? components.reversed() : components
    }

}

// MARK: - What is said of the end

extension PlannedRun {
    /// Says what went wrong, and where the run stopped.
    func say(_ failures: [Failure], _ end: String) {
        for failure in failures { ui.fail("\(failure)") }
        session.sayWebhooks(failures)
        ui.fail(end)
    }

    private func finish(_ outcome: Outcome, _ locked: LockedRun) -> Int32 {
        switch outcome {
        case .done:
            if operation.isRemoval { locked.release(forGood: true) }
            sayDone()
            if operation.isRemoval { sayRemains() }
            return 0
        case .interrupted(let component):
            let place = operation.isRemoval ? "" : " at \(component); what was done is recorded"
            ui.fail("interrupted\(place); run the same command again to go on")
            return options.signals.exitCode
        case .failed(let failures, let component):
            let rest = operation.isRemoval ? "" : "; what came before stands"
            say(failures, "stopped at \(component)\(rest); run the same command again to go on")
            if !operation.isRemoval { sayWhatWaits(failures) }
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
                    + "revision; upgrade to values that work, or undo it with sail rollback")
        }
    }

    /// What was done, what runs now and how long it took, and what to do next.
    private func sayDone() {
        let time = options.journal.map { " after " + shownDuration(milliseconds: $0.elapsed) } ?? ""
        if operation.isRemoval { return ui.note("removed the mesh\(time)") }
        let now = (try? session.cluster.workloads()) ?? []
        let runs = now.summary ?? target.images.summary(release: target.version ?? "")
        let pods = now.map { "\($0.identity.name) \($0.available)/\($0.desired)" }.joined(separator: ", ")
        let ready = pods.isEmpty ? "" : "; ready: \(pods)"
        switch operation.kind {
        case .install: ui.note("installed \(runs) in \(target.namespace)\(time)\(ready)")
        case .rollback: ui.note("rolled back; the mesh is at \(runs)\(time)\(ready)")
        case .adopt: ui.note("adopted \(runs)\(time); sail upgrade and sail diff now know this mesh")
        case .upgrade, .uninstall, .reconcile, .waypointApply, .waypointDelete, .gatewayAPI:
            ui.note("the mesh is at \(runs)\(time)\(ready)")
        }
        let isFirst = history.records.isEmpty && [.install, .reconcile].contains(operation.kind)
        if isFirst, now.contains(where: { $0.component == .ztunnel }) {
            ui.note(
                "next: sail enroll NAMESPACE (take a namespace into the mesh)")
            ui.note("      sail status")
        } else {
            ui.note("next: sail status")
        }
    }

    /// What is not removed, and how it would be.
    private func sayRemains() {
        do {
            let count = try session.definitions().count
            if count > 0 {
                ui.note("\(count) CRDs of istio.io stay with their objects (sail uninstall --purge-crds)")
            }
            for line in try session.cluster.remains(in: target.namespace).lines { ui.note(line) }
        } catch {
            ui.warn("what stays behind is not known: \(error)")
        }
    }
}
