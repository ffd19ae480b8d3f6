import Values

/// The state of one call of Go's fmt: what has been printed, and the flags of the verb at hand.
struct Formatter {
    /// The flags between `%` and the verb.
    struct Flags {
        var minus = false
        var plus = false
        var sharp = false
        var space = false
        var zero = false
        /// `%+v` and `%#v`, which mean something else than `+` and `#` before other verbs.
        var plusValue = false
        var sharpValue = false
        var width: Int?
        var precision: Int?
    }

    /// A verb is a code point; bytes suffice for all that mean something.
    typealias Verb = UInt32

    var output: [UInt8] = []
    var flags = Flags()
    /// While a bad verb is reported, `String()` and `Error()` are not called.
    var isReportingBadVerb = false

    /// Widths and precisions beyond this are refused.
    private static let largest = 1_000_000

    /// Whether so much is printed that the text will be refused; what is left need not be printed.
    var isFull: Bool { output.count > Limits.text }
}

// MARK: The format string

extension Formatter {
    /// The position in a format string.
    private struct Scan {
        let format: UnsafeBufferPointer<UInt8>
        let arguments: [GoValue]
        var offset = 0
        var argument = 0
        /// Whether any explicit index occurred: then unused arguments are not reported.
        var isReordered = false
        var isIndexGood = true
        /// Whether the last thing read was an index such as `[3]`.
        var isAfterIndex = false

        /// The byte at hand; `nil` at the end.
        var byte: UInt8? { offset < format.count ? format[offset] : nil }
    }

    mutating func format(_ format: UnsafeBufferPointer<UInt8>, _ arguments: [GoValue]) {
        output.reserveCapacity(format.count + 16 * arguments.count)
        var scan = Scan(format: format, arguments: arguments)
        while scan.offset < format.count {
            let start = scan.offset
            while let byte = scan.byte, byte != UInt8(ascii: "%") { scan.offset += 1 }
            output.append(contentsOf: format[start..<scan.offset])
            guard scan.offset < format.count, !isFull else { break }
            scan.offset += 1
            formatVerb(&scan)
        }
        if !scan.isReordered, scan.argument < arguments.count { reportExtra(arguments[scan.argument...]) }
    }

    private mutating func formatVerb(_ scan: inout Scan) {
        flags = Flags()
        scan.isIndexGood = true
        scan.isAfterIndex = false
        readFlags(&scan)
        readIndex(&scan)
        readWidth(&scan)
        readPrecision(&scan)
        if !scan.isAfterIndex { readIndex(&scan) }
        guard scan.offset < scan.format.count else {
            output += "%!(NOVERB)".utf8
            return
        }
        let (verb, width) = decodeRune(scan.format, at: scan.offset)
        scan.offset += width
        if verb == UInt32(ascii: "%") {
            output.append(UInt8(ascii: "%"))
        } else if !scan.isIndexGood {
            report("BADINDEX", verb)
        } else if scan.argument >= scan.arguments.count {
            report("MISSING", verb)
        } else {
            if verb == UInt32(ascii: "v") || verb == UInt32(ascii: "w") { moveFlagsOfValue() }
            scan.argument += 1
            print(scan.arguments[scan.argument - 1], verb)
        }
    }

    private mutating func moveFlagsOfValue() {
        flags.sharpValue = flags.sharp
        flags.sharp = false
        flags.plusValue = flags.plus
        flags.plus = false
    }

    private mutating func readFlags(_ scan: inout Scan) {
        while let byte = scan.byte {
            switch byte {
            case UInt8(ascii: "#"): flags.sharp = true
            case UInt8(ascii: "0"): flags.zero = true
            case UInt8(ascii: "+"): flags.plus = true
            case UInt8(ascii: "-"): flags.minus = true
            case UInt8(ascii: " "): flags.space = true
            default: return
            }
            scan.offset += 1
        }
    }

    private mutating func readWidth(_ scan: inout Scan) {
        guard scan.byte == UInt8(ascii: "*") else {
            flags.width = readNumber(&scan)
            if scan.isAfterIndex, flags.width != nil { scan.isIndexGood = false }
            return
        }
        scan.offset += 1
        flags.width = integerArgument(&scan)
        if flags.width == nil { output += "%!(BADWIDTH)".utf8 }
        if let width = flags.width, width < 0 {
            flags.width = -width
            flags.minus = true
            flags.zero = false
        }
        scan.isAfterIndex = false
    }

    private mutating func readPrecision(_ scan: inout Scan) {
        // A point that ends the format is taken for the verb.
        guard scan.byte == UInt8(ascii: "."), scan.offset + 1 < scan.format.count else { return }
        scan.offset += 1
        if scan.isAfterIndex { scan.isIndexGood = false }
        readIndex(&scan)
        guard scan.byte == UInt8(ascii: "*") else {
            flags.precision = readNumber(&scan) ?? 0
            return
        }
        scan.offset += 1
        flags.precision = integerArgument(&scan)
        if let precision = flags.precision, precision < 0 { flags.precision = nil }
        if flags.precision == nil { output += "%!(BADPREC)".utf8 }
        scan.isAfterIndex = false
    }

    /// Digits as a number; `nil` where there are none. A number that is too large eats the rest of the format.
    private func readNumber(_ scan: inout Scan) -> Int? {
        var number: Int?
        while let byte = scan.byte, isDigit(byte) {
            if let number, number > Formatter.largest {
                scan.offset = scan.format.count
                return nil
            }
            number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
            scan.offset += 1
        }
        return number
    }

    private func integerArgument(_ scan: inout Scan) -> Int? {
        guard scan.argument < scan.arguments.count else { return nil }
        let argument = scan.arguments[scan.argument]
        scan.argument += 1
        let number: Int? =
            switch argument {
            case .int(let value, _): value
            case .uint(let value, _): Int(exactly: value)
            default: nil
            }
        return number.flatMap { $0.magnitude > UInt(Formatter.largest) ? nil : $0 }
    }

    /// An explicit index such as `[3]`, which makes that argument the next one.
    private func readIndex(_ scan: inout Scan) {
        scan.isAfterIndex = false
        guard scan.byte == UInt8(ascii: "[") else { return }
        scan.isReordered = true
        let rest = scan.format[scan.offset...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "]")), rest.count >= 3 else {
            scan.isIndexGood = false
            scan.offset += 1
            return
        }
        let digits = rest[(scan.offset + 1)..<end]
        scan.offset = end + 1
        let index = digits.allSatisfy(isDigit) ? Int(String(decoding: digits, as: UTF8.self)) : nil
        guard let index, index <= Formatter.largest * 10 + 9 else {
            scan.isIndexGood = false
            return
        }
        scan.isAfterIndex = true
        if (1...max(1, scan.arguments.count)).contains(index), !scan.arguments.isEmpty {
            scan.argument = index - 1
        } else {
            scan.isIndexGood = false
        }
    }
}

// MARK: Reports inside the output

extension Formatter {
    private mutating func report(_ problem: String, _ verb: Verb) {
        output += "%!".utf8
        append(verb)
        output += "(\(problem))".utf8
    }

    private mutating func reportExtra(_ arguments: ArraySlice<GoValue>) {
        flags = Flags()
        output += "%!(EXTRA ".utf8
        for (index, argument) in arguments.enumerated() {
            if index > 0 { output += ", ".utf8 }
            printWithType(argument)
        }
        output.append(UInt8(ascii: ")"))
    }

    private mutating func printWithType(_ argument: GoValue) {
        guard let type = argument.type else {
            output += "<nil>".utf8
            return
        }
        output += type.description.utf8
        output.append(UInt8(ascii: "="))
        print(argument, UInt32(ascii: "v"))
    }

    /// `%!d(string=x)`; the flags stay in force for the value, as in Go.
    mutating func reportBadVerb(_ verb: Verb, _ argument: GoValue) {
        isReportingBadVerb = true
        output += "%!".utf8
        append(verb)
        output.append(UInt8(ascii: "("))
        printWithType(argument)
        output.append(UInt8(ascii: ")"))
        isReportingBadVerb = false
    }

    mutating func append(_ rune: UInt32) {
        output += (Unicode.Scalar(rune) ?? "\u{FFFD}").utf8
    }
}

extension UInt32 {
    /// The code point of an ASCII character.
    init(ascii scalar: Unicode.Scalar) {
        self = scalar.value
    }
}

func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
}
