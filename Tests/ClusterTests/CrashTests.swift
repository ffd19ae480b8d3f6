import Foundation
import Sandbox
import TestClusters
import Testing
import Values

/// A mesh to be upgraded, and how it is afterwards.
private struct Upgrade: Sendable {
    let before: SandboxSnapshot
    let after: [String: Value]
    /// The numbers of the requests that wrote.
    let writes: [Int]
    let requests: Int

    static let shared: Result<Upgrade, any Error> = Result { try Upgrade() }

    private init() throws {
        let mesh = try Mesh(.sandbox)
        let sandbox = try #require(mesh.cluster.sandbox)
        #expect(try mesh.installOld().code == 0)
        before = sandbox.snapshot()
        sandbox.forgetRequests()
        #expect(try mesh.upgrade().code == 0)
        requests = sandbox.requests.count
        writes = sandbox.requests.enumerated().filter { $0.element.isWrite }.map { $0.offset + 1 }
        after = try mesh.content()
    }
}

/// kill -9 of an upgrade after each of its requests.
@Suite struct CrashTests {
    /// What the server is left with depends on the writes alone; SAIL_EVERY_REQUEST=1 tries all the others too.
    private static let slices = 12

    @Test(arguments: 0..<slices)
    func theNextRunConvergesWhereverOneWasKilled(slice: Int) throws {
        let upgrade = try Upgrade.shared.get()
        let isWhole = ProcessInfo.processInfo.environment["SAIL_EVERY_REQUEST"] == "1"
        let places = isWhole ? Array(1...upgrade.requests) : upgrade.writes
        let mesh = try Mesh(.sandbox)
        for (index, place) in places.enumerated() where index % CrashTests.slices == slice {
            try tryOne(mesh, upgrade, killedAt: place)
        }
    }

    private func tryOne(_ mesh: Mesh, _ upgrade: Upgrade, killedAt place: Int) throws {
        let sandbox = try #require(mesh.cluster.sandbox)
        sandbox.restore(upgrade.before)
        sandbox.forgetRequests()
        let program = try mesh.start("upgrade --version \(Mesh.new) --yes")
        let identifier = program.identifier
        sandbox.at(request: place) { kill(identifier, SIGKILL) }
        let killed = program.end()
        #expect(killed.code == 137, "request \(place)")
        let run = try mesh.upgrade()
        #expect(run.code == 0, "request \(place): \(run.end)")
        #expect(try mesh.content() == upgrade.after, "request \(place)")
        let revisions = try mesh.revisions()
        let newest = Dictionary(grouping: revisions) { $0.prefix { $0 != " " } }.values.compactMap { $0.max() }
        #expect(newest.allSatisfy { $0.hasSuffix("deployed") }, "request \(place): \(revisions)")
        #expect(revisions.filter { $0.hasSuffix("deployed") }.count == 4, "request \(place): \(revisions)")
        #expect(revisions.filter { $0.contains("pending") } == [], "request \(place): \(revisions)")
        // What was there before the first upgrade is not there any longer, whichever run ended it.
        #expect(revisions.filter { $0.hasSuffix("1 superseded") }.count == 4, "request \(place): \(revisions)")
    }
}
