import TestSupport
import Testing

@testable import Archives

@Suite struct GzipTests {
    private static let text = Array(String(repeating: "istiod ztunnel ", count: 1000).utf8)

    @Test func whatIsPackedIsUnpacked() {
        let packed = gzip(GzipTests.text)
        #expect(packed.starts(with: [0x1F, 0x8B, 8]))
        #expect(packed.count < GzipTests.text.count / 10)
        #expect(gunzip(packed, limit: GzipTests.text.count) == GzipTests.text)
        #expect(gunzip(gzip([]), limit: 0) == [])
    }

    @Test func moreThanTheLimitIsRefused() {
        #expect(gunzip(gzip(GzipTests.text), limit: GzipTests.text.count - 1) == nil)
    }

    @Test(arguments: [0, 1, 10, 20])
    func dataThatIsCutShortIsRefused(count: Int) {
        #expect(gunzip(Array(gzip(GzipTests.text).prefix(count)), limit: 1 << 20) == nil)
    }

    @Test func damagedDataIsRefused() {
        var packed = gzip(GzipTests.text)
        packed[packed.count - 6] ^= 0xFF
        #expect(gunzip(packed, limit: 1 << 20) == nil)
    }

    @Test func membersAreReadOneAfterTheOther() throws {
        let reader = try GzipReader(gzip(Array("ab".utf8)) + gzip(Array("cde".utf8)))
        #expect(try reader.read(4) == Array("abcd".utf8))
        #expect(try reader.read(4) == Array("e".utf8))
        #expect(try reader.read(4) == [])
    }

    @Test func noMoreIsUnpackedThanTheLimit() throws {
        let reader = try GzipReader(gzip(GzipTests.text), limit: 100)
        #expect(try reader.read(60).count == 60)
        #expect(throws: ArchiveError.tooLarge(limit: 100)) { try reader.read(41) }
    }

    @Test func aWrongChecksumIsFoundAtTheEnd() throws {
        var packed = gzip(Array("ab".utf8))
        packed[packed.count - 8] ^= 1
        let reader = try GzipReader(packed)
        #expect(try reader.read(2) == Array("ab".utf8))
        #expect(throws: ArchiveError.gzipChecksum) { try reader.read(1) }
    }
}
