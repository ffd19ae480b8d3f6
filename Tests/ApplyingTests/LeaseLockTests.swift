import Applying
import Kubernetes
import TestSupport
import Testing
import Values

/// A clock that a test moves, in milliseconds.
private final class TestClock {
    var now = 1_000_000
    func pass(seconds: Int) { now += seconds * 1000 }
}

/// Who may write, judged by one machine's clock alone.
@Suite struct LeaseTests {
    private let path = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/sail"
    private let clock = TestClock()
    private let server = MemoryServer()

    private func lock(_ holder: String) throws -> LeaseLock {
        LeaseLock(try server.client(), namespace: "istio-system", holder: holder, now: { [clock] in clock.now })
    }

    private func put(_ spec: Value) {
        server.put(path, ["metadata": ["name": "sail"], "spec": spec])
    }

    /// Leases that no clock can judge: each is free after half a minute without a change, and not before.
    @Test(arguments: [
        #"{"leaseDurationSeconds": 30, "renewTime": "2020-01-01T00:00:00.000000Z"}"#,
        #"{"leaseDurationSeconds": 2147483647, "renewTime": "2094-12-06T00:00:00.000000Z"}"#,
        #"{"leaseDurationSeconds": 9223372036854775807, "renewTime": "2026-01-01T00:00:00.000000Z"}"#,
        #"{"leaseDurationSeconds": -5, "renewTime": "never"}"#,
        #"{"leaseDurationSeconds": "long", "renewTime": 7, "acquireTime": ""}"#,
        #"{"leaseDurationSeconds": 0, "acquireTime": []}"#,
        #"{}"#,
    ])
    func aForeignLeaseIsFreeOnceItHasNotChangedForHalfAMinute(text: String) throws {
        guard case .map(var spec) = try Value(json: text, numbers: .native) else { return }
        spec["holderIdentity"] = "ann@a (pid 1)"
        put(.map(spec))
        let second = try lock("bob@b (pid 2)")
        #expect(try second.take()?.name == "ann@a (pid 1)")
        clock.pass(seconds: 29)
        #expect(try second.take()?.name == "ann@a (pid 1)")
        clock.pass(seconds: 1)
        #expect(try second.take() == nil)
        #expect(server.objects[path]?["spec"]?["holderIdentity"] == "bob@b (pid 2)")
    }

    @Test func aShorterDurationCountsAndARenewalBeginsItAnew() throws {
        put(["holderIdentity": "ann@a (pid 1)", "leaseDurationSeconds": 10, "renewTime": "a"])
        let second = try lock("bob@b (pid 2)")
        #expect(try second.take() != nil)
        clock.pass(seconds: 9)
        put(["holderIdentity": "ann@a (pid 1)", "leaseDurationSeconds": 10, "renewTime": "b"])
        #expect(try second.take() != nil)
        clock.pass(seconds: 9)
        #expect(try second.take() != nil)
        clock.pass(seconds: 1)
        #expect(try second.take() == nil)
    }

    @Test func labelsOfALeaseAreNoRenewal() throws {
        put(["holderIdentity": "ann@a (pid 1)"])
        let second = try lock("bob@b (pid 2)")
        #expect(try second.take() != nil)
        server.put(
            path, ["metadata": ["name": "sail", "labels": ["a": "b"]], "spec": ["holderIdentity": "ann@a (pid 1)"]])
        clock.pass(seconds: 30)
        #expect(try second.take() == nil)
    }

    /// As after a renewal whose answer a signal cut short.
    @Test func aLeaseThatHasChangedIsGivenBackWhileItIsStillOurs() throws {
        let first = try lock("ann@a (pid 1)")
        #expect(try first.take() == nil)
        var lease = try #require(server.objects[path]?.map)
        lease.set("c", at: ["spec", "renewTime"])
        server.put(path, .map(lease))
        first.release()
        #expect(server.objects[path]?["spec"]?["holderIdentity"] == "")
    }

    @Test func anOldLockSendsNothingUntilItIsRenewed() throws {
        let first = try lock("ann@a (pid 1)")
        #expect(try first.take() == nil)
        #expect(first.isFresh)
        clock.pass(seconds: 20)
        #expect(!first.isFresh)
        first.renew()
        #expect(first.isFresh)
        #expect(first.loss == nil)
    }

    /// As a run that was frozen, or whose machine slept, while another one took the lock.
    @Test func aLockThatAnotherTookIsLostForGood() throws {
        let first = try lock("ann@a (pid 1)")
        #expect(try first.take() == nil)
        clock.pass(seconds: 60)
        put(["holderIdentity": "bob@b (pid 2)"])
        first.renew()
        #expect(first.loss == "bob@b (pid 2) took the lock")
        #expect(!first.isFresh)
        first.releaseForGood()
        #expect(server.objects[path]?["spec"]?["holderIdentity"] == "bob@b (pid 2)")
    }

    @Test func aLockThatNobodyTookMeanwhileIsRenewedHoweverOldItIs() throws {
        let first = try lock("ann@a (pid 1)")
        #expect(try first.take() == nil)
        clock.pass(seconds: 3600)
        first.renew()
        #expect(first.loss == nil)
        #expect(first.isFresh)
    }

    /// Frozen between its renewal and the answer to it, a run cannot tell how old the answer is.
    @Test func aLateAnswerMakesNoFreshLock() throws {
        let first = try lock("ann@a (pid 1)")
        #expect(try first.take() == nil)
        clock.pass(seconds: 11)
        server.onRequest = { [clock] in clock.pass(seconds: 60) }
        first.renew()
        #expect(first.loss == nil)
        #expect(!first.isFresh)
    }

    @Test func aDeletedLockIsLost() throws {
        let first = try lock("ann@a (pid 1)")
        #expect(try first.take() == nil)
        _ = try server.client().send(.delete(path))
        clock.pass(seconds: 11)
        first.renew()
        #expect(first.loss == "the lock (Lease istio-system/sail) was deleted")
    }

    /// A Lease whose answer was lost on the way is this run's own.
    @Test func ownLeaseIsTakenAtOnce() throws {
        put(["holderIdentity": "ann@a (pid 1)"])
        #expect(try lock("ann@a (pid 1)").take() == nil)
    }
}

/// Requests that are held back while the lock is not known to be ours.
@Suite struct HeldBackTests {
    @Test func nothingOfABatchIsSentAfterTheLockIsLost() throws {
        let server = MemoryServer()
        let client = try server.client()
        var isLost = false
        client.maySend = { !isLost && server.sent.count < 3 }
        client.heartbeat = { isLost = server.sent.count >= 3 }
        client.isInterrupted = { isLost }
        let calls = (0..<8).map {
            APIRequest.create("/api/v1/namespaces/n/secrets", ["metadata": ["name": .string("s\($0)")]])
        }
        let answers = client.send(calls)
        #expect(server.sent.count == 3)
        let failures = answers.dropFirst(3).map { answer -> String in
            if case .failure(let error) = answer { error.description } else { "sent" }
        }
        #expect(failures == Array(repeating: "interrupted", count: 5))
    }

    @Test func aRenewalLetsTheRestGo() throws {
        let server = MemoryServer()
        let client = try server.client()
        var allowed = 3
        client.maySend = { server.sent.count < allowed }
        client.heartbeat = { allowed = server.sent.count + 3 }
        let calls = (0..<8).map {
            APIRequest.create("/api/v1/namespaces/n/secrets", ["metadata": ["name": .string("s\($0)")]])
        }
        for answer in client.send(calls) { _ = try answer.get() }
        #expect(server.sent.count == 8)
    }
}
