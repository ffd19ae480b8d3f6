import HelmReleases
import Istio
import Testing
import Values

/// Runs as `sail history` lists them.
@Suite struct RunSummaryTests {
    @Test func aRunIsOneLineOverItsComponents() {
        let runs = history(
            """
            istiod 1 superseded A
            ztunnel 1 superseded A
            istiod 2 deployed B
            ztunnel 2 deployed B
            """
        ).runs
        #expect(runs.map { $0.run?.id ?? "" } == ["A", "B"])
        #expect(runs.map { $0.records.map(\.chartName) } == [["istiod", "ztunnel"], ["istiod", "ztunnel"]])
        #expect(runs.map(\.result) == [.complete, .complete])
        #expect(runs.map(\.purpose) == ["upgrade", "upgrade"])
    }

    @Test func eachRevisionOfHelmIsARunOfItsOwn() {
        let runs = history("istiod 1 superseded A\nztunnel 1 deployed A\nistiod 2 deployed").runs
        #expect(runs.map(\.purpose) == ["upgrade", "helm istiod"])
        #expect(runs.map(\.isSails) == [true, false])
    }

    @Test func aRunThatFailedPendsOrDiedSaysSo() {
        let failed = history("istiod 1 deployed A\nztunnel 1 failed A").runs
        #expect(failed.map(\.result) == [.failed("ztunnel: ")])
        let died = history("istiod 1 deployed A").runs
        #expect(died.map(\.result) == [.failed("it ended before ztunnel")])
        let pending = history("istiod 1 deployed A\nztunnel 1 pending-install A").runs
        #expect(pending.map(\.result) == [.pending("ztunnel is pending-install: ")])
    }

    @Test func versionsAreThoseOfIstiodBeforeAndAfter() {
        var records = history(
            "istiod 1 superseded A\nztunnel 1 superseded A\nistiod 2 deployed B\nztunnel 2 deployed B")
        for index in records.records.indices {
            let version = records.records[index].revision == 1 ? "1.29.6" : "1.30.3"
            let name = records.records[index].chartName
            records.records[index].chart = ["metadata": ["name": .string(name), "appVersion": .string(version)]]
            records.records[index].ended = records.records[index].time + 41
        }
        #expect(records.runs.map(\.title) == ["upgrade v1.29.6", "upgrade v1.29.6 → v1.30.3"])
        // The records of one run are a minute apart.
        #expect(records.runs.map(\.seconds) == [101, 101])
    }

    @Test func detailsAndTheEndSurviveTheSecret() throws {
        var record = try #require(history("istiod 1 deployed A").records.first)
        record.run?.details = RunDetails(user: "ops@example.com", flags: ["--version v1.30.3"], changes: "3 changed")
        record.ended = 1_800_000_000
        let read = try ReleaseRecord(secret: record.secret(now: 0, isNew: true))
        #expect(read.run?.details == record.run?.details)
        #expect(read.ended == 1_800_000_000)
        #expect(read.request == record.request)
    }

    @Test func aDamagedEndIsNoTime() throws {
        var record = try #require(history("istiod 1 deployed A").records.first)
        record.ended = Int.min
        let runs = ReleaseHistory(records: [record]).runs
        #expect(runs.map(\.seconds) == [nil])
    }
}
