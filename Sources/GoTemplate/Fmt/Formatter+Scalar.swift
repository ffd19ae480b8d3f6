import Values

// Booleans, integers, strings and runes, with padding: the counterpart of fmt's format.go.
extension Formatter {
    mutating func printBool(_ value: Bool, _ argument: GoValue, _ verb: Verb) {
        guard verb == UInt32(ascii: "t") || verb == UInt32(ascii: "v") else {
            reportBadVerb(verb, argument)
            return
        }
        pad((value ? "true" : "false").utf8)
    }

    mutating func printString(_ text: Text, _ argument: GoValue, _ verb: Verb) {
        switch verb {
        case UInt32(ascii: "v") where flags.sharpValue: printQuoted(text)
        case UInt32(ascii: "v"), UInt32(ascii: "s"): printString(text)
        case UInt32(ascii: "x"), UInt32(ascii: "X"): printHexadecimal(text, isUpper: verb == UInt32(ascii: "X"))
        case UInt32(ascii: "q"): printQuoted(text)
        default: reportBadVerb(verb, argument)
        }
    }

    /// The text under `%s`: cut to the precision, padded to the width.
    mutating func printString(_ text: Text) {
        truncated(text).withBytes { pad($0) }
    }

    /// The first code points of `text`, as many as the precision says.
    private func truncated(_ text: Text) -> Text {
        guard let precision = flags.precision, precision < text.count else { return text }
        let runes = text.runes
        return precision < runes.count ? text[0..<runes[precision].offset] : text
    }

    private mutating func printQuoted(_ text: Text) {
        let text = truncated(text)
        if flags.sharp, canBackquote(text) {
            pad([UInt8(ascii: "`")] + text.bytes + [UInt8(ascii: "`")])
        } else {
            pad(quoted(text, toASCII: flags.plus).bytes)
        }
    }

    private mutating func printHexadecimal(_ text: Text, isUpper: Bool) {
        let digits = Formatter.digits(isUpper)
        var hexadecimal: [UInt8] = []
        let prefix = flags.sharp ? [UInt8(ascii: "0"), UInt8(ascii: isUpper ? "X" : "x")] : []
        for (index, byte) in text.bytes.prefix(flags.precision ?? .max).enumerated() {
            if index > 0, flags.space { hexadecimal.append(UInt8(ascii: " ")) }
            if index == 0 || flags.space { hexadecimal += prefix }
            hexadecimal += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        pad(hexadecimal)
    }

    static func digits(_ isUpper: Bool) -> [UInt8] {
        Array((isUpper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
    }

    mutating func printInteger(_ value: UInt64, isSigned: Bool, _ argument: GoValue, _ verb: Verb) {
        switch verb {
        case UInt32(ascii: "v") where flags.sharpValue && !isSigned: printHexadecimal(value, hasPrefix: true)
        case UInt32(ascii: "v"), UInt32(ascii: "d"): printDigits(value, isSigned, base: 10)
        case UInt32(ascii: "b"): printDigits(value, isSigned, base: 2)
        case UInt32(ascii: "o"): printDigits(value, isSigned, base: 8)
        case UInt32(ascii: "O"): printDigits(value, isSigned, base: 8, prefix: "0o")
        case UInt32(ascii: "x"): printDigits(value, isSigned, base: 16)
        case UInt32(ascii: "X"): printDigits(value, isSigned, base: 16, isUpper: true)
        case UInt32(ascii: "c"): pad(Formatter.rune(value).utf8)
        case UInt32(ascii: "q"): pad(quoted(rune: Formatter.rune(value), toASCII: flags.plus).bytes)
        case UInt32(ascii: "U"): printUnicode(value)
        default: reportBadVerb(verb, argument)
        }
    }

    mutating func printHexadecimal(_ value: UInt64, hasPrefix: Bool) {
        let sharp = flags.sharp
        flags.sharp = hasPrefix
        printDigits(value, false, base: 16)
        flags.sharp = sharp
    }

    private static func rune(_ value: UInt64) -> Unicode.Scalar {
        UInt32(exactly: value).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
    }

    private mutating func printDigits(
        _ bits: UInt64, _ isSigned: Bool, base: UInt64, prefix: String = "", isUpper: Bool = false
    ) {
        let isNegative = isSigned && Int64(bitPattern: bits) < 0
        let value = isNegative ? 0 &- bits : bits
        if flags.precision == 0, value == 0 {
            writePadding(flags.width ?? 0, zero: false)
            return
        }
        let hasSign = isNegative || flags.plus || flags.space
        var least = flags.precision ?? 0
        if flags.precision == nil, flags.zero, !flags.minus, let width = flags.width {
            least = hasSign ? width - 1 : width
        }
        var digits = Array(String(value, radix: Int(base), uppercase: isUpper).utf8)
        if digits.count < least {
            digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: least - digits.count), at: 0)
        }
        if flags.sharp { digits = Formatter.sharpPrefix(base, isUpper, digits) + digits }
        var text = Array(prefix.utf8) + digits
        if isNegative {
            text.insert(UInt8(ascii: "-"), at: 0)
        } else if flags.plus {
            text.insert(UInt8(ascii: "+"), at: 0)
        } else if flags.space {
            text.insert(UInt8(ascii: " "), at: 0)
        }
        pad(text, zero: false)
    }

    private static func sharpPrefix(_ base: UInt64, _ isUpper: Bool, _ digits: [UInt8]) -> [UInt8] {
        switch base {
        case 2: Array("0b".utf8)
        case 8: digits.first == UInt8(ascii: "0") ? [] : [UInt8(ascii: "0")]
        case 16: Array((isUpper ? "0X" : "0x").utf8)
        default: []
        }
    }

    private mutating func printUnicode(_ value: UInt64) {
        let digits = String(value, radix: 16, uppercase: true)
        let zeros = max(0, max(4, flags.precision ?? 0) - digits.utf8.count)
        var text = Array("U+".utf8) + repeatElement(UInt8(ascii: "0"), count: zeros) + digits.utf8
        if flags.sharp, let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init), isPrintable(scalar) {
            text += " '\(scalar)'".utf8
        }
        pad(text, zero: false)
    }

    /// Writes `bytes` padded to the width in code points, at the left unless the minus flag is set.
    mutating func pad(_ bytes: some Collection<UInt8>, zero: Bool? = nil) {
        guard let width = flags.width, width > 0 else {
            output.append(contentsOf: bytes)
            return
        }
        let padding = width - Formatter.runeCount(bytes)
        if !flags.minus { writePadding(padding, zero: zero) }
        output.append(contentsOf: bytes)
        if flags.minus { writePadding(padding, zero: zero) }
    }

    mutating func writePadding(_ count: Int, zero: Bool? = nil) {
        guard count > 0 else { return }
        let isZero = (zero ?? flags.zero) && !flags.minus
        output.append(contentsOf: repeatElement(UInt8(ascii: isZero ? "0" : " "), count: count))
    }

    private static func runeCount(_ bytes: some Collection<UInt8>) -> Int {
        if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count }
        return Text(Array(bytes)).runes.count
    }
}
