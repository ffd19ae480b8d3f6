import Applying
import ClusterState
import Glibc
import HelmReleases
import Kubernetes
import Planning
import Terminal

/// Asks on the terminal before something is changed.
struct Confirmation {
    private let request: Request

    init(_ request: Request) {
        self.request = request
    }

    /// True at once with --yes; throws where there is nobody to ask.
    func ask(_ question: String) throws -> Bool {
        if request.cluster.isApproved { return true }
        guard Confirmation.hasTerminal else {
            throw Failures(
                failures: [Failure(nil, "there is no terminal to ask on")],
                remedy: "approve with --yes, or look with --dry-run")
        }
        return put(question)
    }

    /// Whether there is somebody to ask.
    static var hasTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Asks on the terminal, whatever --yes says.
    func put(_ question: String) -> Bool {
        request.console.show("\(question) [y/N] ")
        let answer = readLine()?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }
}

/// The mesh's lock while this run writes, renewed by the client's heartbeat; where it is lost the client stops.
struct Guarded {
    private let session: Session
    private let lock: LeaseLock

    /// Takes the lock; waits for one whose holder has died to expire. A holder that is at work is an error, and so is
    /// a `history` that another run has changed since it was read.
    init(_ session: Session, namespace: String, knowing history: ReleaseHistory) throws {
        self.session = session
        let lock = LeaseLock(session.client, namespace: namespace)
        self.lock = lock
        var holder = try lock.take()
        if let holder { session.console.note("\(holder)") }
        for _ in 0..<(LeaseLock.duration + 6) / 2 where holder != nil {
            sleep(2)
            if Interrupts.wereAsked { throw APIError.interrupted }
            holder = try lock.take()
        }
        if let holder { throw holder }
        session.client.heartbeat = { lock.renew() }
        session.client.maySend = { lock.isFresh }
        session.client.isInterrupted = { Interrupts.wereAsked || lock.loss != nil }
        do {
            guard try session.recorded(like: history) == history.records else {
                throw Failures(
                    failures: [Failure(nil, "another run has changed the mesh since the plan was made")],
                    remedy: "run the command again")
            }
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
        Interrupts.masked { forGood ? lock.releaseForGood() : lock.release() }
        session.client.maySend = { true }
    }
}
