import Values

/// A number of a template: every type it can be turned into without loss.
struct NumberLiteral {
    var int: Int?
    var uint: UInt?
    var float: Double?
    var complex: (real: Double, imaginary: Double)?
    var text: Text

    /// Reads a number or character constant; throws the message of Go's parser.
    init(_ text: Text, kind: Token.Kind) throws(LiteralError) {
        self.text = text
        switch kind {
        case .characterConstant: try readCharacter()
        case .complex: try readComplex()
        default: try readNumber()
        }
    }

    /// Whether Go takes the constant for a float where no type is asked for.
    var looksLikeFloat: Bool {
        text.withBytes { bytes in
            guard let first = bytes.first, first != UInt8(ascii: "'") else { return false }
            let isHexadecimal =
                bytes.count > 2 && first == UInt8(ascii: "0") && bytes[1] | 0x20 == UInt8(ascii: "x")
                && !bytes.contains { $0 | 0x20 == UInt8(ascii: "p") }
            return !isHexadecimal && bytes.contains(where: isFloatMark)
        }
    }
}

/// Why a literal cannot be read.
struct LiteralError: Error {
    var message: Text

    static let invalidSyntax = LiteralError(message: "invalid syntax")
}

/// One of `.eEpP`
private func isFloatMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") || byte | 0x20 == UInt8(ascii: "p")
}

extension NumberLiteral {
    private mutating func readCharacter() throws(LiteralError) {
        let bytes = text.bytes
        var offset = 1
        var buffer: [UInt8] = []
        let rune = try unquoteCharacter(bytes, &offset, quote: UInt8(ascii: "'"), into: &buffer)
        guard offset == bytes.count - 1, bytes[offset] == UInt8(ascii: "'") else {
            throw LiteralError(message: "malformed character constant: " + text)
        }
        int = Int(rune)
        uint = UInt(rune)
        float = Double(rune)
    }

    private mutating func readComplex() throws(LiteralError) {
        let bytes = text.bytes.dropLast()
        // The sign between the two parts is the last one that is not an exponent's.
        let sign = bytes.indices.last { index in
            (bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-")) && index > 0
                && !(bytes[index - 1] | 0x20 == UInt8(ascii: "e") || bytes[index - 1] | 0x20 == UInt8(ascii: "p"))
        }
        guard let sign, let real = parseFloat(Text(bytes[..<sign])), let imaginary = parseFloat(Text(bytes[sign...]))
        else { throw LiteralError(message: "syntax error scanning complex number") }
        setComplex(real, imaginary)
    }

    private mutating func readNumber() throws(LiteralError) {
        if text.withBytes({ $0.last == UInt8(ascii: "i") }), let value = parseFloat(text[0..<text.count - 1]) {
            setComplex(0, value)
            return
        }
        uint = parseUnsigned(text)
        int = parseSigned(text)
        if int == 0, uint == nil { uint = 0 }
        if let int {
            float = Double(int)
        } else if let uint {
            float = Double(uint)
        } else if let value = parseFloat(text) {
            guard text.withBytes({ $0.contains(where: isFloatMark) }) else {
                throw LiteralError(message: format("integer overflow: %q", [.string(text)]))
            }
            setFloat(value)
        }
        if float == nil { throw LiteralError(message: format("illegal number syntax: %q", [.string(text)])) }
    }

    private mutating func setFloat(_ value: Double) {
        float = value
        int = Int(exactly: value)
        uint = UInt(exactly: value)
    }

    private mutating func setComplex(_ real: Double, _ imaginary: Double) {
        complex = (real, imaginary)
        if imaginary == 0 { setFloat(real) }
    }
}

// MARK: Strings

/// The text of a quoted or raw string literal, quotes included in `bytes` (strconv.Unquote).
func unquote(_ bytes: ArraySlice<UInt8>) throws(LiteralError) -> Text {
    let inner = Array(bytes.dropFirst().dropLast())
    // A raw string loses its carriage returns.
    if bytes.first == UInt8(ascii: "`") { return Text(inner.filter { $0 != 0x0D }) }
    guard inner.contains(UInt8(ascii: "\\")) || inner.contains(UInt8(ascii: "\"")) else { return Text(inner) }
    var result: [UInt8] = []
    var offset = 0
    while offset < inner.count { _ = try unquoteCharacter(inner, &offset, quote: UInt8(ascii: "\""), into: &result) }
    return Text(result)
}

private let simpleEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
    UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, UInt8(ascii: "\\"): UInt8(ascii: "\\"),
]

/// Reads one character or escape at `offset`, appends its bytes and gives its rune (strconv.UnquoteChar).
private func unquoteCharacter(
    _ bytes: [UInt8], _ offset: inout Int, quote: UInt8, into result: inout [UInt8]
) throws(LiteralError) -> UInt32 {
    guard offset < bytes.count, bytes[offset] != quote else { throw .invalidSyntax }
    guard bytes[offset] == UInt8(ascii: "\\") else {
        let (rune, width) = bytes.withUnsafeBufferPointer { decodeRune($0, at: offset) }
        result += bytes[offset..<offset + width]
        offset += width
        return rune
    }
    guard offset + 1 < bytes.count else { throw .invalidSyntax }
    let letter = bytes[offset + 1]
    offset += 2
    if let simple = simpleEscapes[letter] {
        result.append(simple)
        return UInt32(simple)
    }
    if letter == UInt8(ascii: "'") || letter == UInt8(ascii: "\"") {
        guard letter == quote else { throw .invalidSyntax }
        result.append(letter)
        return UInt32(letter)
    }
    return try unquoteNumber(bytes, &offset, letter: letter, into: &result)
}

/// `\x41`, `\u0041`, `\U00000041`, `\101`
private func unquoteNumber(
    _ bytes: [UInt8], _ offset: inout Int, letter: UInt8, into result: inout [UInt8]
) throws(LiteralError) -> UInt32 {
    let digits: (count: Int, radix: UInt8)
    switch letter {
    case UInt8(ascii: "x"): digits = (2, 16)
    case UInt8(ascii: "u"): digits = (4, 16)
    case UInt8(ascii: "U"): digits = (8, 16)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
        digits = (3, 8)
        offset -= 1
    default: throw .invalidSyntax
    }
    guard offset + digits.count <= bytes.count else { throw .invalidSyntax }
    var value: UInt32 = 0
    for byte in bytes[offset..<offset + digits.count] {
        guard let digit = hexadecimalDigit(byte), digit < digits.radix else { throw .invalidSyntax }
        value = value << (digits.radix == 16 ? 4 : 3) | UInt32(digit)
    }
    offset += digits.count
    if digits.count <= 3 {
        guard value <= 0xFF else { throw .invalidSyntax }
        result.append(UInt8(value))
    } else {
        guard let scalar = Unicode.Scalar(value) else { throw .invalidSyntax }
        result += Array(String(Character(scalar)).utf8)
    }
    return value
}
