import Istio
import Kubernetes
import Operations
import Planning
import Sandbox
import TestSupport
import Testing
import Values

/// What is read of release records, also where they are damaged or of a run that has not ended.
@Suite struct RecordReadingTests {
    private func session(_ bench: Bench) throws -> ClusterSession { try ClusterSession(bench.options()) }

    @Test func whatIsMissingIsNamedWithWhatThereIs() throws {
        let bench = try Bench()
        let none = #expect(throws: Failures.self) { try session(bench).recordedRevisions(of: [.istiod], at: nil) }
        #expect(none?.description.contains("this cluster has no release records of a mesh") == true)
        #expect(none?.description.contains("sail adopt takes over one that something else installed") == true)
        #expect(try bench.run(.install) { $0.components = [.base, .istiod] } == 0, "\(bench.ui.text)")
        let other = #expect(throws: Failures.self) { try session(bench).recordedRevisions(of: [.ztunnel], at: nil) }
        #expect(other?.description.contains("ztunnel has no release records; there are some of base, istiod") == true)
        #expect(try session(bench).meshNamespaces() == ["istio-system": [.base, .istiod]])
    }

    /// A run that died leaves a pending record, and no lock that is renewed.
    @Test func aPendingRunSaysWhetherItIsAtWork() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0)
        let path = "/api/v1/namespaces/istio-system/secrets"
        let options = bench.options {
            $0.version = Bench.new
            $0.values.sets = [(.typed, "ztunnel.logLevel=debug")]
        }
        var seen: [String] = []
        let other = try session(bench)
        _ = bench.options()
        let ui = try #require(options.ui as? ScriptedUI)
        ui.onLine = { line in
            guard line.contains("started ztunnel"), seen.isEmpty else { return }
            let runs = (try? other.recordedHistory(withEnds: true).runs) ?? []
            seen = runs.map(\.result)
        }
        #expect(try Pipeline.run(.upgrade, options) == 0)
        #expect(seen.last?.contains("is pending-upgrade: under way: ") == true, "\(seen)")
        #expect(try other.recordedHistory(withEnds: true).runs.map(\.result).last == "complete")
        #expect(try bench.client.list(path, Selection(labels: "status=pending-upgrade,owner=helm")).items.isEmpty)
    }

    @Test func theMeshIsFoundByItsWorkloadsWithoutRecords() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0)
        for secret in try bench.client.list("/api/v1/namespaces/istio-system/secrets").items
        where secret["metadata"]?["labels"]?["owner"] == "helm" {
            let name = secret["metadata"]?["name"]?.string ?? ""
            _ = try bench.client.send(.delete("/api/v1/namespaces/istio-system/secrets/\(name)"))
        }
        #expect(try session(bench).meshNamespaces() == ["istio-system": [.istiod, .cni, .ztunnel]])
    }

    /// Records that may not be read are no reason to guess.
    @Test func aServerThatFailsEndsTheCommand() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0)
        bench.sandbox.add(Fault(.status(500, message: "etcd is away"), path: "/secrets"))
        #expect(throws: (any Error).self) { try session(bench).recordedHistory() }
    }
}
