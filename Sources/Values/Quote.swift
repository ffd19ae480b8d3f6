/// Go's strconv.Quote, or QuoteToASCII: a string literal in double quotes.
package func quoted(_ text: Text, toASCII: Bool = false) -> Text {
    text.withBytes { bytes in
        var result: [UInt8] = [UInt8(ascii: "\"")]
        result.reserveCapacity(bytes.count + 2)
        var offset = 0
        while offset < bytes.count {
            let (rune, width) = decodeRune(bytes, at: offset)
            if rune == 0xFFFD, width == 1 {
                result += "\\x".utf8
                appendHexadecimal(UInt32(bytes[offset]), 2, to: &result)
            } else {
                appendEscaped(rune, quote: UInt8(ascii: "\""), toASCII, to: &result)
            }
            offset += width
        }
        result.append(UInt8(ascii: "\""))
        return Text(result)
    }
}

/// The text in quotation marks, as Go's `%q` writes it.
package func quoted(_ text: String) -> String {
    quoted(Text(text)).string
}

/// Go's strconv.QuoteRune, or QuoteRuneToASCII: a character literal in single quotes.
package func quoted(rune: Unicode.Scalar, toASCII: Bool = false) -> Text {
    var result: [UInt8] = [UInt8(ascii: "'")]
    appendEscaped(rune.value, quote: UInt8(ascii: "'"), toASCII, to: &result)
    result.append(UInt8(ascii: "'"))
    return Text(result)
}

private let letterEscapes: [UInt32: UInt8] = [
    7: UInt8(ascii: "a"), 8: UInt8(ascii: "b"), 9: UInt8(ascii: "t"), 10: UInt8(ascii: "n"), 11: UInt8(ascii: "v"),
    12: UInt8(ascii: "f"), 13: UInt8(ascii: "r"),
]

private func appendEscaped(_ rune: UInt32, quote: UInt8, _ toASCII: Bool, to result: inout [UInt8]) {
    if rune == UInt32(quote) || rune == 0x5C {
        result += [UInt8(ascii: "\\"), UInt8(rune)]
    } else if rune < 0x7F, rune >= 0x20 {
        result.append(UInt8(rune))
    } else if !toASCII, let scalar = Unicode.Scalar(rune), isPrintable(scalar) {
        result += scalar.utf8
    } else if let letter = letterEscapes[rune] {
        result += [UInt8(ascii: "\\"), letter]
    } else if rune < 0x20 || rune == 0x7F {
        result += "\\x".utf8
        appendHexadecimal(rune, 2, to: &result)
    } else if rune < 0x10000 {
        result += "\\u".utf8
        appendHexadecimal(rune, 4, to: &result)
    } else {
        result += "\\U".utf8
        appendHexadecimal(rune, 8, to: &result)
    }
}

private func appendHexadecimal(_ value: UInt32, _ count: Int, to result: inout [UInt8]) {
    let digits = String(value, radix: 16)
    result += repeatElement(UInt8(ascii: "0"), count: max(0, count - digits.utf8.count))
    result += digits.utf8
}

/// Go's unicode.IsPrint for the Unicode version of Helm's Go (15.0): letters, marks, numbers, punctuation, symbols
/// and the space.
package func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value >= 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
        return false
    default:
        guard let age = scalar.properties.age else { return false }
        return (age.major, age.minor) <= (15, 0)
    }
}

/// Go's strconv.CanBackquote: whether the text fits unchanged between back quotes on one line.
package func canBackquote(_ text: Text) -> Bool {
    text.isValidUTF8
        && text.withBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let (rune, width) = decodeRune(bytes, at: offset)
                if rune == 0xFEFF || rune < 0x20 && rune != 9 || rune == 0x60 || rune == 0x7F { return false }
                offset += width
            }
            return true
        }
}

/// Go's strconv.Unquote: the content of a literal in single, double or back quotes; `nil` for an invalid one.
package func unquoted(_ literal: Text) -> Text? {
    let bytes = literal.bytes
    guard bytes.count >= 2, let quote = bytes.first, quote == bytes.last else { return nil }
    let content = bytes[1..<(bytes.count - 1)]
    switch quote {
    case UInt8(ascii: "`"):
        return content.contains(quote) ? nil : Text(content.filter { $0 != UInt8(ascii: "\r") })
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard let text = unescaped(content, quote: quote) else { return nil }
        return quote == UInt8(ascii: "'") && text.runes.count != 1 ? nil : text
    default:
        return nil
    }
}

private func unescaped(_ content: ArraySlice<UInt8>, quote: UInt8) -> Text? {
    var rest = content
    var result: [UInt8] = []
    while let byte = rest.popFirst() {
        if byte == quote || byte == UInt8(ascii: "\n") { return nil }
        guard byte == UInt8(ascii: "\\") else {
            result.append(byte)
            continue
        }
        guard let bytes = escape(&rest, quote: quote) else { return nil }
        result += bytes
    }
    return Text(result)
}

/// What an escape stands for; the backslash has been read.
private func escape(_ rest: inout ArraySlice<UInt8>, quote: UInt8) -> [UInt8]? {
    guard let letter = rest.popFirst() else { return nil }
    switch letter {
    case UInt8(ascii: "x"): return number(&rest, 2, radix: 16).map { [UInt8($0)] }
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
        let value = number(&rest, letter == UInt8(ascii: "u") ? 4 : 8, radix: 16)
        return value.flatMap(Unicode.Scalar.init).map { Array($0.utf8) }
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
        rest = [letter] + rest
        return number(&rest, 3, radix: 8).flatMap { $0 > 255 ? nil : [UInt8($0)] }
    case UInt8(ascii: "\\"), quote: return [letter]
    default: return letterEscapes.first { $0.value == letter }.map { [UInt8($0.key)] }
    }
}

private func number(_ rest: inout ArraySlice<UInt8>, _ count: Int, radix: Int) -> UInt32? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
        return nil
    }
    rest = rest.dropFirst(count)
    return UInt32(String(decoding: digits, as: UTF8.self), radix: radix)
}
