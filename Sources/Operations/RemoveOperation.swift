package import Applying
import ClusterState
package import HelmReleases
import Kubernetes
import Objects
import Planning
import Values

/// An uninstallation from its plan to the end of the records.
package struct RemoveOperation {
    let session: ClusterSession
    let removals: [Removal]
    let history: ReleaseHistory

    package init(_ session: ClusterSession, _ removals: [Removal], _ history: ReleaseHistory) {
        (self.session, self.removals, self.history) = (session, removals, history)
    }

    private var ui: any OperationUI { session.ui }
    private var options: OperationOptions { session.options }
    private var definitions: [Removal] { removals.filter { $0.identity.kind == "CustomResourceDefinition" } }

    package func run() throws -> Int32 {
        let order = Pruner.ordered(removals).flatMap { $0 }
        let plan = Plan(
            order.map { Change(component: $0.component, identity: $0.identity, action: .delete, live: $0.live) })
        if options.cluster.dryRun != nil {
            try ui.show(plan, as: .result, differences: false)
            try requirePermissions(for: plan)
            _ = try checkedPurge()
            return 0
        }
        if !plan.isEmpty { try ui.show(plan, as: .preview, differences: false) }
        try requirePermissions(for: plan)
        let purge = try checkedPurge()
        if let purge, purge.isOpen, !ui.canAsk { throw purge.unapproved }
        guard try ui.confirm("Remove the mesh?"), purge?.ask(ui) ?? true else {
            ui.note("nothing was changed")
            return 1
        }
        return try carryOut(purge)
    }

    private func requirePermissions(for plan: Plan) throws {
        try session.requirePermissions(
            requiredPermissions(
                plan, session.cluster.discovery, options.cluster.apply, lock: namespace,
                records: Set(history.records.map(\.namespace)).sorted()))
    }

    /// What deleting the definitions comes to; refused where another number of objects was approved.
    private func checkedPurge() throws -> Purge? {
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

    private var namespace: String {
        history.latest(ofChart: "istiod").last?.namespace ?? history.records.first?.namespace ?? "istio-system"
    }

    /// Removes what was approved; returns the exit code.
    private func carryOut(_ purge: Purge?) throws -> Int32 {
        options.signals.listen()
        let guarded = try LockedRun(session, namespace: namespace, knowing: history)
        defer { guarded.release() }
        let outcome = try remove(guarded, purge)
        if let loss = guarded.loss { throw loss }
        switch outcome {
        case .done:
            guarded.release(forGood: true)
            ui.note("removed the mesh")
            sayRemains()
            return 0
        case .interrupted:
            ui.fail("interrupted; run the same command again to go on")
            return options.signals.exitCode
        case .failed(let failures, let component):
            for failure in failures { ui.fail("\(failure)") }
            session.sayWebhooks(failures)
            ui.fail("stopped at \(component); run the same command again to go on")
            return 1
        }
    }

    /// Removes all but the definitions, then those whose objects are still as many as were approved, then the records.
    func remove(_ guarded: LockedRun, _ purge: Purge? = nil) throws -> Outcome {
        let progress = ui.progress()
        defer { progress.close() }
        let uninstall = Pruner(
            session.cluster, timeout: options.cluster.apply.timeout, report: progress.take)
        let outcome = uninstall.run(removals.filter { $0.identity.kind != "CustomResourceDefinition" })
        guard case .done = outcome else { return outcome }
        if let purge {
            try purge.checkAgain(session, definitions)
            let outcome = uninstall.run(definitions)
            guard case .done = outcome else { return outcome }
        }
        try forgetRecords()
        return .done
    }

    /// The records go last: until then they say what there is to remove.
    private func forgetRecords() throws {
        let paths = history.records.map(\.path)
        for answer in session.client.send(paths.map { Call.delete($0) }) {
            if case .failure(let error) = answer, !error.isNotFound { throw error }
        }
    }

    /// What is not removed, and how it would be.
    private func sayRemains() {
        do {
            let count = try session.definitions().count
            if count > 0 {
                ui.note("\(count) CRDs of istio.io stay with their objects (sail uninstall --purge-crds)")
            }
            let remains = try session.cluster.remains(in: namespace)
            for line in remains.lines { ui.note(line) }
        } catch {
            ui.warn("what stays behind is not known: \(error)")
        }
    }
}
