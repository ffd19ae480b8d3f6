import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values
import YAML

/// A kubeconfig with a context for each of several sandboxes, and for those that do not answer.
private final class Contexts {
    private(set) var clusters: [String: TestCluster] = [:]
    private var entries: (clusters: [Value], users: [Value], contexts: [Value]) = ([], [], [])
    let folder = FileManager.default.temporaryDirectory.appending(path: "contexts-\(UUID().uuidString)")
    var kubeconfig: String { folder.appending(path: "config").path }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Adds a context; `server` in the place of the sandbox's address.
    func add(
        _ name: String, _ cluster: TestCluster, token: String = Sandbox.adminToken, server: String? = nil
    ) throws {
        let text = cluster.sandbox?.kubeconfig(token: token) ?? ""
        let config = try Value(yaml: Array(text.utf8))
        guard var own = config["clusters"]?.list?.first?["cluster"]?.map else { return }
        if let server { own["server"] = .string(server) }
        entries.clusters.append(["name": .string(name), "cluster": .map(own)])
        entries.users.append(["name": .string(name), "user": ["token": .string(token)]])
        entries.contexts.append([
            "name": .string(name), "context": ["cluster": .string(name), "user": .string(name)],
        ])
        clusters[name] = cluster
    }

    @discardableResult
    func add(_ name: String, _ settings: SandboxSettings = .quick) throws -> TestCluster {
        let cluster = try TestCluster(.sandbox, settings)
        try add(name, cluster)
        return cluster
    }

    func write() throws {
        let config: Value = [
            "apiVersion": "v1", "kind": "Config", "clusters": .list(entries.clusters), "users": .list(entries.users),
            "contexts": .list(entries.contexts), "current-context": "",
        ]
        try Data(config.yamlBytes()).write(to: URL(filePath: kubeconfig))
    }

    func start(_ line: String) throws -> Program {
        try Program(line.split(separator: " ").map(String.init), kubeconfig: kubeconfig)
    }

    func sail(_ line: String) throws -> Run { try start(line).end() }

    /// The result of a command for several contexts, by context.
    func results(_ run: Run) throws -> [(context: String, entry: Value)] {
        (try Value(json: run.output, numbers: .native).list ?? []).map { ($0["context"]?.string ?? "", $0) }
    }
}

@Suite struct ManyContextsTests {
    private func version(_ cluster: TestCluster?) throws -> String? {
        try cluster?.client().send(.get("/apis/apps/v1/namespaces/istio-system/deployments/istiod"))[
            path: "metadata", "labels", "app.kubernetes.io/version"]?.string
    }

    /// Twenty clusters, two of which are down, and one of which lets its user do nothing.
    @Test func twentyClustersAnswerInTheTimeOfTheSlowest() throws {
        let contexts = try Contexts()
        let names = (1...17).map { "prod-\($0 < 10 ? "0" : "")\($0)" }
        for name in names { try contexts.add(name) }
        contexts.clusters["prod-07"]?.sandbox?.add(Fault(.delay(100)))
        let first = try #require(contexts.clusters["prod-01"])
        try contexts.add("down-1", first, server: "https://127.0.0.1:1")
        try contexts.add("down-2", first, server: "https://127.0.0.1:2")
        try contexts.add("viewer", first, token: Sandbox.viewerToken)
        try contexts.write()
        #expect(try contexts.sail("install --yes --context prod-01").code == 0)
        let start = Date()
        #expect(try contexts.sail("status --context prod-07").code == 1)
        let slowest = Date().timeIntervalSince(start)
        let begin = Date()
        let run = try contexts.sail("status --all-contexts -o json")
        #expect(Date().timeIntervalSince(begin) < slowest + 5, "twenty debug programs on a busy machine")
        #expect(run.code == 1)
        let results = try contexts.results(run)
        #expect(results.map(\.context) == ["down-1", "down-2"] + names + ["viewer"])
        for (context, entry) in results {
            switch context {
            case "down-1", "down-2": #expect(entry["error"]?.string?.contains("no connection") == true)
            case "viewer": #expect(entry["error"]?.string?.contains("user \"viewer\" may not list") == true)
            case "prod-01":
                #expect(entry["exitCode"] == 0)
                let alone = try contexts.sail("status --context prod-01 -o json")
                #expect(entry["result"] == (try Value(json: alone.output, numbers: .native)))
            default: #expect(entry["result"]?["state"] == "NotInstalled", "\(context)")
            }
        }
        let table = try contexts.sail("status --contexts down-*,prod-01,viewer")
        let rows = table.output.split(separator: "\n").map { $0.split(separator: " ").prefix(3).map(String.init) }
        #expect(
            rows == [
                ["CONTEXT", "VERSION", "NODES"], ["×", "down-1", "-"], ["×", "down-2", "-"],
                ["✓", "prod-01", "1.30.3"], ["×", "viewer", "-"],
            ])
    }

    @Test func eachReadingCommandAnswersForAll() throws {
        let contexts = try Contexts()
        for name in ["a", "b"] { try contexts.add(name) }
        try contexts.write()
        #expect(try contexts.sail("install --version v1.29.6 --allow-end-of-life --yes --context a").code == 0)
        #expect(try contexts.sail("install --yes --context b").code == 0)
        let same = try contexts.sail("diff --contexts a,b")
        #expect(same.code == 0, "\(same.end)")
        let diff = try contexts.sail("diff --contexts b,a --version v1.30.3 -o json")
        #expect(diff.code == 1)
        let results = try contexts.results(diff)
        #expect(results.map(\.context) == ["b", "a"])
        #expect(results.map { $0.entry["exitCode"] } == [0, 1])
        #expect(results[1].entry["result"]?["from"] == "v1.29.6")
        #expect(results[1].entry["result"]?["to"] == "v1.30.3")
        let checks = try contexts.sail("precheck --all-contexts -o yaml")
        #expect(checks.code == 0, "\(checks.end)")
        #expect(try Value(yaml: Array(checks.output.utf8)).list?.map { $0["result"]?["ok"] } == [true, true])
        let images = try contexts.sail("images --contexts * -o name")
        #expect(images.output.split(separator: "\n").count == 8)
        #expect(images.output.contains("pilot:1.29.6") && images.output.contains("pilot:1.30.3"))
        let one = try contexts.sail("images --from-cluster --context a")
        #expect(one.output.contains("ztunnel:1.29.6") && !one.output.contains("1.30.3"))
    }

    @Test func whatASourceOffersStandsBesideWhatEachRuns() throws {
        let server = try ChartServer(["1.30.9", "1.32.0"])
        let contexts = try Contexts()
        try contexts.add("a")
        try contexts.add("empty")
        try contexts.add("down", try #require(contexts.clusters["a"]), server: "https://127.0.0.1:1")
        try contexts.write()
        #expect(try contexts.sail("install --yes --context a").code == 0)
        let run = try contexts.sail("versions --remote --charts \(server.repository) --contexts a,empty,down")
        #expect(run.code == 1, "\(run.end)")
        let rows = run.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            Array(rows.prefix(3)) == [
                "CONTEXT RUNS BUILT IN OFFERED NEWEST", "✓ a v1.30.3 v1.30.3 v1.30.9 v1.32.0",
                "✓ empty - - - v1.32.0",
            ])
        #expect(rows.last?.hasPrefix("× down - - - https://127.0.0.1:1") == true)
        #expect(run.messages == "", "the reason is in the row")
    }

    @Test func contradictionsAndUnknownNamesAreSaidBeforeAnyIsAsked() throws {
        let contexts = try Contexts()
        for name in ["prod-eu", "dev"] { try contexts.add(name) }
        try contexts.write()
        for (line, code, message) in [
            ("status --contexts dev --context dev", 2, "--context names one cluster, --contexts several"),
            ("status --all-contexts --cluster dev", 2, "--cluster names one cluster, --all-contexts several"),
            ("upgrade --contexts dev --all-contexts", 2, "exclude each other"),
            ("status --contexts dev --watch", 2, "--watch follows one cluster"),
            ("status --contexts dev,", 2, "is not names of contexts"),
            ("status --contexts prdo-eu", 1, "did you mean prod-eu?; choose of dev, prod-eu"),
            ("diff --contexts prod*x", 2, "fits \"prod*x\""),
            ("upgrade --contexts nothing", 1, "fits \"nothing\""),
        ] as [(String, Int32, String)] {
            let run = try contexts.sail(line)
            #expect(run.code == code, "\(line)")
            #expect(run.messages.contains(message), "\(line): \(run.end)")
            #expect(run.output == "", "\(line)")
        }
        #expect(contexts.clusters.values.allSatisfy { $0.sandbox?.requests.isEmpty == true })
    }

    @Test func theValuesOfStandardInputReachAll() throws {
        let contexts = try Contexts()
        for name in ["a", "b"] { try contexts.add(name) }
        try contexts.write()
        for name in ["a", "b"] { #expect(try contexts.sail("install --yes --context \(name)").code == 0) }
        let line =
            "printf 'ztunnel: {logLevel: debug}' | \(Program.path.path) diff --contexts a,b -f - --diff=full -o json"
        let run = try Program(["-c", line], kubeconfig: contexts.kubeconfig, of: "/bin/sh").end()
        #expect(run.code == 1, "\(run.end)")
        #expect(try contexts.results(run).map { $0.entry["result"]?["summary"]?.string?.prefix(2) } == ["1 ", "1 "])
        let upgrade = line.replacing("diff --contexts", with: "upgrade --yes --contexts")
        let done = try Program(["-c", upgrade], kubeconfig: contexts.kubeconfig, of: "/bin/sh").end()
        #expect(done.code == 0, "\(done.end)")
        #expect(try contexts.sail("diff --contexts a,b --set ztunnel.logLevel=debug").code == 0)
    }

    @Test func anInterruptionEndsAll() throws {
        let contexts = try Contexts()
        for name in ["a", "b", "c"] { try contexts.add(name).sandbox?.add(Fault(.delay(20_000))) }
        try contexts.write()
        let program = try contexts.start("status --all-contexts")
        let asked = { contexts.clusters.values.allSatisfy { ($0.sandbox?.connections ?? 0) > 0 } }
        for _ in 0..<200 where !asked() { usleep(50_000) }
        let start = Date()
        program.signal(SIGINT)
        #expect(program.end().code == 128 + SIGINT)
        #expect(Date().timeIntervalSince(start) < 5)
        // The runs for the contexts are children of nobody now, if they are there at all.
        let found = try Program(["-f", contexts.kubeconfig], kubeconfig: "", of: "/usr/bin/pgrep").end()
        #expect(found.output == "")
    }

    @Test func anUpgradeStopsAtTheFirstFailure() throws {
        let contexts = try Contexts()
        for name in ["a", "b", "c"] { try contexts.add(name) }
        try contexts.write()
        for name in ["a", "b", "c"] {
            #expect(
                try contexts.sail("install --version v1.29.6 --allow-end-of-life --yes --context \(name)").code == 0)
        }
        contexts.clusters["b"]?.breakImages("pilot")
        let run = try contexts.sail("upgrade --version v1.30.3 --contexts a,b,c --yes --timeout 2s -o json")
        #expect(run.code == 1)
        #expect(run.messages.contains("stopped at b, which failed; done: a; not begun: c"), "\(run.end)")
        let results = try contexts.results(run)
        #expect(results.map { $0.entry["result"]?["result"] } == ["done", "failed", "not begun"])
        #expect(results.map { $0.entry["exitCode"] } == [0, 1, nil])
        #expect(try version(contexts.clusters["c"]) == "1.29.6")
        contexts.clusters["b"]?.breakImages(nil)
        let rest = try contexts.sail("upgrade --version v1.30.3 --contexts a,b,c --yes")
        #expect(rest.code == 0, "\(rest.end)")
        #expect(rest.messages.contains("upgraded 3 clusters: a, b, c"))
        #expect(try ["a", "b", "c"].map { try version(contexts.clusters[$0]) } == ["1.30.3", "1.30.3", "1.30.3"])
    }

    /// The plan that is made anew is the one that was shown, also where a real server answers the dry runs.
    @Test(arguments: ClusterKind.available)
    func thePlanOfALaterMomentIsTheSame(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld().code == 0)
        let run = try mesh.sail("upgrade --version \(Mesh.new) --all-contexts --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages.contains("upgraded 1 cluster"), "\(run.end)")
        #expect(try mesh.sail("diff --all-contexts").code == 0)
        #expect(try mesh.sail("status --all-contexts").code == 0)
    }

    @Test func eachClusterIsAskedAboutAfterAllPlans() throws {
        let contexts = try Contexts()
        for name in ["a", "b"] { try contexts.add(name) }
        try contexts.write()
        for name in ["a", "b"] {
            #expect(
                try contexts.sail("install --version v1.29.6 --allow-end-of-life --yes --context \(name)").code == 0)
        }
        let program = try TerminalProgram(
            "upgrade --version v1.30.3 --contexts b,a", kubeconfig: contexts.kubeconfig)
        #expect(program.waits(for: "Upgrade b to v1.30.3? [y/N]"))
        #expect(program.text.contains("cluster   a ("))
        program.type("y\n")
        #expect(program.waits(for: "Upgrade a to v1.30.3? [y/N]"))
        program.type("n\n")
        #expect(program.end() == 1)
        #expect(program.text.contains("stopped at a, which was declined; done: b; not begun: none"))
        #expect(try version(contexts.clusters["b"]) == "1.30.3")
        #expect(try version(contexts.clusters["a"]) == "1.29.6")
    }
}
