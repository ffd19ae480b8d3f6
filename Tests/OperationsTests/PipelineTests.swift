import Istio
import Kubernetes
import Operations
import Planning
import Preflight
import Sandbox
import TestSupport
import Testing
import Values

/// Every operation from its options to its end, in this process.
@Suite struct PipelineTests {
    @Test func aMeshIsInstalledUpgradedBroughtBackAndRemoved() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) { $0.version = Bench.old } == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("note: installed"))
        #expect(bench.ui.questions.first?.hasPrefix("Install v1.29.6 on ") == true)
        #expect(bench.ui.plans.map(\.form) == [.preview])
        #expect(try bench.revisions().count == 4)

        #expect(try bench.run(.install) { $0.version = Bench.old } == 0)
        #expect(bench.ui.text.contains("no changes: the cluster is as it should be"))
        #expect(bench.ui.questions == [])

        #expect(try bench.run(.upgrade) == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("note: the mesh is at"))
        #expect(try bench.run(.rollback) == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("note: rolling back to"))
        #expect(bench.ui.text.contains("rolled back; the mesh is at"))
        #expect(try bench.revisions().contains("istiod 3 deployed"))

        #expect(try bench.run(.uninstall) == 0, "\(bench.ui.text)")
        #expect(bench.ui.questions.first?.hasPrefix("Remove the mesh from ") == true)
        #expect(bench.ui.text.contains("note: removed the mesh"))
        #expect(try bench.revisions() == [])
        #expect(bench.object(leasePath) == nil)
        #expect(bench.object(ztunnelPath) == nil)
        #expect(try bench.run(.uninstall) == 0)
        #expect(bench.ui.text == "note: nothing to remove: no mesh found on this cluster")
    }

    @Test func aNoChangesNothing() throws {
        let bench = try Bench()
        let options = bench.options()
        bench.ui.answers = [false]
        #expect(try Pipeline.run(.install, options) == 1)
        #expect(bench.ui.lines.last == "note: nothing was changed")
        #expect(bench.sandbox.writes == [])
        #expect(options.signals.happened == false)
    }

    @Test func aDryRunShowsThePlanAsTheResult() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) { $0.cluster.dryRun = .server } == 0)
        #expect(bench.ui.plans.map(\.form) == [.result])
        #expect(bench.ui.questions == [])
        #expect(bench.sandbox.writes == [])
        #expect(try bench.run(.install) { $0.cluster.dryRun = .client } == 0)
        #expect(bench.ui.objects.count > 40)
    }

    @Test(arguments: [Operation.upgrade, .adopt, .rollback])
    func whatNeedsAMeshSaysThatThereIsNone(_ operation: Operation) throws {
        let message = try Bench().failure(operation)
        #expect(message == "no mesh found on this cluster; install one with sail install")
    }

    /// The records of a component go into its namespace, the Lease into the mesh's: that one is made for the lock, all
    /// others under it.
    @Test func namespacesAreMadeUnderTheLock() throws {
        let bench = try Bench()
        #expect(
            try bench.run(.install) {
                $0.componentNamespaces = [.cni: "istio-cni"]
                $0.components = [.base, .istiod, .cni]
            } == 0, "\(bench.ui.text)")
        #expect(
            bench.writes().prefix(4) == [
                "PATCH /api/v1/namespaces/istio-system",
                "POST /apis/coordination.k8s.io/v1/namespaces/istio-system/leases",
                "PATCH /api/v1/namespaces/istio-cni", "POST /api/v1/namespaces/istio-system/secrets",
            ])
        #expect(bench.ui.text.contains("note: created namespace istio-system"))
        #expect(bench.ui.text.contains("note: created namespace istio-cni"))
    }

    @Test func aPlanIsShownByDiffWithTheCodeOfKubectl() throws {
        let bench = try Bench()
        #expect(try Pipeline.diff(bench.options()) == 1)
        #expect(try bench.run(.install) == 0)
        #expect(try Pipeline.diff(bench.options()) == 0)
        #expect(try Pipeline.diff(bench.options { $0.values.sets = [(.typed, "ztunnel.logLevel=debug")] }) == 1)
        #expect(bench.ui.plans.map(\.form) == [.result])
    }

    @Test func anInterruptionIsRecordedAndGivesTheLockBack() throws {
        let bench = try Bench()
        let options = bench.options()
        let signals = options.signals as? ScriptedSignals
        bench.ui.onLine = { if $0.contains("started istiod") { signals?.come() } }
        #expect(try Pipeline.run(.install, options) == 130)
        #expect(signals?.hasListened == true)
        #expect(bench.ui.text.contains("error: interrupted at istiod; what was done is recorded"))
        #expect(try bench.revisions() == ["istio-base 1 deployed", "istiod 1 failed"])
        #expect(bench.object(leasePath)?["spec"]?["holderIdentity"] != "tester")
        #expect(try bench.run(.install) == 0, "\(bench.ui.text)")
    }

    @Test func theMeshIsNotRemovedWhileItIsUsed() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0)
        let labels: Value = ["metadata": ["labels": ["istio.io/dataplane-mode": "ambient"]]]
        _ = try bench.client.send(.mergePatch("/api/v1/namespaces/default", labels, manager: "test"))
        let message = bench.failure(.uninstall)
        #expect(message.hasPrefix("namespace default is enrolled: sail unenroll default"))
        #expect(try bench.revisions().count == 4)
    }

    @Test func definitionsAreDeletedByTheirNumber() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0)
        #expect(bench.failure(.uninstall) { $0.cluster.confirmedPurge = 0 }.contains("approves nothing without"))
        let options = bench.options { $0.cluster.purgesCRDs = true }
        bench.ui.canAsk = false
        #expect(throws: Failures.self) { try Pipeline.run(.uninstall, options) }
        #expect(
            bench.failure(.uninstall) {
                $0.cluster.purgesCRDs = true
                $0.cluster.confirmedPurge = 3
            }.contains("--confirm-purge=3: deleting the"))
        #expect(try bench.run(.uninstall) { $0.cluster.purgesCRDs = true } == 0, "\(bench.ui.text)")
        #expect(bench.ui.questions.count == 2)
        #expect(
            bench.object("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/sidecars.networking.istio.io") == nil)
    }

    @Test func aMeshOfOthersIsAdoptedAndNotRemovedUnrecorded() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0)
        for secret in try bench.client.list("/api/v1/secrets", Selection(labels: "owner=helm")).items {
            let name = secret["metadata"]?["name"]?.string ?? ""
            _ = try bench.client.send(.delete("/api/v1/namespaces/istio-system/secrets/" + name))
        }
        #expect(bench.failure(.uninstall).hasSuffix("run sail adopt first, or remove it with what installed it"))
        #expect(try bench.run(.adopt) { $0.version = nil } == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("note: found v1.30.3 in istio-system"))
        #expect(bench.ui.text.contains("note: adopted"))
        #expect(try bench.revisions().count == 4)
    }

    @Test func aRevisionThatIsNotThereIsNamedWithThoseThatAre() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0)
        #expect(
            bench.failure(.rollback) { $0.revision = 7 }
                == "istiod has no revision 7 (it has 1); choose one of these; sail history istiod says what each was")
        #expect(bench.failure(.rollback).contains("has no earlier revision that succeeded"))
    }
}
