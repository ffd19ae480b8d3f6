import HelmReleases
import Kubernetes
import Planning
import TestClusters
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

private func secret(_ release: Value, type: String = "helm.sh/release.v1") -> Value {
    [
        "metadata": ["name": "sh.helm.release.v1.istiod.v1", "namespace": "istio-system"], "type": .string(type),
        "data": ["release": release],
    ]
}

private func twice(_ bytes: [UInt8]) -> Value { .string(base64(Array(base64(bytes).utf8))) }

@Suite struct RecordTests {
    @Test func aSecretHoldsAllOfARecord() throws {
        let record = record(3, .pendingUpgrade)
        let secret = record.secret(now: 7, isNew: true)
        #expect(try ReleaseRecord(secret: secret) == record)
        #expect(
            secret["metadata"]?["labels"] == [
                "name": "istiod", "owner": "helm", "status": "pending-upgrade", "version": "3", "createdAt": "7",
            ])
        #expect(secret["metadata"]?["name"] == "sh.helm.release.v1.istiod.v3")
    }

    @Test(arguments: [
        (secret(.null), "holds no release"),
        (secret("%%%"), "is not base64, perhaps cut short"),
        (secret(twice([0x1F, 0x8B, 0x08, 0, 1, 2])), "is damaged gzip, perhaps cut short"),
        (secret(twice(Array("a: b".utf8))), "is not a release of Helm 3 or 4"),
        (secret(twice(Array("{}".utf8))), "has no name, version or info"),
        (secret(twice(Array(#"{"name":"a","version":1,"info":{},"chart":"no"}"#.utf8))), "has no chart"),
        (
            secret(
                twice(Array(#"{"name":"b","version":2,"info":{},"chart":{"metadata":{"name":"istiod"}}}"#.utf8))),
            "holds revision 2 of release b, which is not what its name says"
        ),
    ])
    func whatIsNoRecordIsNamed(_ secret: Value, _ reason: String) {
        let fault = #expect(throws: RecordFault.self) { try ReleaseRecord(secret: secret) }
        #expect(fault?.reason == reason)
        #expect(fault?.secret == "istio-system/sh.helm.release.v1.istiod.v1")
    }

    @Test func aSecretCutShortIsNamed() throws {
        let whole = record(1).secret(now: 1, isNew: true)["data"]?["release"]?.string ?? ""
        for length in stride(from: 4, to: whole.utf8.count - 4, by: 40) {
            #expect(throws: RecordFault.self) {
                try ReleaseRecord(secret: secret(.string(String(whole.prefix(length)))))
            }
        }
    }

    @Test func jsonWithoutGzipIsRead() throws {
        let json = #"""
            {"name":"istiod","version":1,"info":{"status":"superseded"},"manifest":"m","namespace":"n",
            "chart":{"metadata":{"name":"istiod"}}}
            """#
        let record = try ReleaseRecord(secret: secret(twice(Array(json.utf8))))
        #expect(record.revision == 1)
        #expect(record.status == .superseded)
    }

    @Test func theNumberOfADamagedSecretIsNotUsedAgain() throws {
        let server = MemoryServer()
        for (number, data) in [(1, record(1).secret(now: 1, isNew: true)["data"] ?? .null), (2, ["release": "%%%"])] {
            let name = "sh.helm.release.v1.istiod.v\(number)"
            server.put(
                "/api/v1/namespaces/istio-system/secrets/\(name)",
                [
                    "metadata": ["name": .string(name), "namespace": "istio-system"], "type": "helm.sh/release.v1",
                    "data": data,
                ])
        }
        let history = try server.client().history(namespace: nil)
        #expect(history.records.map(\.revision) == [1])
        #expect(history.nextRevision(of: "istiod", in: "istio-system") == 3)
        #expect(history.nextRevision(of: "ztunnel", in: "istio-system") == 1)
    }

    @Test func aRecordTooLargeForASecretIsKnownBefore() {
        var large = record(1)
        #expect(large.excess == 0)
        // What does not pack: a third more than a Secret holds after base64.
        var state: UInt64 = 1
        let noise = (0..<1_200_000).map { _ -> Character in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return Character(Unicode.Scalar(UInt8(48 + (state >> 58))))
        }
        large.manifest = String(noise)
        #expect((100_000..<300_000).contains(large.excess))
    }

    @Test func whatANewerHelmAddsStaysWhenTheStatusChanges() throws {
        let json = #"""
            {"name":"istiod","version":1,"info":{"status":"deployed","next":[1]},"namespace":"n","apply_method":"ssa",
            "chart":{"metadata":{"name":"istiod"}},"brandNew":{"a":null}}
            """#
        var record = try ReleaseRecord(secret: secret(twice(Array(json.utf8))))
        record.status = .superseded
        let text = record.secret(now: 1, isNew: false)["data"]?["release"]?.string ?? ""
        let packed = decodeBase64(String(decoding: decodeBase64(text) ?? [], as: UTF8.self)) ?? []
        let release = try Value(json: gunzip(packed, limit: 1 << 20) ?? [], numbers: .native)
        #expect(release["info"] == ["status": "superseded", "next": [1], "description": ""])
        #expect(release["brandNew"] == ["a": .null])
        #expect(release["apply_method"] == "ssa")
    }

    @Test func recordsOfHelmsConfigMapDriverAreRead() throws {
        let text = decodeBase64(record(4).secret(now: 1, isNew: true)["data"]?["release"]?.string ?? "") ?? []
        let server = MemoryServer()
        let name = "sh.helm.release.v1.istiod.v4"
        server.put(
            "/api/v1/namespaces/istio-system/configmaps/\(name)",
            [
                "metadata": ["name": .string(name), "namespace": "istio-system"],
                "data": ["release": .string(String(decoding: text, as: UTF8.self))],
            ])
        #expect(try server.client().configMapHistory().records == [record(4)])
    }

    @Test func othersSecretsAreNotLookedAt() throws {
        let server = MemoryServer()
        server.put("/api/v1/namespaces/n/secrets/a", secret("%%%", type: "Opaque"))
        server.put("/api/v1/namespaces/n/secrets/b", secret("%%%"))
        let history = try server.client().history(namespace: nil)
        #expect(history.records.isEmpty)
        #expect(history.faults.map(\.reason) == ["is not base64, perhaps cut short"])
    }
}

@Suite struct RecordingTests {
    private let content = ReleaseContent(
        component: "istiod", name: "istiod", namespace: "istio-system", chart: record(1).chart,
        config: record(1).config, manifest: "kind: ConfigMap\n")

    /// One run of an upgrade as the records see it; the server may die in it.
    private func upgrade(_ server: MemoryServer, maximum: Int = 10, _ outcome: Outcome? = nil) throws {
        let client = try server.client()
        var recording = ReleaseRecorder(
            try client.history(namespace: nil), ReleaseStorage(client, maximum: maximum), .upgrade,
            request: ["profile": "ambient"], contents: [content])
        try recording.note(.began(component: "istiod"))
        try recording.note(.ended(component: "istiod", outcome))
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
        for _ in 1...5 { try upgrade(server, maximum: 3, .failed([Failure(nil, "no")], component: "istiod")) }
        #expect(try states(server) == ["2 deployed", "6 failed", "7 failed"])
    }

    @Test func aFailedRunLeavesTheGoodRevisionDeployed() throws {
        let server = MemoryServer()
        try upgrade(server)
        try upgrade(server, .failed([Failure(nil, "no")], component: "istiod"))
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
