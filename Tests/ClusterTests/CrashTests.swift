import Foundation
import Sandbox
import Synchronization
import TestSupport
import Testing
import Values

/// A command that changes a mesh, with the state that it starts from and the one that it leads to.
private struct Journey: Sendable {
    /// Does what it should, however often it is given.
    let line: String
    let before: SandboxSnapshot
    let after: [String: Value]
    let writes: Int
    let requests: Int

    static let upgrade = make("upgrade --version \(Mesh.new) --yes", after: [old])
    static let install = make("install --yes", after: [])
    static let uninstall = make("uninstall --yes", after: [old])
    static let rollback = make("rollback 1 --yes", after: [old, "upgrade --version \(Mesh.new) --yes"])
    private static let old = "install --version \(Mesh.old) --allow-end-of-life --yes"

    private static func make(_ line: String, after earlier: [String]) -> Result<Journey, any Error> {
        Result { () throws(any Error) in try Journey(line, after: earlier) }
    }

    private init(_ line: String, after earlier: [String]) throws {
        self.line = line
        let mesh = try Mesh(.sandbox)
        let sandbox = try #require(mesh.cluster.sandbox)
        for line in earlier { _ = try mesh.sail(line) }
        before = sandbox.snapshot()
        sandbox.forgetRequests()
        let run = try mesh.sail(line)
        #expect(run.code == 0, "\(line): \(run.end)")
        requests = sandbox.requests.count
        writes = sandbox.writes.count
        after = try mesh.content()
    }
}

/// kill -9 of a run at its every step: the same command again leads to the same end, and history tells the truth.
///
/// What the server is left with depends on the writes alone. An upgrade is killed after each of its writes, other commands
/// after every fifth; SAIL_EVERY_REQUEST=1 tries every write of them all, and every request of the upgrade.
@Suite struct CrashTests {
    private static let slices = 12
    private static let isThorough = ProcessInfo.processInfo.environment["SAIL_EVERY_REQUEST"] == "1"

    @Test(arguments: 0..<slices)
    func anUpgradeConvergesWhereverOneWasKilled(slice: Int) throws {
        let journey = try Journey.upgrade.get()
        let mesh = try Mesh(.sandbox)
        for place in 1...journey.writes where place % CrashTests.slices == slice {
            let revisions = try converge(mesh, journey, "write \(place)") { $0.at(write: place, do: $1) }
            // What was there before is past, whichever run ended the upgrade.
            #expect(revisions.filter { $0.hasSuffix(" 1 superseded") }.count == 4, "write \(place): \(revisions)")
        }
        guard CrashTests.isThorough else { return }
        for place in 1...journey.requests where place % CrashTests.slices == slice {
            _ = try converge(mesh, journey, "request \(place)") { $0.at(request: place, do: $1) }
        }
    }

    @Test(arguments: 0..<3)
    func anInstallConvergesWhereverOneWasKilled(slice: Int) throws {
        try sample(Journey.install.get(), slice)
    }

    @Test(arguments: 0..<3)
    func aRollbackConvergesWhereverOneWasKilled(slice: Int) throws {
        try sample(Journey.rollback.get(), slice)
    }

    @Test(arguments: 0..<3)
    func anUninstallConvergesWhereverOneWasKilled(slice: Int) throws {
        try sample(Journey.uninstall.get(), slice)
    }

    private func sample(_ journey: Journey, _ slice: Int) throws {
        let mesh = try Mesh(.sandbox)
        let step = CrashTests.isThorough ? 1 : 5
        for (index, place) in stride(from: 1, through: journey.writes, by: step).enumerated() where index % 3 == slice {
            _ = try converge(mesh, journey, "\(journey.line), write \(place)") { $0.at(write: place, do: $1) }
        }
    }

    /// Kills a run at the place that `plan` sets, runs the command again, and answers the revisions after it.
    private func converge(
        _ mesh: Mesh, _ journey: Journey, _ place: String,
        plan: (Sandbox, @escaping @Sendable () -> Void) -> Void
    ) throws -> [String] {
        let sandbox = try #require(mesh.cluster.sandbox)
        sandbox.restore(journey.before)
        sandbox.forgetRequests()
        let victim = Victim()
        plan(sandbox) { victim.kill() }
        let program = try mesh.start(journey.line)
        victim.identifier = program.identifier
        let killed = program.end()
        sandbox.forgetActions()
        // The lock is renewed by the clock: a run may have had one request less than the one that was counted.
        #expect(killed.code == 137 || sandbox.requests.count < journey.requests, "\(place)")
        let run = try mesh.sail(journey.line)
        #expect(run.code == 0, "\(place): \(run.end)")
        #expect(try mesh.content() == journey.after, "\(place)")
        let revisions = try mesh.revisions()
        let newest = Dictionary(grouping: revisions) { $0.prefix { $0 != " " } }.values.compactMap { $0.max() }
        #expect(newest.allSatisfy { $0.hasSuffix("deployed") }, "\(place): \(revisions)")
        #expect(revisions.filter { $0.hasSuffix("deployed") }.count == newest.count, "\(place): \(revisions)")
        #expect(newest.count == (journey.line.hasPrefix("uninstall") ? 0 : 4), "\(place): \(revisions)")
        #expect(revisions.filter { $0.contains("pending") } == [], "\(place): \(revisions)")
        return revisions
    }
}

/// The process to be killed, which may reach the place before its identifier is known here.
private final class Victim: Sendable {
    private let known = Mutex<pid_t?>(nil)

    var identifier: pid_t? {
        get { known.withLock { $0 } }
        set { known.withLock { $0 = newValue } }
    }

    func kill() {
        while identifier == nil { usleep(1000) }
        if let identifier { Glibc.kill(identifier, SIGKILL) }
    }
}
