import Foundation
import Sandbox
import TestSupport
import Testing
import Values

/// -n on every command about a mesh, the config file beneath what is stored with it, and a shell that asks the cluster.
@Suite struct NamespaceFlagTests {
    @Test(arguments: ClusterKind.available)
    func aNamespaceWithoutTheMeshIsRefused(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let versions = try mesh.versionsAtRest()
        for line in ["status", "history", "get values istiod", "get all", "uninstall --yes", "rollback --yes 1"] {
            let wrong = try mesh.sail(line + " -n elsewhere")
            #expect(wrong.code == 1, "\(line)")
            #expect(
                wrong.messages.contains("no mesh in namespace elsewhere: it is in istio-system"),
                "\(line): \(wrong.end)")
        }
        #expect(try mesh.versions() == versions)
        for line in ["status", "history", "get values istiod", "manifest diff istiod@1 istiod@1", "diff"] {
            #expect(try mesh.sail(line + " -n istio-system").code == 0, "\(line)")
        }
        #expect(try mesh.sail("history -o name").output == "base@1\nistiod@1\ncni@1\nztunnel@1\n")
        #expect(try mesh.sail("uninstall --yes -n istio-system").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func theShellIsOfferedWhatTheClusterHas(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        func words(_ line: String) throws -> [String] {
            let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let run = try Program(["__complete", "--"] + words, kubeconfig: mesh.cluster.kubeconfig).end()
            #expect(run.messages == "")
            return run.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
        }
        #expect(try words("status -n ") == [])
        #expect(try mesh.sail("install --yes").code == 0)
        #expect(try mesh.sail("install --yes --set pilot.env.A=b").code == 0)
        #expect(try words("status -n ") == ["istio-system"])
        #expect(try words("install --namespace=istio") == ["--namespace=istio-system"])
        #expect(try words("get values istiod --revision ") == ["2", "1"])
        #expect(try words("rollback ") == ["2", "1"])
        #expect(try words("manifest diff istiod") == ["istiod@2", "istiod@1"])
    }

    /// Flag, environment, stored settings, config file: in this order.
    @Test(arguments: ClusterKind.available)
    func whatIsStoredComesBeforeTheConfigFile(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let file = FileManager.default.temporaryDirectory.appending(path: "sail-config-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("defaults: {platform: k3s, namespace: istio-system, timeout: 5m}\n".utf8).write(to: file)
        func sail(_ line: String) throws -> Run {
            let words = ["SAIL_CONFIG=\(file.path)", Program.path.path] + line.split(separator: " ").map(String.init)
            return try Program(words, kubeconfig: mesh.cluster.kubeconfig, of: "/usr/bin/env").end()
        }
        func platform() throws -> String? {
            try Value(json: try mesh.sail("get all istiod -o json").output).list?.first?["asked"]?["platform"]?.string
        }
        #expect(try sail("install --yes").code == 0)
        #expect(try platform() == "k3s")
        try Data("defaults: {platform: microk8s, namespace: elsewhere}\n".utf8).write(to: file)
        #expect(try sail("diff").code == 0, "what is stored counts")
        #expect(try sail("status").code == 0, "a default namespace is no -n")
        let flag = try sail("upgrade --yes --platform microk8s")
        #expect(flag.code == 0, "\(flag.end)")
        #expect(try platform() == "microk8s")
        #expect(try mesh.sail("uninstall --yes").code == 0)
    }

    /// No shell waits for a cluster that takes connections and says nothing.
    @Test func aSilentClusterDoesNotHoldTheShell() throws {
        let (socket, port) = listening()
        defer { close(socket) }
        let file = FileManager.default.temporaryDirectory.appending(path: "sail-silent-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let text = """
            current-context: a
            contexts: [{name: a, context: {cluster: a, user: a}}]
            clusters: [{name: a, cluster: {server: "https://127.0.0.1:\(port)"}}]
            users: [{name: a, user: {token: abcdef}}]
            """
        try Data(text.utf8).write(to: file)
        for line in [["status", "-n", ""], ["rollback", ""], ["manifest", "diff", "is"]] {
            let start = ContinuousClock.now
            let run = try Program(["__complete", "--"] + line, kubeconfig: file.path).end()
            #expect(run.messages == "")
            #expect(ContinuousClock.now - start < .seconds(8))
        }
    }
}
