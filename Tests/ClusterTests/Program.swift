import Foundation
import Synchronization

/// What a run of sail printed and how it ended.
struct Run {
    /// 137 after SIGKILL, as a shell counts.
    var code: Int32
    var output: String
    var messages: String

    /// The last lines of the messages: what a failed expectation shows.
    var end: String { messages.split(separator: "\n").suffix(8).joined(separator: "\n") }
}

/// The built program in a process of its own, as a user starts it.
final class Program: Sendable {
    private let process: Mutex<Process>
    private let folder: URL

    /// SAIL_PROGRAM (the release build, which `make test` has at hand), or what was built with the tests.
    static let path =
        ProcessInfo.processInfo.environment["SAIL_PROGRAM"].map { URL(filePath: $0) }
        ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "sail")

    /// Starts sail, or the other program; what it prints goes to files, so that it never waits for a reader.
    init(_ words: [String], kubeconfig: String, of other: String? = nil, environment: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sail-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = other.map { URL(filePath: $0) } ?? Program.path
        process.arguments = words
        process.environment = ["KUBECONFIG": kubeconfig, "PATH": "/usr/bin:/bin", "USER": "tester"]
        if other != nil { process.environment?["HOME"] = folder.path }
        process.environment?.merge(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Program.file(folder.appending(path: "output"))
        process.standardError = try Program.file(folder.appending(path: "messages"))
        try process.run()
        self.process = Mutex(process)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func file(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    var identifier: pid_t { process.withLock { $0.processIdentifier } }

    func signal(_ signal: Int32) { kill(identifier, signal) }

    /// What it has printed to standard error so far.
    var messages: String { text("messages") }

    func end() -> Run {
        process.withLock { process in
            process.waitUntilExit()
            let status = process.terminationStatus
            let code = process.terminationReason == .uncaughtSignal ? 128 + status : status
            return Run(code: code, output: text("output"), messages: text("messages"))
        }
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }
}
