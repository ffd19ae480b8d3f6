import GoTemplate
import Values

/// Sprig's base64, base32 and checksum functions. The decoders return the text of Go's error where the input is bad.
enum SprigEncoding {
    static let functions: [Function] = [
        .onText("b64enc") { Text(base64($0.bytes)) },
        .onText("b64dec") { decoded { try Base64.decode($0) }($0) },
        .onText("b32enc") { Base32.encode($0.bytes) },
        .onText("b32dec") { decoded { try Base32.decode($0) }($0) },
        .onText("sha1sum") { hexadecimal(Digest.sha1($0.bytes)) },
        .onText("sha256sum") { hexadecimal(SHA256.hash($0.bytes)) },
        .onText("sha512sum") { hexadecimal(Digest.sha512($0.bytes)) },
        .onText("adler32sum") { Text(String(adler32($0.bytes))) },
    ]

    private static func decoded(_ decode: @escaping ([UInt8]) throws -> [UInt8]) -> (Text) -> Text {
        { text in
            do {
                return Text(try decode(text.bytes))
            } catch let error as CorruptInput {
                return error.message
            } catch {
                return ""
            }
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> Text {
        let digits = Array("0123456789abcdef".utf8)
        return Text(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }
}

/// Input that is not base64 or base32, with the offset where Go notices.
struct CorruptInput: Error {
    let encoding: String
    let offset: Int

    var message: Text { "illegal \(encoding) data at input byte \(offset)" }
}

/// The standard base64 alphabet with padding, as Go's encoding/base64 treats it: line ends are skipped.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let values: [UInt8] = valueTable(alphabet)

    static func decode(_ source: [UInt8]) throws(CorruptInput) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < source.count {
            var bits: UInt32 = 0
            var digits = 0
            var isLast = false
            while digits < 4, !isLast {
                guard index < source.count else {
                    if digits == 0 { return result }
                    throw CorruptInput(encoding: "base64", offset: index - digits)
                }
                let byte = source[index]
                index += 1
                if values[Int(byte)] != 0xFF {
                    bits = bits << 6 | UInt32(values[Int(byte)])
                    digits += 1
                } else if byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
                    try checkPadding(source, &index, byte: byte, digits: digits)
                    isLast = true
                }
            }
            bits <<= UInt32(6 * (4 - digits))
            for offset in 0..<(digits - 1) { result.append(UInt8(bits >> UInt32(16 - 8 * offset) & 0xFF)) }
        }
        return result
    }

    /// Takes the rest of the padding, of which one byte has been read, and refuses anything after it.
    private static func checkPadding(
        _ source: [UInt8], _ index: inout Int, byte: UInt8, digits: Int
    ) throws(CorruptInput) {
        guard byte == padding, digits >= 2 else { throw CorruptInput(encoding: "base64", offset: index - 1) }
        func skipLineEnds() {
            while index < source.count, source[index] == UInt8(ascii: "\n") || source[index] == UInt8(ascii: "\r") {
                index += 1
            }
        }
        if digits == 2 {
            skipLineEnds()
            guard index < source.count else { throw CorruptInput(encoding: "base64", offset: source.count) }
            guard source[index] == padding else { throw CorruptInput(encoding: "base64", offset: index - 1) }
            index += 1
        }
        skipLineEnds()
        if index < source.count { throw CorruptInput(encoding: "base64", offset: index) }
    }
}

/// The standard base32 alphabet with padding, as Go's encoding/base32 treats it: line ends are skipped.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let values: [UInt8] = valueTable(alphabet)

    static func encode(_ bytes: [UInt8]) -> Text {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let count = min(5, bytes.count - index)
            var bits: UInt64 = 0
            for offset in 0..<5 { bits = bits << 8 | (offset < count ? UInt64(bytes[index + offset]) : 0) }
            let digits = (count * 8 + 4) / 5
            for offset in 0..<8 {
                result.append(offset < digits ? alphabet[Int(bits >> UInt64(35 - 5 * offset) & 31)] : padding)
            }
            index += 5
        }
        return Text(result)
    }

    static func decode(_ text: [UInt8]) throws(CorruptInput) -> [UInt8] {
        let source = text.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        var result: [UInt8] = []
        var index = 0
        var isLast = false
        while index < source.count, !isLast {
            var bits: UInt64 = 0
            var digits = 0
            while digits < 8, !isLast {
                guard index < source.count else { throw CorruptInput(encoding: "base32", offset: index - digits) }
                let byte = source[index]
                index += 1
                if byte == padding, digits >= 2, source.count - index < 8 {
                    try checkPadding(source, index, digits: digits)
                    isLast = true
                } else if values[Int(byte)] != 0xFF {
                    bits = bits << 5 | UInt64(values[Int(byte)])
                    digits += 1
                } else {
                    throw CorruptInput(encoding: "base32", offset: index - 1)
                }
            }
            bits <<= UInt64(5 * (8 - digits))
            for offset in 0..<(digits * 5 / 8) { result.append(UInt8(bits >> UInt64(32 - 8 * offset) & 0xFF)) }
        }
        return result
    }

    /// Refuses too little padding, other bytes among it, and counts of digits that make no whole bytes.
    private static func checkPadding(_ source: [UInt8], _ index: Int, digits: Int) throws(CorruptInput) {
        let left = source.count - index
        guard left + digits >= 7 else { throw CorruptInput(encoding: "base32", offset: source.count) }
        for offset in 0..<(7 - digits) where left > offset && source[index + offset] != padding {
            throw CorruptInput(encoding: "base32", offset: index + offset - 1)
        }
        if digits == 3 || digits == 6 { throw CorruptInput(encoding: "base32", offset: index - 1) }
    }
}

/// The value of each byte in an alphabet, 0xFF for those outside it.
private func valueTable(_ alphabet: [UInt8]) -> [UInt8] {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
    return table
}
