import Values

/// Numbers are scanned loosely here; the parser then reads them strictly.
extension Lexer {
    mutating func numberToken() -> Token {
        guard scanNumber() else { return badNumber() }
        if let sign = byte(at: position), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            guard scanNumber(), input[position - 1] == UInt8(ascii: "i") else { return badNumber() }
            return token(.complex)
        }
        return token(.number)
    }

    private mutating func badNumber() -> Token {
        failure(format("bad number syntax: %q", [.string(source.text(start..<position))]))
    }

    private mutating func accept(_ set: StaticString) -> Bool {
        guard position < input.count, set.contains(input[position]) else { return false }
        position += 1
        return true
    }

    private mutating func acceptRun(_ set: StaticString) {
        while accept(set) {}
    }

    private mutating func scanNumber() -> Bool {
        _ = accept("+-")
        let digits = scanPrefix()
        acceptRun(digits)
        if accept(".") { acceptRun(digits) }
        let exponents: StaticString? = digits == decimalDigits ? "eE" : digits == hexadecimalDigits ? "pP" : nil
        if let exponents, accept(exponents) {
            _ = accept("+-")
            acceptRun(decimalDigits)
        }
        _ = accept("i")
        if let (rune, width) = peek(), isAlphaNumeric(rune) {
            position += width
            return false
        }
        return true
    }

    /// Skips `0x`, `0o` or `0b` and gives the digits that may follow.
    private mutating func scanPrefix() -> StaticString {
        guard accept("0") else { return decimalDigits }
        if accept("xX") { return hexadecimalDigits }
        if accept("oO") { return "01234567_" }
        return accept("bB") ? "01_" : decimalDigits
    }
}

private let decimalDigits: StaticString = "0123456789_"
private let hexadecimalDigits: StaticString = "0123456789abcdefABCDEF_"

extension StaticString {
    fileprivate func contains(_ byte: UInt8) -> Bool {
        withUTF8Buffer { $0.contains(byte) }
    }

    fileprivate static func == (left: StaticString, right: StaticString) -> Bool {
        left.utf8CodeUnitCount == right.utf8CodeUnitCount
    }
}
