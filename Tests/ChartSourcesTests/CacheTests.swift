import Foundation
import TestSupport
import Testing
import Values

@testable import ChartSources

@Suite struct CacheTests {
    private let user = User()
    private let archive = chart("base")

    private func keep(_ cache: Cache) throws {
        try cache.keep(
            archive, digest: sha256(archive), source: "https://host/charts", chart: "base", version: "1.30.3")
    }

    @Test func aDamagedArchiveIsFetchedAnew() throws {
        let server = repository(["base"])
        _ = try user.charts(server.url + "/charts")
        let file = user.cache.folder + "/sha256/" + sha256(archive) + ".tgz"
        try Data(archive.dropLast(3)).write(to: URL(filePath: file))
        #expect(user.cache.entries().map(\.isIntact) == [false])
        #expect(try user.charts(server.url + "/charts").count == 1)
        #expect(user.cache.entries().map(\.isIntact) == [true])
        #expect(server.calls.filter { $0.path.hasSuffix(".tgz") }.count == 2)
    }

    @Test func itsFilesAreTheUsersOnly() throws {
        try keep(user.cache)
        let file = user.cache.folder + "/sha256/" + sha256(archive) + ".tgz"
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func writersAtTheSameTimeLeaveOneWholeArchiveAndNothingElse() async throws {
        let cache = user.cache
        let archive = archive
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try? cache.keep(archive, digest: sha256(archive), source: "s", chart: "base", version: "1.30.3")
                    #expect(cache.archive(sha256(archive)) == archive)
                }
            }
        }
        #expect(cache.entries().map(\.isIntact) == [true])
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache.folder + "/sha256").count == 2)
    }

    @Test func itIsEmptiedWithWhatInterruptedRunsLeft() throws {
        try keep(user.cache)
        try user.home.write("cache/sha256/\(sha256(archive)).tgz.12.34.part", "half")
        #expect(try user.cache.clear() == 1)
        #expect(user.cache.entries().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: user.cache.folder + "/sha256").isEmpty)
        #expect(try user.cache.clear() == 0)
    }

    @Test func aDigestIsNoPath() throws {
        try user.home.write("secret.tgz", "x")
        #expect(user.cache.archive("../../secret") == nil)
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        try user.home.write("file", "")
        let cache = Cache(folder: user.home.path + "/file/charts")
        #expect {
            try keep(cache)
        } throws: {
            "\($0)" == "\(user.home.path)/file/charts: not a directory; check the cache folder (XDG_CACHE_HOME)"
        }
    }

    @Test(arguments: [
        (["XDG_CACHE_HOME": "/x", "HOME": "/h"], "/x/sail/charts"), (["HOME": "/h"], "/h/.cache/sail/charts"),
        (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/sail/charts"),
        (["XDG_CACHE_HOME": "", "HOME": "/h"], "/h/.cache/sail/charts"),
    ])
    func itLiesWhereTheUserKeepsCaches(environment: [String: String], folder: String) {
        #expect(Cache { environment[$0] }.folder == folder)
    }
}
