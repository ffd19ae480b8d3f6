import Foundation
import System
import Testing

@Suite struct FolderTests {
    @Test func namesComeInTheOrderOfTheirBytes() throws {
        let folder = NSTemporaryDirectory() + "folder-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["b", "a", "B", ".hidden", "é"] {
            _ = FileManager.default.createFile(atPath: folder + "/" + name, contents: nil)
        }
        #expect(folderNames(folder) == [".hidden", "B", "a", "b", "é"])
        #expect(folderNames(folder + "/a") == nil)
        #expect(folderNames(folder + "/missing") == nil)
    }

    @Test func theEnvironmentIsRead() {
        #expect(readEnvironment()["PATH"] == ProcessInfo.processInfo.environment["PATH"])
    }
}
