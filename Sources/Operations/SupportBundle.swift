import Archives
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import System
import Values
import YAML

/// What a support archive is made of: files by their paths, and what could not be had.
///
/// Data of Secrets, tokens and private keys are masked before they get here. Its size is bounded: so many pods, so much
/// of each log, so much in all.
package struct SupportBundle: Sendable {
    /// One file of the archive.
    package struct Entry: Sendable {
        package let path: String
        package let content: [UInt8]
    }

    /// The folder that all files are in.
    package let folder: String
    package private(set) var entries: [Entry] = []
    /// What is missing, each with the reason.
    package private(set) var gaps: [String] = []
    private var size = 0
    private let time: Int

    /// The most that the files hold together, before they are packed.
    package static let mostBytes = 64 << 20
    /// Of how many pods the logs are taken, those that are not ready first.
    static let mostPods = 40
    /// The most of one container's log.
    static let logBytes = 1 << 20
    static let logLines = 2000

    package init(cluster: String, time: Int) {
        self.time = time
        let stamp = RFC3339.text(time).filter { $0.isNumber || $0 == "T" }
        folder = "sail-bundle-\(SupportBundle.fileName(cluster))-\(stamp)"
    }

    /// Adds a file; where there is no room for it, that is a gap.
    package mutating func add(_ path: String, _ content: [UInt8]) {
        guard size + content.count <= SupportBundle.mostBytes else {
            return miss(path, "the archive holds 64 MiB already")
        }
        size += content.count
        entries.append(Entry(path: path, content: content))
    }

    /// Notes what could not be had.
    package mutating func miss(_ what: String, _ reason: String) { gaps.append("\(what): \(reason)".onOneLine) }

    /// Adds what a body makes; its error is a gap.
    package mutating func add(_ path: String, _ body: () throws -> [UInt8]) {
        do {
            add(path, Array(Redaction.text(String(decoding: try body(), as: UTF8.self)).utf8))
        } catch {
            miss(path, "\(error)")
        }
    }

    /// What is in it, a line for each file with its size, then what is missing.
    package var index: String {
        var lines = entries.map { "\($0.path)  \(SupportBundle.sizeText($0.content.count))" }
        if !gaps.isEmpty { lines += ["", "not in it:"] + gaps.map { "  \($0)" } }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The files as a .tar.gz, the list of them first.
    package var archive: [UInt8] {
        var tar = TarWriter()
        tar.append("\(folder)/index.txt", Array(index.utf8), modified: time)
        for entry in entries { tar.append("\(folder)/\(entry.path)", entry.content, modified: time) }
        return gzip(tar.archive)
    }

    private static func sizeText(_ bytes: Int) -> String {
        bytes < 1024 ? "\(bytes) B" : "\((bytes + 1023) / 1024) KiB"
    }

    /// A name as part of a path: what else a name may hold becomes `-`.
    static func fileName(_ name: String) -> String {
        let plain = name.utf8.prefix(80).map { byte -> UInt8 in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            return isPlain ? byte : UInt8(ascii: "-")
        }
        let text = String(decoding: plain, as: UTF8.self)
        return text.isEmpty || text.allSatisfy { $0 == "." } ? "unnamed" : text
    }
}
