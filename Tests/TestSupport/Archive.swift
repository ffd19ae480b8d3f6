internal import CZlib

/// Packs charts for the tests: tar in the ustar form within one gzip member, its data stored as it is.
package struct Archive {
    /// An entry of the tar.
    package struct Entry: Sendable {
        package var name: String
        package var content: String
        package var kind: Character
        /// What the header says, where that is not the content's size.
        package var claimedSize: Int?

        package init(_ name: String, _ content: String = "", kind: Character = "0", claimedSize: Int? = nil) {
            self.name = name
            self.content = content
            self.kind = kind
            self.claimedSize = claimedSize
        }
    }

    package static func tgz(_ entries: [Entry]) -> [UInt8] {
        gzip(tar(entries))
    }

    package static func tar(_ entries: [Entry]) -> [UInt8] {
        entries.flatMap(bytes) + [UInt8](repeating: 0, count: 1024)
    }

    private static func bytes(_ entry: Entry) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        let content = Array(entry.content.utf8)
        put(entry.name, at: 0)
        put("0000644\0", at: 100)
        put(octal(entry.claimedSize ?? content.count, 11), at: 124)
        put(String(entry.kind), at: 156)
        put("ustar\u{0}00", at: 257)
        put("        ", at: 148)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
        return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    private static func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Stored blocks between a gzip header and its checksum.
    package static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(0xFFFF)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            result += [rest.isEmpty ? 1 : 0, UInt8(length & 0xFF), UInt8(length >> 8)]
            result += [UInt8(~length & 0xFF), UInt8(~length >> 8)]
            result += block
        } while !rest.isEmpty
        return result + littleEndian(crc32(bytes)) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
    }

    private static func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(number >> UInt32(8 * $0) & 0xFF) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: CZlib.crc32(0, bytes, UInt32(bytes.count)))
    }
}
