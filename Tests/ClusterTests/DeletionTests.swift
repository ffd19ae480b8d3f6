import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// Objects that are being deleted while sail is at work on them.
@Suite struct DeletionTests {
    private static let ztunnel = "/apis/apps/v1/namespaces/istio-system/daemonsets/ztunnel"
    private static let configMap = "/api/v1/namespaces/istio-system/configmaps/istio"
    private static let hold = "example.com/hold"

    @Test(arguments: ClusterKind.available)
    func whatAFinalizerHoldsIsShownAndBlocksAtOnce(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        try mesh.setFinalizers(DeletionTests.ztunnel, [.string(DeletionTests.hold)])
        defer { try? mesh.setFinalizers(DeletionTests.ztunnel, .null) }
        _ = try mesh.client.send(.delete(DeletionTests.ztunnel))
        let reason = "is being deleted, held by finalizer example.com/hold"
        let diff = try mesh.sail("diff")
        #expect(diff.code == 1)
        #expect(diff.output.contains("-+") && diff.output.contains(reason), "\(diff.output)")
        let versions = try mesh.versionsAtRest()
        let begin = Date()
        for line in [
            "install --yes", "upgrade --yes", "install --dry-run", "upgrade --dry-run=client", "uninstall --yes",
            "uninstall --dry-run",
        ] {
            let run = try mesh.sail(line)
            #expect(run.code == 1, "\(line)")
            #expect(run.messages.contains("DaemonSet istio-system/ztunnel: \(reason)"), "\(line): \(run.end)")
        }
        #expect(Date().timeIntervalSince(begin) < 60)
        #expect(try mesh.versions() == versions)
        try mesh.setFinalizers(DeletionTests.ztunnel, .null)
        let run = try mesh.sail("install --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func whatEndsByItselfIsWaitedFor(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        // A finalizer of Kubernetes' own, which no controller takes off a ConfigMap.
        try mesh.setFinalizers(DeletionTests.configMap, ["kubernetes.io/pvc-protection"])
        defer { try? mesh.setFinalizers(DeletionTests.configMap, .null) }
        _ = try mesh.client.send(.delete(DeletionTests.configMap))
        let shown = try mesh.sail("install --dry-run")
        #expect(shown.code == 0, "\(shown.end)")
        #expect(shown.output.contains("-+"), "\(shown.output)")
        let late = try mesh.sail("install --yes --timeout 2s")
        #expect(late.code == 1)
        #expect(late.messages.contains("ConfigMap istio-system/istio: was not deleted in time"), "\(late.end)")
        let program = try mesh.start("install --yes")
        for _ in 0..<200 where !program.messages.contains("waiting for the deletion") { usleep(50_000) }
        try mesh.setFinalizers(DeletionTests.configMap, .null)
        let run = program.end()
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func aDefinitionNamesTheObjectThatHoldsIt(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let entry = try mesh.addServiceEntry("held")
        try mesh.setFinalizers(entry, [.string(DeletionTests.hold)])
        defer { try? mesh.setFinalizers(entry, .null) }
        _ = try mesh.client.send(.delete(Mesh.serviceEntries))
        for _ in 0..<400 where try mesh.object(entry)["metadata"]?["deletionTimestamp"] == nil { usleep(50_000) }
        let run = try mesh.sail("install --yes")
        #expect(run.code == 1)
        #expect(
            run.messages.contains("held by finalizer example.com/hold on ServiceEntry default/held"), "\(run.end)")
        try mesh.setFinalizers(entry, .null)
        let again = try mesh.sail("install --yes")
        #expect(again.code == 0, "\(again.end)")
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func aNamespaceIsWaitedForAndOneThatIsHeldBlocks(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        try mesh.setFinalizers(DeletionTests.configMap, [.string(DeletionTests.hold)])
        defer { try? mesh.setFinalizers(DeletionTests.configMap, .null) }
        _ = try mesh.client.send(.delete("/api/v1/namespaces/istio-system"))
        let held = try mesh.sail("install --yes --timeout 60s")
        #expect(held.code == 1)
        #expect(held.messages.contains("held by finalizer example.com/hold"), "\(held.end)")
        try mesh.setFinalizers(DeletionTests.configMap, .null)
        // A real server says so until its namespace controller comes by again.
        for _ in 0..<300 {
            let namespace = try? mesh.client.send(.get("/api/v1/namespaces/istio-system"))
            let conditions = namespace?[path: "status", "conditions"]?.list ?? []
            if !conditions.contains(where: { $0["type"] == "NamespaceFinalizersRemaining" && $0["status"] == "True" }) {
                break
            }
            usleep(100_000)
        }
        let run = try mesh.sail("install --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.sail("diff").code == 0)
    }

    /// The pods and objects of the run before are still on their way out.
    @Test(arguments: ClusterKind.available)
    func anInstallRightAfterAnInterruptedUninstallSucceeds(kind: ClusterKind) throws {
        var settings = SandboxSettings.quick
        settings.terminationSeconds = 1
        let mesh = try Mesh(kind, settings)
        #expect(try mesh.sail("install --yes").code == 0)
        let program = try mesh.start("uninstall --yes")
        for _ in 0..<400 where !program.messages.contains("DaemonSet") { usleep(10_000) }
        program.signal(SIGTERM)
        #expect(program.end().code == 143)
        let run = try mesh.sail("install --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func aStuckUninstallNamesTheObjectAndItsFinalizer(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        try mesh.setFinalizers(DeletionTests.configMap, [.string(DeletionTests.hold)])
        defer { try? mesh.setFinalizers(DeletionTests.configMap, .null) }
        let run = try mesh.sail("uninstall --yes --timeout 8s")
        #expect(run.code == 1)
        #expect(
            run.messages.contains(
                "ConfigMap istio-system/istio: was not deleted in time: is being deleted, held by finalizer "
                    + "example.com/hold"), "\(run.end)")
        try mesh.setFinalizers(DeletionTests.configMap, .null)
        #expect(try mesh.sail("uninstall --yes").code == 0)
    }
}

extension Mesh {
    static let serviceEntries =
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/serviceentries.networking.istio.io"

    func setFinalizers(_ path: String, _ finalizers: Value) throws {
        _ = try client.send(.mergePatch(path, ["metadata": ["finalizers": finalizers]], manager: "hold"))
    }

    /// Creates a custom object in `default`; answers its path.
    func addServiceEntry(_ name: String) throws -> String {
        let path = "/apis/networking.istio.io/v1/namespaces/default/serviceentries"
        let entry: Value = [
            "apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry", "metadata": ["name": .string(name)],
            "spec": [
                "hosts": [.string("\(name).example.com")], "location": "MESH_EXTERNAL", "resolution": "DNS",
                "ports": [["number": 443, "name": "https", "protocol": "TLS"]],
            ],
        ]
        // A webhook of istiod's, for which no istiod answers here.
        _ = try? client.send(.delete(Mesh.validating))
        _ = try client.send(.create(path, entry, manager: "test"))
        return path + "/" + name
    }
}
