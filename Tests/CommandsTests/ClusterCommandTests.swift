import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values
import YAML

/// What the commands that look at a mesh print, in this process, on a cluster in memory.
@Suite final class ClusterCommandTests {
    private let cluster: TestCluster
    private let folder: String

    /// A mesh that was installed and upgraded: one for all tests.
    private static let upgraded = Result {
        let cluster = try TestCluster(.sandbox, quick())
        for words in [["install", "--version", "v1.29.6"], ["upgrade", "--version", "v1.30.3"]] {
            let answer = ClusterCommandTests.sail(words + ["--yes", "--allow-end-of-life"], on: cluster)
            #expect(answer.code == 0, "\(answer.messages)")
        }
        return cluster.sandbox.unsafelyUnwrapped.snapshot()
    }

    private static func quick() -> SandboxSettings {
        var settings = SandboxSettings()
        (settings.podSeconds, settings.terminationSeconds, settings.crdSeconds) = (0, 0, 0)
        return settings
    }

    private static func sail(_ words: [String], on cluster: TestCluster, width: Int? = nil) -> Answer {
        run(
            words + ["--kubeconfig", cluster.kubeconfig],
            environment: ["SAIL_CONFIG": "/dev/null", "PATH": "/usr/bin"], width: width)
    }

    init() throws {
        let snapshot = try ClusterCommandTests.upgraded.get()
        cluster = try TestCluster(.sandbox, ClusterCommandTests.quick())
        cluster.sandbox.unsafelyUnwrapped.restore(snapshot)
        folder = FileManager.default.temporaryDirectory.path + "/cluster-command-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private var sandbox: Sandbox { cluster.sandbox.unsafelyUnwrapped }

    private func sail(_ line: String) -> Answer {
        ClusterCommandTests.sail(line.split(separator: " ").map(String.init), on: cluster)
    }

    private func json(_ line: String, code: Int32 = 0) throws -> Value {
        let answer = sail(line + " -o json")
        #expect(answer.code == code, "\(answer.messages)")
        return try Value(json: answer.output, numbers: .native)
    }

    // MARK: - What is recorded

    @Test func runsAndRevisionsAreListed() throws {
        let runs = sail("history").output.split(separator: "\n")
        #expect(runs.count == 3)
        #expect(runs[0].hasPrefix("TIME (UTC)"))
        #expect(runs[1].contains("install v1.29.6") && runs[1].contains("complete"), "\(runs[1])")
        #expect(runs[2].contains("upgrade v1.29.6 → v1.30.3") && runs[2].contains("--version"), "\(runs[2])")
        let revisions = sail("history istiod").output.split(separator: "\n")
        #expect(revisions.count == 3)
        #expect(revisions[1].contains("superseded") && revisions[2].contains("deployed"))
        #expect(sail("history -o name").output.hasPrefix("base@1\nbase@2\nistiod@1\n"))
        let values = try json("history")
        #expect(values[path: "1", "from"] == nil)
        #expect(values.list?.last?["to"] == "v1.30.3" && values.list?.last?["result"] == "complete")
        #expect(values.list?.last?["components"]?.list?.count == 4)
    }

    @Test func aRevisionIsPrintedAsItWasRecorded() throws {
        let manifest = sail("get manifest ztunnel --revision 1").output
        #expect(manifest.contains("kind: DaemonSet") && manifest.contains("ztunnel:1.29.6"), "\(manifest.prefix(300))")
        #expect(try json("get manifest ztunnel")["items"]?.list?.contains { $0["kind"] == "DaemonSet" } == true)
        let values = sail("get values istiod").output
        #expect(values.hasPrefix("---\n# Release: istio-system/istiod, revision 2\n"), "\(values.prefix(80))")
        let all = sail("get all cni --revision 1").output
        #expect(all.contains("chart: cni-1.29.6"), "\(all.prefix(600))")
        let details = try json("get all cni --revision 1").list?.first
        #expect(details?["revision"] == 1 && details?["objects"]?.list?.isEmpty == false)
        let missing = sail("get values istiod --revision 9")
        #expect(missing.code == 1)
        #expect(missing.messages.contains("revision 9"), "\(missing.messages)")
    }

    @Test func twoRevisionsAreComparedObjectByObject() throws {
        let same = sail("manifest diff istiod@1 istiod@1")
        #expect(same.code == 0, "\(same.messages)")
        #expect(same.output.hasSuffix(" the same\n"))
        let different = sail("manifest diff ztunnel@1 ztunnel@2 --diff=full")
        #expect(different.code == 1, "\(different.messages)")
        #expect(different.output.contains("change DaemonSet istio-system/ztunnel"), "\(different.output)")
        let all = sail("manifest diff 1 2")
        #expect(all.code == 1, "\(all.messages)")
        let missing = sail("manifest diff istiod@1 istiod@7")
        #expect(missing.code == 2)
        #expect(missing.messages.contains("7"), "\(missing.messages)")
        let unknown = sail("manifest diff istiod@1 nowhere")
        #expect(unknown.code == 2)
        #expect(unknown.messages.contains("no such file, version or recorded revision"), "\(unknown.messages)")
    }

    @Test func aFolderIsComparedWithTheCluster() throws {
        let made = run(["manifest", "generate", "--version", "v1.30.3", "--output-dir", folder + "/mesh"])
        #expect(made.code == 0, "\(made.messages)")
        let plan = sail("manifest diff \(folder)/mesh v1.30.3")
        #expect(plan.code == 0, "\(plan.output)")
        let missing = sail("manifest diff \(folder)/other v1.30.3")
        #expect(missing.code == 2)
        #expect(missing.messages.contains("\(folder)/other: no such file or directory"), "\(missing.messages)")
    }

    // MARK: - How it is

    @Test func theStateIsShownInEveryForm() throws {
        let text = sail("status")
        #expect(text.code == 0, "\(text.output)")
        #expect(text.output.hasPrefix("state:     Healthy\n"), "\(text.output)")
        #expect(text.output.contains("nodes: 3 of 3 ready"))
        #expect(text.output.contains("last run:  upgrade "), "\(text.output)")
        let value = try json("status")
        #expect(value["healthy"] == true)
        #expect(value["components"]?.list?.compactMap { $0["component"]?.string } == ["istiod", "cni", "ztunnel"])
        #expect(value["mesh"]?["lastRun"] != nil)
        let yaml = sail("status -o yaml").output
        #expect(try Value(yaml: yaml, numbers: .native)["state"] == "Healthy")
        #expect(sail("status --wait --timeout 1s").code == 0)
    }

    @Test func whatIsBrokenIsASentenceAndAnExitCode() throws {
        _ = try cluster.client().send(.delete("/api/v1/namespaces/istio-system/services/istiod"))
        let broken = sail("status")
        #expect(broken.code == 1)
        #expect(broken.output.contains("Service istio-system/istiod: missing"), "\(broken.output)")
        let waited = sail("status --wait --timeout 1s")
        #expect(waited.code == 1)
        let other = sail("status -n elsewhere")
        #expect(other.code == 1)
        #expect(other.messages.contains("no mesh in namespace elsewhere: it is in istio-system"), "\(other.messages)")
    }

    @Test func thePrecheckListsEveryCheck() throws {
        let report = sail("precheck")
        #expect(report.code == 0, "\(report.output)\(report.messages)")
        #expect(report.output.contains("the versions may run side by side"), "\(report.output)")
        let value = try json("precheck")
        #expect(value["checks"]?.list?.isEmpty == false)
    }

    @Test func thePlanOfAnUpgradeAndOfANewValueIsShown() throws {
        let same = sail("diff --version v1.30.3")
        #expect(same.code == 0, "\(same.output)")
        let changed = sail("diff --version v1.30.3 --set ztunnel.logLevel=debug")
        #expect(changed.code == 1, "\(changed.output)")
        #expect(changed.output.contains("DaemonSet istio-system/ztunnel"), "\(changed.output)")
        #expect(
            try json("diff --version v1.30.3 --set ztunnel.logLevel=debug", code: 1)["changes"]?.list?.isEmpty == false)
        #expect(sail("upgrade --dry-run -o html --set ztunnel.logLevel=debug").output.contains("<html"))
        #expect(sail("upgrade --dry-run -o markdown --set ztunnel.logLevel=debug").output.contains("ztunnel"))
    }

    // MARK: - What is handed on

    @Test func theBundleHoldsObjectsLogsAndReports() throws {
        let file = folder + "/mesh.tar.gz"
        let answer = sail("bundle -O \(file)")
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(answer.output == file + "\n")
        for name in ["status.json", "history.json", "precheck.txt", "versions.txt", "objects/", "lists/nodes.yaml"] {
            #expect(answer.messages.contains(name), "\(name): \(answer.messages)")
        }
        let bytes = try #require(FileManager.default.contents(atPath: file))
        #expect(bytes.prefix(2) == Data([0x1F, 0x8B]))
        let refused = sail("bundle -O \(folder)/nowhere/mesh.tar.gz")
        #expect(refused.code == 1)
        #expect(refused.messages.contains("no such file or directory; check the path"), "\(refused.messages)")
    }

    /// The rest is read all the same, and what is missing is named with the reason.
    @Test func aBundleNamesWhatCouldNotBeRead() throws {
        sandbox.add(Fault(.status(403, message: "no events today"), path: "/events"))
        sandbox.add(Fault(.status(500, message: "node is away"), path: "/log"))
        let answer = sail("bundle -O \(folder)/mesh.tar.gz")
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(answer.messages.contains("not in it:"))
        #expect(answer.messages.contains("events/istio-system.yaml"), "\(answer.messages)")
        #expect(answer.messages.contains("node is away"), "\(answer.messages)")
    }

    // MARK: - Who is enrolled, and goes through waypoints

    @Test func anEnrolmentIsRehearsed() throws {
        _ = try cluster.client().send(.create("/api/v1/namespaces", ["metadata": ["name": "shop"]]))
        let text = sail("enroll shop --dry-run")
        #expect(text.code == 0, "\(text.messages)")
        #expect(text.output.contains("+  Namespace shop  label istio.io/dataplane-mode=ambient"), "\(text.output)")
        #expect(text.output.contains("label istio.io/dataplane-mode=ambient on namespace shop"))
        let value = try json("enroll shop --dry-run")
        #expect(value["labels"]?.list?.first?["after"] == "ambient" && value["labels"]?.list?.first?["before"] == .null)
        #expect(sandbox.object("/api/v1/namespaces/shop")?["metadata"]?["labels"]?["istio.io/dataplane-mode"] == nil)
        let result = sail("enroll shop --yes -o json")
        #expect(result.code == 0, "\(result.messages)")
        #expect(try Value(json: result.output)["result"] == "done")
        let back = sail("unenroll shop --dry-run")
        #expect(back.output.contains("-  Namespace shop  label istio.io/dataplane-mode\n"), "\(back.output)")
        #expect(sail("unenroll --all shop").code == 2)
        #expect(sail("enroll").messages.contains("NAMESPACE is missing"))
    }

    private func deploy(_ name: String, labels: Mapping = [:]) throws {
        var labels = labels
        labels["app"] = .string(name)
        let path = "/apis/apps/v1/namespaces/shop/deployments"
        _ = try cluster.client().send(
            .create(
                path,
                [
                    "metadata": ["name": .string(name)],
                    "spec": [
                        "selector": ["matchLabels": ["app": .string(name)]],
                        "template": [
                            "metadata": ["labels": .map(labels)],
                            "spec": ["containers": [["name": "c", "image": "i:1"]]],
                        ],
                    ],
                ]))
        for _ in 0..<400 where sandbox.object(path + "/" + name)?["status"]?["readyReplicas"]?.int != 1 { usleep(5000) }
    }

    @Test func eachWorkloadIsShownWithWhatBecomesOfIt() throws {
        _ = try cluster.client().send(.create("/api/v1/namespaces", ["metadata": ["name": "shop"]]))
        try deploy("web")
        try deploy("batch", labels: ["istio.io/dataplane-mode": "none"])
        let rows = sail("enroll shop --dry-run").output.split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(rows.contains("+ Deployment shop/web 1 yes"), "\(rows)")
        #expect(
            rows.contains { $0.hasPrefix("Deployment shop/batch 1 no: label istio.io/dataplane-mode=none") }, "\(rows)")
        #expect(rows.contains("effect captures 1 of 2 pods"), "\(rows)")
        let value = try json("enroll shop --dry-run")
        #expect(value["workloads"]?.list?.compactMap { $0["state"]?.string } == ["opted-out", "waiting"])
        #expect(value["workloads"]?.list?.last?["kind"] == "Deployment")
        #expect(sail("enroll shop --yes").code == 0)
        let out = sail("unenroll shop --dry-run").output.split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(out.contains("- Deployment shop/web 1 yes"), "\(out)")
    }

    @Test func theStoredMeshIsExportedAndItsImagesAreListed() throws {
        let images = sail("images --from-cluster")
        #expect(images.code == 0, "\(images.messages)")
        #expect(images.output.contains("ztunnel:1.30.3"), "\(images.output)")
        let export = sail(
            "export argocd --from-cluster --chart-source built-in --repo-url https://g.example.com/m.git -O \(folder)/x"
        )
        #expect(export.code == 0, "\(export.messages)")
        #expect(FileManager.default.fileExists(atPath: folder + "/x/charts/istiod/Chart.yaml"))
        let empty = try TestCluster(.sandbox, ClusterCommandTests.quick())
        let none = ClusterCommandTests.sail(["images", "--from-cluster"], on: empty)
        #expect(none.code == 1)
        #expect(none.messages.contains("no mesh found on this cluster; install one with sail install"))
    }

    /// Every part that cannot be read is named, and the others are checked all the same.
    @Test func aPrecheckWithoutPermissionsNamesThem() throws {
        sandbox.change { $0.grants = [Grant(user: "viewer", verbs: ["get", "list", "watch"])] }
        let viewer = sail("precheck --as viewer")
        #expect(viewer.output.contains("may not"), "\(viewer.output)\(viewer.messages)")
        sandbox.add(Fault(.status(403, message: "no secrets for you"), path: "/secrets"))
        let partly = sail("precheck")
        #expect(
            partly.output.contains("no secrets for you") || partly.messages.contains("no secrets for you"),
            "\(partly.output)\(partly.messages)")
    }

    @Test func aUserWithoutPermissionsIsToldWhichAreMissing() throws {
        sandbox.change { $0.grants = [Grant(user: "viewer", verbs: ["get"])] }
        for line in ["status", "diff --version v1.30.3", "history"] {
            let answer = sail("\(line) --as viewer")
            #expect(answer.code != 0, "\(line)")
            #expect(answer.messages.contains("ask an administrator for"), "\(line): \(answer.messages)")
            #expect(answer.messages.lowercased().contains("user \"viewer\""), "\(line): \(answer.messages)")
        }
    }

    @Test func waypointsAreListedAndTraced() throws {
        #expect(sail("waypoint list").messages.contains("Gateway API"))
        try cluster.installGatewayAPI()
        #expect(sail("waypoint list").messages.contains("no waypoints found in namespace default"))
        let client = try cluster.client()
        _ = try client.send(.create("/api/v1/namespaces", ["metadata": ["name": "shop"]]))
        let made = sail("waypoint apply -n shop --enroll-namespace --yes --timeout 20s")
        #expect(made.code == 0, "\(made.messages)")
        _ = try client.send(
            .create(
                "/api/v1/namespaces/shop/services",
                ["metadata": ["name": "cart"], "spec": ["ports": [["port": 80]], "selector": ["app": "web"]]]))
        let list = sail("waypoint list -A")
        #expect(list.output.contains("shop") && list.output.contains("service (default)"), "\(list.output)")
        #expect(sail("waypoint list -n shop -o name").output == "gateway.gateway.networking.k8s.io/waypoint\n")
        let status = try json("waypoint status -n shop")
        #expect(status.list?.first?["ready"] == true && status.list?.first?["reasons"]?.list == [])
        let trace = sail("waypoint trace shop")
        #expect(trace.code == 0, "\(trace.output)")
        #expect(trace.output.contains("through shop/waypoint"), "\(trace.output)")
        let one = try json("waypoint trace shop/service/cart")
        #expect(one.list?.first?["waypoint"] == "shop/waypoint" && one.list?.first?["bypassed"] == false)
        _ = try client.send(.delete("/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways/waypoint"))
        let past = sail("waypoint trace shop/service/cart")
        #expect(past.code == 1)
        #expect(past.output.contains("1 past a waypoint that is asked for"), "\(past.output)")
        #expect(sail("waypoint trace shop/cart").code == 2)
        #expect(sail("waypoint status gone -n shop").messages.contains("waypoint gone not found"))
    }

    // MARK: - Words for the shell

    @Test func theShellIsOfferedWhatTheClusterHas() throws {
        func offered(_ words: String...) -> String {
            run(
                ["__complete", "--", "--kubeconfig", cluster.kubeconfig] + words,
                environment: ["SAIL_CONFIG": "/dev/null", "KUBECONFIG": cluster.kubeconfig]
            ).output
        }
        #expect(offered("rollback", "").contains("2"), "\(offered("rollback", ""))")
        #expect(offered("status", "-n", "").contains("istio-system"))
        #expect(offered("manifest", "diff", "istiod@").contains("istiod@1"))
    }
}
