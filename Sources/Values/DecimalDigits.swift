/// The shortest decimal digits that read back as the same double: 0.d₁d₂d₃… × 10^point, without trailing zeros.
///
/// Go's strconv and Swift's description choose the same digits; only the layout differs.
package struct DecimalDigits: Sendable {
    /// ASCII digits; "0" for zero.
    package var digits: [UInt8]
    /// The decimal point's place relative to the first digit: 1 for 1.5, 0 for 0.5, 3 for 150.
    package var point: Int
    package var isNegative: Bool

    /// The digits of a finite number.
    package init(_ number: Double) {
        self.init(number.magnitude.description, isNegative: number.sign == .minus)
    }

    /// The digits of a finite number of single precision.
    package init(single number: Float) {
        self.init(number.magnitude.description, isNegative: number.sign == .minus)
    }

    private init(_ description: String, isNegative: Bool) {
        self.isNegative = isNegative
        digits = []
        point = 0
        var exponent = 0
        var fraction = false
        var text = description
        text.withUTF8 { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: ".") {
                    fraction = true
                } else if byte == UInt8(ascii: "e") {
                    exponent = DecimalDigits.integer(bytes, from: index)
                    break
                } else {
                    digits.append(byte)
                    if !fraction { point += 1 }
                }
            }
        }
        point += exponent
        trimZeros()
        if digits.isEmpty {
            digits = [UInt8(ascii: "0")]
            point = 1
        }
    }

    private static func integer(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var result = 0
        var isNegative = false
        for byte in bytes[start...] {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "+"): break
            default: result = result * 10 + Int(byte - UInt8(ascii: "0"))
            }
        }
        return isNegative ? -result : result
    }

    private mutating func trimZeros() {
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        point -= leading
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    }
}

extension DecimalDigits {
    /// Plain notation, as strconv's format 'f' with the shortest precision.
    package var plain: [UInt8] {
        var result: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        let zero = UInt8(ascii: "0")
        if point <= 0 {
            result += [zero, UInt8(ascii: ".")]
            result += repeatElement(zero, count: -point)
            return result + digits
        }
        result += digits.prefix(point)
        result += repeatElement(zero, count: max(0, point - digits.count))
        if digits.count > point {
            result.append(UInt8(ascii: "."))
            result += digits[point...]
        }
        return result
    }

    /// Exponent notation, as strconv's format 'e' with the shortest precision: at least `width` exponent digits.
    package func scientific(exponentWidth width: Int = 2) -> [UInt8] {
        var result: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        result.append(digits[0])
        if digits.count > 1 {
            result.append(UInt8(ascii: "."))
            result += digits[1...]
        }
        let exponent = digits == [UInt8(ascii: "0")] ? 0 : point - 1
        result += exponent < 0 ? Array("e-".utf8) : Array("e+".utf8)
        let text = Array(String(exponent.magnitude).utf8)
        return result + repeatElement(UInt8(ascii: "0"), count: max(0, width - text.count)) + text
    }
}
