import Archives
import TestSupport
import Testing
import Values

@testable import Charts

@Suite struct ArchiveTests {
    private static let chart = [
        Archive.Entry("sub/Chart.yaml", "name: sub\n"), Archive.Entry("sub/templates/a.yaml", "a: 1\n"),
    ]

    @Test func filesLoseTheFolderTheyWerePackedIn() throws {
        let files = try ChartArchive.files(in: Archive.tgz(ArchiveTests.chart))
        #expect(files.map(\.name) == ["Chart.yaml", "templates/a.yaml"])
        #expect(files.map(\.data) == ["name: sub\n", "a: 1\n"])
    }

    @Test func foldersAreLeftOut() throws {
        let entries = ArchiveTests.chart + [Archive.Entry("sub/d", kind: "5"), Archive.Entry("sub/e/")]
        #expect(try ChartArchive.files(in: Archive.tgz(entries)).count == 2)
    }

    @Test func longNamesComeInPaxRecordsOrGNUHeaders() throws {
        let pax = [Archive.Entry("x", "22 path=sub/long/name\n", kind: "x"), Archive.Entry("short", "1")]
        let gnu = [Archive.Entry("x", "sub/longer/name\0", kind: "L"), Archive.Entry("short", "1")]
        #expect(try ChartArchive.files(in: Archive.tgz(pax)).map(\.name) == ["long/name"])
        #expect(try ChartArchive.files(in: Archive.tgz(gnu)).map(\.name) == ["longer/name"])
    }

    @Test func backslashesAreSeparatorsWhereThereAreAny() throws {
        #expect(
            try ChartArchive.files(in: Archive.tgz([Archive.Entry("sub\\d\\f.txt", "1")])).map(\.name) == ["d/f.txt"])
    }

    @Test(arguments: [
        (Archive.Entry("sub/../../x"), "chart illegally references parent directory"),
        (Archive.Entry("sub//etc/x"), "chart illegally contains absolute paths"),
        (Archive.Entry("sub/c:/x"), "chart contains illegally named files"),
        (Archive.Entry("Chart.yaml"), "chart illegally contains content outside the base directory: \"Chart.yaml\""),
        (Archive.Entry("Chart.yaml/x"), "chart yaml not in base directory"),
        (
            Archive.Entry("sub/l", kind: "2"),
            "chart archive contains a link or a device: \"sub/l\"; pack plain files only"
        ),
        (
            Archive.Entry("sub/l", kind: "1"),
            "chart archive contains a link or a device: \"sub/l\"; pack plain files only"
        ),
        (
            Archive.Entry("sub/p", kind: "6"),
            "chart archive contains a link or a device: \"sub/p\"; pack plain files only"
        ),
        (
            Archive.Entry("sub/big", claimedSize: 5 * 1024 * 1024 + 1),
            "decompressed chart file \"sub/big\" is larger than the maximum file size 5242880"
        ),
        (
            Archive.Entry("sub/huge", claimedSize: 101 * 1024 * 1024),
            "decompressed chart is larger than the maximum size 104857600"
        ),
    ])
    func refusedEntries(entry: Archive.Entry, message: String) {
        let error = #expect(throws: ArchiveError.self) { try ChartArchive.files(in: Archive.tgz([entry])) }
        #expect(error?.description == message)
    }

    @Test func manySmallFilesAreBoundedTogether() {
        let entries = (0..<5).map { Archive.Entry("sub/f\($0)", "12345") }
        let limits = ChartArchive.Limits(chart: 20, file: 10)
        #expect(throws: ArchiveError.tooLarge(limit: 20)) {
            try ChartArchive.files(in: Archive.tgz(entries), limits: limits)
        }
    }

    @Test(arguments: [
        ([], "EOF"),
        (Array("notgzip".utf8), "unexpected EOF"),
        (Array("not a gzip file at all".utf8), "gzip: invalid header"),
        ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0], "unexpected EOF"),
        (Array(Archive.tgz(ArchiveTests.chart).prefix(60)), "unexpected EOF"),
        (Archive.gzip(Array("hello".utf8)), "unexpected EOF"),
        (Archive.gzip([UInt8](repeating: 0x78, count: 2000)), "archive/tar: invalid tar header"),
        (Archive.tgz([]), "no files in chart archive"),
        (Archive.gzip([]), "no files in chart archive"),
    ])
    func brokenArchives(bytes: [UInt8], message: String) {
        let error = #expect(throws: ArchiveError.self) { try ChartArchive.files(in: bytes) }
        #expect(error?.description == message)
    }

    @Test func whatFollowsTheTarIsNotLookedAt() throws {
        var bytes = Archive.tgz(ArchiveTests.chart)
        bytes += Array("junk".utf8)
        #expect(try ChartArchive.files(in: bytes).count == 2)
    }
}
