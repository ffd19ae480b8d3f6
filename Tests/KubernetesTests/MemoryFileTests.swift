import Foundation
import Testing

@testable import HTTP

/// How certificates reach a libcurl that does not take them from memory (before 7.77, or with GnuTLS).
@Suite struct MemoryFileTests {
    @Test func aTextIsAFileUnderOnePathThatNoOtherProcessGets() throws {
        var files: MemoryFiles? = MemoryFiles()
        let text = Array("-----BEGIN CERTIFICATE-----\n".utf8)
        let path = try #require(files?.path(of: text))
        #expect(FileManager.default.contents(atPath: path) == Data(text))
        // Again from the beginning, and by the same name, by which libcurl knows a connection.
        #expect(FileManager.default.contents(atPath: path) == Data(text))
        #expect(files?.path(of: text) == path)
        let other = try #require(files?.path(of: []))
        #expect(other != path)
        #expect(FileManager.default.contents(atPath: other) == Data())

        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "test -e '\(path)'"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus != 0)

        files = nil
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
        #expect(target?.contains("memfd:sail") != true)
    }
}
