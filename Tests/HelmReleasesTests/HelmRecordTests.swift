import Foundation
import HelmReleases
import Istio
import TestSupport
import Testing
import Values

/// Secrets that real Helm wrote: see Tests/Fixtures/records/README.md.
@Suite struct HelmRecordTests {
    private func secret(_ revision: Int) throws -> Value {
        let file = Repository.fixtures.appendingPathComponent("records/demo-v\(revision).json")
        return try Value(json: Array(Data(contentsOf: file)), numbers: .native)
    }

    static let cases: [(revision: Int, status: ReleaseRecord.Status, description: String, color: Value, time: Int)] = [
        (1, .superseded, "Install complete", "green", 1_795_525_442),
        (2, .superseded, "Upgrade complete", "blue", 1_795_525_444),
        (3, .deployed, "Rollback to 1", "green", 1_795_525_445),
    ]

    @Test("Every field of Helm's records", arguments: cases)
    func fields(_ revision: Int, _ status: ReleaseRecord.Status, _ description: String, _ color: Value, _ time: Int)
        throws
    {
        let record = try ReleaseRecord(secret: secret(revision))
        #expect(record.name == "demo")
        #expect(record.namespace == "demo")
        #expect(record.revision == revision)
        #expect(record.status == status)
        #expect(record.description == description)
        #expect(record.config["color"] == color)
        #expect(record.notes == "It is \(color.string ?? "").\n")
        #expect(record.chartName == "demo")
        #expect(record.chartVersion == "1.2.3")
        #expect(record.appVersion == "4.5")
        #expect(record.firstDeployed == "2026-11-24T13:04:02.127387445Z")
        #expect(record.time == time)
        #expect(record.manifest.contains("umlaut: \"Größe <&>\""))
        #expect(record.hooks.list?.count == 1)
        #expect(record.request.isNull)
        #expect(record.run == nil)
    }

    /// What sail writes of a record is what it read, but for the status.
    @Test func aChangeOfStatusKeepsTheRest() throws {
        let before = try ReleaseRecord(secret: secret(3))
        var record = before
        record.status = .superseded
        let after = try ReleaseRecord(secret: record.secret(now: 1, isNew: false))
        #expect(after.status == .superseded)
        record.status = .deployed
        #expect(after.hooks == before.hooks)
        #expect(after.chart == before.chart)
        #expect(after.manifest == before.manifest)
        #expect(record == before)
    }
}
