private let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Bytes in standard base64 with padding (RFC 4648, section 4).
package func base64(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
        let count = min(3, bytes.count - index)
        var group: UInt32 = 0
        for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[index + offset]) : 0) }
        for place in 0..<4 {
            let digit = Int(group >> UInt32(18 - 6 * place)) & 63
            result.append(place <= count ? base64Alphabet[digit] : UInt8(ascii: "="))
        }
        index += 3
    }
    return String(decoding: result, as: UTF8.self)
}

/// The bytes of standard base64; line breaks are passed over. `nil` where the text is anything else, or lacks padding.
package func decodeBase64(_ text: String) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count / 4 * 3)
    var group: UInt32 = 0
    var digits = 0
    var padding = 0
    for byte in text.utf8 where byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r") {
        if byte == UInt8(ascii: "=") {
            padding += 1
            guard digits % 4 >= 2 || digits % 4 + padding > 4, padding <= 2 else { return nil }
            continue
        }
        guard padding == 0, let digit = base64Digit(byte) else { return nil }
        group = group << 6 | digit
        digits += 1
        if digits % 4 == 0 {
            result.append(UInt8(truncatingIfNeeded: group >> 16))
            result.append(UInt8(truncatingIfNeeded: group >> 8))
            result.append(UInt8(truncatingIfNeeded: group))
            group = 0
        }
    }
    switch (digits % 4, padding) {
    case (0, 0): break
    case (2, 2): result.append(UInt8(truncatingIfNeeded: group >> 4))
    case (3, 1): result += [UInt8(truncatingIfNeeded: group >> 10), UInt8(truncatingIfNeeded: group >> 2)]
    default: return nil
    }
    return result
}

private func base64Digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
}
