import Glibc
import Values

/// Go's strconv.ParseUint with base 0: decimal, or by its prefix; `nil` for bad syntax and out of range.
func parseUnsigned(_ text: Text) -> UInt? {
    text.withBytes { bytes in
        guard !bytes.isEmpty else { return nil }
        let (radix, begin) = radixPrefix(bytes)
        var value: UInt = 0
        var hasUnderscores = false
        for byte in bytes[begin...] {
            if byte == UInt8(ascii: "_") {
                hasUnderscores = true
                continue
            }
            guard let digit = hexadecimalDigit(byte).map({ UInt($0) }), digit < radix else { return nil }
            let (product, overflows) = value.multipliedReportingOverflow(by: radix)
            let (sum, carries) = product.addingReportingOverflow(digit)
            if overflows || carries { return nil }
            value = sum
        }
        return !hasUnderscores || underscoresSeparateDigits(bytes) ? value : nil
    }
}

/// Go's strconv.ParseInt with base 0.
func parseSigned(_ text: Text) -> Int? {
    guard let sign = text.withBytes({ $0.first }) else { return nil }
    let hasSign = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
    guard let magnitude = parseUnsigned(hasSign ? text[1..<text.count] : text) else { return nil }
    guard sign == UInt8(ascii: "-") else { return Int(exactly: magnitude) }
    return magnitude <= UInt(Int.max) + 1 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil
}

private func radixPrefix(_ bytes: UnsafeBufferPointer<UInt8>) -> (radix: UInt, begin: Int) {
    guard bytes[0] == UInt8(ascii: "0") else { return (10, 0) }
    guard bytes.count >= 3 else { return (8, 1) }
    switch bytes[1] | 0x20 {
    case UInt8(ascii: "b"): return (2, 2)
    case UInt8(ascii: "o"): return (8, 2)
    case UInt8(ascii: "x"): return (16, 2)
    default: return (8, 1)
    }
}

/// Whether every underscore stands between digits, or between a base prefix and a digit.
private func underscoresSeparateDigits(_ bytes: some Collection<UInt8>) -> Bool {
    var bytes = Array(bytes)[...]
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
    var isHexadecimal = false
    var followsDigit = false
    var followsUnderscore = false
    if bytes.count >= 2, bytes.first == UInt8(ascii: "0") {
        let letter = bytes[bytes.startIndex + 1] | 0x20
        if letter == UInt8(ascii: "b") || letter == UInt8(ascii: "o") || letter == UInt8(ascii: "x") {
            bytes = bytes.dropFirst(2)
            isHexadecimal = letter == UInt8(ascii: "x")
            followsDigit = true
        }
    }
    for byte in bytes {
        if byte == UInt8(ascii: "_") {
            guard followsDigit else { return false }
            (followsDigit, followsUnderscore) = (false, true)
        } else if hexadecimalDigit(byte).map({ isHexadecimal || $0 < 10 }) == true {
            (followsDigit, followsUnderscore) = (true, false)
        } else {
            guard !followsUnderscore else { return false }
            (followsDigit, followsUnderscore) = (false, false)
        }
    }
    return !followsUnderscore
}

/// Go's strconv.ParseFloat for the literals that the lexer lets through: decimal, or hexadecimal with an exponent.
func parseFloat(_ text: Text) -> Double? {
    let bytes = text.bytes
    if bytes.contains(UInt8(ascii: "_")), !underscoresSeparateDigits(bytes) { return nil }
    if isHexadecimal(bytes), !bytes.contains(where: { $0 | 0x20 == UInt8(ascii: "p") }) { return nil }
    let digits = String(decoding: bytes.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    let value = digits.withCString { begin -> Double? in
        var end: UnsafeMutablePointer<CChar>?
        let value = strtod(begin, &end)
        return end.map { UnsafePointer($0) == begin + digits.utf8.count } == true ? value : nil
    }
    return value.flatMap { $0.isFinite ? $0 : nil }
}

private func isHexadecimal(_ bytes: [UInt8]) -> Bool {
    let hasSign = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
    let body = hasSign ? bytes[1...] : bytes[...]
    return body.count > 1 && body.first == UInt8(ascii: "0") && body[body.startIndex + 1] | 0x20 == UInt8(ascii: "x")
}
