import Glibc

/// A Go string: bytes that are usually UTF-8, compared and hashed byte by byte.
///
/// Valid UTF-8 is kept in a `String` (short ones need no allocation); anything else in an array.
package struct Text: Sendable {
    @usableFromInline
    package enum Storage: Sendable {
        case utf8(String)
        /// Never valid UTF-8, so that equal texts have equal storage.
        case raw([UInt8])
    }

    @usableFromInline
    package var storage: Storage

    @inlinable
    package init(_ string: String) {
        storage = .utf8(string)
    }

    package init(_ substring: Substring) {
        storage = .utf8(String(substring))
    }

    /// Takes any bytes.
    package init(_ bytes: some Collection<UInt8>) {
        if let string = String(validating: bytes, as: UTF8.self) {
            storage = .utf8(string)
        } else {
            storage = .raw(Array(bytes))
        }
    }

    // Of these every output and literal is made; a generic initialiser in another module would call each byte.

    package init(_ bytes: [UInt8]) {
        self = bytes.withUnsafeBufferPointer { Text($0) }
    }

    package init(_ bytes: ArraySlice<UInt8>) {
        self = bytes.withUnsafeBufferPointer { Text($0) }
    }

    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        // Most texts are short and ASCII, for which the check that reports failure costs more than the copy.
        if bytes.isASCII {
            storage = .utf8(String(decoding: bytes, as: UTF8.self))
        } else if let string = String(validating: bytes, as: UTF8.self) {
            storage = .utf8(string)
        } else {
            storage = .raw(Array(bytes))
        }
    }

    /// One code point, as Go's `string(rune)`; a surrogate or a value out of range gives U+FFFD.
    package init(rune: UInt32) {
        storage = .utf8(String(Character(Unicode.Scalar(rune) ?? "\u{FFFD}")))
    }

    package var isValidUTF8: Bool {
        if case .utf8 = storage { true } else { false }
    }

    /// The text as a Swift string, with U+FFFD for each byte that is not UTF-8.
    package var string: String {
        switch storage {
        case .utf8(let string): string
        case .raw(let bytes): String(decodingEachInvalidByte: bytes)
        }
    }

    package var bytes: [UInt8] {
        switch storage {
        case .utf8(let string): Array(string.utf8)
        case .raw(let bytes): bytes
        }
    }

    /// The number of bytes.
    @inlinable
    package var count: Int {
        switch storage {
        case .utf8(let string): string.utf8.count
        case .raw(let bytes): bytes.count
        }
    }

    @inlinable
    package var isEmpty: Bool {
        if case .utf8(let string) = storage { string.isEmpty } else { false }
    }

    @inlinable
    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        switch storage {
        case .utf8(var string): try string.withUTF8(body)
        case .raw(let bytes): try bytes.withUnsafeBufferPointer(body)
        }
    }

    /// The code points, each with its offset in bytes; an invalid byte is U+FFFD of width one, as Go decodes it.
    package var runes: [(offset: Int, rune: UInt32, width: Int)] {
        withBytes { bytes in
            var result: [(offset: Int, rune: UInt32, width: Int)] = []
            result.reserveCapacity(bytes.count)
            var offset = 0
            while offset < bytes.count {
                let (rune, width) = decodeRune(bytes, at: offset)
                result.append((offset, rune, width))
                offset += width
            }
            return result
        }
    }

    /// The bytes in `range`; traps out of bounds like an array.
    package subscript(range: Range<Int>) -> Text {
        withBytes { Text(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    package static func + (left: Text, right: Text) -> Text {
        if case .utf8(let first) = left.storage, case .utf8(let second) = right.storage { return Text(first + second) }
        return Text(left.bytes + right.bytes)
    }

    package static func += (left: inout Text, right: Text) {
        left = left + right
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether no byte has its highest bit set; eight bytes at a time.
    fileprivate var isASCII: Bool {
        let raw = UnsafeRawBufferPointer(self)
        let words = count & ~7
        var bits: UInt64 = 0
        for offset in stride(from: 0, to: words, by: 8) {
            bits |= raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        for offset in words..<count { bits |= UInt64(raw[offset]) }
        return bits & 0x8080_8080_8080_8080 == 0
    }
}

/// Decodes the code point at `offset`; U+FFFD of width one where the bytes are not UTF-8 (Go's utf8.DecodeRune).
package func decodeRune(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (rune: UInt32, width: Int) {
    let first = bytes[offset]
    if first < 0x80 { return (UInt32(first), 1) }
    let invalid: (UInt32, Int) = (0xFFFD, 1)
    let width: Int
    switch first {
    case 0xC2...0xDF: width = 2
    case 0xE0...0xEF: width = 3
    case 0xF0...0xF4: width = 4
    default: return invalid
    }
    guard offset + width <= bytes.count else { return invalid }
    var rune = UInt32(first) & (0x7F >> UInt32(width))
    for index in 1..<width {
        let byte = bytes[offset + index]
        guard byte & 0xC0 == 0x80 else { return invalid }
        rune = rune << 6 | UInt32(byte & 0x3F)
    }
    let least: UInt32 = width == 2 ? 0x80 : width == 3 ? 0x800 : 0x10000
    guard rune >= least, rune <= 0x10FFFF, !(0xD800...0xDFFF).contains(rune) else { return invalid }
    return (rune, width)
}

extension String {
    /// Decodes UTF-8 as Go prints it: one U+FFFD for each byte that belongs to no code point.
    fileprivate init(decodingEachInvalidByte bytes: [UInt8]) {
        var result = ""
        bytes.withUnsafeBufferPointer { buffer in
            var offset = 0
            while offset < buffer.count {
                let (rune, width) = decodeRune(buffer, at: offset)
                result.unicodeScalars.append(Unicode.Scalar(rune) ?? "\u{FFFD}")
                offset += width
            }
        }
        self = result
    }

    /// Whether the two hold the same UTF-8; `==` would also take canonically equivalent strings for equal.
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var (first, second) = (self, other)
        return first.withUTF8 { first in
            second.withUTF8 { second in
                guard let left = first.baseAddress, let right = second.baseAddress else { return true }
                return memcmp(left, right, first.count) == 0
            }
        }
    }

    /// Whether this string sorts before the other by its UTF-8 bytes, as Go compares strings.
    package func precedesByBytes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension Text: Hashable {
    package static func == (left: Text, right: Text) -> Bool {
        switch (left.storage, right.storage) {
        case (.utf8(let first), .utf8(let second)): first.hasSameBytes(as: second)
        case (.raw(let first), .raw(let second)): first == second
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension Text: Comparable {
    package static func < (left: Text, right: Text) -> Bool {
        left.withBytes { first in right.withBytes { first.lexicographicallyPrecedes($0) } }
    }
}

extension Text: ExpressibleByStringInterpolation, CustomStringConvertible {
    package init(stringLiteral value: String) {
        self.init(value)
    }

    package var description: String { string }
}
