import Arguments
import Foundation
import Terminal
import Testing

@testable import Commands

/// Manual pages, and the program under kubectl's names.
@Suite struct ManualTests {
    private static let pages = manualPages(root, version: "1")

    private func page(_ name: String) throws -> String { try #require(Self.pages.first { $0.name == name }).text }

    @Test func everyCommandHasAPage() {
        let names = Self.pages.map(\.name)
        for name in ["sail.1", "sail-install.1", "sail-manifest.1", "sail-manifest-generate.1", "sail-get-values.1"] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(!names.contains { $0.contains("__") })
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: pages.map(\.name))
    func aPageHasItsSectionsInOrder(name: String) throws {
        let sections = try page(name).split(separator: "\n").filter { $0.hasPrefix(".SH ") }.map { $0.dropFirst(4) }
        let order = [
            "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ARGUMENTS", "OPTIONS", "EXAMPLES", "ENVIRONMENT", "FILES",
            "EXIT STATUS", "SEE ALSO",
        ]
        #expect(order.filter { sections.contains(Substring($0)) } == sections.map(String.init))
        for title in ["NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "FILES", "EXIT STATUS", "SEE ALSO"] {
            #expect(sections.contains(Substring(title)), "\(title)")
        }
    }

    @Test func aPageSaysWhatConcernsItsCommand() throws {
        let install = try page("sail-install.1")
        for text in [
            ".B SAIL_VERSION", ".B KUBECONFIG", ".B \\(ti/.kube/config", ".B 128+N", ".BR helm (1)", ".SH EXAMPLES",
        ] {
            #expect(install.contains(text), "\(text)")
        }
        let completion = try page("sail-completion.1")
        #expect(!completion.contains("KUBECONFIG"))
        #expect(!completion.contains("kube/config"))
        #expect(try page("sail-diff.1").contains(".B 1\nThere are differences"))
        #expect(try page("sail-manifest-diff.1").contains(".BR sail\\-manifest\\-generate (1)"))
    }

    /// groff's own complaints: none at all.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/groff"), "no groff"))
    func groffTakesEveryPageWithoutAWarning() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sail-man-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let answer = run(["help", "--man", "--output-dir", folder.path])
        #expect(answer.output == "wrote \(Self.pages.count) manual pages to \(folder.path)\n")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/groff")
        process.arguments =
            ["-man", "-Kutf8", "-Tutf8", "-z", "-wmac", "-wescape", "-wfont", "-wmissing", "-wsyntax", "-wchar"]
            + Self.pages.map { folder.appending(path: $0.name).path }
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text == "")
        #expect(process.terminationStatus == 0)
    }

    @Test func aPageIsPrintedAlone() throws {
        #expect(run(["help", "--man"]).output.hasPrefix(".TH SAIL 1 "))
        #expect(run(["help", "--man", "manifest", "generate"]).output.hasPrefix(".TH SAIL\\-MANIFEST\\-GENERATE 1 "))
        #expect(run(["help", "--man", "manfest"]).code == 2)
        #expect(run(["help", "--output-dir", "x"]).messages.contains("has no effect without --man"))
    }

    private func kubectl(_ words: [String], as program: String = "kubectl-sail") -> Answer {
        let (output, messages) = (Collected(), Collected())
        let console = Console(
            window: 80, messageWindow: 80, output: { output.add($0) }, messages: { messages.add($0) })
        let code = sail(words, environment: [:], console: console, program: program)
        return Answer(code: code, output: output.text, messages: messages.text)
    }

    @Test func asAPluginItSpeaksOfKubectl() {
        #expect(kubectl(["install", "-h"]).output.contains("\nUsage:\n  kubectl sail install [flags]\n"))
        #expect(kubectl(["help", "install"]).output == kubectl(["install", "-h"]).output)
        #expect(kubectl([]).output.contains("kubectl sail COMMAND"))
        #expect(
            kubectl(["manfest"]).messages
                == "error: unknown command \"manfest\" for 'kubectl sail'; did you mean manifest?\n"
                + "see 'kubectl sail --help'\n")
        #expect(kubectl(["versions"]) == run(["versions"]))
    }

    /// What kubectl runs for the shell: words, then a number of its library.
    @Test func kubectlIsToldWhatCanFollow() {
        let name = "kubectl_complete-sail"
        #expect(kubectl(["manifest", "gen"], as: name).output.hasSuffix("\n:4\n"))
        #expect(kubectl(["manifest", "gen"], as: name).output.hasPrefix("generate\t"))
        #expect(kubectl(["install", "-f", ""], as: name).output == ":0\n")
        #expect(kubectl(["install", "--dry-run", "cl"], as: name).output == "client\t\n:4\n")
    }
}

/// Bytes as they come.
private final class Collected: @unchecked Sendable {
    private var bytes: [UInt8] = []
    func add(_ new: [UInt8]) { bytes += new }
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
