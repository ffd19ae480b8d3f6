import Foundation
import System
import Testing

/// What reading a file gives: its size, or why not.
private func read(_ path: String, limit: Int = FileLimit.text, patience: Int = 100) -> String {
    do throws(FileFailure) {
        return "\(try readWholeFile(path, limit: limit, patience: patience).count) bytes"
    } catch {
        return error.reason
    }
}

@Suite struct FileReaderTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sail-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    @Test func aFileIsReadToItsEnd() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(repeating: 0x61, count: 200_000).write(to: folder.appending(path: "a"))
        #expect(read(path("a")) == "200000 bytes")
        #expect(read("/dev/null") == "0 bytes")
        #expect(read(path("none")) == "no such file or directory")
    }

    @Test func foldersAndWhatHasNoEndAreRefused() {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(read(folder.path) == "is a folder, not a file")
        #expect(read("/dev/zero") == "holds more than 16 MiB, the most that is read of such a file")
    }

    @Test func aSparseFileOfManyGigabytesIsNotEvenOpenedForReading() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(FileManager.default.createFile(atPath: path("big.tgz"), contents: nil))
        #expect(truncate(path("big.tgz"), 5 << 30) == 0)
        #expect(
            read(path("big.tgz"), limit: FileLimit.archive)
                == "holds more than 100 MiB, the most that is read of such a file")
    }

    @Test func aPipeThatNothingWritesToIsGivenUp() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(mkfifo(path("pipe"), 0o600) == 0)
        #expect(read(path("pipe")) == "nothing writes to this pipe")
    }

    @Test func aPipeIsReadToItsEnd() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(mkfifo(path("pipe"), 0o600) == 0)
        let writer = Process()
        writer.executableURL = URL(filePath: "/bin/sh")
        writer.arguments = ["-c", "(echo a; sleep 0.2; echo b) > '\(path("pipe"))'"]
        try writer.run()
        #expect(read(path("pipe"), patience: 10_000) == "4 bytes")
        writer.waitUntilExit()
    }
}
