import Kubernetes
import Operations
import Planning
import Sandbox
import TestSupport
import Testing
import Values

/// An adoption from a Sail Operator: what becomes of its resources.
@Suite struct OperatorRemainsTests {
    private let resources: ResourceBench
    private var bench: Bench { resources.bench }

    /// A mesh of the resources whose records are lost, as an operator leaves one.
    private static let installed = Result {
        let resources = try ResourceBench(namespaces: [])
        let bench = resources.bench
        #expect(try bench.run(.install) == 0, "\(bench.ui.text)")
        for secret in try bench.client.list("/api/v1/namespaces/istio-system/secrets").items
        where secret["metadata"]?["labels"]?["owner"] == "helm" {
            let name = secret["metadata"]?["name"]?.string ?? ""
            _ = try bench.client.send(.delete("/api/v1/namespaces/istio-system/secrets/\(name)"))
        }
        try resources.createMesh()
        return bench.sandbox.snapshot()
    }

    init() throws {
        let snapshot = try OperatorRemainsTests.installed.get()
        resources = try ResourceBench(namespaces: [])
        bench.sandbox.restore(snapshot)
    }

    private func adopt(_ change: (inout OperationOptions) -> Void = { _ in }) throws -> Int32 {
        try bench.run(.adopt) {
            $0.version = nil
            change(&$0)
        }
    }

    private var kinds: [String] { ["Istio", "IstioCNI", "ZTunnel"].filter { resources.resource($0) != nil } }

    @Test func theyStayAndTheCommandThatRemovesThemIsNamed() throws {
        #expect(try adopt() == 0, "\(bench.ui.text)")
        #expect(
            bench.ui.text.contains("the operator's; sail does not read them after the adoption"), "\(bench.ui.text)")
        #expect(bench.ui.text.contains("remove with sail adopt --release-resources"))
        #expect(kinds == ["Istio", "IstioCNI", "ZTunnel"])
    }

    @Test func aRehearsalNamesWhatWouldBeRemoved() throws {
        _ = try adopt {
            $0.cluster.releasesResources = true
            $0.cluster.dryRun = .server
        }
        #expect(
            bench.ui.text.contains("would be removed, without the mesh's objects: Istio default"), "\(bench.ui.text)")
        #expect(kinds.count == 3 && bench.ui.questions == [])
    }

    @Test func aNoLeavesThemAndTheAdoptionStands() throws {
        var options = bench.options {
            $0.version = nil
            $0.cluster.releasesResources = true
        }
        options.version = nil
        bench.ui.answers = [true, false]
        #expect(try Pipeline.run(.adopt, options) == 1)
        #expect(bench.ui.lines.last == "note: the resources stay", "\(bench.ui.text)")
        #expect(bench.ui.questions.last?.hasPrefix("Remove the operator's resources (Istio default") == true)
        #expect(kinds.count == 3)
        #expect(try bench.revisions().count == 4)
    }

    @Test func theyAreRemovedWithoutTheMesh() throws {
        #expect(try adopt { $0.cluster.releasesResources = true } == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("the operator's CRDs stay"), "\(bench.ui.text)")
        #expect(kinds == [])
        #expect(bench.object(ztunnelPath) != nil)
        #expect(bench.object(leasePath)?["spec"]?["holderIdentity"]?.string ?? "" == "")
    }

    /// What cannot be removed is said, and the lock is free again.
    @Test func aRefusedRemovalFailsTheRun() throws {
        let options = bench.options {
            $0.version = nil
            $0.cluster.releasesResources = true
        }
        let sandbox = bench.sandbox
        bench.ui.onQuestion = {
            sandbox.add(Fault(.status(500, message: "etcd is away"), method: "DELETE", path: "sailoperator.io"))
            sandbox.add(Fault(.status(500, message: "etcd is away"), method: "PATCH", path: "sailoperator.io"))
        }
        #expect(try Pipeline.run(.adopt, options) == 1, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("etcd is away"), "\(bench.ui.text)")
        #expect(bench.object(leasePath)?["spec"]?["holderIdentity"]?.string ?? "" == "")
    }
}
