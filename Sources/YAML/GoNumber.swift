/// Numbers in text as Go's strconv parses them.
enum GoNumber {
    /// An integer with an optional sign and the base that its prefix says: `0x`, `0o`, `0b`, or `0` for octal.
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Scalar? {
        let digits = withoutSign(text)
        let radix: Int
        var skipped = 0
        if digits.first == UInt8(ascii: "0"), digits.count > 1 {
            switch digits[digits.startIndex + 1] | 0x20 {
            case UInt8(ascii: "x"): (radix, skipped) = (16, 2)
            case UInt8(ascii: "o"): (radix, skipped) = (8, 2)
            case UInt8(ascii: "b"): (radix, skipped) = (2, 2)
            default: (radix, skipped) = (8, 1)
            }
        } else {
            radix = 10
        }
        return integer(digits.dropFirst(skipped), radix, sign: sign(text))
    }

    /// An integer in a given base, with an optional sign.
    static func integer(_ text: some RandomAccessCollection<UInt8>, radix: Int) -> Scalar? {
        let sign = sign(text)
        return integer(sign == nil ? text[...] : text.dropFirst(), radix, sign: sign)
    }

    private static func sign(_ text: some Collection<UInt8>) -> UInt8? {
        guard let first = text.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") else { return nil }
        return first
    }

    private static func withoutSign(_ text: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
        sign(text) == nil ? text[...] : text.dropFirst()
    }

    /// Above int64 only unsigned numbers without any sign are taken.
    private static func integer(_ digits: some Collection<UInt8>, _ radix: Int, sign: UInt8?) -> Scalar? {
        guard !digits.isEmpty else { return nil }
        var value: UInt = 0
        for byte in digits {
            guard let digit = digit(byte), digit < radix else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: UInt(radix))
            let (sum, carry) = product.addingReportingOverflow(UInt(digit))
            if overflow || carry { return nil }
            value = sum
        }
        if sign == UInt8(ascii: "-") {
            return value <= UInt(Int.max) + 1 ? .int(Int(truncatingIfNeeded: 0 &- value)) : nil
        }
        if let value = Int(exactly: value) { return .int(value) }
        return sign == nil ? .uint(value) : nil
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 0x61 + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 0x41 + 10
        default: nil
        }
    }

    /// Whether the text is a sign, digits with at most one point and a digit before or behind it, and an exponent.
    static func isDecimalFloat(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = sign(text) == nil ? 0 : 1
        func digits() -> Int {
            let start = index
            while index < text.count, (0x30...0x39).contains(text[index]) { index += 1 }
            return index - start
        }
        let whole = digits()
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            if digits() == 0, whole == 0 { return false }
        } else if whole == 0 {
            return false
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, sign(text[index...]) != nil { index += 1 }
            if digits() == 0 { return false }
        }
        return index == text.count
    }

    /// The nearest float64; `nil` where the number is too large for one.
    static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var digits = text[...]
        // Swift wants a digit on either side of the point.
        var string = ""
        if let sign = sign(text) {
            string.append(Character(Unicode.Scalar(sign)))
            digits = digits.dropFirst()
        }
        if digits.first == UInt8(ascii: ".") { string.append("0") }
        string += String(decoding: digits, as: UTF8.self)
        guard let value = Double(string), value.isFinite else { return nil }
        return value
    }
}
