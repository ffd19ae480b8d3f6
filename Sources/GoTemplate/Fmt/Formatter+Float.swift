import Values

extension Formatter {
    mutating func printFloat(_ value: Double, _ argument: GoValue, _ verb: Verb) {
        switch verb {
        case UInt32(ascii: "v"): printFloat(value, UInt8(ascii: "g"), nil)
        case UInt32(ascii: "F"): printFloat(value, UInt8(ascii: "f"), 6)
        case UInt32(ascii: "f"), UInt32(ascii: "e"), UInt32(ascii: "E"): printFloat(value, UInt8(verb), 6)
        case _ where "bgGxX".unicodeScalars.contains { $0.value == verb }: printFloat(value, UInt8(verb), nil)
        default: reportBadVerb(verb, argument)
        }
    }

    mutating func printComplex(_ real: Double, _ imaginary: Double, _ argument: GoValue, _ verb: Verb) {
        guard "vbgGxXfFeE".unicodeScalars.contains(where: { $0.value == verb }) else {
            reportBadVerb(verb, argument)
            return
        }
        let plus = flags.plus
        output.append(UInt8(ascii: "("))
        printFloat(real, argument, verb)
        flags.plus = true
        printFloat(imaginary, argument, verb)
        output += "i)".utf8
        flags.plus = plus
    }

    private mutating func printFloat(_ value: Double, _ verb: UInt8, _ standardPrecision: Int?) {
        let precision = flags.precision ?? standardPrecision
        var number = floatText(value, verb, precision: precision)
        if number[0] != UInt8(ascii: "-"), number[0] != UInt8(ascii: "+") { number.insert(UInt8(ascii: "+"), at: 0) }
        if flags.space, number[0] == UInt8(ascii: "+"), !flags.plus { number[0] = UInt8(ascii: " ") }
        guard value.isFinite else {
            // Infinity always has its sign, NaN only where a flag asks for one.
            if value.isNaN, !flags.space, !flags.plus { number.removeFirst() }
            pad(number, zero: false)
            return
        }
        if flags.sharp, verb != UInt8(ascii: "b") { keepPoint(&number, verb, precision) }
        guard flags.plus || number[0] != UInt8(ascii: "+") else {
            pad(number.dropFirst())
            return
        }
        if flags.zero, !flags.minus, let width = flags.width, width > number.count {
            output.append(number[0])
            writePadding(width - number.count)
            output.append(contentsOf: number.dropFirst())
        } else {
            pad(number)
        }
    }

    /// The `#` flag: a decimal point always, and for `%g` the zeros up to the precision.
    private func keepPoint(_ number: inout [UInt8], _ verb: UInt8, _ precision: Int?) {
        var missing = "gGx".utf8.contains(verb) ? precision ?? 6 : 0
        let isHexadecimal = verb == UInt8(ascii: "x") || verb == UInt8(ascii: "X")
        let exponents = Array((isHexadecimal ? "pP" : "eEpP").utf8)
        let end = number.firstIndex { exponents.contains($0) } ?? number.count
        let tail = number[end...]
        var mantissa = Array(number[..<end])
        var hasPoint = false
        var isAfterZeros = false
        for byte in mantissa.dropFirst() {
            if byte == UInt8(ascii: ".") {
                hasPoint = true
                continue
            }
            if byte != UInt8(ascii: "0") { isAfterZeros = true }
            if isAfterZeros { missing -= 1 }
        }
        if !hasPoint {
            if mantissa.count == 2, mantissa[1] == UInt8(ascii: "0") { missing -= 1 }
            mantissa.append(UInt8(ascii: "."))
        }
        mantissa += repeatElement(UInt8(ascii: "0"), count: max(0, missing))
        number = mantissa + tail
    }
}
