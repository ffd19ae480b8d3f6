import Foundation
import FoundationXML
import TestSupport
import Testing

/// The pages that users read.
enum Guides {
    static func text(_ path: String) throws -> String {
        try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
    }

    /// README.md and all pages below docs, by their paths from the root.
    static let pages: [String] = {
        let names = FileManager.default.enumerator(atPath: Repository.root.appending(path: "docs").path)
        let paths = names?.compactMap { $0 as? String } ?? []
        return ["README.md"] + paths.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }.sorted()
    }()

    /// What the groups of a pattern match, for each match.
    static func matches(_ pattern: String, in text: String) throws -> [[String]] {
        let expression = try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
        return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { match in
            (0..<match.numberOfRanges).map { Range(match.range(at: $0), in: text).map { String(text[$0]) } ?? "" }
        }
    }

    /// A program that was built with the tests, or the one that SAIL_PROGRAM names.
    static func program(_ name: String) -> String {
        if name == "sail", let path = ProcessInfo.processInfo.environment["SAIL_PROGRAM"] { return path }
        return URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name).path
    }

    /// Runs a program to its end; answers its exit code and all that it printed.
    static func run(_ path: String, _ arguments: [String]) throws -> (code: Int32, output: String) {
        let process = Process()
        let file = FileManager.default.temporaryDirectory.appending(path: "guide-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
    }
}

@Suite struct GuideTests {
    @Test("Every command of README and the guides runs on the sandbox and prints what the page shows")
    func commandsRunAsWritten() throws {
        let isUpdating = ProcessInfo.processInfo.environment["SAIL_UPDATE_GOLDEN"] == "1"
        let script = Repository.root.appending(path: "scripts/guides").path
        let programs = [Guides.program("sail"), Guides.program("sail-sandbox")]
        let (code, output) = try Guides.run(
            "/usr/bin/env", ["python3", script] + (isUpdating ? ["--update"] : []) + programs)
        for line in output.split(separator: "\n") where line.hasPrefix("NOTE: ") {
            FileHandle.standardError.write(Data("\(line)\n".utf8))
        }
        #expect(code == 0, "\(output)\nSAIL_UPDATE_GOLDEN=1 writes what was printed into the pages: review the diff")
    }

    @Test("Every relative link and picture of the documentation leads to a file, every anchor to a heading")
    func linksLeadSomewhere() throws {
        for page in Guides.pages {
            let folder = Repository.root.appending(path: page).deletingLastPathComponent()
            let text = try Guides.text(page)
            let links =
                try Guides.matches(#"\]\(([^)\s]+)\)"#, in: text) + Guides.matches(#"src(?:set)?="([^"]+)""#, in: text)
            for link in links.map({ $0[1] }) where !link.contains("://") && !link.hasPrefix("mailto:") {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let target = parts[0].isEmpty ? Repository.root.appending(path: page) : folder.appending(path: parts[0])
                #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(link)")
                guard parts.count == 2, target.pathExtension == "md" else { continue }
                let headings = try Guides.matches("^#+ (.*)$", in: String(contentsOf: target, encoding: .utf8))
                #expect(headings.map { Self.anchor($0[1]) }.contains(parts[1]), "\(page): \(link)")
            }
        }
    }

    /// A heading's anchor, as GitHub makes it.
    private static func anchor(_ heading: String) -> String {
        let kept = heading.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
        return kept.replacingOccurrences(of: " ", with: "-")
    }

    @Test("Every message of the troubleshooting guide is one of the code's")
    func messagesAreTheCodes() throws {
        let joint = try NSRegularExpression(pattern: #""\s*\+\s*""#)
        var sources = ""
        let root = Repository.root.appending(path: "Sources")
        for name in FileManager.default.enumerator(atPath: root.path)?.compactMap({ $0 as? String }) ?? []
        where name.hasSuffix(".swift") {
            sources += try String(contentsOf: root.appending(path: name), encoding: .utf8)
        }
        let whole = NSRange(sources.startIndex..., in: sources)
        sources = joint.stringByReplacingMatches(in: sources, range: whole, withTemplate: "")
        let rows = try Guides.matches("^\\| `([^`]+)` \\|", in: Guides.text("docs/guides/troubleshooting.md"))
        #expect(rows.count >= 15)
        for row in rows {
            for piece in row[1].components(separatedBy: "…") {
                let text = piece.trimmingCharacters(in: .whitespaces)
                #expect(text.isEmpty || sources.contains(text), "\(row[1]): \(text)")
            }
        }
    }

    @Test("Every picture is drawn by the script, follows the reader's colours, says what it shows, and is on a page")
    func picturesAreDrawnAndShown() throws {
        let folder = Repository.root.appending(path: "docs/pictures")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let script = try Guides.text("scripts/pictures")
        let pages = try Guides.pages.map(Guides.text).joined()
        #expect(names.count == 8)
        for name in names {
            let picture = try Guides.text("docs/pictures/\(name)")
            #expect(XMLParser(data: Data(picture.utf8)).parse(), "\(name) is not well-formed")
            #expect(picture.contains("@media (prefers-color-scheme:dark)"), "\(name)")
            #expect(picture.contains("<title>"), "\(name)")
            #expect(script.contains("drawing.save(\"\(name.dropLast(4))\")"), "\(name)")
            #expect(pages.contains("pictures/\(name))"), "\(name) is on no page")
        }
    }
}
