import Applying
import Glibc
import HelmReleases
import Kubernetes
import Planning
import Preflight

/// The mesh's lock while this run writes, renewed by the client's heartbeat; where it is lost the client stops. A run
/// that works on the Sail Operator's resources holds the operators' lock as well.
struct LockedRun {
    private let session: ClusterSession
    private let locks: [LeaseLock]
    /// What held before this run, and holds again after it.
    private let earlier: (heartbeat: (() -> Void)?, maySend: () -> Bool, isInterrupted: () -> Bool)

    /// Takes the lock; waits for one whose holder has died to expire. A holder that is at work is an error, and so is
    /// a `history` that another run has changed since it was read.
    ///
    /// The namespaces of a plan are made with it: its own before it, the others under it.
    init(_ session: ClusterSession, namespace: String, making namespaces: Namespaces, knowing history: ReleaseHistory)
        throws
    {
        self.session = session
        let lock = LeaseLock(session.client, namespace: namespace)
        let others = [session.options.operatorLock].compactMap(\.self).map {
            LeaseLock(session.client, namespace: $0, name: MeshManager.leaseName)
        }
        let locks = [lock] + others
        self.locks = locks
        let client = session.client
        let earlier = (
            heartbeat: client.heartbeat, maySend: client.maySend, isInterrupted: client.isInterrupted
        )
        self.earlier = earlier
        try session.wait { () throws(APIError) -> LeaseLock.Holder? in try lock.take(making: namespaces) }
        do {
            for other in others { try session.wait { () throws(APIError) -> LeaseLock.Holder? in try other.take() } }
        } catch {
            lock.release()
            throw error
        }
        client.heartbeat = {
            earlier.heartbeat?()
            locks.forEach { $0.renew() }
        }
        client.maySend = { earlier.maySend() && locks.allSatisfy(\.isFresh) }
        client.isInterrupted = {
            earlier.isInterrupted() || session.options.signals.areAsking || locks.contains { $0.loss != nil }
        }
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

    /// Why a lock is no longer this run's; then another run answers for the records.
    var loss: APIError? {
        locks.lazy.compactMap(\.loss).first.map {
            .status(Status(code: 409, reason: "Conflict", message: "stopped: \($0); run the command again"))
        }
    }

    /// Gives the locks back, the mesh's with its Lease where there is nothing more to guard.
    func release(forGood: Bool = false) {
        session.client.heartbeat = earlier.heartbeat
        session.options.signals.masked {
            for (index, lock) in locks.enumerated() {
                if forGood, index == 0 { lock.releaseForGood() } else { lock.release() }
            }
        }
        session.client.maySend = earlier.maySend
        session.client.isInterrupted = earlier.isInterrupted
    }
}

extension ClusterSession {
    /// Takes a lock; waits for one whose holder has died, and throws the holder of one that is at work.
    fileprivate func wait(for take: () throws(APIError) -> LeaseLock.Holder?) throws {
        var holder = try take()
        if let holder { ui.note("\(holder)") }
        for _ in 0..<(LeaseLock.duration + 6) / 2 where holder != nil {
            try pause(seconds: 2)
            holder = try take()
        }
        if let holder { throw holder }
    }
}
