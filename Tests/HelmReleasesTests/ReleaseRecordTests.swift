import Archives
import HelmReleases
import Istio
import Kubernetes
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
