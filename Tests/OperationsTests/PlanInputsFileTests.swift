import Foundation
import Operations
import Planning
import Sandbox
import TestSupport
import Testing
import Values

/// The file that SAIL_PLAN_INPUTS names.
@Suite struct PlanInputsFileTests {
    @Test func aPlanCanBeMadeAgainFromIt() throws {
        let path = NSTemporaryDirectory() + "plan-inputs-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bench = try Bench()
        #expect(try bench.run(.install) { $0.version = Bench.old } == 0)
        _ = try bench.run(.upgrade) {
            $0.cluster.dryRun = .server
            $0.environment["SAIL_PLAN_INPUTS"] = path
        }
        let shown = try #require(bench.ui.plans.last?.preview.plan)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let inputs = try #require(PlanInputs(try Value(json: bytes, numbers: .native)))
        #expect(inputs.plan.changes.map(\.identity) == shown.changes.map(\.identity))
        #expect(inputs.plan.changes.map(\.action) == shown.changes.map(\.action))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func aPlaceThatCannotBeWrittenStopsTheRun() throws {
        let bench = try Bench()
        let message = bench.failure(.install) { $0.environment["SAIL_PLAN_INPUTS"] = "/nonexistent/plan.json" }
        #expect(message.contains("SAIL_PLAN_INPUTS=/nonexistent/plan.json cannot be written"), "\(message)")
        #expect(bench.sandbox.writes.filter { $0.path.contains("configmaps") } == [])
    }
}
