import Testing

@testable import Operations

/// The controller's queue, by a clock of numbers.
@Suite struct WorkQueueTests {
    private let istio = ResourceKey(kind: "Istio", name: "default")
    private let ztunnel = ResourceKey(kind: "ZTunnel", name: "default")

    @Test func theControlPlaneIsFirstAndAResourceIsInItOnce() {
        var queue = WorkQueue()
        queue.add(ztunnel, .reconcile, at: 0)
        queue.add(istio, .status, at: 5)
        queue.add(istio, .reconcile, at: 5)
        #expect(queue.next(now: 0)?.key == ztunnel)
        #expect(queue.next(now: 4) == nil)
        queue.add(ztunnel, .status, at: 5)
        let first = queue.next(now: 5)
        #expect(first?.key == istio)
        #expect(first?.work == .reconcile)
        #expect(queue.next(now: 5)?.key == ztunnel)
        #expect(queue.next(now: 5) == nil)
    }

    @Test func failuresComeBackLaterAndLater() {
        var queue = WorkQueue()
        let delays = (0..<20).map { _ in
            _ = queue.next(now: 1 << 40)
            return queue.repeatLater(ztunnel, now: 0)
        }
        #expect(delays.prefix(4) == [5, 10, 20, 40])
        #expect(delays.last == 1_000_000)
        queue.settle(ztunnel, now: 0)
        _ = queue.next(now: 1 << 40)
        #expect(queue.repeatLater(ztunnel, now: 0) == 5)
    }

    @Test func oneResourcesBackOffIsNotAnothers() {
        var queue = WorkQueue()
        for _ in 0..<10 { queue.repeatLater(ztunnel, now: 0) }
        #expect(queue.repeatLater(istio, now: 0) == 5)
    }

    @Test func anEventComesBeforeTheBackOff() {
        var queue = WorkQueue()
        for _ in 0..<10 { queue.repeatLater(ztunnel, now: 0) }
        _ = queue.next(now: 1 << 40)
        queue.repeatLater(ztunnel, now: 0)
        #expect(queue.next(now: 100) == nil)
        queue.add(ztunnel, .reconcile, at: 100)
        #expect(queue.next(now: 100)?.key == ztunnel)
    }

    @Test func aSettledResourceHasATurnAfterTenHours() {
        var queue = WorkQueue()
        queue.settle(istio, now: 0)
        #expect(queue.nextTime == 36_000_000)
        queue.forget(istio)
        #expect(queue.nextTime == nil)
    }

    @Test func whatIsNotHealthyIsLookedAtAgain() {
        var queue = WorkQueue()
        queue.settle(istio, now: 0)
        queue.look(istio, isHealthy: false, now: 0)
        #expect(queue.nextTime == 2000)
        let work = queue.next(now: 2000)?.work
        #expect(work == .status)
        queue.look(istio, isHealthy: false, now: 2000)
        #expect(queue.nextTime == 6000)
        queue.look(istio, isHealthy: true, now: 6000)
        _ = queue.next(now: 6000)
        #expect(queue.nextTime == 36_000_000)
    }
}
