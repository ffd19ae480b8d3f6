import Foundation
import Testing

/// The folder of `sail export`: written, compared, and never at the cost of another's files.
@Suite struct ExportCommandTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "sail-export-\(UUID().uuidString)").path

    private func export(_ line: String) -> Answer {
        run(["export"] + line.replacing("FOLDER", with: folder).split(separator: " ").map(String.init))
    }

    private func clean() { try? FileManager.default.removeItem(atPath: folder) }

    @Test func theFolderIsWrittenAndFoundUpToDate() throws {
        defer { clean() }
        #expect(export("helm -O FOLDER").output == "wrote 5 files to \(folder)\n")
        let same = export("helm --check FOLDER")
        #expect(same == Answer(code: 0, output: "", messages: ""))
        let other = export("helm --check FOLDER --set ztunnel.logLevel=debug")
        #expect(other.code == 1)
        #expect(other.output == "differs: \(folder)/values-ztunnel.yaml\n")
        #expect(other.messages.contains("sail export helm -O \(folder) brings it up to date"))
        #expect(FileManager.default.isExecutableFile(atPath: folder + "/commands.sh"))
    }

    /// What the resources have no field for is refused before a file is written.
    @Test func resourcesThatWouldNotGiveTheMeshAreRefused() {
        defer { clean() }
        #expect(export("operator -O FOLDER --set compatibilityVersion=1.28").messages.contains("would differ"))
        let refused = export("operator -O FOLDER --set cni.excludeNamespaces=null")
        #expect(refused.code == 1)
        #expect(refused.messages.contains("ConfigMap istio-system/istio-cni-config would differ"))
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(export("operator -O FOLDER --set global.network=n1 --platform openshift").code == 0)
        #expect(export("operator --check FOLDER --set global.network=n1 --platform openshift").code == 0)
        #expect(export("operator --check FOLDER --set global.network=n2 --platform openshift").code == 1)
    }

    @Test func whatIsNoLongerPartOfItGoes() throws {
        defer { clean() }
        _ = export("helm -O FOLDER")
        let stale = export("helm --check FOLDER -c istiod")
        #expect(stale.code == 1)
        #expect(stale.output.contains("not part of it any more: \(folder)/values-ztunnel.yaml\n"))
        #expect(export("helm -O FOLDER -c istiod").code == 0)
        #expect(!FileManager.default.fileExists(atPath: folder + "/values-ztunnel.yaml"))
        #expect(export("helm --check FOLDER -c istiod").code == 0)
    }

    @Test func aFileOfSomebodyElseIsLeftAlone() throws {
        defer { clean() }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(filePath: folder + "/commands.sh"))
        let refused = export("helm -O FOLDER")
        #expect(refused.code == 1)
        #expect(refused.messages.contains("holds commands.sh, which sail export did not write"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["commands.sh"])
    }

    /// An index that names paths out of the folder, or other folders' files, has no say over them.
    @Test func theIndexDoesNotLeadOutOfTheFolder() throws {
        defer { clean() }
        _ = export("kustomize -O FOLDER")
        let outside = folder + "-outside"
        defer { try? FileManager.default.removeItem(atPath: outside) }
        try Data("mine".utf8).write(to: URL(filePath: outside))
        let index = folder + "/.sail-export"
        let text = try String(contentsOfFile: index, encoding: .utf8)
        try Data((text + "../\(URL(filePath: outside).lastPathComponent)\n\(outside)\n").utf8).write(
            to: URL(filePath: index))
        #expect(export("kustomize -O FOLDER").code == 0)
        #expect(FileManager.default.fileExists(atPath: outside))
    }

    @Test func whatCannotBeComparedIsTwo() {
        let missing = export("flux --check FOLDER")
        #expect(missing.code == 2)
        #expect(missing.messages.contains("\(folder): is not there"))
        #expect(export("argocd --check FOLDER --set no.such=key").code == 2)
    }

    @Test(arguments: [
        ("argocd", "say where the files go with --output-dir FOLDER"),
        ("flux -O x --path ../up", "a path below the repository"),
        ("helm -O x --chart-repo ftp://x", "an address that begins with https:// or oci://"),
        ("helm -O x --webhook-policy open", "keep or fail"),
        ("argocd -O x --argocd-namespace A_B", "a namespace's name"),
        ("argocd -O x --chart-source built-in", "say where the folder will lie with --repo-url and --path"),
        ("helm -O x --post-renderer cat", "use sail export kustomize"),
    ])
    func whatCannotBeRightIsRefused(line: String, message: String) {
        let answer = export(line)
        #expect(answer.code != 0, "\(line)")
        #expect(answer.messages.contains(message), "\(line): \(answer.messages)")
        #expect(!FileManager.default.fileExists(atPath: "x"))
    }

    /// By jq, which Argo CD's own expressions are written for.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/jq"), "jq is not installed"))
    func whatIstiodWritesIntoWebhooksIsNoDifference() throws {
        defer { clean() }
        _ = export("argocd -O FOLDER")
        _ = export("argocd -O FOLDER")
        let text = try String(contentsOfFile: folder + "/applications/istiod.yaml", encoding: .utf8)
        let paths = text.split(separator: "\n").compactMap { $0.firstMatch(of: /^ *- (\.webhooks.*)$/)?.1 }
        #expect(Set(paths).count == 2)
        let webhooks = "ValidatingWebhookConfiguration,MutatingWebhookConfiguration"
        let live = """
            .items[] | select(.kind == ("\(webhooks)" | split(",")[])) | . as $rendered
            | (.webhooks[].clientConfig.caBundle = "QUJD") | (.webhooks[].failurePolicy = "Fail")
            | [., $rendered] | map(del(\(Set(paths).joined(separator: ", ")))) | .[0] == .[1]
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/jq")
        process.arguments = ["-c", live]
        let (input, output) = (folder + "/list.json", Pipe())
        try Data(run(["manifest", "generate", "-o", "json"]).output.utf8).write(to: URL(filePath: input))
        process.standardInput = FileHandle(forReadingAtPath: input)
        process.standardOutput = output
        try process.run()
        let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(answer.split(separator: "\n").count >= 2)
        #expect(Set(answer.split(separator: "\n")) == ["true"])
    }
}
