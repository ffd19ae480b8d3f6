import Applying
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import SailResources
import Values

/// Removes the components whose resources are being deleted, once nothing is enrolled any more.
struct ResourceRemoval {
    let session: ClusterSession
    let resources: [GivenResource]

    /// Removes them, ztunnel first; answers the exit code, or `nil` where no resource is being deleted.
    func run() throws -> Int32? {
        guard !resources.isEmpty else { return nil }
        do { try session.refuseWhileEnrolled() } catch {
            if session.options.cluster.dryRun == nil { noteRefusal("\(error)") }
            throw error
        }
        let history = try session.history()
        var state = try session.emptyState(history)
        let components = Set(resources.flatMap(\.kind.components))
        state.removals.removeAll { change in change.component.map { !components.contains($0) } ?? true }
        let records = history.records.filter { $0.component.map(components.contains) ?? false }
        let names = resources.map { "\($0.identity)" }.joined(separator: ", ")
        session.ui.note(
            "\(names): being deleted; \(state.removals.count) objects of the mesh go with "
                + (resources.count == 1 ? "it" : "them"))
        guard session.options.cluster.dryRun == nil else { return 0 }
        guard try session.ui.confirm("Remove \(names) from \(session.client.connection.name)?") else {
            session.ui.note("nothing was changed")
            return 1
        }
        return try carryOut(state, records, history)
    }

    private func noteRefusal(_ text: String) {
        let report = ResourceReport(session, resources)
        for index in resources.indices { report.note(text.asOneSentence, at: index) }
        _ = report.finish(1)
    }

    private func carryOut(_ state: DesiredState, _ records: [ReleaseRecord], _ history: ReleaseHistory) throws -> Int32
    {
        session.options.signals.listen()
        var options = session.options
        if options.controller == nil {
            options.operatorLock = try session.operatorLockNamespace(mesh: state.namespace)
        }
        let locked = try LockedRun(
            session.with(options), namespace: state.namespace,
            making: Namespaces(session.cluster, of: Plan([])) { _ in }, knowing: history)
        defer { locked.release() }
        let progress = session.ui.progress()
        defer { progress.close() }
        let pruner = Pruner(session.cluster, timeout: options.cluster.apply.timeout, report: progress.take)
        switch pruner.run(Pruner.ordered(state.removals).flatMap { $0 }) {
        case .done: break
        case .interrupted: return session.options.signals.exitCode
        case .failed(let failures, _):
            for failure in failures { session.ui.fail("\(failure)") }
            return 1
        }
        try ReleaseStorage(session.client).delete(records)
        for resource in resources {
            guard let live = resource.live else { continue }
            if resource.kind.isControlPlane { try session.removeRevision(of: resource) }
            try ResourceStatusWriter(session.cluster).release(
                resource.identity, live: live, from: GivenResource.finalizer)
        }
        return 0
    }
}
