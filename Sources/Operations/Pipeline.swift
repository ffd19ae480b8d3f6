internal import ClusterState
internal import HelmReleases
internal import Kubernetes
internal import Meshes
internal import Planning
internal import Preflight

/// The line that every operation takes: read, resolve and render, check, plan, confirm, apply.
///
/// What is shown is the very plan that is applied. `diff` and `--dry-run` leave the line before it is applied.
package struct Pipeline {
    let operation: Operation
    let session: ClusterSession

    /// Runs an operation to its end; returns the exit code.
    package static func run(_ operation: Operation, _ options: OperationOptions) throws -> Int32 {
        try GatewayBundleRun.refuseOffline(options)
        var options = options
        options.actsAsOperator = operation.readsResources
        options.movesBase = operation.kind == .adopt && !options.cluster.adoptsAsController
        if options.cluster.dryRun == .client, operation.kind == .install || operation.readsResources {
            return try options.rehearseOffline()
        }
        return try RunJournal.keep(operation.kind, options) { options in
            if let code = try GatewayBundleRun.run(options) { return code }
            return try carry(operation, options)
        }
    }

    private static func carry(_ operation: Operation, _ options: OperationOptions) throws -> Int32 {
        // What a run reads before it removes something would be stale after it.
        let isFresh = operation.readsAllRevisions || operation.readsResources
        let reads = isFresh ? [] : options.firstReads(operation.kind)
        return try ClusterSession.run(options, ahead: reads) { session in
            if operation.readsResources { return try Reconciliation(session: session).run() }
            return try Pipeline(operation: operation, session: session).run()
        }
    }

    /// Plans what an operation would change and shows it; returns 1 where that is anything.
    package static func diff(_ options: OperationOptions) throws -> Int32 {
        try ClusterSession.run(options, needing: .plan, ahead: options.firstReads(nil)) { session in
            let pipeline = Pipeline(operation: .upgrade, session: session)
            let history = try session.recentHistory()
            let state = try pipeline.desiredState(history)
            session.sayManagers(preflight(DesiredMesh(), try session.operatorFacts(), for: .upgrade))
            try session.refuseAnotherRevision(state)
            return try PlannedRun(session, .upgrade, state, history, .unchecked).diff()
        }
    }

    /// Takes the line to its end; returns the exit code.
    func run() throws -> Int32 {
        let history = try operation.readsAllRevisions ? session.history() : session.recentHistory()
        if operation.needsMesh { try session.requireMesh(history) }
        if !operation.takesNamespace { try session.refuseOtherNamespace(history) }
        var state = try desiredState(history)
        let keepsMarks = operation.kind == .adopt && session.options.cluster.adoptsAsController
        if operation.readsResources || keepsMarks { state = try session.marked(state) }
        if operation.kind == .upgrade {
            try session.options.require(.checkCommand, stored: StoredSettings(history).noted?.commands ?? [:])
        }
        guard !operation.isRemoval || !state.removals.isEmpty || !history.records.isEmpty else {
            session.ui.note("nothing to remove: no mesh found on this cluster")
            return 0
        }
        sayWhatIsLeft(state, history)
        let checked = try check(state, history)
        let code = try PlannedRun(session, operation, state, history, checked).run()
        guard code == 0, operation.kind == .adopt else { return code }
        if keepsMarks {
            session.ui.note(
                "the resources stay as they are, with their finalizers and owners; next: sail reconcile --watch, or in the "
                    + "cluster sail reconcile --manifest")
            return code
        }
        return try OperatorRemains(session, adopted: state).clear(state)
    }

    /// The state that the cluster is to reach, worked out and rendered.
    private func desiredState(_ history: ReleaseHistory) throws -> DesiredState {
        switch operation.source {
        case .options(let remembering): return try session.target(history, remembering: remembering)
        case .records: return try session.earlierTarget(history)
        case .nothing:
            let state = try session.emptyState(history)
            if history.records.isEmpty { try session.refuseUnrecorded() }
            return state
        }
    }

    private func check(_ state: DesiredState, _ history: ReleaseHistory) throws -> CheckResult {
        if operation.kind == .adopt {
            session.ui.note("found \(state.version ?? "a mesh") in \(state.namespace)")
        }
        if operation.isRemoval { try session.refuseWhileEnrolled() }
        let isFirst = [.install, .reconcile].contains(operation.kind) && history.records.isEmpty
        let checked = try session.check(state, operation.kind, isFirst: isFirst)
        if [.install, .upgrade, .reconcile].contains(operation.kind) { try session.checkRollout(state) }
        return checked
    }
}
