/// Writes an archive in the format ustar: plain files of one owner, which every tar reads.
package struct TarWriter: Sendable {
    private var bytes: [UInt8] = []

    package init() {}

    /// Appends a file; a path that the format has no room for is shortened at its front.
    package mutating func append(_ path: String, _ content: [UInt8], modified seconds: Int) {
        bytes += TarWriter.header(path, size: content.count, seconds: seconds)
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// The whole archive with its end.
    package var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    private static func header(_ path: String, size: Int, seconds: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: [UInt8], at offset: Int) { block.replaceSubrange(offset..<(offset + text.count), with: text) }
        let (prefix, name) = split(Array(path.utf8))
        put(name, at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(min(max(0, seconds), 0o77_777_777_777), digits: 11), at: 136)
        put([UInt8](repeating: 0x20, count: 8), at: 148)
        put([UInt8(ascii: "0")], at: 156)
        put(Array("ustar\0".utf8) + Array("00".utf8), at: 257)
        put(prefix, at: 345)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + [0, 0x20], at: 148)
        return block
    }

    /// The part before a slash of up to 155 bytes, and the rest of up to 100.
    private static func split(_ path: [UInt8]) -> (prefix: [UInt8], name: [UInt8]) {
        guard path.count > 100 else { return ([], path) }
        let slash = UInt8(ascii: "/")
        for index in path.indices where path[index] == slash && index <= 155 && path.count - index - 1 <= 100 {
            return (Array(path[..<index]), Array(path[(index + 1)...]))
        }
        return ([], Array(path.suffix(100)))
    }

    private static func octal(_ number: Int, digits: Int) -> [UInt8] {
        let text = Array(String(max(0, number), radix: 8).utf8).suffix(digits)
        return [UInt8](repeating: UInt8(ascii: "0"), count: digits - text.count) + text
    }
}
