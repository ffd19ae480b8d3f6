extension JSONReader {
    /// Reads a quoted string; the quote is the next byte.
    mutating func readString() throws(JSONError) -> String {
        offset += 1
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                let text = Text(UnsafeBufferPointer(rebasing: bytes[start..<offset])).string
                offset += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try readEscapedString(from: start) }
            guard byte >= 0x20 else { throw invalid(byte, "in string literal") }
            offset += 1
        }
        throw .unexpectedEnd(offset: offset)
    }

    /// Reads on from the first backslash of a string that starts at `start`.
    private mutating func readEscapedString(from start: Int) throws(JSONError) -> String {
        var result = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return Text(result).string
            case UInt8(ascii: "\\"):
                offset += 1
                try readEscape(into: &result)
            default:
                guard byte >= 0x20 else { throw invalid(byte, "in string literal") }
                result.append(byte)
                offset += 1
            }
        }
        throw .unexpectedEnd(offset: offset)
    }

    private mutating func readEscape(into result: inout [UInt8]) throws(JSONError) {
        guard let byte = peek() else { throw invalidEnd("in string escape code") }
        if byte == UInt8(ascii: "u") {
            offset += 1
            try readUnicodeEscape(into: &result)
            return
        }
        guard let meaning = JSONReader.meaning(ofEscape: byte) else { throw invalid(byte, "in string escape code") }
        result.append(meaning)
        offset += 1
    }

    private static func meaning(ofEscape byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Four digits after `\u`, and the low surrogate's escape after a high one's; a lone surrogate is U+FFFD.
    private mutating func readUnicodeEscape(into result: inout [UInt8]) throws(JSONError) {
        var rune = try readFourDigits()
        if (0xD800...0xDBFF).contains(rune), let low = peekLowSurrogate() {
            offset += 6
            rune = 0x10000 + (rune - 0xD800) << 10 + (low - 0xDC00)
        }
        let scalar = Unicode.Scalar(rune) ?? "\u{FFFD}"
        result.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    }

    private mutating func readFourDigits() throws(JSONError) -> UInt32 {
        var result: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count else { throw invalidEnd("in \\u hexadecimal character escape") }
            guard let digit = hexadecimalDigit(bytes[offset]) else {
                throw invalid(bytes[offset], "in \\u hexadecimal character escape")
            }
            result = result << 4 | UInt32(digit)
            offset += 1
        }
        return result
    }

    private func peekLowSurrogate() -> UInt32? {
        guard offset + 6 <= bytes.count, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
        else { return nil }
        var result: UInt32 = 0
        for index in offset + 2..<offset + 6 {
            guard let digit = hexadecimalDigit(bytes[index]) else { return nil }
            result = result << 4 | UInt32(digit)
        }
        return (0xDC00...0xDFFF).contains(result) ? result : nil
    }

    /// Reads a number; its first byte is the next one.
    mutating func readNumber() throws(JSONError) -> Value {
        let start = offset
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        if peek() == UInt8(ascii: "0") { offset += 1 } else { try readDigits("in numeric literal") }
        var isIntegral = true
        if peek() == UInt8(ascii: ".") {
            isIntegral = false
            offset += 1
            try readDigits("after decimal point in numeric literal")
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            isIntegral = false
            offset += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { offset += 1 }
            try readDigits("in exponent of numeric literal")
        }
        return number(start, isIntegral: isIntegral)
    }

    private func peek() -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    /// One digit or more.
    private mutating func readDigits(_ context: String) throws(JSONError) {
        guard let first = peek() else { throw invalidEnd(context) }
        guard (0x30...0x39).contains(first) else { throw invalid(first, context) }
        while let byte = peek(), (0x30...0x39).contains(byte) { offset += 1 }
    }

    private mutating func number(_ start: Int, isIntegral: Bool) -> Value {
        if isIntegral, let small = smallInteger(start) {
            if case .native = numbers { return .int(small) }
            // Go reads -0 as the float with that sign.
            return .double(small == 0 && bytes[start] == UInt8(ascii: "-") ? -0.0 : Double(small))
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isIntegral, case .native = numbers, let integer = Int(text) { return .int(integer) }
        guard let number = Double(text), number.isFinite else {
            if rangeError == nil { rangeError = .numberOutOfRange(text) }
            return .null
        }
        return .double(number)
    }

    /// An integer of so few digits that a double holds it exactly.
    private func smallInteger(_ start: Int) -> Int? {
        guard offset - start <= 15 else { return nil }
        let isNegative = bytes[start] == UInt8(ascii: "-")
        var result = 0
        for byte in bytes[(isNegative ? start + 1 : start)..<offset] { result = result * 10 + Int(byte & 0x0F) }
        return isNegative ? -result : result
    }
}

/// The value of a hexadecimal digit in ASCII.
package func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
