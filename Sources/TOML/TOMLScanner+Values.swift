import GoTemplate
import Values

/// Values that are no arrays or tables.
extension TOMLScanner {
    mutating func readScalar() throws(TOMLError) -> GoValue {
        guard let byte = peek else {
            try next()
            throw failure("unexpected EOF; expected value")
        }
        switch byte {
        case UInt8(ascii: "\""):
            return .string(hasPrefix("\"\"\"") ? try readMultilineString() : try readBasicString())
        case UInt8(ascii: "'"):
            return .string(hasPrefix("'''") ? try readMultilineLiteral() : try readLiteralString())
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): return try readNumber()
        case UInt8(ascii: "."): throw try unexpected("floats must start with a digit, not '.'")
        case UInt8(ascii: "\n"):
            try next()
            throw failureOnPreviousLine("expected value but found " + quotedLast + " instead")
        default: return try readWord()
        }
    }

    func hasPrefix(_ text: String) -> Bool {
        bytes[offset...].starts(with: text.utf8)
    }

    /// `true`, `false`, `inf`, `nan`.
    private mutating func readWord() throws(TOMLError) -> GoValue {
        for (word, number) in [("inf", Double.infinity), ("nan", .nan)] where hasPrefix(word) {
            offset += 3
            return .float(number)
        }
        let start = offset
        // BurntSushi has taken the first letters of a word that only begins like `inf` or `nan`.
        if hasPrefix("in") || hasPrefix("na") { offset += 1 }
        let wordStart = offset
        while offset < bytes.count {
            let (rune, width) = bytes.withUnsafeBufferPointer { decodeRune($0, at: offset) }
            guard Unicode.Scalar(rune)?.properties.isAlphabetic ?? false else { break }
            offset += width
        }
        let word = Text(bytes[wordStart..<offset])
        switch word.string {
        case "true" where wordStart == start: return .bool(true)
        case "false" where wordStart == start: return .bool(false)
        case "":
            try next()
            throw failure("expected value but found " + quotedLast + " instead")
        default:
            isAtEnd = false
            throw failure("expected value but found " + quoted(word) + " instead")
        }
    }

    private mutating func readNumber() throws(TOMLError) -> GoValue {
        let start = offset
        if let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            try next()
            if let special = try readSignedWord(from: start, isNegative: sign == UInt8(ascii: "-")) { return special }
            guard let digit = peek, isDigit(digit) else {
                let isPoint = peek == UInt8(ascii: ".")
                try next()
                throw failure(
                    isPoint ? "floats must start with a digit, not '.'" : "expected a digit but got " + quotedLast)
            }
            if digit == UInt8(ascii: "0"), offset + 1 < bytes.count, "box".utf8.contains(bytes[offset + 1]) {
                let text = Text(bytes[start...offset + 1])
                throw failure("cannot use sign with non-decimal numbers: '" + text + "'")
            }
            return try readDecimal(from: start)
        }
        if peek == UInt8(ascii: "0"), offset + 1 < bytes.count {
            switch bytes[offset + 1] {
            case UInt8(ascii: "b"): return try readBased("a binary", isIn: { $0 == 0x30 || $0 == 0x31 })
            case UInt8(ascii: "o"): return try readBased("an octal", isIn: { (0x30...0x37).contains($0) })
            case UInt8(ascii: "x"): return try readBased("a hexadecimal", isIn: { hexadecimalDigit($0) != nil })
            default: break
            }
        }
        while let byte = peek, isDigit(byte) { offset += 1 }
        // A lone 0 is a number whatever follows.
        let isLoneZero = offset == start + 1 && bytes[start] == UInt8(ascii: "0")
        if !isLoneZero, peek == UInt8(ascii: "-") || peek == UInt8(ascii: ":") { return try readTime(from: start) }
        return try readDecimal(from: start)
    }

    private mutating func readSignedWord(from start: Int, isNegative: Bool) throws(TOMLError) -> GoValue? {
        guard peek == UInt8(ascii: "i") || peek == UInt8(ascii: "n") else { return nil }
        let word = peek == UInt8(ascii: "i") ? "inf" : "nan"
        guard hasPrefix(word) else {
            for letter in word.utf8 where peek == letter { offset += 1 }
            throw failure("invalid float: '" + Text(bytes[start..<offset]) + "'")
        }
        offset += 3
        let number = word == "inf" ? Double.infinity : .nan
        return .float(isNegative ? -number : number)
    }

    private mutating func readBased(_ name: Text, isIn: (UInt8) -> Bool) throws(TOMLError) -> GoValue {
        let start = offset
        offset += 2
        guard let byte = peek, isIn(byte) else {
            let next = peek.map { Text([$0]) } ?? "\0"
            throw failure("not " + name + " number: '" + Text(bytes[start..<offset]) + next + "'")
        }
        while let byte = peek, isIn(byte) || byte == UInt8(ascii: "_") { offset += 1 }
        try checkNext()
        return try integer(bytes[start..<offset])
    }

    /// A number ends where the next character is seen, which must be one that TOML allows.
    private func checkNext() throws(TOMLError) {
        var copy = self
        try copy.next()
    }

    private mutating func readDecimal(from start: Int) throws(TOMLError) -> GoValue {
        while let byte = peek, isDigit(byte) || byte == UInt8(ascii: "_") { offset += 1 }
        guard let byte = peek, ".eE".utf8.contains(byte) else {
            try checkNext()
            return try integer(bytes[start..<offset])
        }
        while let byte = peek, isDigit(byte) || "_.-+eE".utf8.contains(byte) { offset += 1 }
        try checkNext()
        return try float(bytes[start..<offset])
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private func integer(_ text: ArraySlice<UInt8>) throws(TOMLError) -> GoValue {
        let name = quoted(Text(text))
        if !TOMLScanner.hasGoodUnderscores(text) {
            throw failure("Invalid integer " + name + ": underscores must be surrounded by digits")
        }
        if TOMLScanner.hasLeadingZero(text) {
            throw failure("Invalid integer " + name + ": cannot have leading zeroes")
        }
        var digits = String(decoding: text.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)[...]
        let radixes: [Substring: Int] = ["0b": 2, "0o": 8, "0x": 16]
        let radix = radixes[digits.prefix(2)]
        if radix != nil { digits = digits.dropFirst(2) }
        guard let number = Int(digits, radix: radix ?? 10) else {
            throw failure(Text(text) + " is out of range for int64")
        }
        return .int64(number)
    }

    private func float(_ text: ArraySlice<UInt8>) throws(TOMLError) -> GoValue {
        let name = quoted(Text(text))
        let parts = text.split { ".eE".utf8.contains($0) }
        if !parts.allSatisfy(TOMLScanner.hasGoodUnderscores) {
            throw failure("Invalid float " + name + ": underscores must be surrounded by digits")
        }
        if let first = parts.first, TOMLScanner.hasLeadingZero(first) {
            throw failure("Invalid float " + name + ": cannot have leading zeroes")
        }
        for (index, byte) in zip(text.indices, text) where byte == UInt8(ascii: ".") {
            guard index + 1 < text.endIndex, isDigit(text[index + 1]) else {
                throw failure("Invalid float " + name + ": '.' must be followed by one or more digits")
            }
        }
        let plain = String(decoding: text.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        guard let number = Double(plain) else { throw failure("Invalid float value: " + name) }
        guard number.isFinite else { throw failure(Text(text) + " is out of range for float64") }
        return .float(number)
    }

    /// Whether each underscore is between characters that may be digits.
    private static func hasGoodUnderscores(_ text: ArraySlice<UInt8>) -> Bool {
        var isAfterDigit = false
        for byte in text {
            if byte == UInt8(ascii: "_"), !isAfterDigit { return false }
            isAfterDigit = hexadecimalDigit(byte) != nil
        }
        return isAfterDigit
    }

    private static func hasLeadingZero(_ text: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(text)
        if bytes.count > 1, bytes[0] == UInt8(ascii: "0"), !"box".utf8.contains(bytes[1]) { return true }
        let isSigned = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
        return bytes.count > 2 && isSigned && bytes[1] == UInt8(ascii: "0")
    }

    private mutating func readTime(from start: Int) throws(TOMLError) -> GoValue {
        while let byte = peek, isDigit(byte) || "-:Tt .Zz+".utf8.contains(byte) { offset += 1 }
        try checkNext()
        var end = offset
        while end > start, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        let text = Text(
            bytes[start..<end].map { byte in
                switch byte {
                case UInt8(ascii: "z"): UInt8(ascii: "Z")
                case UInt8(ascii: "t"), UInt8(ascii: " "): UInt8(ascii: "T")
                default: byte
                }
            })
        for (layout, zoneName) in TOMLScanner.timeLayouts {
            guard let time = GoValue.time(text, layout: layout, zoneName: zoneName) else { continue }
            if TOMLScanner.lacksLeadingZero(text.bytes, layout.bytes) { break }
            return time
        }
        throw failure("invalid datetime: " + quoted(text))
    }

    private static let timeLayouts: [(Text, Text?)] = [
        ("2006-01-02T15:04:05.999999999Z07:00", nil), ("2006-01-02T15:04:05.999999999", "datetime-local"),
        ("2006-01-02", "date-local"), ("15:04:05.999999999", "time-local"), ("2006-01-02T15:04Z07:00", nil),
        ("2006-01-02T15:04", "datetime-local"), ("15:04", "time-local"),
    ]

    /// Go reads one digit where the layout has two; TOML does not.
    private static func lacksLeadingZero(_ text: [UInt8], _ layout: [UInt8]) -> Bool {
        for (index, byte) in layout.enumerated() {
            if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "Z") { return false }
            let isSeparator = !(0x30...0x39).contains(byte)
            if isSeparator, index >= text.count || text[index] != byte { return true }
        }
        return false
    }
}
