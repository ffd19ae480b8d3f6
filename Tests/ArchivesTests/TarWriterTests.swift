import Archives
import Foundation
import Testing

/// Archives that are written are read by tar.
@Suite struct TarWriterTests {
    @Test func tarListsAndUnpacksThem() throws {
        var writer = TarWriter()
        let deep = String(repeating: "folder/", count: 20) + "file.txt"
        writer.append("a/empty.txt", [], modified: 1_700_000_000)
        writer.append("a/b.txt", Array("hello\n".utf8), modified: -5)
        writer.append(deep, [UInt8](repeating: 0x41, count: 513), modified: Int.max)
        writer.append(String(repeating: "x", count: 300), [1], modified: 0)
        let folder = FileManager.default.temporaryDirectory.appending(path: "tar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(gzip(writer.archive)).write(to: folder.appending(path: "t.tar.gz"))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["tar", "-xzf", "t.tar.gz"]
        process.currentDirectoryURL = folder
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try Data(contentsOf: folder.appending(path: "a/b.txt")) == Data("hello\n".utf8))
        #expect(try Data(contentsOf: folder.appending(path: "a/empty.txt")).isEmpty)
        #expect(try Data(contentsOf: folder.appending(path: deep)).count == 513)
        #expect(try Data(contentsOf: folder.appending(path: String(repeating: "x", count: 100))).count == 1)
    }
}
