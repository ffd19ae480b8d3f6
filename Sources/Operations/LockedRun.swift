import Applying
import Glibc
import HelmReleases
import Kubernetes
import Planning

/// The mesh's lock while this run writes, renewed by the client's heartbeat; where it is lost the client stops.
struct LockedRun {
    private let session: ClusterSession
    private let lock: LeaseLock

    /// Takes the lock; waits for one whose holder has died to expire. A holder that is at work is an error, and so is
    /// a `history` that another run has changed since it was read.
    ///
    /// The namespaces of a plan are made with it: its own before it, the others under it.
    init(
        _ session: ClusterSession, namespace: String, making namespaces: Namespaces, knowing history: ReleaseHistory
    ) throws {
        self.session = session
        let lock = LeaseLock(session.client, namespace: namespace)
        self.lock = lock
        var holder = try lock.take(making: namespaces)
        if let holder { session.ui.note("\(holder)") }
        for _ in 0..<(LeaseLock.duration + 6) / 2 where holder != nil {
            sleep(2)
            if session.options.signals.areAsking { throw APIError.interrupted }
            holder = try lock.take(making: namespaces)
        }
        if let holder { throw holder }
        session.client.heartbeat = { lock.renew() }
        session.client.maySend = { lock.isFresh }
        session.client.isInterrupted = { session.options.signals.areAsking || lock.loss != nil }
        do {
            guard try session.recorded(like: history) == history.records else {
                throw Failures(
                    failures: [Failure(nil, "another run has changed the mesh since the plan was made")],
                    remedy: "run the command again")
            }
            try lock.make(namespaces)
        } catch {
            release()
            throw loss ?? error
        }
    }

    /// Why the lock is no longer this run's; then another run answers for the records.
    var loss: APIError? {
        lock.loss.map {
            .status(Status(code: 409, reason: "Conflict", message: "stopped: \($0); run the command again"))
        }
    }

    /// Gives the lock back, with its Lease where there is nothing more to guard.
    func release(forGood: Bool = false) {
        session.client.heartbeat = nil
        session.options.signals.masked { forGood ? lock.releaseForGood() : lock.release() }
        session.client.maySend = { true }
    }
}
