import HelmReleases
import Istio
import Kubernetes
import TestSupport
import Testing
import Values

@Suite struct RecentHistoryTests {
    /// A server with revisions of istiod, each with its status and the managers that wrote its Secret.
    private func server(_ revisions: [(status: ReleaseRecord.Status, managers: [String])]) -> MemoryServer {
        let server = MemoryServer()
        for (index, (status, managers)) in revisions.enumerated() {
            let record = ReleaseRecord(
                name: "istiod", namespace: "n", revision: index + 1, status: status,
                firstDeployed: "2026-11-24T10:00:00Z", lastDeployed: "2026-11-24T10:00:00Z", description: "",
                chart: ["metadata": ["name": "istiod", "version": "1.30.3"]], config: [:], manifest: "kind: X\n",
                request: managers.contains("sail") ? ["values": [:]] : .null,
                run: managers.contains("sail") ? OperationID(id: "r\(index)", components: [.istiod]) : nil)
            guard case .map(var secret) = record.secret(now: 1, isNew: true),
                case .map(var metadata) = secret["metadata"]
            else { continue }
            metadata["creationTimestamp"] = "2026-11-24T10:00:00Z"
            metadata["managedFields"] = .list(managers.map { ["manager": .string($0)] })
            secret["metadata"] = .map(metadata)
            server.put("/api/v1/namespaces/n/secrets/\(record.secretName)", .map(secret))
        }
        return server
    }

    private func recent(_ server: MemoryServer) throws -> ReleaseHistory {
        try server.client().recentHistory()
    }

    @Test func ofAPlainStoryOnlyTheNewestRecordIsRead() throws {
        let server = server([(.superseded, ["sail"]), (.superseded, ["helm"]), (.deployed, ["sail"])])
        let history = try recent(server)
        #expect(history.records.map(\.revision) == [1, 2, 3])
        #expect(history.records.map(\.manifest) == ["", "", "kind: X\n"])
        #expect(history.records.map(\.request.isNull) == [false, true, false])
        #expect(history.records.allSatisfy { $0.component == .istiod })
        #expect(server.sent.count == 2)
    }

    @Test func whatTwoProgramsWroteIsRead() throws {
        let history = try recent(server([(.superseded, ["helm", "sail"]), (.deployed, ["sail"])]))
        #expect(history.isRecent)
        #expect(history.records.map(\.manifest) == ["kind: X\n", "kind: X\n"])
    }

    @Test func aFailureThatIsMendedIsReadAlone() throws {
        let history = try recent(server([(.superseded, ["sail"]), (.failed, ["sail"]), (.deployed, ["sail"])]))
        #expect(history.isRecent)
        #expect(history.records.map(\.manifest) == ["", "kind: X\n", "kind: X\n"])
        #expect(history.records.map(\.status) == [.superseded, .failed, .deployed])
    }

    @Test(arguments: [
        [(ReleaseRecord.Status.superseded, ["sail"]), (.deployed, ["sail"]), (.failed, ["sail"])],
        [(.superseded, ["sail"]), (.deployed, ["sail"]), (.pendingUpgrade, ["sail"])],
        [(.deployed, ["sail"]), (.deployed, ["sail"])],
        [(.superseded, ["sail"]), (.deployed, ["helm"])],
        [(.superseded, []), (.deployed, ["sail"])],
    ])
    func ofAnyOtherStoryAllIsRead(revisions: [(ReleaseRecord.Status, [String])]) throws {
        let history = try recent(server(revisions.map { (status: $0.0, managers: $0.1) }))
        #expect(!history.isRecent)
        #expect(history.records.map(\.manifest) == revisions.map { _ in "kind: X\n" })
    }
}
