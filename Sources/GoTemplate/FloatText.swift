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
        if let precision { return printed(value, UInt8(ascii: verb == UInt8(ascii: "e") ? "e" : "E"), precision) }
        return FloatDigits(shortest: value).exponential(verb)
    default:
        if let precision { return printed(value, UInt8(ascii: "f"), precision) }
        return FloatDigits(shortest: value).plain()
    }
}

/// The decimal digits of a number: 0.d₁d₂d₃… × 10^point, without zeros at the end.
struct FloatDigits {
    var isNegative: Bool
    var digits: [UInt8]
    var point: Int

    /// The fewest digits that read back as `value`; Swift prints just those.
    init(shortest value: Double) {
        self.init(Array(value.magnitude.description.utf8), isNegative: value.sign == .minus)
    }

    /// `count` digits, correctly rounded from the exact value.
    init(_ value: Double, count: Int) {
        self.init(printed(value.magnitude, UInt8(ascii: "e"), count - 1), isNegative: value.sign == .minus)
    }

    private init(_ text: [UInt8], isNegative: Bool) {
        let exponentStart = text.firstIndex(of: UInt8(ascii: "e")) ?? text.count
        let mantissa = text[..<exponentStart]
        let integerDigits = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.count
        let exponent = Int(String(decoding: text[exponentStart...].dropFirst(), as: UTF8.self)) ?? 0
        var digits = mantissa.filter { $0 != UInt8(ascii: ".") }
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        self.isNegative = isNegative
        self.digits = digits
        point = digits.isEmpty ? 0 : integerDigits - zeros + exponent
    }

    /// `d.ddde±dd`, with all digits there are.
    func exponential(_ letter: UInt8) -> [UInt8] {
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        text.append(digits.first ?? UInt8(ascii: "0"))
        if digits.count > 1 {
            text.append(UInt8(ascii: "."))
            text += digits.dropFirst()
        }
        text.append(letter)
        appendExponent(&text, digits.isEmpty ? 0 : point - 1)
        return text
    }

    /// `ddd.ddd`, with all digits there are.
    func plain() -> [UInt8] {
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        if point > 0 {
            text += digits.prefix(point)
            text += repeatElement(UInt8(ascii: "0"), count: max(0, point - digits.count))
        } else {
            text.append(UInt8(ascii: "0"))
        }
        guard digits.count > point else { return text }
        text.append(UInt8(ascii: "."))
        text += repeatElement(UInt8(ascii: "0"), count: max(0, -point))
        text += digits.dropFirst(max(0, point))
        return text
    }
}

private func appendExponent(_ text: inout [UInt8], _ exponent: Int) {
    text.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
    if exponent.magnitude < 10 { text.append(UInt8(ascii: "0")) }
    text += String(exponent.magnitude).utf8
}

private func generalText(_ value: Double, _ verb: UInt8, _ precision: Int?) -> [UInt8] {
    let count = precision.map { max(1, $0) }
    let digits = count.map { FloatDigits(value, count: $0) } ?? FloatDigits(shortest: value)
    var limit = count ?? 6
    if let count, count > digits.digits.count, digits.digits.count >= digits.point { limit = digits.digits.count }
    let exponent = digits.point - 1
    if exponent < -4 || exponent >= limit { return digits.exponential(verb - (UInt8(ascii: "g") - UInt8(ascii: "e"))) }
    return digits.plain()
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
    var text = Array("\(value.sign == .minus ? "-" : "")0".utf8) + [verb, UInt8(ascii: "0") + UInt8(mantissa >> 60 & 1)]
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
