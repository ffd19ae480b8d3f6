internal import Glibc
package import Kubernetes
internal import Values

/// The lock of a mesh: a Lease `sail` in its namespace, so that two runs never write at once.
///
/// It expires by itself after half a minute: a run that died needs no hand to clear it. The clocks of the machines that
/// run sail must agree to a few seconds. A class, since the heartbeat of the client renews it too.
package final class Lock {
    private let client: Client
    private let namespace: String
    private let holder: String
    /// When it was last renewed, by the monotonic clock; 0 before it was taken.
    private var renewed = 0
    /// The Lease as this run last wrote it: a write upon another version is refused.
    private var version: Value = .null
    /// Why the lock is no longer ours; from then on nothing more may be written.
    package private(set) var loss: String?

    private static let name = "sail"
    /// Seconds after the last renewal when others may take it.
    package static let duration = 30

    /// Who holds the lock, and since when.
    package struct Holder: Error, Sendable, Equatable, CustomStringConvertible {
        package var name: String
        package var since: String

        package var description: String {
            "another run is at work on this mesh: \(name), since \(since); wait for it to end"
        }
    }

    /// `holder` names the run to others; by default user, host and process.
    package init(_ client: Client, namespace: String, holder: String? = nil) {
        self.client = client
        self.namespace = namespace
        self.holder = holder ?? "\(Lock.place()) (pid \(getpid()))"
    }

    /// `user@host`
    private static func place() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let user = getenv("USER").map { String(cString: $0) } ?? String(getuid())
        return "\(user)@\(host)"
    }

    private var collection: String { "/apis/coordination.k8s.io/v1/namespaces/\(namespace)/leases" }
    private var path: String { collection + "/" + Lock.name }

    /// Takes the lock, or answers who has it. A lock that was not renewed for its duration counts as free.
    package func take() throws(APIError) -> Holder? {
        for _ in 0..<3 {
            do throws(APIError) {
                let lease = try client.send(.get(path))
                if let holder = current(lease) { return holder }
                note(try client.send(.update(path, taken(lease), manager: "sail")))
            } catch {
                if error.isConflict { continue }
                guard error.isNotFound else { throw error }
                if try !create() { continue }
            }
            return nil
        }
        return try current(client.send(.get(path)))
    }

    /// Who holds the lock now; `nil` where nobody does.
    package func holderNow() throws(APIError) -> Holder? {
        do throws(APIError) {
            return try current(client.send(.get(path)))
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    /// Renews the lock where a third of its time is over.
    ///
    /// A failed renewal is tried again at the next beat; the lock is lost where somebody else has taken it, or where
    /// its time has run out.
    package func renew() {
        let age = monotonicMilliseconds() - renewed
        guard loss == nil, age > Lock.duration * 1000 / 3 else { return }
        do throws(APIError) {
            note(try client.send(.mergePatch(path, guarded(["renewTime": .string(microTime())]), manager: "sail")))
        } catch {
            if error.isConflict || error.isNotFound { lookAgain() }
            if loss == nil, age > Lock.duration * 1000 { loss = "the lock ran out: \(error)" }
        }
    }

    /// Gives the lock back; one that cannot be given back expires.
    package func release() {
        guard loss == nil else { return }
        let free: Mapping = ["holderIdentity": "", "renewTime": .null, "acquireTime": .null]
        _ = client.send([.mergePatch(path, guarded(free), manager: "sail")])
    }

    /// Gives the lock back and removes its Lease, where there is nothing more to guard; it may stay for want of the right.
    package func releaseForGood() {
        release()
        _ = client.send([.delete(path)])
    }

    /// After a refused renewal: whether the Lease is still ours, changed by somebody who did not take it.
    private func lookAgain() {
        do throws(APIError) {
            let lease = try client.send(.get(path))
            let name = lease["spec"]?["holderIdentity"]?.string ?? ""
            if name == holder {
                version = lease["metadata"]?["resourceVersion"] ?? .null
            } else {
                loss = name.isEmpty ? "somebody took the lock away" : "\(name) took the lock"
            }
        } catch {
            if error.isNotFound { loss = "somebody deleted the lock" }
        }
    }

    private func note(_ lease: Value) {
        version = lease["metadata"]?["resourceVersion"] ?? .null
        renewed = monotonicMilliseconds()
    }

    private func guarded(_ spec: Mapping) -> Value {
        ["metadata": ["resourceVersion": version], "spec": .map(spec)]
    }

    private func create() throws(APIError) -> Bool {
        let lease: Value = [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": ["name": .string(Lock.name), "namespace": .string(namespace)],
        ]
        do throws(APIError) {
            note(try client.send(.repeatedCreate(collection, taken(lease), manager: "sail")))
            return true
        } catch {
            guard error.isConflict else { throw error }
            return false
        }
    }

    private func taken(_ lease: Value) -> Value {
        var lease = lease.map ?? Mapping()
        let now = microTime()
        lease["spec"] = [
            "holderIdentity": .string(holder), "acquireTime": .string(now), "renewTime": .string(now),
            "leaseDurationSeconds": .int(Lock.duration),
        ]
        return .map(lease)
    }

    private func current(_ lease: Value) -> Holder? {
        let spec = lease["spec"]
        guard let name = spec?["holderIdentity"]?.string, !name.isEmpty, name != holder, !isDead(name),
            let renewed = spec?["renewTime"]?.string.flatMap(secondsSince1970),
            renewed + (spec?["leaseDurationSeconds"]?.int ?? Lock.duration) > Int(time(nil))
        else { return nil }
        let since = spec?["acquireTime"]?.string
        return Holder(name: name, since: since.map { $0.split(separator: ".")[0] + "Z" } ?? "an unknown time")
    }

    /// Whether a holder was a process of this very machine and user that is there no longer.
    private func isDead(_ name: String) -> Bool {
        let place = "\(Lock.place()) (pid "
        guard name.hasPrefix(place), let pid = pid_t(name.dropFirst(place.count).dropLast()) else { return false }
        return kill(pid, 0) != 0 && errno == ESRCH
    }

    /// RFC 3339 with microseconds, as the API wants a MicroTime.
    private func microTime() -> String {
        rfc3339(Int(time(nil))).dropLast() + ".000000Z"
    }
}
