import Applying
import ClusterState
import Glibc
import Kubernetes
import Objects
import Planning
import Preflight
import SailResources
import System
import Values

/// `sail reconcile --watch`: brings the mesh to what its resources ask for, again and again. Events say which resource has
/// a turn; a turn is what one shot does for that resource.
///
/// A class, since watches, queue and lock live as long as the controller. It runs on one thread.
package final class Controller {
    private(set) var options: OperationOptions
    let log: ControllerLog
    let client: Client
    let clock: () -> Int
    var session: ClusterSession
    private var lock: LeaseLock
    private let lockNamespace: String
    var watches: [(followed: FollowedKind, watch: CollectionWatch)] = []
    var queue = WorkQueue()
    /// How the last turn of each resource ended.
    var endings: [ResourceKey: TurnEnding] = [:]
    /// The states that were last said.
    private var states: [ResourceKey: String] = [:]
    private var hasRevisions = false
    /// Whether the API server was said not to answer.
    private var isSilent = false
    private var refused: Set<String> = []
    var metrics = ControllerMetrics()
    let events = EventRecorder()
    let started = SystemClock.now()
    /// What serves health and metrics.
    var endpoints = ControllerEndpoints()
    var isLeader = false
    /// When the turn began.
    private var begun = 0

    /// Milliseconds after which a resource that waits for others has a turn although nothing happened.
    private static let longestWait = 30_000
    /// Milliseconds between two looks at a resource whose pods change.
    private static let shortestPause = 1000
    /// Milliseconds between two tries to take the Lease: the Sail Operator's.
    private static let lockPeriod = 2000

    /// Runs until a signal ends it, which answers 0, or until another one has taken the Lease, which answers 1.
    package static func run(_ options: OperationOptions, serving addresses: ControllerAddresses = ControllerAddresses())
        throws -> Int32
    {
        let controller = try Controller(options)
        try controller.serve(addresses)
        return try controller.run()
    }

    /// Connects. `clock` counts milliseconds and only goes forward.
    init(_ options: OperationOptions, clock: @escaping () -> Int = SystemClock.monotonic) throws {
        log = ControllerLog(options.ui)
        var options = options
        options.ui = log
        options.cluster.isApproved = true
        options.cluster.apply.waits = false
        // What somebody changed in an object of the mesh is put back.
        options.cluster.apply.forcesConflicts = true
        options.controller = ControllerTerms()
        options.actsAsOperator = true
        self.options = options
        self.clock = clock
        options.signals.listen()
        session = try ClusterSession(options)
        client = session.client
        try session.requireDefinitions()
        let resources = try session.resources(of: ResourceKind.ofMesh)
        lockNamespace = try session.controllerNamespace(mesh: resources.meshNamespace)
        self.options.operatorNamespace = lockNamespace
        lock = Controller.lock(client, lockNamespace)
    }

    private static func lock(_ client: Client, _ namespace: String) -> LeaseLock {
        LeaseLock(client, namespace: namespace, name: MeshManager.leaseName, timing: .controller)
    }

    private var isAsked: Bool { options.signals.areAsking }

    private func run() throws -> Int32 {
        guard try takeLock() else { return end() }
        defer {
            for item in watches { item.watch.close() }
            client.rest(milliseconds: 0)
        }
        follow()
        while !isAsked {
            if let loss = lock.loss { return lost(loss) }
            step()
        }
        return end()
    }

    private func end() -> Int32 {
        log.line("ends: asked to by a signal")
        options.signals.masked { lock.release() }
        return 0
    }

    private func lost(_ loss: String) -> Int32 {
        log.line(
            "error: lost the Lease \(lockNamespace)/\(MeshManager.leaseName): \(loss); another controller works now")
        return 1
    }

    // MARK: - The Lease

    /// Waits until the Lease is free, and takes it; false where a signal came meanwhile.
    private func takeLock() throws -> Bool {
        var said = ""
        while !isAsked {
            do throws(APIError) {
                guard let holder = try lock.take() else { break }
                let text = "waits: \(holder.name) holds the Lease \(lockNamespace)/\(MeshManager.leaseName)"
                if said != text { log.line(text) }
                said = text
            } catch {
                if case .interrupted = error { return false }
                guard error.isPassing else { throw error }
                if said != "\(error)" { log.line("warning: the Lease cannot be taken: \(error); tried again") }
                said = "\(error)"
            }
            let end = clock() + Controller.lockPeriod
            while clock() < end, !isAsked {
                client.rest(milliseconds: min(end - clock(), 1000))
                answerHeld()
            }
        }
        guard !isAsked else { return false }
        client.heartbeat = { [lock] in lock.renew() }
        client.maySend = { [lock] in lock.isFresh }
        client.isInterrupted = { [lock, options] in options.signals.areAsking || lock.loss != nil }
        isLeader = true
        log.line("works: holds the Lease \(lockNamespace)/\(MeshManager.leaseName)")
        return true
    }

    // MARK: - Events

    private func follow() {
        let discovery = session.cluster.discovery
        for followed in FollowedKind.all {
            guard let resource = discovery.resource(apiVersion: followed.apiVersion, kind: followed.kind) else {
                continue
            }
            let label = "\(ControllerTerms.label.key)=\(ControllerTerms.label.value)"
            let watch = CollectionWatch(
                client, resource.path(), Selection(labels: followed.isOwned ? label : nil),
                isMetadataOnly: followed.isMetadataOnly, keep: followed.kept)
            watches.append((followed, watch))
        }
        client.prefetch(watches.map(\.watch.firstPage))
    }

    /// Waits for what happens next, at most a second, or has a turn.
    private func step() {
        answerHeld()
        stepWatches()
        takeNews()
        let now = clock()
        let isListed = watches.allSatisfy { $0.watch.isListed || refused.contains($0.followed.kind) }
        if isListed {
            if hasRevisions { return tellRevisions() }
            if let next = queue.next(now: now) { return turn(next.key, next.work) }
        }
        let due = watches.compactMap(\.watch.due) + (isListed ? [queue.nextTime].compactMap { $0 } : [])
        client.rest(milliseconds: min(max(0, (due.min() ?? now + 1000) - now), 1000))
    }

    private func stepWatches() {
        for item in watches {
            guard let due = item.watch.due, due <= clock(), !isAsked else { continue }
            item.watch.step(now: clock())
            guard let trouble = item.watch.trouble else {
                if item.watch.isListed { refused.remove(item.followed.kind) }
                continue
            }
            if trouble.isPassing {
                // The others would wait in vain as well.
                if !isSilent {
                    log.line("warning: \(trouble.withoutQuery); sail goes on as soon as the server answers")
                }
                isSilent = true
                return
            }
            if refused.insert(item.followed.kind).inserted {
                log.line("warning: \(item.followed.kind) cannot be watched: \(trouble); tried again")
            }
        }
        if isSilent, watches.allSatisfy({ $0.watch.trouble == nil }) {
            isSilent = false
            log.line("the API server answers again")
        }
    }

    private func takeNews() {
        guard watches.contains(where: \.watch.hasNews) else { return }
        let known = watches.filter { $0.followed.change == .resource }.flatMap { item in
            item.watch.kept.map { KnownResource(item.followed.kind, kept: $0) }
        }
        let mesh = Set(ResourceKind.ofMesh.map(\.name))
        let filter = EventFilter(resources: known.filter { mesh.contains($0.key.kind) })
        let now = clock()
        for item in watches {
            for news in item.watch.take() {
                for wake in filter.wakes(for: news, of: item.followed) { take(wake, now) }
            }
        }
    }

    private func take(_ wake: Wake, _ now: Int) {
        guard let key = wake.key else { return hasRevisions = true }
        metrics.countAdded(key)
        switch wake.what {
        case .reconcile: queue.add(key, .reconcile, at: now)
        case .status: queue.add(key, .status, at: now, apart: Controller.shortestPause)
        case .retry:
            switch endings[key] {
            case .invalid, .waits, .failed: queue.add(key, .reconcile, at: now, apart: 2 * Controller.shortestPause)
            case .done, .deleted, .postponed, nil: break
            }
        case .revisions: hasRevisions = true
        }
    }

    // MARK: - Turns

    private func turn(_ key: ResourceKey, _ work: Work) {
        begun = clock()
        log.begin(key.description)
        do {
            switch work {
            case .reconcile: try reconcile(key)
            case .status:
                let state = try Reconciliation(session: session).refreshStatus(key, error: endings[key]?.error)
                note(state, of: key)
            }
        } catch APIError.interrupted {
            queue.add(key, work, at: clock())
        } catch {
            end(key, TurnResult(ending: .failed("\(error)".asOneSentence)))
        }
    }

    private func reconcile(_ key: ResourceKey) throws {
        session = ClusterSession(options, try Cluster(client))
        var result = TurnResult(ending: .failed(""))
        do {
            result = try Reconciliation(session: session).turn(key)
        } catch APIError.interrupted {
            throw APIError.interrupted
        } catch {
            result.ending = .failed("\(error)".asOneSentence)
        }
        if isAsked || lock.loss != nil { throw APIError.interrupted }
        if case .failed("") = result.ending {
            result.ending = .failed(log.failures.joined(separator: "\n").asOneSentence)
        }
        end(key, result)
    }

    private func end(_ key: ResourceKey, _ result: TurnResult) {
        let now = clock()
        endings[key] = result.ending
        metrics.count(key, result.ending, milliseconds: now - begun)
        record(result.ending, of: key)
        switch result.ending {
        case .done:
            queue.settle(key, now: now)
            let written = log.summary.isEmpty ? "nothing to change" : log.summary
            log.line("\(key): reconciled: \(written)" + (result.state.map { "; \($0)" } ?? ""))
            note(result.state, of: key, said: result.state)
        case .deleted:
            queue.forget(key)
            (endings[key], states[key]) = (nil, nil)
            log.line("\(key): deleted" + (log.summary.isEmpty ? "" : ": \(log.summary)"))
        case .invalid(let text):
            queue.settle(key, now: now)
            log.line("error: \(key): \(text); waits for a change")
        case .waits(let text):
            queue.settle(key, now: now)
            queue.add(key, .reconcile, at: now + Controller.longestWait)
            log.line("\(key): \(text)")
        case .failed(let text):
            let delay = queue.repeatLater(key, now: now)
            log.line("error: \(key): \(text); tried again in \(Controller.shown(delay))")
        case .postponed(let text):
            let delay = queue.repeatLater(key, now: now)
            log.line("\(key): \(text); tried again in \(Controller.shown(delay))")
        }
    }

    private static func shown(_ milliseconds: Int) -> String {
        milliseconds < 1000 ? "\(milliseconds) ms" : shownDuration(milliseconds: milliseconds)
    }

    /// Takes a state; one that pods make is looked at again until it is over.
    private func note(_ state: String?, of key: ResourceKey, said: String? = nil) {
        guard let state else { return }
        if states[key] != state {
            if said != state { log.line("\(key): \(state)") }
            record(state, of: key)
        }
        states[key] = state
        guard endings[key] == .done else { return }
        let comesOfPods = ["DaemonSetNotReady", "IstiodNotReady", "ReadinessCheckFailed"].contains(state)
        queue.look(key, isHealthy: !comesOfPods, now: clock())
    }

    private func tellRevisions() {
        hasRevisions = false
        log.begin("")
        Reconciliation(session: session).refuseRevisions()
    }
}

extension APIError {
    /// The error without what an address asks for.
    fileprivate var withoutQuery: String {
        let text = "\(self)"
        guard let start = text.firstIndex(of: "?"), let end = text[start...].firstIndex(of: ":") else { return text }
        return String(text[..<start]) + String(text[end...])
    }
}

extension ClusterSession {
    /// Throws where the cluster does not serve the resources.
    fileprivate func requireDefinitions() throws {
        for kind in ResourceKind.ofMesh {
            let apiVersion = "\(ResourceKind.group)/\(kind.storedVersion.name)"
            guard cluster.discovery.resource(apiVersion: apiVersion, kind: kind.name) == nil else { continue }
            throw Failures(
                failures: [Failure(nil, "this cluster does not serve \(apiVersion) \(kind.name)")],
                remedy: "create the definitions: sail crds | kubectl apply --server-side -f -")
        }
    }

    /// Where the Lease is: where an operator's has been, else in the pod's own namespace, else as for one shot.
    fileprivate func controllerNamespace(mesh: String) throws -> String {
        let found = try operatorLockNamespace(mesh: mesh)
        guard let own = options.environment["POD_NAMESPACE"], !own.isEmpty else { return found }
        let known = ObjectReference(
            apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: found, name: MeshManager.leaseName)
        return try cluster.get([known]).first ?? nil == nil ? own : found
    }
}
