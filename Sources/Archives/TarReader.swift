import Values

/// Reads the entries of a tar archive in the ustar, pax and GNU forms.
package struct TarReader {
    /// What an entry's header says.
    package struct Header {
        package var name: String
        package var size: Int
        /// The type flag: "0" a file, "5" a folder, "1" and "2" links, …
        package var kind: UInt8
    }

    private let source: GzipReader
    private var unread = 0

    private static let blockSize = 512
    /// Go's bound on a header that says something of the next entry.
    private static let largestExtension = 1 << 20

    package init(_ source: GzipReader) {
        self.source = source
    }

    /// The next entry, with long names and pax records applied; `nil` at the end of the archive.
    package mutating func next() throws(ArchiveError) -> Header? {
        var longName: String?
        var records: [String: String] = [:]
        while true {
            try skipContent()
            guard var header = try readHeader() else { return nil }
            switch header.kind {
            case UInt8(ascii: "x"): records = try TarReader.records(try readExtension(header))
            case UInt8(ascii: "L"): longName = TarReader.text(try readExtension(header)[...])
            case UInt8(ascii: "K"): _ = try readExtension(header)
            default:
                header.name = records["path"] ?? longName ?? header.name
                if let text = records["size"] {
                    guard let size = Int(text), size >= 0 else { throw .tarHeader }
                    header.size = size
                }
                unread = TarReader.hasContent(header.kind) ? header.size : 0
                if !TarReader.hasContent(header.kind) { header.size = 0 }
                return header
            }
        }
    }

    /// The content of the entry that `next` gave last.
    package mutating func content(_ header: Header) throws(ArchiveError) -> [UInt8] {
        let bytes = try source.read(header.size)
        guard bytes.count == header.size else { throw .unexpectedEnd }
        unread = 0
        try skip(TarReader.padding(header.size))
        return bytes
    }

    private mutating func skipContent() throws(ArchiveError) {
        // One after the other: their sum may not fit an integer.
        try skip(unread)
        try skip(TarReader.padding(unread))
        unread = 0
    }

    private func skip(_ count: Int) throws(ArchiveError) {
        var left = count
        while left > 0 {
            let step = min(left, 1 << 16)
            guard try source.read(step).count == step else { throw .unexpectedEnd }
            left -= step
        }
    }

    private static func padding(_ size: Int) -> Int { (blockSize - size % blockSize) % blockSize }

    private static func hasContent(_ kind: UInt8) -> Bool {
        // Links, devices, folders and pipes carry none, whatever their size field says.
        !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(kind)
    }

    private mutating func readExtension(_ header: Header) throws(ArchiveError) -> [UInt8] {
        guard header.size <= TarReader.largestExtension else { throw .tarFieldTooLong }
        return try content(header)
    }

    private func readHeader() throws(ArchiveError) -> Header? {
        guard let block = try readBlock() else { return nil }
        if block.allSatisfy({ $0 == 0 }) {
            guard let second = try readBlock(), !second.allSatisfy({ $0 == 0 }) else { return nil }
            throw .tarHeader
        }
        guard TarReader.isIntact(block) else { throw .tarHeader }
        guard let size = TarReader.number(block[124..<136]), size >= 0 else { throw .tarHeader }
        var name = TarReader.text(block[0..<100])
        let isUstar = block[257..<263].elementsEqual("ustar\0".utf8)
        let prefix = isUstar ? TarReader.text(block[345..<500]) : ""
        if !prefix.isEmpty { name = prefix + "/" + name }
        // A sparse file, of which the archive holds parts only.
        if block[156] == UInt8(ascii: "S") { throw .specialFile(name: name) }
        return Header(name: name, size: size, kind: block[156])
    }

    /// A whole block; `nil` at the end.
    private func readBlock() throws(ArchiveError) -> [UInt8]? {
        let block = try source.read(TarReader.blockSize)
        if block.isEmpty { return nil }
        guard block.count == TarReader.blockSize else { throw .unexpectedEnd }
        return block
    }

    /// Whether the sum of the bytes, signed or not, is what the header says, its own field taken as spaces.
    private static func isIntact(_ block: [UInt8]) -> Bool {
        guard let expected = number(block[148..<156]) else { return false }
        var unsigned = 0
        var signed = 0
        for (index, byte) in block.enumerated() {
            let counted = (148..<156).contains(index) ? UInt8(ascii: " ") : byte
            unsigned += Int(counted)
            signed += Int(Int8(bitPattern: counted))
        }
        return expected == unsigned || expected == signed
    }

    /// An octal number padded with spaces and zero bytes, or GNU's binary form.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if let first = field.first, first & 0x80 != 0 {
            var result = Int(first & 0x3F)
            for byte in field.dropFirst() {
                guard result <= Int.max >> 8 else { return nil }
                result = result << 8 | Int(byte)
            }
            return first & 0x40 == 0 ? result : nil
        }
        let digits = field.drop { $0 == 0x20 || $0 == 0 }.prefix { $0 != 0x20 && $0 != 0 }
        return digits.isEmpty ? 0 : Int(Text(digits).string, radix: 8)
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        Text(field.prefix { $0 != 0 }).string
    }

    /// Pax records: `LENGTH KEY=VALUE\n`, where the length counts itself.
    private static func records(_ bytes: [UInt8]) throws(ArchiveError) -> [String: String] {
        var result: [String: String] = [:]
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
                let length = Int(Text(rest[rest.startIndex..<space]).string), length <= rest.count,
                length > space - rest.startIndex + 1
            else { throw .tarHeader }
            let record = rest[(space + 1)..<(rest.startIndex + length)]
            guard record.last == UInt8(ascii: "\n"), let equals = record.firstIndex(of: UInt8(ascii: "=")),
                equals > record.startIndex
            else { throw .tarHeader }
            result[Text(record[..<equals]).string] = Text(record[(equals + 1)...].dropLast()).string
            rest = rest.dropFirst(length)
        }
        return result
    }
}
