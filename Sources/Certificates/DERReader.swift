/// Walks over values in DER, the encoding of certificates (X.690).
package struct DERReader {
    /// One value: its tag, what it holds, and the two with the length between them.
    package struct Element {
        package var tag: UInt8
        package var content: ArraySlice<UInt8>
        /// The value with its tag and length.
        package var whole: ArraySlice<UInt8>

        /// The values within.
        package var parts: [Element] { DERReader.elements(in: content) }
    }

    private var rest: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// Whether nothing is left.
    package var isAtEnd: Bool { rest.isEmpty }

    /// The next value; `nil` where the bytes are none.
    package mutating func next() -> Element? {
        guard rest.count >= 2 else { return nil }
        let tag = rest[rest.startIndex]
        var position = rest.startIndex + 1
        var length = Int(rest[position])
        position += 1
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...4).contains(count), rest.endIndex - position >= count else { return nil }
            length = rest[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
            position += count
        }
        guard rest.endIndex - position >= length else { return nil }
        let end = position + length
        defer { rest = rest[end...] }
        return Element(tag: tag, content: rest[position..<end], whole: rest[..<end])
    }

    /// The values in a row, as far as they are well-formed.
    package static func elements(in bytes: ArraySlice<UInt8>) -> [Element] {
        var reader = DERReader(bytes)
        var result: [Element] = []
        while let element = reader.next() { result.append(element) }
        return result
    }
}
