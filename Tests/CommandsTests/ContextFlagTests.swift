import Foundation
import TestSupport
import Testing

/// The flags for several clusters, before any is asked.
@Suite struct ContextFlagTests {
    private func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "contexts-\(UUID().uuidString)").path
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test(arguments: ["contexts: [a, b]", "all-contexts: true"])
    func theConfigFileDoesNotChooseThem(_ line: String) throws {
        let config = try file("defaults:\n  \(line)\n")
        let answer = run(["status"], environment: ["SAIL_CONFIG": config])
        #expect(answer.code == 2)
        #expect(answer.messages.contains("cannot be a default: which clusters a command is about is said each time"))
    }

    @Test func aDefaultContextIsNoContradiction() throws {
        let config = try file("defaults:\n  context: a\n")
        let kubeconfig = try file("{apiVersion: v1, kind: Config}\n")
        let answer = run(
            ["status", "--contexts", "b"], environment: ["SAIL_CONFIG": config, "KUBECONFIG": kubeconfig])
        #expect(answer.code == 1)
        #expect(answer.messages.contains("the kubeconfig has no contexts"))
    }

    @Test func flagsOfTheClusterMeanNothingWithoutOne() {
        let images = run(["images", "--context", "a"])
        #expect(images.code == 2)
        #expect(images.messages.contains("--context has no effect without --from-cluster"))
        let versions = run(["versions", "--contexts", "a"])
        #expect(versions.code == 2)
        #expect(versions.messages.contains("--contexts has no effect without --remote"))
    }

    @Test func aKubeconfigThatIsNotThereIsAnError() {
        for (verb, code) in [("status", Int32(1)), ("upgrade", 1), ("diff", 2)] {
            let answer = run([verb, "--all-contexts", "--kubeconfig", "/nonexistent/config"])
            #expect(answer.code == code, "\(verb)")
            #expect(answer.messages.contains("/nonexistent/config"), "\(verb)")
        }
    }
}
