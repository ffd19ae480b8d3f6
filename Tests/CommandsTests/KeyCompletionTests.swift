import Arguments
import Foundation
import Testing

@testable import Commands

/// The shell is offered the keys of values, and what a kubeconfig and a cluster have.
@Suite struct KeyCompletionTests {
    private func offered(_ words: [String], _ environment: [String: String] = [:]) -> [Candidate] {
        guard case .words(let candidates) = complete(words, environment: environment, with: root) else { return [] }
        return candidates
    }

    private func names(_ words: [String], _ environment: [String: String] = [:]) -> [String] {
        offered(words, environment).map(\.word)
    }

    @Test func keysOfValuesComeFromTheChartsSchemas() {
        let all = names(["install", "--set", ""])
        for key in ["global.", "meshConfig.", "pilot.", "cni.", "ztunnel."] { #expect(all.contains(key), "\(key)") }
        #expect(names(["install", "--set", "cni.log"]) == ["cni.logging."])
        #expect(names(["install", "--set", "cni.logging."]) == ["cni.logging.level="])
        #expect(names(["install", "--set=cni.logging.l"]) == ["--set=cni.logging.level="])
        #expect(
            names(["upgrade", "--set", "ztunnel.logLevel=debug,cni.logging.le"]) == [
                "ztunnel.logLevel=debug,cni.logging.level="
            ])
        #expect(names(["install", "--set", "pilot.nosuch."]) == [])
        #expect(names(["install", "--set", "cni.logging.level="]) == [])
        #expect(names(["values", "--explain", "cni.cniBin"]) == ["cni.cniBinDir"])
        #expect(names(["values", "--explain", "cni.logg"]) == ["cni.logging."])
        #expect(names(["install", "--set-string", "cni.cniBin"]) == ["cni.cniBinDir="])
    }

    /// A key of one chart is not offered where another's values stand.
    @Test func onlyWhatIsReadThereIsOffered() throws {
        #expect(!names(["install", "--set", "ztunnel."]).contains("ztunnel.cniBinDir="))
        // Each offered key of the first two levels is accepted, or wants only a value of another type.
        for key in names(["values", "--explain", ""]) where key.hasSuffix(".") {
            let below = names(["values", "--explain", key])
            #expect(!below.isEmpty, "\(key)")
        }
    }

    @Test func keysHaveDescriptions() throws {
        let level = try #require(offered(["install", "--set", "cni.logging.l"]).first)
        #expect(level.help.hasSuffix(" (cni)"))
        #expect(level.help.contains(", default "))
        #expect(offered(["install", "--set", ""]).allSatisfy { !$0.help.isEmpty })
    }

    private func withKubeconfig(_ body: ([String: String]) -> Void) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "sail-kubeconfig-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        // An address at which nothing answers.
        let text = """
            current-context: prod
            contexts: [{name: prod, context: {cluster: one, user: me}}, {name: test, context: {cluster: two, user: you}}]
            clusters: [{name: one, cluster: {server: "https://127.0.0.1:1"}}, {name: two, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: me, user: {token: abcdef}}, {name: you, user: {token: abcdef}}]
            """
        try Data(text.utf8).write(to: file)
        body(["KUBECONFIG": file.path])
    }

    @Test func entriesOfTheKubeconfigAreOffered() throws {
        try withKubeconfig { environment in
            #expect(
                offered(["status", "--context", ""], environment) == [
                    Candidate("prod", help: "current"), Candidate("test"),
                ])
            #expect(names(["status", "--context=t"], environment) == ["--context=test"])
            #expect(names(["install", "--cluster", ""], environment) == ["one", "two"])
            #expect(names(["install", "--user", "y"], environment) == ["you"])
            let file = environment["KUBECONFIG"] ?? ""
            #expect(names(["status", "--kubeconfig", file, "--context", ""]) == ["prod", "test"])
        }
        #expect(names(["status", "--context", ""], ["KUBECONFIG": "/nonexistent"]) == [])
    }

    /// A cluster that does not answer costs little time and no word.
    @Test func aClusterThatIsNotThereOffersNothing() throws {
        try withKubeconfig { environment in
            #expect(names(["status", "-n", ""], environment) == [])
            #expect(names(["get", "values", "istiod", "--revision", ""], environment) == [])
            #expect(names(["rollback", ""], environment) == [])
            #expect(names(["manifest", "diff", "v1.30."], environment).contains("v1.30.3"))
        }
    }

    @Test func versionsAndFilesAreSides() {
        #expect(complete(["manifest", "diff", "./"], with: root) == .files)
        #expect(complete(["manifest", "diff", "out/x"], with: root) == .files)
        #expect(names(["manifest", "diff", "v1.30-"]) == ["v1.30-latest"])
        #expect(names(["history", "is"]) == ["istiod"])
        #expect(names(["install", "-c", ""]) == ["base", "istiod", "cni", "ztunnel"])
        #expect(names(["help", "manifest", ""]) == ["generate", "diff"])
    }
}
