internal import CZlib

/// Unpacks gzip members one after the other, a piece at a time, so that no more is unpacked than is asked for.
package final class GzipReader {
    private let input: [UInt8]
    /// How many bytes may still come out, those that are passed over counted too.
    private var room: Int
    /// The offset of the next byte that is not yet inflated.
    private var offset = 0
    private let limit: Int
    private var stream = z_stream()
    private var isOpen = false
    private var checksum: UInt = 0
    private var size: UInt32 = 0
    /// What is wrong after the data so far, thrown when more data is read, as by Go's reader.
    private var failure: ArchiveError?

    /// Begins with the first member's header.
    package init(_ input: [UInt8], limit: Int = .max) throws(ArchiveError) {
        self.input = input
        self.limit = limit
        room = limit
        try readHeader()
        try open()
    }

    deinit {
        if isOpen { inflateEnd(&stream) }
    }

    /// Up to `count` bytes; fewer only at the end.
    func read(_ count: Int) throws(ArchiveError) -> [UInt8] {
        guard count <= room else { throw .tooLarge(limit: limit) }
        room -= count
        var output = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count, isOpen { filled += try inflateSome(&output, from: filled) }
        if filled < count, let failure { throw failure }
        output.removeLast(count - filled)
        return output
    }

    private func open() throws(ArchiveError) {
        stream = z_stream()
        // Raw deflate data: the header and the trailer are read here.
        let status = inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .corrupt(offset: offset) }
        isOpen = true
        checksum = crc32(0, nil, 0)
        size = 0
    }

    private func inflateSome(_ output: inout [UInt8], from start: Int) throws(ArchiveError) -> Int {
        let free = output.count - start
        var status = Z_OK
        var consumed = 0
        var produced = 0
        input.withUnsafeBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                stream.next_in = UnsafeMutablePointer(mutating: from + offset)
                stream.avail_in = UInt32(clamping: source.count - offset)
                let given = stream.avail_in
                stream.next_out = to + start
                stream.avail_out = UInt32(clamping: free)
                status = inflate(&stream, Z_NO_FLUSH)
                consumed = Int(given - stream.avail_in)
                produced = Int(UInt32(clamping: free) - stream.avail_out)
                checksum = crc32(checksum, to + start, UInt32(produced))
            }
        }
        offset += consumed
        size &+= UInt32(truncatingIfNeeded: produced)
        switch status {
        case Z_OK: break
        case Z_STREAM_END:
            do throws(ArchiveError) {
                try finishMember()
            } catch {
                failure = error
            }
        case Z_BUF_ERROR: throw .unexpectedEnd
        default: throw .corrupt(offset: offset)
        }
        return produced
    }

    private func finishMember() throws(ArchiveError) {
        inflateEnd(&stream)
        isOpen = false
        let sum = try littleEndian()
        let length = try littleEndian()
        guard UInt(sum) == checksum, length == size else { throw .gzipChecksum }
        if offset == input.count { return }
        try readHeader()
        try open()
    }

    private func littleEndian() throws(ArchiveError) -> UInt32 {
        var result: UInt32 = 0
        for shift in 0..<4 { result |= UInt32(try next()) << UInt32(8 * shift) }
        return result
    }

    private func next() throws(ArchiveError) -> UInt8 {
        guard offset < input.count else { throw .unexpectedEnd }
        defer { offset += 1 }
        return input[offset]
    }

    /// RFC 1952: ten bytes, then what the flags announce.
    private func readHeader() throws(ArchiveError) {
        if offset == input.count { throw .endOfFile }
        guard input.count - offset >= 10 else { throw .unexpectedEnd }
        guard input[offset] == 0x1F, input[offset + 1] == 0x8B, input[offset + 2] == 8 else { throw .gzipHeader }
        let flags = input[offset + 3]
        offset += 10
        if flags & 4 != 0 {
            let length = Int(try next()) | Int(try next()) << 8
            for _ in 0..<length { _ = try next() }
        }
        // The name, then the comment: each up to a zero byte.
        for flag in [8, 16] as [UInt8] where flags & flag != 0 {
            while try next() != 0 {}
        }
        if flags & 2 != 0 {
            _ = try next()
            _ = try next()
        }
    }
}
