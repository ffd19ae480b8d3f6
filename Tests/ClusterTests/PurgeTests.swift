import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// What an uninstallation deletes beyond the mesh, and what it leaves.
@Suite struct PurgeTests {
    @Test(arguments: ClusterKind.available)
    func definitionsAreDeletedOnlyWithTheNumberOfTheirObjects(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let entry = try mesh.addServiceEntry("kept")
        defer { _ = try? mesh.client.send(.delete(entry)) }
        #expect(try mesh.sail("install --yes").code == 0)
        let versions = try mesh.versionsAtRest()
        for flags in ["", " --confirm-purge=0", " --confirm-purge=2"] {
            let run = try mesh.sail("uninstall --yes --purge-crds" + flags)
            #expect(run.code == 1)
            #expect(run.messages.contains("1 serviceentries.networking.istio.io"), "\(run.end)")
            #expect(run.messages.contains("--confirm-purge=1"), "\(run.end)")
        }
        #expect(try mesh.sail("uninstall --yes --confirm-purge=1").code == 2)
        #expect(try mesh.sail("uninstall --purge-crds --confirm-purge=4 --dry-run").code == 1)
        #expect(try mesh.versions() == versions)
        let rehearsed = try mesh.sail("uninstall --purge-crds --dry-run")
        #expect(rehearsed.code == 0)
        #expect(rehearsed.messages.contains("also deletes 1 object of theirs"), "\(rehearsed.end)")
        let run = try mesh.sail("uninstall --yes --purge-crds --confirm-purge=1 --timeout 60s")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.objects().keys.sorted() == [])
    }

    @Test(arguments: ClusterKind.available)
    func aPurgeWithoutObjectsStillNeedsItsNumber(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let refused = try mesh.sail("uninstall --yes --purge-crds")
        #expect(refused.code == 1)
        #expect(refused.messages.contains("approve it with --confirm-purge=0; nothing was changed"), "\(refused.end)")
        #expect(try mesh.sail("uninstall --yes").code == 0)
        // The mesh is gone; its definitions are not.
        let run = try mesh.sail("uninstall --yes --purge-crds --confirm-purge=0 --timeout 60s")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.objects().keys.sorted() == [])
    }

    @Test(arguments: ClusterKind.available)
    func whatIstiodLeavesIsNamedAndACAKeyKeepsItsNamespace(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let system = "/api/v1/namespaces/istio-system"
        let certificate: Value = ["kind": "ConfigMap", "apiVersion": "v1", "metadata": ["name": "istio-ca-root-cert"]]
        let lease: Value = [
            "kind": "Lease", "apiVersion": "coordination.k8s.io/v1", "metadata": ["name": "istio-leader"],
        ]
        let key: Value = ["kind": "Secret", "apiVersion": "v1", "metadata": ["name": "istio-ca-secret"]]
        let leases = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases"
        let writes: [(String, Value)] = [
            ("/api/v1/namespaces/default/configmaps", certificate), (system + "/configmaps", certificate),
            (leases, lease), (system + "/secrets", key),
        ]
        for (path, object) in writes { _ = try mesh.client.send(.create(path, object, manager: "istiod")) }
        let run = try mesh.sail("uninstall --yes")
        for (path, object) in writes {
            _ = try? mesh.client.send(.delete(path + "/" + (object["metadata"]?["name"]?.string ?? "")))
        }
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages.contains("istio-ca-root-cert stays in 2 namespaces"), "\(run.end)")
        #expect(run.messages.contains("Lease istio-leader"), "\(run.end)")
        #expect(
            run.messages.contains("Secret istio-ca-secret in namespace istio-system holds the CA key"), "\(run.end)")
        #expect(!run.messages.contains("kubectl delete namespace"), "\(run.end)")
    }
}
