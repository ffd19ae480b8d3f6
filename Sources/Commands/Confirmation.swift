import Glibc
import Kubernetes
import Releases
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
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            throw Failures(
                failures: [Failure(nil, "there is no terminal to ask on")],
                remedy: "approve with --yes, or look with --dry-run")
        }
        request.console.messages(Array("\(question) [y/N] ".utf8))
        let answer = readLine()?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }
}

/// The mesh's lock while this run writes, renewed by the client's heartbeat.
struct Guarded {
    private let session: Session
    private let lock: Lock

    /// Takes the lock; waits for one whose holder has died to expire. A holder that is at work is an error.
    init(_ session: Session, namespace: String) throws {
        self.session = session
        let lock = Lock(session.client, namespace: namespace)
        self.lock = lock
        let first = try lock.take()
        var holder = first
        var waited = 0
        while let current = holder, waited <= Lock.duration + 5 {
            if waited == 0 { session.console.note("\(current)") }
            sleep(2)
            if Interrupts.wereAsked { throw APIError.interrupted }
            waited += 2
            holder = try lock.take()
        }
        if let holder { throw holder }
        if first != nil {
            lock.release()
            throw Failures(
                failures: [Failure(nil, "the mesh may have been changed meanwhile")], remedy: "run the command again")
        }
        session.client.heartbeat = { try? lock.renew() }
    }

    func release() {
        Interrupts.masked { lock.release() }
    }
}
