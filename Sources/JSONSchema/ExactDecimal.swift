import Values

/// A decimal number of any length: 0.digits × 10^point, without zeros at either end.
struct ExactDecimal: Equatable, Sendable {
    private var isNegative = false
    private var digits: [UInt8] = []
    private var point = 0

    /// Reads JSON's and Go's spelling; `nil` for anything else (`NaN`, an exponent beyond a million).
    init?(_ text: String) {
        var rest = text.utf8[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        var seenPoint = false
        var seenDigit = false
        while let byte = rest.first {
            if (0x30...0x39).contains(byte) {
                digits.append(byte - 0x30)
                if !seenPoint { point += 1 }
                seenDigit = true
            } else if byte == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
            } else {
                break
            }
            rest.removeFirst()
        }
        guard seenDigit else { return nil }
        if let mark = rest.first {
            guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E"),
                let exponent = Int(Substring(rest.dropFirst())),
                exponent.magnitude <= 1_000_000
            else { return nil }
            point += exponent
        }
        trim()
    }

    private mutating func trim() {
        let leading = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leading)
        point -= leading
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty {
            point = 0
            isNegative = false
        }
    }

    var isInteger: Bool { digits.count <= point || digits.isEmpty }

    /// The value where it is an integer that fits.
    var int: Int? {
        guard isInteger, point <= 18 else { return nil }
        let magnitude = (0..<point).reduce(0) { $0 * 10 + Int($1 < digits.count ? digits[$1] : 0) }
        return isNegative ? -magnitude : magnitude
    }

    /// The nearest float64.
    var double: Double {
        let text = "0." + digits.map { String($0) }.joined() + "0e" + String(point)
        let magnitude = Double(text) ?? .infinity
        return isNegative ? -magnitude : magnitude
    }

    /// Whether this is a whole multiple of another number, which is not zero.
    func isMultiple(of other: ExactDecimal) -> Bool {
        if digits.isEmpty { return true }
        // Both as integers of one scale.
        let scale = max(digits.count - point, other.digits.count - other.point, 0)
        guard other.point + scale <= 18 else {
            return double.truncatingRemainder(dividingBy: other.double) == 0
        }
        let divisor = (0..<(other.point + scale)).reduce(UInt64(0)) { result, index in
            result * 10 + UInt64(index < other.digits.count ? other.digits[index] : 0)
        }
        guard divisor != 0 else { return false }
        var remainder: UInt64 = 0
        for index in 0..<max(0, point + scale) {
            remainder = (remainder * 10 + UInt64(index < digits.count ? digits[index] : 0)) % divisor
        }
        return remainder == 0
    }
}

extension ExactDecimal: Comparable {
    static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.digits.isEmpty || right.digits.isEmpty || left.isNegative != right.isNegative {
            return left.signum < right.signum
        }
        return left.isNegative ? right.magnitudePrecedes(left) : left.magnitudePrecedes(right)
    }

    private var signum: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    private func magnitudePrecedes(_ other: ExactDecimal) -> Bool {
        point != other.point ? point < other.point : digits.lexicographicallyPrecedes(other.digits)
    }
}

/// Numbers as golang.org/x/text prints them for English readers, which the schema library's messages go through.
enum EnglishNumber {
    /// An integer with commas between groups of three digits.
    static func text(_ value: Int) -> String {
        (value < 0 ? "-" : "") + grouped(Array(String(value.magnitude).utf8))
    }

    /// The shortest digits; from a million on and below 0.0001 as `1.5×10⁰⁶`.
    static func text(_ value: Double) -> String {
        let decimal = DecimalDigits(value)
        let sign = decimal.isNegative && value != 0 ? "-" : ""
        let exponent = decimal.point - 1
        if value != 0, exponent < -4 || exponent >= 6 {
            let mantissa = Text(decimal.digits.prefix(1)).string
            let fraction = decimal.digits.count > 1 ? "." + Text(decimal.digits.dropFirst()).string : ""
            return sign + mantissa + fraction + "×10" + superscript(exponent)
        }
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, -decimal.point))
        let padding = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, decimal.point - decimal.digits.count))
        let whole = decimal.digits.prefix(max(0, decimal.point)) + padding
        let fraction = zeros + decimal.digits.dropFirst(max(0, decimal.point))
        return sign + grouped(whole.isEmpty ? [UInt8(ascii: "0")] : Array(whole))
            + (fraction.isEmpty ? "" : "." + Text(fraction).string)
    }

    private static func grouped(_ digits: [UInt8]) -> String {
        var result: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(UInt8(ascii: ",")) }
            result.append(digit)
        }
        return Text(result).string
    }

    private static func superscript(_ exponent: Int) -> String {
        let digits = String(exponent.magnitude)
        let padded = digits.utf8.count < 2 ? "0" + digits : digits
        let marks = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        return (exponent < 0 ? "⁻" : "") + String(padded.utf8.map { marks[Int($0 - 0x30)] })
    }
}
