import Applying
import ClusterState
import HelmReleases
import Istio
import Meshes
import Operations
import Testing
import Values

/// A record of a component; `run` is `nil` in what Helm made. Minutes tell the order.
private func record(
    _ component: String, _ revision: Int, _ status: ReleaseRecord.Status, run: String?, minute: Int, _ values: Value,
    config: Value = [:]
) -> ReleaseRecord {
    ReleaseRecord(
        name: component, namespace: "istio-system", revision: revision, status: status, firstDeployed: "",
        lastDeployed: "2026-11-24T10:1\(minute):00Z", description: "",
        chart: ["metadata": ["name": .string(component), "version": "1.30.3", "appVersion": "1.30.3"]],
        config: config, manifest: "",
        request: run.map { _ in ["profile": "ambient", "version": "v1.30.3", "values": values] } ?? .null,
        run: run.map { OperationID(id: $0, components: [.istiod, .ztunnel]) })
}

@Suite struct MemoryTests {
    private let good = [
        record("istiod", 1, .superseded, run: "A", minute: 0, ["pilot": ["a": 1]]),
        record("ztunnel", 1, .deployed, run: "A", minute: 1, ["pilot": ["a": 1]]),
    ]

    @Test func aRunThatFailedIsNotRemembered() {
        let failed = [
            record("istiod", 2, .deployed, run: "B", minute: 2, ["pilot": ["a": 2]]),
            record("ztunnel", 2, .failed, run: "B", minute: 3, ["pilot": ["a": 2]]),
        ]
        let memory = StoredSettings(ReleaseHistory(records: good + failed))
        #expect(memory.noted?.values == ["pilot": ["a": 1]])
        #expect(memory.noted?.place == "release ztunnel, revision 1")
    }

    @Test func aFirstRunThatFailedIsAllThereIs() {
        let failed = [
            record("istiod", 1, .deployed, run: "B", minute: 2, ["pilot": ["a": 2]]),
            record("ztunnel", 1, .failed, run: "B", minute: 3, ["pilot": ["a": 2]]),
        ]
        let memory = StoredSettings(ReleaseHistory(records: failed))
        #expect(memory.noted == nil)
        #expect(memory.helms == nil)
        #expect(memory.attempted?.values == ["pilot": ["a": 2]])
    }

    @Test func whatHelmDidToOneReleaseSinceCountsForIt() {
        let helms = record("ztunnel", 2, .deployed, run: nil, minute: 4, .null, config: ["logLevel": "debug"])
        let memory = StoredSettings(ReleaseHistory(records: good + [helms]))
        #expect(memory.noted?.values == ["pilot": ["a": 1], "ztunnel": ["logLevel": "debug"]])
        #expect(memory.noted?.place == "release ztunnel, revision 1; release ztunnel, revision 2")
    }

    @Test func whatHelmDidBeforeIsPartOfTheNote() {
        let first = record("ztunnel", 1, .superseded, run: nil, minute: 0, .null, config: ["logLevel": "debug"])
        let own = [
            record("istiod", 2, .deployed, run: "A", minute: 1, ["pilot": ["a": 1]]),
            record("ztunnel", 2, .deployed, run: "A", minute: 2, ["pilot": ["a": 1]]),
        ]
        #expect(StoredSettings(ReleaseHistory(records: [first] + own)).noted?.values == ["pilot": ["a": 1]])
    }

    @Test func helmsFailureDoesNotCount() {
        let failed = record("ztunnel", 2, .failed, run: nil, minute: 4, .null, config: ["logLevel": "debug"])
        #expect(StoredSettings(ReleaseHistory(records: good + [failed])).noted?.values == ["pilot": ["a": 1]])
    }

    private func helms(_ ztunnel: Value) -> StoredSettings {
        let config: Value = ["profile": "ambient", "pilot": ["a": 3]]
        return StoredSettings(
            ReleaseHistory(records: [
                record("istiod", 1, .deployed, run: nil, minute: 0, .null, config: config),
                record("ztunnel", 1, .deployed, run: nil, minute: 1, .null, config: ztunnel),
            ]))
    }

    @Test func withoutANoteHelmsValuesCount() {
        let memory = helms(["profile": "ambient", "logLevel": "debug"])
        #expect(memory.noted == nil)
        #expect(memory.helms?.values == ["pilot": ["a": 3], "ztunnel": ["logLevel": "debug"]])
        #expect(memory.helms?.profile == "ambient")
        #expect(memory.helms?.version == "v1.30.3")
    }

    /// As Helm's own guide has it; the profile would change ztunnel's image, and roll it on every node.
    @Test func ztunnelStaysWithoutAProfile() {
        #expect(
            helms(["logLevel": "debug"]).helms?.values["ztunnel"] == [
                "logLevel": "debug", "global": ["variant": .null],
                "meshConfig": ["defaultConfig": ["proxyMetadata": .null]],
            ])
    }
}
