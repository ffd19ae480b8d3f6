import Foundation
import TestSupport
import Testing

/// The real kubectl and helm on the sandbox, with what sail and its charts make.
private enum PeerTools {
    static let kubectl = LiveCluster.path(of: "kubectl")
    static let helm = LiveCluster.path(of: "helm")

    static let areAvailable = canTest(
        "kubectl and helm on the sandbox", kubectl != nil && helm != nil, without: "they are not on PATH")
}

/// Commands on a sandbox of their own, one after another.
private struct Bench {
    let cluster: TestCluster
    let folder: URL

    init() throws {
        cluster = try TestCluster(.sandbox, .quick)
        folder = FileManager.default.temporaryDirectory.appending(path: "peers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func close() { try? FileManager.default.removeItem(at: folder) }

    func kubectl(_ line: String) throws -> Run { try run(PeerTools.kubectl, line) }

    func helm(_ line: String) throws -> Run { try run(PeerTools.helm, line + " --namespace istio-system") }

    private func run(_ program: String?, _ line: String) throws -> Run {
        let words = line.split(separator: " ").map(String.init)
        return try Program(words, kubeconfig: cluster.kubeconfig, of: program).end()
    }

    /// The objects of the mesh in a file.
    func manifest() throws -> String {
        let run = try Program(["manifest", "generate"], kubeconfig: cluster.kubeconfig).end()
        #expect(run.code == 0, "\(run.end)")
        let file = folder.appending(path: "mesh.yaml")
        try run.output.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }
}

@Suite(.enabled(if: PeerTools.areAvailable)) struct PeerToolTests {
    @Test("kubectl applies what manifest generate prints, twice without a change, and waits for it")
    func kubectlAppliesTheMesh() throws {
        let bench = try Bench()
        defer { bench.close() }
        let file = try bench.manifest()
        let first = try bench.kubectl("apply -f \(file)")
        #expect(first.code == 0, "\(first.end)")
        #expect(first.output.contains("daemonset.apps/ztunnel created"))
        let second = try bench.kubectl("apply -f \(file)")
        #expect(second.code == 0, "\(second.end)")
        #expect(!second.output.contains("created") && second.output.contains("daemonset.apps/ztunnel unchanged"))
        #expect(try bench.kubectl("diff -f \(file)").code == 0)
        for line in [
            "rollout status daemonset/ztunnel -n istio-system --timeout=20s",
            "wait -n istio-system --for=condition=Available deployment/istiod --timeout=20s",
            "describe daemonset ztunnel -n istio-system",
        ] {
            let run = try bench.kubectl(line)
            #expect(run.code == 0, "\(line): \(run.end)")
        }
        let applied = try bench.kubectl("apply --server-side --force-conflicts -f \(file)")
        #expect(applied.code == 0, "\(applied.end)")
    }

    @Test("kubectl prints the columns that its users know, and explains fields")
    func kubectlPrintsTables() throws {
        let bench = try Bench()
        defer { bench.close() }
        #expect(try bench.kubectl("apply -f \(bench.manifest())").code == 0)
        #expect(try bench.kubectl("rollout status daemonset/ztunnel -n istio-system --timeout=20s").code == 0)
        let sets = try bench.kubectl("get daemonsets -n istio-system").output.split(separator: "\n").map(String.init)
        let words = sets.map { $0.split(separator: " ").map(String.init) }
        #expect(
            words.first == [
                "NAME", "DESIRED", "CURRENT", "READY", "UP-TO-DATE", "AVAILABLE", "NODE", "SELECTOR", "AGE",
            ])
        #expect(words.last?.prefix(6) == ["ztunnel", "3", "3", "3", "3", "3"])
        let explained = try bench.kubectl("explain daemonset.spec.updateStrategy").output
        #expect(explained.contains("rollingUpdate\t<RollingUpdateDaemonSet>"))
        let action = try bench.kubectl("explain authorizationpolicies.spec.action").output
        #expect(action.contains("ALLOW") && action.contains("DENY"), "\(action)")
    }

    @Test("kubectl's own objects, roles and typing mistakes are answered as a server does")
    func kubectlMakesObjects() throws {
        let bench = try Bench()
        defer { bench.close() }
        for line in [
            "create namespace apps", "create deployment web --image=nginx -n apps",
            "create clusterrole reader --verb=get,list --resource=pods",
            "create clusterrolebinding reader --clusterrole=reader --user=jane", "auth can-i list pods --as jane",
            "delete namespace apps --wait=false",
        ] {
            let run = try bench.kubectl(line)
            #expect(run.code == 0, "\(line): \(run.end)")
        }
        #expect(try bench.kubectl("auth can-i delete pods --as jane").code == 1)
        let file = bench.folder.appending(path: "typo.yaml")
        // An older kubectl takes what begins with a brace for JSON.
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: default}\ndada: {}\n"
        try text.write(to: file, atomically: true, encoding: .utf8)
        let refused = try bench.kubectl("apply -f \(file.path)")
        #expect(refused.code == 1)
        #expect(refused.messages.contains("unknown field \"dada\""))
    }

    @Test("helm installs, upgrades, rolls back, lists and uninstalls the charts")
    func helmRunsTheCharts() throws {
        let bench = try Bench()
        defer { bench.close() }
        let charts = Repository.root.appending(path: "charts").path
        for (release, chart) in [
            ("istio-base", "base"), ("istiod", "istiod"), ("istio-cni", "cni"), ("ztunnel", "ztunnel"),
        ] {
            let run = try bench.helm("install \(release) \(charts)/\(chart) --create-namespace --wait --timeout 30s")
            #expect(run.code == 0, "\(run.end)")
        }
        for line in [
            "upgrade ztunnel \(charts)/ztunnel --set resources.requests.cpu=300m --wait --timeout 30s",
            "rollback ztunnel 1 --wait --timeout 30s", "status ztunnel",
        ] {
            let run = try bench.helm(line)
            #expect(run.code == 0, "\(line): \(run.end)")
        }
        let listed = try bench.helm("list").output
        #expect(["istio-base", "istiod", "istio-cni", "ztunnel"].allSatisfy(listed.contains))
        #expect(try bench.helm("status ztunnel").output.contains("Running"))
        #expect(try bench.helm("history ztunnel").output.contains("Rollback to 1"))
        #expect(try bench.helm("uninstall ztunnel istio-cni istiod istio-base").code == 0)
        #expect(try !bench.helm("list").output.contains("ztunnel"))
    }
}
