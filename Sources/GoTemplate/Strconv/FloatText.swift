import Glibc
import Values

/// Go's strconv.FormatFloat for float64: `precision` nil is the shortest text that reads back as the same number.
package func floatText(_ value: Double, _ verb: UInt8, precision: Int?) -> [UInt8] {
    if value.isNaN { return Array("NaN".utf8) }
    if value.isInfinite { return Array((value < 0 ? "-Inf" : "+Inf").utf8) }
    switch verb {
    case UInt8(ascii: "b"): return binaryText(value)
    case UInt8(ascii: "x"), UInt8(ascii: "X"): return hexadecimalText(value, verb, precision)
    case UInt8(ascii: "g"), UInt8(ascii: "G"): return generalText(value, verb, precision)
    case UInt8(ascii: "e"), UInt8(ascii: "E"):
        if let precision { return printed(value, verb, precision) }
        return DecimalDigits(value).scientific(verb)
    default:
        if let precision { return printed(value, UInt8(ascii: "f"), precision) }
        return DecimalDigits(value).plain
    }
}

extension DecimalDigits {
    /// `count` significant digits of a finite number, rounded from the exact value.
    fileprivate init(_ value: Double, count: Int) {
        self.init(0)
        let text = printed(value.magnitude, UInt8(ascii: "e"), count - 1)
        let end = text.firstIndex(of: UInt8(ascii: "e")) ?? text.count
        isNegative = value.sign == .minus
        digits = text[..<end].filter { $0 != UInt8(ascii: ".") }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        point = (Int(String(decoding: text[end...].dropFirst(), as: UTF8.self)) ?? 0) + 1
    }

    fileprivate func scientific(_ verb: UInt8) -> [UInt8] {
        let text = scientific()
        return verb == UInt8(ascii: "E") ? text.map { $0 == UInt8(ascii: "e") ? verb : $0 } : text
    }
}

private func appendExponent(_ text: inout [UInt8], _ exponent: Int) {
    text.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
    if exponent.magnitude < 10 { text.append(UInt8(ascii: "0")) }
    text += String(exponent.magnitude).utf8
}

private func generalText(_ value: Double, _ verb: UInt8, _ precision: Int?) -> [UInt8] {
    let count = precision.map { max(1, $0) }
    let digits = count.map { DecimalDigits(value, count: $0) } ?? DecimalDigits(value)
    var limit = count ?? 6
    if let count, count > digits.digits.count, digits.digits.count >= digits.point { limit = digits.digits.count }
    let exponent = digits.point - 1
    if exponent < -4 || exponent >= limit { return digits.scientific(verb - (UInt8(ascii: "g") - UInt8(ascii: "e"))) }
    return digits.plain
}

/// C's printf rounds the exact value half to even, as Go does.
private func printed(_ value: Double, _ verb: UInt8, _ precision: Int) -> [UInt8] {
    let format = "%.*" + String(UnicodeScalar(verb))
    return withVaList([Int32(precision), value]) { arguments in
        var buffer = [CChar](repeating: 0, count: precision + 330)
        let count = vsnprintf(&buffer, buffer.count, format, arguments)
        return buffer.prefix(Int(count)).map(UInt8.init(bitPattern:))
    }
}

/// The mantissa with its top bit, and the exponent of two that goes with it as an integer.
private func parts(_ value: Double) -> (mantissa: UInt64, exponent: Int) {
    let isNormal = value.exponentBitPattern != 0
    let mantissa = value.significandBitPattern | (isNormal ? 1 << 52 : 0)
    return (mantissa, Int(isNormal ? value.exponentBitPattern : 1) - 1023)
}

/// `-ddddp±dd`: the mantissa as an integer and its exponent of two.
private func binaryText(_ value: Double) -> [UInt8] {
    let (mantissa, exponent) = parts(value)
    let sign = exponent - 52 >= 0 ? "+" : ""
    return Array("\(value.sign == .minus ? "-" : "")\(mantissa)p\(sign)\(exponent - 52)".utf8)
}

/// `-0x1.yyyp±dd`, rounded half to even at `precision` digits.
private func hexadecimalText(_ value: Double, _ verb: UInt8, _ precision: Int?) -> [UInt8] {
    var (mantissa, exponent) = parts(value)
    if mantissa == 0 { exponent = 0 }
    mantissa <<= 8
    while mantissa != 0, mantissa & 1 << 60 == 0 {
        mantissa <<= 1
        exponent -= 1
    }
    if let precision, precision < 15 {
        let shift = UInt64(precision * 4)
        let rest = mantissa << shift & (1 << 60 - 1)
        mantissa >>= 60 - shift
        if rest | mantissa & 1 > 1 << 59 { mantissa += 1 }
        mantissa <<= 60 - shift
        if mantissa & 1 << 61 != 0 {
            mantissa >>= 1
            exponent += 1
        }
    }
    let isUpper = verb == UInt8(ascii: "X")
    let digits = Formatter.digits(isUpper)
    var text =
        Array("\(value.sign == .minus ? "-" : "")0".utf8) + [verb, UInt8(ascii: "0") + UInt8(mantissa >> 60 & 1)]
    mantissa <<= 4
    var count = precision ?? (mantissa == 0 ? 0 : 16 - mantissa.trailingZeroBitCount / 4)
    if count > 0 { text.append(UInt8(ascii: ".")) }
    while count > 0 {
        text.append(digits[Int(mantissa >> 60)])
        mantissa <<= 4
        count -= 1
    }
    text.append(UInt8(ascii: isUpper ? "P" : "p"))
    appendExponent(&text, exponent)
    return text
}
