import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// A run that was frozen longer than its lock holds, and goes on: it writes nothing over what came after it.
@Suite struct LostLockTests {
    private static let lease = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/sail"

    @Test(arguments: ClusterKind.available)
    func aFrozenRunSendsNothingOverTheNextOne(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld().code == 0)
        mesh.cluster.breakImages("pilot:1.30")
        let frozen = try mesh.start("upgrade --version \(Mesh.new) --yes")
        for _ in 0..<1200 where !frozen.messages.contains("Deployment istio-system/istiod: ") { usleep(50_000) }
        frozen.signal(SIGSTOP)
        mesh.cluster.breakImages(nil)
        // Its Lease does not change for half a minute: the next run takes the lock.
        let next = try mesh.sail("upgrade --version \(Mesh.new) --yes --set ztunnel.logLevel=debug")
        #expect(next.code == 0, "\(next.end)")
        #expect(next.messages.contains("another run is at work on this mesh: tester@"), "\(next.end)")
        let versions = try mesh.versionsAtRest()
        frozen.signal(SIGCONT)
        let run = frozen.end()
        #expect(run.code == 1, "\(run.end)")
        #expect(run.messages.contains("the lock"), "\(run.end)")
        #expect(run.messages.contains("run the command again"), "\(run.end)")
        #expect(try mesh.versionsAtRest() == versions)
        #expect(try mesh.sail("diff").code == 0)
    }

    /// Taken by another in the middle of a batch of writes.
    @Test(arguments: [25, 40])
    func aRunWhoseLockIsTakenInTheMiddleOfABatchStops(write: Int) throws {
        let mesh = try Mesh(.sandbox)
        let sandbox = try #require(mesh.cluster.sandbox)
        let client = try mesh.cluster.client()
        let program = Frozen()
        sandbox.at(write: write) { program.stop() }
        let started = try mesh.start("install --yes")
        program.identifier = started.identifier
        for _ in 0..<600 where !program.isStopped { usleep(50_000) }
        try #require(program.isStopped)
        // Whatever was on its way has arrived.
        usleep(1_000_000)
        let other: Value = ["spec": ["holderIdentity": "ann@a (pid 1)"]]
        _ = try client.send(.mergePatch(LostLockTests.lease, other))
        // Past the age at which a lock is renewed before anything else is sent.
        sleep(21)
        let versions = try mesh.versions()
        started.signal(SIGCONT)
        let run = started.end()
        #expect(run.code == 1, "\(run.end)")
        #expect(run.messages.contains("ann@a (pid 1) took the lock"), "\(run.end)")
        #expect(try mesh.versions() == versions)
    }
}

/// A process to be stopped, which may reach the place before its identifier is known here.
private final class Frozen: @unchecked Sendable {
    private let lock = NSLock()
    private var known: pid_t?
    private var stopped = false

    var identifier: pid_t? {
        get { lock.withLock { known } }
        set { lock.withLock { known = newValue } }
    }

    var isStopped: Bool { lock.withLock { stopped } }

    func stop() {
        while identifier == nil { usleep(1000) }
        if let identifier { kill(identifier, SIGSTOP) }
        lock.withLock { stopped = true }
    }
}
