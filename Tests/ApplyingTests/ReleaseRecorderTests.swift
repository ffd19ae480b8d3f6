import Applying
import HelmReleases
import Istio
import Kubernetes
import Planning
import TestSupport
import Testing
import Values

private func record(_ revision: Int, _ status: ReleaseRecord.Status = .deployed, manifest: String = "kind: ConfigMap\n")
    -> ReleaseRecord
{
    ReleaseRecord(
        name: "istiod", namespace: "istio-system", revision: revision, status: status,
        firstDeployed: "2026-11-24T10:00:00Z", lastDeployed: "2026-11-24T10:00:00Z", description: "as tested",
        chart: ["metadata": ["name": "istiod", "version": "1.30.3", "appVersion": "1.30.3"]],
        config: ["pilot": ["env": ["A": "b<c"]]], manifest: manifest, request: ["profile": "ambient"])
}

@Suite struct RecordingTests {
    private let content = ReleaseContent(
        component: .istiod, name: "istiod", namespace: "istio-system", chart: record(1).chart,
        config: record(1).config, manifest: "kind: ConfigMap\n")

    /// One run of an upgrade as the records see it; the server may die in it.
    private func upgrade(_ server: MemoryServer, maximum: Int = 10, _ outcome: Outcome? = nil) throws {
        let client = try server.client()
        var recording = ReleaseRecorder(
            try client.history(namespace: nil), ReleaseStorage(client, maximum: maximum), .upgrade,
            request: ["profile": "ambient"], contents: [content])
        try recording.note(.began(component: .istiod))
        try recording.note(.ended(component: .istiod, outcome))
    }

    private func states(_ server: MemoryServer) throws -> [String] {
        try server.client().history(namespace: nil).records.map { "\($0.revision) \($0.status.rawValue)" }
    }

    @Test func theRevisionBeforeIsSuperseded() throws {
        let server = MemoryServer()
        for _ in 1...3 { try upgrade(server) }
        #expect(try states(server) == ["1 superseded", "2 superseded", "3 deployed"])
    }

    @Test func theOldestRevisionsGo() throws {
        let server = MemoryServer()
        for _ in 1...6 { try upgrade(server, maximum: 3) }
        #expect(try states(server) == ["4 superseded", "5 superseded", "6 deployed"])
    }

    @Test func failedRevisionsAreNoMoreThanTheMaximumAndPushOutNoGoodOne() throws {
        let server = MemoryServer()
        for _ in 1...2 { try upgrade(server, maximum: 3) }
        for _ in 1...5 { try upgrade(server, maximum: 3, .failed([Failure(nil, "no")], component: .istiod)) }
        #expect(try states(server) == ["2 deployed", "6 failed", "7 failed"])
    }

    @Test func aFailedRunLeavesTheGoodRevisionDeployed() throws {
        let server = MemoryServer()
        try upgrade(server)
        try upgrade(server, .failed([Failure(nil, "no")], component: .istiod))
        #expect(try states(server) == ["1 deployed", "2 failed"])
        let history = try server.client().history(namespace: nil)
        #expect(history.base(of: "istiod", in: "istio-system")?.revision == 1)
        #expect(history.records.last?.description == "sail upgrade failed: no")
    }

    @Test(arguments: 0..<12)
    func aRunKilledAfterAnyRequestIsSetRightByTheNext(_ count: Int) throws {
        let server = MemoryServer()
        for _ in 1...3 { try upgrade(server, maximum: 3) }
        server.lastRequest = server.sent.count + count
        try? upgrade(server, maximum: 3)
        server.lastRequest = .max
        let deployed = try states(server).count { $0.hasSuffix(" deployed") }
        #expect(deployed <= 1)

        let client = try server.client()
        let history = try client.history(namespace: nil)
        let recording = ReleaseRecorder(
            history, ReleaseStorage(client), .upgrade, request: ["profile": "ambient"], contents: [content])
        #expect(recording.isCurrent == history.isTidy("istiod", in: "istio-system"))
        if !recording.isCurrent { try upgrade(server, maximum: 3) }
        let after = try states(server)
        #expect(after.last?.hasSuffix(" deployed") == true)
        #expect(after.count { $0.hasSuffix(" deployed") } == 1)
        #expect(!after.contains { $0.contains("pending") })
        // Death between the end and the pruning leaves one too many, until the next run.
        #expect(after.count <= 4)
    }
}
