import Foundation
import Testing

/// A short run of `make fuzz-smoke` with a fixed seed: what it once found would be found again.
@Suite struct FuzzSmokeTests {
    @Test func noInputEndsInATrap() throws {
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let output = FileManager.default.temporaryDirectory.appending(path: "fuzz-smoke-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = folder.appending(path: "fuzz-smoke")
        process.arguments = ["--count", "200", "--seed", "20261126", "--output", output.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.hasSuffix("total: 2400 inputs, 0 failures\n"), "\(text)")
    }
}
