import Foundation
import Sandbox
import Synchronization
import TestSupport
import Testing
import Values

/// SIGINT, SIGTERM and SIGHUP (a lost ssh) at any moment of a run: it ends with 128 and the signal's number, leaves no
/// revision pending and no lock held, and the same command goes on.
@Suite struct InterruptionTests {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    private func holder(_ mesh: Mesh) -> String {
        let path = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/sail"
        return (try? mesh.object(path))?["spec"]?["holderIdentity"]?.string ?? ""
    }

    /// Interrupts a run at a request, and answers how it ended; `nil` where it made fewer requests.
    private func interrupt(_ mesh: Mesh, _ line: String, at request: Int, _ signal: Int32) throws -> Run? {
        let sandbox = try #require(mesh.cluster.sandbox)
        sandbox.forgetRequests()
        sandbox.forgetActions()
        let before = sandbox.snapshot()
        let victim = Victim()
        sandbox.at(request: request) { victim.signal(signal) }
        let program = try mesh.start(line)
        victim.set(program.identifier)
        let run = program.end()
        sandbox.forgetActions()
        guard victim.wasSignalled else { return nil }
        let place = "\(line), request \(request), signal \(signal)"
        // A run whose last requests were under way has done all that it should.
        #expect(run.code == 128 + signal || run.code == 0, "\(place): \(run.code) \(run.end)")
        #expect(!run.messages.contains("Fatal error"), "\(place): \(run.end)")
        #expect(holder(mesh) == "", "\(place)")
        let pending = ((try? mesh.revisions()) ?? []).filter { $0.contains("pending") }
        #expect(pending == [], "\(place)")
        sandbox.restore(before)
        return run
    }

    @Test(arguments: signals)
    func anInstallMayBeInterruptedAtEachRequest(signal: Int32) throws {
        let mesh = try Mesh(.sandbox)
        let first = InterruptionTests.signals.firstIndex(of: signal) ?? 0
        // Each signal at every third request until the lock is taken and the first objects are applied, then fewer.
        var request = 1 + first
        while try interrupt(mesh, "install --yes", at: request, signal) != nil { request += request < 40 ? 3 : 15 }
        #expect(request > 20)
        #expect(try mesh.sail("install --yes").code == 0)
    }

    @Test(arguments: ["upgrade --version \(Mesh.new) --yes", "uninstall --yes"])
    func soMayOtherRuns(line: String) throws {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.installOld().code == 0)
        var request = 1
        while try interrupt(mesh, line, at: request, InterruptionTests.signals[request % 3]) != nil { request += 7 }
        #expect(request > 20)
        #expect(try mesh.sail(line).code == 0)
    }

    @Test(arguments: signals)
    func aWaitEndsWithItsRecordsClosed(signal: Int32) throws {
        let mesh = try Mesh(.sandbox)
        mesh.cluster.breakImages("pilot")
        let program = try mesh.start("install --yes")
        for _ in 0..<300 where !program.messages.contains("0 of 1") { usleep(50_000) }
        program.signal(signal)
        let run = program.end()
        #expect(run.code == 128 + signal, "\(run.end)")
        #expect(try mesh.revisions().contains("istiod 1 failed"))
        #expect(holder(mesh) == "")
    }

    @Test(arguments: ["POST", "PATCH"], signals)
    func theNamespaceAndTheLockAreNoExceptions(method: String, signal: Int32) throws {
        let mesh = try Mesh(.sandbox)
        let sandbox = try #require(mesh.cluster.sandbox)
        // The namespace is applied, the Lease created.
        let path = method == "POST" ? "/leases" : "/api/v1/namespaces/istio-system?"
        sandbox.add(Fault(.delay(1500), method: method, path: path, times: method == "POST" ? 1 : 2))
        let program = try mesh.start("install --yes")
        for _ in 0..<400 {
            let isThere = method == "POST" ? program.messages.contains("created namespace") : plannedApply(sandbox)
            if isThere { break }
            usleep(25_000)
        }
        usleep(200_000)
        program.signal(signal)
        let run = program.end()
        #expect(run.code == 128 + signal, "\(run.end)")
        #expect(holder(mesh) == "")
        #expect(try mesh.sail("install --yes").code == 0)
    }

    /// Whether the dry run of the plan is over, so that the next apply of the namespace is the real one.
    private func plannedApply(_ sandbox: Sandbox) -> Bool {
        sandbox.requests.contains { $0.method == "PATCH" && $0.path == "/api/v1/namespaces/istio-system" }
    }

    @Test func aRunUnderNohupOutlivesItsTerminal() throws {
        let mesh = try Mesh(.sandbox)
        mesh.cluster.breakImages("pilot")
        let before = Glibc.signal(SIGHUP, SIG_IGN)
        let program = try mesh.start("install --yes")
        Glibc.signal(SIGHUP, before)
        for _ in 0..<300 where !program.messages.contains("0 of 1") { usleep(50_000) }
        program.signal(SIGHUP)
        usleep(500_000)
        mesh.cluster.breakImages(nil)
        #expect(program.end().code == 0)
    }

    @Test func aReadThatHangsIsNotWaitedFor() throws {
        var settings = SandboxSettings.quick
        settings.podSeconds = 1
        let mesh = try Mesh(.sandbox, settings)
        mesh.cluster.breakImages("pilot")
        let program = try mesh.start("install --yes --timeout 4s")
        for _ in 0..<300 where !program.messages.contains("0 of 1") { usleep(50_000) }
        // What is looked at after the time is over does not answer.
        mesh.cluster.sandbox?.add(Fault(.delay(30_000), method: "GET", path: "/pods"))
        mesh.cluster.sandbox?.add(Fault(.delay(30_000), method: "GET", path: "/deployments"))
        sleep(6)
        let start = Date()
        program.signal(SIGINT)
        let run = program.end()
        #expect(run.code == 130, "\(run.end)")
        #expect(Date().timeIntervalSince(start) < 10)
        #expect(holder(mesh) == "")
    }
}

/// A process that is known only after the hook that is to signal it was set.
private final class Victim: Sendable {
    private let state = Mutex<(pid: pid_t, isDone: Bool)>((0, false))

    var wasSignalled: Bool { state.withLock { $0.isDone } }

    func set(_ pid: pid_t) { state.withLock { $0.pid = pid } }

    func signal(_ signal: Int32) {
        state.withLock { state in
            guard state.pid > 0 else { return }
            kill(state.pid, signal)
            state.isDone = true
        }
    }
}
