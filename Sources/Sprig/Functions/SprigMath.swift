import Glibc
import GoTemplate
import Values

/// Sprig's arithmetic, sequences and conversions to numbers.
enum SprigMath {
    static let functions: [Function] = conversions + integers + floats + sequences

    private static let conversions: [Function] = [
        Function("atoi", [.string], returns: .int) { .int(parseInteger($0.text(0), base: 10).value) },
        Function("int64", [.any], returns: .int64) { .int64($0[0].castInteger) },
        Function("int", [.any], returns: .int) { .int($0[0].castInteger) },
        Function("float64", [.any], returns: .float64) { .float($0[0].castFloat) },
        Function("toDecimal", [.any], returns: .int64) { arguments in
            let (value, error) = parseInteger(formatPrint(arguments), base: 8)
            return .int64(error == nil ? value : 0)
        },
    ]

    // Integers wrap around as Go's do.
    private static let integers: [Function] = [
        Function("add1", [.any], returns: .int64) { .int64($0[0].castInteger &+ 1) },
        Function("add", variadic: .any, returns: .int64) { .int64($0.reduce(0) { $0 &+ $1.castInteger }) },
        Function("sub", [.any, .any], returns: .int64) { .int64($0[0].castInteger &- $0[1].castInteger) },
        Function("mul", [.any], variadic: .any, returns: .int64) { .int64($0.reduce(1) { $0 &* $1.castInteger }) },
        Function("div", [.any, .any], returns: .int64) { arguments in
            let (dividend, divisor) = try operands(arguments)
            return .int64(dividend.dividedReportingOverflow(by: divisor).partialValue)
        },
        Function("mod", [.any, .any], returns: .int64) { arguments in
            let (dividend, divisor) = try operands(arguments)
            return .int64(dividend.remainderReportingOverflow(dividingBy: divisor).partialValue)
        },
        largest("max"), largest("biggest"),
        Function("min", [.any], variadic: .any, returns: .int64) { .int64($0.map(\.castInteger).min() ?? 0) },
    ]

    private static func operands(_ arguments: [GoValue]) throws -> (Int, Int) {
        let divisor = arguments[1].castInteger
        if divisor == 0 { throw FunctionError("runtime error: integer divide by zero") }
        return (arguments[0].castInteger, divisor)
    }

    private static func largest(_ name: Text) -> Function {
        Function(name, [.any], variadic: .any, returns: .int64) { .int64($0.map(\.castInteger).max() ?? 0) }
    }

    private static let floats: [Function] = [
        Function("add1f", [.any], returns: .float64) { try decimal($0[0].castFloat, [.int(1)]) { $0 + $1 } },
        Function("addf", variadic: .any, returns: .float64) { try decimal(0, $0[...]) { $0 + $1 } },
        Function("subf", [.any], variadic: .any, returns: .float64) { arguments in
            try decimal(arguments[0].castFloat, arguments.dropFirst()) { $0 + -$1 }
        },
        Function("mulf", [.any], variadic: .any, returns: .float64) { arguments in
            try decimal(arguments[0].castFloat, arguments.dropFirst()) { $0 * $1 }
        },
        Function("divf", [.any], variadic: .any, returns: .float64) { arguments in
            try decimal(arguments[0].castFloat, arguments.dropFirst()) { try $0.divided(by: $1) }
        },
        Function("maxf", [.any], variadic: .any, returns: .float64) { arguments in
            .float(arguments.dropFirst().reduce(arguments[0].castFloat) { larger($0, $1.castFloat) })
        },
        Function("minf", [.any], variadic: .any, returns: .float64) { arguments in
            .float(arguments.dropFirst().reduce(arguments[0].castFloat) { -larger(-$0, -$1.castFloat) })
        },
        Function("ceil", [.any], returns: .float64) { .float($0[0].castFloat.rounded(.up)) },
        Function("floor", [.any], returns: .float64) { .float($0[0].castFloat.rounded(.down)) },
        Function("round", [.any, .int], variadic: .float64, returns: .float64) { arguments in
            var threshold = 0.5
            if arguments.count > 2, case .float(let value) = arguments[2] { threshold = value }
            return .float(round(arguments[0].castFloat, places: arguments.integer(1), threshold))
        },
    ]

    private static func decimal(
        _ first: Double, _ rest: ArraySlice<GoValue>, _ combine: (Decimal, Decimal) throws -> Decimal
    ) throws -> GoValue {
        .float(try rest.reduce(try Decimal(first)) { try combine($0, try Decimal($1.castFloat)) }.double)
    }

    /// Go's math.Max: NaN wins over numbers, infinity over NaN, +0 over -0.
    private static func larger(_ left: Double, _ right: Double) -> Double {
        if left == .infinity || right == .infinity { return .infinity }
        if left.isNaN || right.isNaN { return .nan }
        if left == 0, right == 0 { return left.sign == .minus ? right : left }
        return max(left, right)
    }

    /// Sprig's own rounding: up where the fraction reaches the threshold, which the fraction of a negative number
    /// never does.
    private static func round(_ value: Double, places: Int, _ threshold: Double) -> Double {
        let power = powerOfTen(places)
        let digit = power * value
        let fraction = digit.isInfinite ? .nan : digit - digit.rounded(.towardZero)
        return (fraction >= threshold ? digit.rounded(.up) : digit.rounded(.down)) / power
    }

    /// Go's math.Pow(10, places), by the same multiplications, so that it errs in the same last digit.
    private static func powerOfTen(_ places: Int) -> Double {
        var mantissa = 1.0
        var exponent = 0
        var square = 0.625
        var squareExponent = 4
        var rest = places.magnitude
        while rest != 0 {
            // The result is infinite or zero by now.
            if squareExponent > 1 << 12 {
                exponent += squareExponent
                break
            }
            if rest & 1 == 1 {
                mantissa *= square
                exponent += squareExponent
            }
            square *= square
            squareExponent <<= 1
            if square < 0.5 {
                square += square
                squareExponent -= 1
            }
            rest >>= 1
        }
        return places < 0 ? scalbn(1 / mantissa, Int32(-exponent)) : scalbn(mantissa, Int32(exponent))
    }

    private static let sequences: [Function] = [
        Function("until", [.int], returns: .slice(.int)) { arguments in
            let count = arguments.integer(0)
            return try integers(from: 0, to: count, by: count < 0 ? -1 : 1)
        },
        Function("untilStep", [.int, .int, .int], returns: .slice(.int)) { arguments in
            try integers(
                from: arguments.integer(0), to: arguments.integer(1),
                by: arguments.integer(2))
        },
        Function("seq", variadic: .int, returns: .string) { arguments in
            let numbers = try sequence(arguments.indices.map(arguments.integer))
            return .string(Text(numbers.map(String.init).joined(separator: " ")))
        },
    ]

    private static func integers(from start: Int, to end: Int, by step: Int) throws -> GoValue {
        .list(.grown(try steps(from: start, to: end, by: step).map(GoValue.int), type: .slice(.int)))
    }

    /// More would end in memory, not in a manifest.
    private static let largestSequence = 1 << 22

    /// From `start` on, without `end`; nothing where the step leads away from it.
    private static func steps(from start: Int, to end: Int, by step: Int) throws -> [Int] {
        guard end < start ? step < 0 : step > 0 else { return [] }
        var numbers: [Int] = []
        var number = start
        while end < start ? number > end : number < end {
            numbers.append(number)
            if numbers.count > largestSequence {
                throw FunctionError("a sequence of more than \(largestSequence) integers is refused")
            }
            let (next, isOver) = number.addingReportingOverflow(step)
            if isOver { break }
            number = next
        }
        return numbers
    }

    /// `seq END`, `seq START END` or `seq START STEP END`, the end included.
    private static func sequence(_ parameters: [Int]) throws -> [Int] {
        switch parameters.count {
        case 1, 2:
            let start = parameters.count == 1 ? 1 : parameters[0]
            let end = parameters[parameters.count - 1]
            let step = end < start ? -1 : 1
            return try steps(from: start, to: end &+ step, by: step)
        case 3:
            let (start, step, end) = (parameters[0], parameters[1], parameters[2])
            if end < start, step > 0 { return [] }
            return try steps(from: start, to: end &+ (end < start ? -1 : 1), by: step)
        default: return []
        }
    }
}
