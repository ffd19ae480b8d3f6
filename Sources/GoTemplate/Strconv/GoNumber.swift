import Glibc
package import Values

/// Why Go's strconv refuses a number.
package enum NumberError: Error {
    case syntax
    /// The number does not fit; the nearest one that does is given with the error.
    case range
}

/// Go's strconv.ParseInt for 64 bits. Base 0 takes the base from a prefix (`0x`, `0o`, `0`, `0b`) and allows
/// underscores between digits. With a number out of range the nearest possible one is given.
package func parseInteger(_ text: Text, base: Int) -> (value: Int, error: NumberError?) {
    text.withBytes { bytes in
        var digits = bytes[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        guard let (value, isTooLarge) = parseMagnitude(digits, base: base) else { return (0, .syntax) }
        let limit: UInt = isNegative ? 1 << 63 : 1 << 63 - 1
        if isTooLarge || value > limit { return (isNegative ? .min : .max, .range) }
        return (Int(truncatingIfNeeded: isNegative ? 0 &- value : value), nil)
    }
}

/// The digits after a sign; `nil` for bad syntax.
func parseMagnitude(_ text: Slice<UnsafeBufferPointer<UInt8>>, base: Int) -> (value: UInt, isTooLarge: Bool)? {
    var digits = text
    var radix = UInt(base)
    if base == 0 {
        let prefix = basePrefix(text)
        radix = prefix?.base ?? 10
        digits = text.dropFirst(prefix?.length ?? 0)
        if text.contains(UInt8(ascii: "_")), !areUnderscoresGood(text) { return nil }
    }
    guard !digits.isEmpty else { return nil }
    var value: UInt = 0
    var isTooLarge = false
    for byte in digits {
        if byte == UInt8(ascii: "_"), base == 0 { continue }
        guard let digit = digitValue(byte), digit < radix else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: radix)
        let (sum, carry) = product.addingReportingOverflow(digit)
        isTooLarge = isTooLarge || overflow || carry
        value = sum
    }
    return (value, isTooLarge)
}

private func digitValue(_ byte: UInt8) -> UInt? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
}

/// The base that a prefix names: `0` alone is octal too, if a digit follows.
private func basePrefix(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> (base: UInt, length: Int)? {
    guard text.count >= 2, text.first == UInt8(ascii: "0") else { return nil }
    switch text[text.startIndex + 1] | 0x20 {
    case UInt8(ascii: "x"): return (16, 2)
    case UInt8(ascii: "o"): return (8, 2)
    case UInt8(ascii: "b"): return (2, 2)
    default: return (8, 1)
    }
}

/// Underscores are allowed only between digits, or between a base prefix and a digit.
private func areUnderscoresGood(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var rest = text
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    var isHexadecimal = false
    var isAfterDigit = false
    if let prefix = basePrefix(rest), prefix.length == 2 {
        isHexadecimal = prefix.base == 16
        isAfterDigit = true
        rest = rest.dropFirst(2)
    }
    var isAfterUnderscore = false
    for byte in rest {
        if byte == UInt8(ascii: "_") {
            guard isAfterDigit else { return false }
            isAfterUnderscore = true
            isAfterDigit = false
            continue
        }
        let isDigitHere = isDigit(byte) || isHexadecimal && (digitValue(byte) ?? 99) < 16
        if isAfterUnderscore, !isDigitHere { return false }
        isAfterUnderscore = false
        isAfterDigit = isDigitHere
    }
    return !isAfterUnderscore
}

/// Go's strconv.ParseFloat for float64, with hexadecimal numbers, underscores, `inf` and `nan`.
package func parseFloat64(_ text: Text) -> (value: Double, error: NumberError?) {
    let bytes = text.bytes
    if let special = specialFloats[Text(bytes.map { $0 | 0x20 }).string] { return (special, nil) }
    guard let plain = plainFloat(bytes) else { return (0, .syntax) }
    let value = strtod(plain, nil)
    return (value, value.isInfinite ? .range : nil)
}

/// In lower case; `+` is left as it is by the bit that makes it so.
private let specialFloats: [String: Double] = [
    "inf": .infinity, "+inf": .infinity, "-inf": -.infinity, "infinity": .infinity, "+infinity": .infinity,
    "-infinity": -.infinity, "nan": .nan,
]

/// The number without underscores if it keeps to Go's grammar: digits with a point, and an exponent, which a
/// hexadecimal number must have.
private func plainFloat(_ bytes: [UInt8]) -> String? {
    var rest = bytes[...]
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let isHexadecimal = rest.count > 2 && rest.starts(with: "0x".utf8) || rest.starts(with: "0X".utf8)
    if isHexadecimal { rest = rest.dropFirst(2) }
    var hasDigits = false
    var hasPoint = false
    while let byte = rest.first {
        if byte == UInt8(ascii: ".") {
            if hasPoint { return nil }
            hasPoint = true
        } else if isDigit(byte) || isHexadecimal && (digitValue(byte) ?? 99) < 16 {
            hasDigits = true
        } else if byte != UInt8(ascii: "_") {
            break
        }
        rest.removeFirst()
    }
    guard hasDigits else { return nil }
    if let letter = rest.first {
        guard letter | 0x20 == UInt8(ascii: isHexadecimal ? "p" : "e") else { return nil }
        rest.removeFirst()
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard let first = rest.first, isDigit(first), rest.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") }) else {
            return nil
        }
    } else if isHexadecimal {
        return nil
    }
    guard bytes.contains(UInt8(ascii: "_")) else { return String(decoding: bytes, as: UTF8.self) }
    let isGood = bytes.withUnsafeBufferPointer { areUnderscoresGood($0[...]) }
    return isGood ? String(decoding: bytes.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self) : nil
}
