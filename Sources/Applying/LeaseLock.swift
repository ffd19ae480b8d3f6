internal import Glibc
internal import HelmReleases
package import Kubernetes
internal import Objects
internal import System
internal import Values

/// The lock of a mesh: a Lease `sail` in its namespace, so that two runs never write at once.
///
/// A run that died needs no hand to clear it: a Lease that does not change for its duration, at most half a minute by
/// this machine's own clock, is free. Clocks of different machines are never compared. A class, since the heartbeat of
/// the client renews it too.
package final class LeaseLock {
    private let client: Client
    let namespace: String
    private let name: String
    private let holder: String
    private let timing: Timing
    /// Milliseconds of a clock that also runs while the machine sleeps.
    private let now: () -> Int
    /// When it was last renewed; 0 before it was taken.
    private var renewed = 0
    /// The Lease as this run last wrote it: a write upon another version is refused.
    private var version: Value = .null
    private var uid: String?
    /// What another's Lease said, and since when it says so.
    private var seen: (spec: Value, since: Int)?
    /// Why the lock is no longer ours; from then on nothing more may be written.
    package private(set) var loss: String?

    /// Seconds without a change after which others may take it.
    package static let duration = 30

    /// How long a lock holds, and when it is renewed.
    package struct Timing: Sendable {
        /// Seconds without a change after which others may take it.
        var duration: Int
        /// Milliseconds after a renewal when it is renewed again.
        var renewal: Int
        /// Milliseconds after a renewal until which requests may be sent: well before others may take the lock.
        var sending: Int
        /// Whether the holder goes on where it could not renew the lock in time, and finds it untouched later. Nothing is
        /// sent meanwhile.
        var outlastsSilence = false

        /// Of a run.
        package static let run = Timing(
            duration: LeaseLock.duration, renewal: LeaseLock.duration * 1000 / 3,
            sending: LeaseLock.duration * 1000 * 2 / 3)
        /// Of a controller: 15 s, 10 s and 2 s, those of the Sail Operator.
        package static let controller = Timing(duration: 15, renewal: 2000, sending: 10_000, outlastsSilence: true)
    }

    /// Who holds the lock, and since when.
    package struct Holder: Error, Sendable, Equatable, CustomStringConvertible {
        package var name: String
        package var since: String

        package var description: String {
            "another run is at work on this mesh: \(name), since \(since); wait for it to end"
        }
    }

    /// `name` is the Lease's. `holder` names the run to others; by default user, host and process. `now` counts
    /// milliseconds.
    package init(
        _ client: Client, namespace: String, name: String = "sail", holder: String? = nil, timing: Timing = .run,
        now: (() -> Int)? = nil
    ) {
        self.client = client
        self.namespace = namespace
        self.name = name
        self.timing = timing
        self.holder = holder ?? LockHolder.own.description
        self.now = now ?? SystemClock.sinceBoot
    }

    private var collection: String { "/apis/coordination.k8s.io/v1/namespaces/\(namespace)/leases" }
    private var path: String { collection + "/" + name }

    private func read() throws(APIError) -> Value {
        try client.send(.get(path).expecting(.kinds(["Lease"])))
    }

    /// Takes the lock, or answers who has it. To be asked again every few seconds: the Lease of a run that died is free
    /// once it has not changed for its duration.
    package func take() throws(APIError) -> Holder? {
        for _ in 0..<3 {
            do throws(APIError) {
                let lease = try read()
                if let holder = holder(of: lease) { return holder }
                let start = now()
                note(try client.send(.update(path, taken(lease), manager: "sail")), sent: start)
            } catch {
                if error.isConflict { continue }
                guard error.isNotFound else { throw error }
                if try !create() { continue }
            }
            return nil
        }
        let lease = try read()
        return holder(of: lease) ?? Holder(name: LeaseLock.name(in: lease), since: LeaseLock.since(in: lease))
    }

    /// The holder that the Lease names, for messages; `nil` where there is none, or where its process has died.
    package func holderNow() throws(APIError) -> Holder? {
        do throws(APIError) {
            let lease = try read()
            let name = LeaseLock.name(in: lease)
            guard !name.isEmpty, !LockHolder.isDead(name), !LeaseLock.isLongPast(lease) else { return nil }
            return Holder(name: name, since: LeaseLock.since(in: lease))
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    /// Whether a request may be sent: the lock was renewed so recently that no other run can have taken it.
    package var isFresh: Bool { loss == nil && age < timing.sending }

    private var age: Int { now() - renewed }

    /// Renews the lock where a third of its time is over.
    ///
    /// A failed renewal is tried again at the next beat; the lock is lost where another run has taken it, or where
    /// its time has run out.
    package func renew() {
        guard loss == nil, age > timing.renewal else { return }
        let start = now()
        do throws(APIError) {
            var call = APIRequest.mergePatch(path, guarded(["renewTime": .string(microTime())]), manager: "sail")
            call.attempts = 2
            note(try client.send(call.expecting(.kinds(["Lease"]))), sent: start)
        } catch {
            if error.isConflict || error.isNotFound { readAgain() }
            if loss == nil, !timing.outlastsSilence, age > timing.duration * 1000 {
                loss = "the lock could not be renewed in time: \(error)"
            }
        }
    }

    /// Gives the lock back; one that cannot be given back expires.
    package func release() {
        guard loss == nil, giveBack()?.isConflict == true else { return }
        // A renewal that was cut short may have reached the server.
        readAgain()
        if loss == nil { _ = giveBack() }
    }

    /// Why the server did not take it back; `nil` where it did.
    private func giveBack() -> APIError? {
        let free: Mapping = ["holderIdentity": "", "renewTime": .null, "acquireTime": .null]
        switch client.send([.mergePatch(path, guarded(free), manager: "sail")]).first {
        case .success(let lease)?:
            note(lease, sent: now())
            return nil
        case .failure(let error)?: return error
        case nil: return nil
        }
    }

    /// Gives the lock back and removes its Lease, where there is nothing more to guard; the Lease stays without the
    /// permission, or because another run has taken it since.
    package func releaseForGood() {
        guard loss == nil else { return }
        release()
        _ = client.send([.delete(path, uid: uid, version: version.string)])
    }

    /// After a refused renewal: whether the Lease still names this run as its holder, changed in other fields only.
    private func readAgain() {
        do throws(APIError) {
            let lease = try read()
            let name = LeaseLock.name(in: lease)
            if name.hasSameBytes(as: holder) {
                version = lease.metadata.resourceVersion.map(Value.string) ?? .null
            } else {
                loss = name.isEmpty ? "the lock was taken away" : "\(name) took the lock"
            }
        } catch {
            if error.isNotFound { loss = "the lock (Lease \(namespace)/\(name)) was deleted" }
        }
    }

    /// The Lease as the server wrote it. Its age counts from before the request was `sent`: the answer may be late.
    private func note(_ lease: Value, sent: Int) {
        version = lease.metadata.resourceVersion.map(Value.string) ?? .null
        uid = lease.metadata.uid
        renewed = sent
    }

    private func guarded(_ spec: Mapping) -> Value {
        ["metadata": ["resourceVersion": version], "spec": .map(spec)]
    }

    private func create() throws(APIError) -> Bool {
        let lease: Value = [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
        ]
        let start = now()
        do throws(APIError) {
            note(try client.send(.repeatedCreate(collection, taken(lease), manager: "sail")), sent: start)
            return true
        } catch {
            guard error.isConflict else { throw error }
            return false
        }
    }

    private func taken(_ lease: Value) -> Value {
        var lease = lease.map ?? Mapping()
        let now = microTime()
        var spec: Mapping = [
            "holderIdentity": .string(holder), "acquireTime": .string(now), "renewTime": .string(now),
            "leaseDurationSeconds": .int(timing.duration),
        ]
        // Operators count how often the lock went from one to another.
        if let changes = lease["spec"]?["leaseTransitions"]?.int, (0..<Int(Int32.max)).contains(changes) {
            spec["leaseTransitions"] = .int(changes + 1)
        }
        lease["spec"] = .map(spec)
        return .map(lease)
    }

    /// Who holds a Lease that this run has not taken; `nil` once it has not changed for its duration.
    private func holder(of lease: Value) -> Holder? {
        let name = LeaseLock.name(in: lease)
        guard !name.isEmpty, !name.hasSameBytes(as: holder), !LockHolder.isDead(name) else { return nil }
        let spec = lease["spec"] ?? .null
        if let seen, seen.spec == spec {
            if now() - seen.since >= LeaseLock.milliseconds(of: spec) { return nil }
        } else {
            seen = (spec, now())
        }
        return Holder(name: name, since: LeaseLock.since(in: lease))
    }

    /// How long a Lease holds without a change: never longer than our own, whatever it says.
    private static func milliseconds(of spec: Value) -> Int {
        guard let seconds = spec["leaseDurationSeconds"]?.int, seconds > 0 else { return duration * 1000 }
        return min(seconds, duration) * 1000
    }

    private static func name(in lease: Value) -> String { lease["spec"]?["holderIdentity"]?.string ?? "" }

    private static func since(in lease: Value) -> String {
        guard let time = lease["spec"]?["acquireTime"]?.string, let start = time.split(separator: ".").first else {
            return "an unknown time"
        }
        return start.hasSuffix("Z") ? String(start) : start + "Z"
    }

    /// Whether the last renewal is so far past that no difference of clocks explains it.
    private static func isLongPast(_ lease: Value) -> Bool {
        guard let renewed = lease["spec"]?["renewTime"]?.string.flatMap(RFC3339.seconds) else { return false }
        return renewed < SystemClock.now() - 20 * duration
    }

    /// RFC 3339 with microseconds, as the API wants a MicroTime.
    private func microTime() -> String {
        RFC3339.microTime(SystemClock.now())
    }
}
