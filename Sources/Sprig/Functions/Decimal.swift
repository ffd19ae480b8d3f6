import Glibc
import GoTemplate
import Values

/// A decimal number of any length, as the library behind Sprig's addf, subf, mulf and divf computes.
struct Decimal {
    private var isNegative: Bool
    /// Decimal digits as numbers, the highest first; none for zero.
    private var digits: [UInt8]
    private var exponent: Int

    private init(_ isNegative: Bool, _ digits: [UInt8], _ exponent: Int) {
        let significant = digits.drop { $0 == 0 }
        self.isNegative = isNegative && !significant.isEmpty
        self.digits = Array(significant)
        self.exponent = exponent
    }

    /// The number that the shortest text of `value` denotes; throws for NaN and infinities as Go panics.
    init(_ value: Double) throws {
        guard value.isFinite else {
            throw FunctionError("Cannot create a Decimal from " + formatValue(.float(value)))
        }
        let decimal = DecimalDigits(value)
        let digits = decimal.digits.map { $0 - UInt8(ascii: "0") }
        self.init(decimal.isNegative, digits, value == 0 ? 0 : decimal.point - digits.count)
    }

    /// The nearest float64.
    var double: Double {
        strtod(
            (isNegative ? "-" : "") + (digits.isEmpty ? "0" : digits.map(String.init).joined()) + "e\(exponent)", nil)
    }

    var isZero: Bool { digits.isEmpty }

    static prefix func - (number: Decimal) -> Decimal {
        Decimal(!number.isNegative, number.digits, number.exponent)
    }

    static func + (left: Decimal, right: Decimal) -> Decimal {
        let exponent = min(left.exponent, right.exponent)
        let first = left.digits(at: exponent)
        let second = right.digits(at: exponent)
        if left.isNegative == right.isNegative { return Decimal(left.isNegative, sum(first, second), exponent) }
        return isLess(first, second)
            ? Decimal(right.isNegative, difference(second, first), exponent)
            : Decimal(left.isNegative, difference(first, second), exponent)
    }

    static func * (left: Decimal, right: Decimal) -> Decimal {
        var product = [Int](repeating: 0, count: left.digits.count + right.digits.count)
        for (i, first) in left.digits.enumerated() {
            for (j, second) in right.digits.enumerated() { product[i + j + 1] += Int(first) * Int(second) }
        }
        for index in product.indices.reversed().dropLast() {
            product[index - 1] += product[index] / 10
            product[index] %= 10
        }
        return Decimal(
            left.isNegative != right.isNegative, product.map(UInt8.init), left.exponent + right.exponent)
    }

    /// The quotient with sixteen decimals, rounded half away from zero.
    func divided(by divisor: Decimal) throws -> Decimal {
        if divisor.isZero { throw FunctionError("decimal division by 0") }
        let decimals = 16
        let shift = exponent - divisor.exponent + decimals
        let dividend = digits + repeatElement(0, count: max(0, shift))
        let divisorDigits = divisor.digits + repeatElement(0, count: max(0, -shift))
        let (quotient, rest) = Decimal.divide(dividend, divisorDigits)
        let isUp = !Decimal.isLess(Decimal.sum(rest, rest), divisorDigits)
        return Decimal(
            isNegative != divisor.isNegative, isUp ? Decimal.sum(quotient, [1]) : quotient, -decimals)
    }

    private func digits(at exponent: Int) -> [UInt8] {
        isZero ? [] : digits + repeatElement(0, count: self.exponent - exponent)
    }

    private static func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let first = left.drop { $0 == 0 }
        let second = right.drop { $0 == 0 }
        return first.count == second.count ? first.lexicographicallyPrecedes(second) : first.count < second.count
    }

    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        let count = max(left.count, right.count) + 1
        var result = [UInt8](repeating: 0, count: count - left.count) + left
        for (offset, digit) in right.reversed().enumerated() {
            var index = count - 1 - offset
            result[index] += digit
            while result[index] > 9 {
                result[index] -= 10
                index -= 1
                result[index] += 1
            }
        }
        return result
    }

    /// `left - right`, where `left` is not the smaller.
    private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result = left
        for (offset, digit) in right.drop(while: { $0 == 0 }).reversed().enumerated() {
            var index = left.count - 1 - offset
            var borrow = digit
            while result[index] < borrow {
                result[index] = result[index] + 10 - borrow
                index -= 1
                borrow = 1
            }
            result[index] -= borrow
        }
        return result
    }

    private static func divide(_ dividend: [UInt8], _ divisor: [UInt8]) -> (quotient: [UInt8], rest: [UInt8]) {
        var quotient: [UInt8] = []
        var rest: [UInt8] = []
        for digit in dividend {
            rest.append(digit)
            var count: UInt8 = 0
            while !isLess(rest, divisor) {
                rest = Array(difference(rest, divisor).drop { $0 == 0 })
                count += 1
            }
            quotient.append(count)
        }
        return (quotient, rest)
    }
}
