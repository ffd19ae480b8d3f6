import TestSupport
import Testing

@testable import Archives

@Suite struct TarReaderTests {
    private func reader(_ entries: [Archive.Entry]) throws -> TarReader {
        TarReader(try GzipReader(Archive.tgz(entries)))
    }

    @Test func entriesComeInTheirOrderWithTheirContent() throws {
        var reader = try reader([Archive.Entry("a/b", "one"), Archive.Entry("a/c", kind: "5"), Archive.Entry("d", "2")])
        let first = try #require(try reader.next())
        #expect(first.name == "a/b")
        #expect(first.kind == UInt8(ascii: "0"))
        #expect(try reader.content(first) == Array("one".utf8))
        #expect(try reader.next()?.kind == UInt8(ascii: "5"))
        let last = try #require(try reader.next())
        #expect(try reader.content(last) == Array("2".utf8))
        #expect(try reader.next() == nil)
    }

    @Test func contentThatIsNotReadIsSkipped() throws {
        var reader = try reader([Archive.Entry("a", String(repeating: "x", count: 5000)), Archive.Entry("b", "1")])
        #expect(try reader.next()?.size == 5000)
        #expect(try reader.next()?.name == "b")
    }

    @Test func paxRecordsAndLongNamesWinOverTheHeader() throws {
        var pax = try reader([Archive.Entry("x", "22 path=sub/long/name\n", kind: "x"), Archive.Entry("short", "1")])
        #expect(try pax.next()?.name == "sub/long/name")
        var gnu = try reader([Archive.Entry("x", "sub/longer/name\0", kind: "L"), Archive.Entry("short", "1")])
        #expect(try gnu.next()?.name == "sub/longer/name")
    }

    @Test func aSizeThatExceedsTheDataEndsInAnError() throws {
        var reader = try reader([Archive.Entry("a", "1", claimedSize: 1 << 30)])
        let header = try #require(try reader.next())
        #expect(header.size == 1 << 30)
        #expect(throws: ArchiveError.self) { try reader.content(header) }
    }
}
