import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// A dry run exits as the run would; a run without changes asks nothing.
@Suite struct RehearsalTests {
    @Test(arguments: ClusterKind.available)
    func aConflictFailsTheDryRun(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        #expect(try mesh.sail("install --dry-run").code == 0)
        let edit: Value = ["data": ["mesh": "# changed"]]
        _ = try mesh.client.send(
            .mergePatch("/api/v1/namespaces/istio-system/configmaps/istio", edit, manager: "kubectl-edit"))
        for line in ["install --dry-run", "upgrade --dry-run=server", "upgrade --dry-run=client", "adopt --dry-run"] {
            let run = try mesh.sail(line)
            #expect(run.code == 1, "\(line): \(run.end)")
            #expect(run.messages.contains("kubectl-edit"), "\(line): \(run.end)")
            #expect(run.output.contains("in conflict"), "\(line): \(run.output)")
        }
        #expect(try mesh.sail("install --dry-run --force-conflicts").code == 0)
    }

    @Test func aRefusalFailsTheDryRun() throws {
        let mesh = try Mesh(.sandbox)
        mesh.cluster.sandbox?.change { $0.refusals["DaemonSet/ztunnel"] = "no privileged pods here" }
        // Where the namespace is there already, the server can be asked.
        _ = try mesh.client.send(.create("/api/v1/namespaces", ["metadata": ["name": "istio-system"]]))
        let run = try mesh.sail("install --dry-run")
        #expect(run.code == 1)
        #expect(run.messages.contains("no privileged pods here"), "\(run.end)")
    }

    @Test func missingPermissionsFailTheDryRun() throws {
        var settings = SandboxSettings.quick
        settings.grants = [
            Grant(user: "viewer", verbs: ["get", "list", "watch"]),
            // As much as the plan takes, and no lock.
            Grant(user: "viewer", verbs: ["create", "patch", "update", "delete"], group: "apps"),
        ]
        let mesh = try Mesh(.sandbox, settings)
        #expect(try mesh.sail("install --yes").code == 0)
        let file = FileManager.default.temporaryDirectory.appending(path: "viewer-\(UUID().uuidString)").path
        try mesh.cluster.sandbox?.kubeconfig(token: Sandbox.viewerToken)
            .write(toFile: file, atomically: true, encoding: .utf8)
        defer { unlink(file) }
        for line in ["upgrade --set ztunnel.logLevel=debug --dry-run", "uninstall --dry-run"] {
            let run = try mesh.sail("\(line) --kubeconfig \(file)")
            #expect(run.code == 1, "\(line): \(run.end)")
            #expect(run.messages.contains("leases.coordination.k8s.io"), "\(line): \(run.end)")
        }
        // Nothing to do takes no permission.
        #expect(try mesh.sail("upgrade --dry-run --kubeconfig \(file)").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func afterAnInterruptedRunOnlyTheReleaseRecordsArePutRight(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        mesh.cluster.breakImages("ztunnel")
        let program = try mesh.start("install --yes")
        for _ in 0..<1200 where !program.messages.contains("DaemonSet istio-system/ztunnel: ") { usleep(50_000) }
        program.signal(SIGTERM)
        #expect(program.end().code == 143)
        mesh.cluster.breakImages(nil)
        for pod in try mesh.pods() where pod.hasPrefix("ztunnel") {
            _ = try? mesh.client.send(.delete("/api/v1/namespaces/istio-system/pods/" + pod))
        }
        // Without --yes, and nobody to ask.
        let run = try mesh.sail("install")
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages.contains("no changes"), "\(run.end)")
        #expect(
            run.messages.contains("release ztunnel: revision 1 is failed; a new revision will record"), "\(run.end)")
        #expect(try mesh.revisions().contains("ztunnel 2 deployed"))
        let versions = try mesh.versionsAtRest()
        #expect(try mesh.sail("install").code == 0)
        #expect(try mesh.versions() == versions)
    }

    @Test(arguments: ["--cni-namespace kube-system", "--ztunnel-namespace elsewhere"])
    func aComponentStaysInItsNamespace(flags: String) throws {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.sail("install --yes").code == 0)
        let versions = try mesh.versionsAtRest()
        for line in ["upgrade --yes", "install --yes", "upgrade --dry-run"] {
            let run = try mesh.sail("\(line) \(flags)")
            #expect(run.code == 1)
            #expect(run.messages.contains("runs in namespace istio-system, and this would make a second"), "\(run.end)")
            #expect(run.messages.contains("keep it there with --"), "\(run.end)")
        }
        #expect(try mesh.versions() == versions)
    }

    /// A namespace in a resource counts like the flag.
    @Test(arguments: [("IstioCNI", "profile: ambient, namespace: kube-system"), ("ZTunnel", "namespace: elsewhere")])
    func aComponentOfAResourceStaysInItsNamespace(kind: String, spec: String) throws {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.sail("install --yes").code == 0)
        let versions = try mesh.versionsAtRest()
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("resource-\(UUID().uuidString).yaml")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = "apiVersion: sailoperator.io/v1\nkind: \(kind)\nmetadata: {name: default}\nspec: {\(spec)}\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        for line in ["upgrade --yes", "install --yes", "upgrade --dry-run"] {
            let run = try mesh.sail("\(line) -f \(path)")
            #expect(run.code == 1, "\(line): \(run.end)")
            #expect(run.messages.contains("runs in namespace istio-system, and this would make a second"), "\(run.end)")
        }
        #expect(try mesh.versions() == versions)
    }

    @Test func aDiffForAnotherRevisionSaysSo() throws {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.sail("install --yes").code == 0)
        let diff = try mesh.sail("diff --set revision=blue")
        #expect(diff.code > 1)
        #expect(diff.messages.contains("is the control plane of revision default, and the values say revision blue"))
    }

    @Test func twoDaemonSetsOfAComponentOnANodeAreNotHealthy() throws {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.sail("install --yes").code == 0)
        #expect(try mesh.sail("status").code == 0)
        _ = try mesh.client.send(.create("/api/v1/namespaces", ["metadata": ["name": "second"]]))
        var copy = try mesh.object("/apis/apps/v1/namespaces/istio-system/daemonsets/ztunnel").map ?? Mapping()
        copy["metadata"] = ["name": "ztunnel", "namespace": "second", "labels": copy["metadata"]?["labels"] ?? [:]]
        copy["status"] = nil
        _ = try mesh.client.send(.create("/apis/apps/v1/namespaces/second/daemonsets", .map(copy)))
        usleep(500_000)
        let run = try mesh.sail("status")
        #expect(run.code == 1)
        let message =
            "ztunnel runs more than once on 3 nodes: DaemonSet istio-system/ztunnel and DaemonSet second/ztunnel"
        #expect(run.output.contains(message), "\(run.output)")
        let upgrade = try mesh.sail("upgrade --yes")
        #expect(upgrade.code == 1)
        #expect(upgrade.messages.contains("kubectl -n second delete daemonset ztunnel"), "\(upgrade.end)")
    }
}
