import GoTemplate
import Values

/// Strings in their four forms.
extension TOMLScanner {
    mutating func readLiteralString() throws(TOMLError) -> Text {
        try next()
        let start = offset
        while true {
            switch try next() {
            case nil: throw failure("unexpected EOF; expected \"'\"")
            case UInt8(ascii: "\n")?, UInt8(ascii: "\r")?: throw newlineFailure
            case UInt8(ascii: "'")?: return Text(bytes[start..<offset - 1])
            default: break
            }
        }
    }

    mutating func readBasicString() throws(TOMLError) -> Text {
        try next()
        let start = offset
        while true {
            switch try next() {
            case nil: throw failure("unexpected EOF; expected '\"'")
            case UInt8(ascii: "\n")?, UInt8(ascii: "\r")?: throw newlineFailure
            case UInt8(ascii: "\\")?: try skipEscape(from: start)
            case UInt8(ascii: "\"")?: return try unescaped(bytes[start..<offset - 1])
            default: break
            }
        }
    }

    private var newlineFailure: TOMLError { failureOnPreviousLine("strings cannot contain newlines") }

    mutating func readMultilineLiteral() throws(TOMLError) -> Text {
        Text(withoutFirstNewline(try readMultiline(UInt8(ascii: "'"), "unexpected EOF; expected \"'''\"")))
    }

    mutating func readMultilineString() throws(TOMLError) -> Text {
        let raw = try readMultiline(UInt8(ascii: "\""), "unexpected EOF; expected '\"\"\"'")
        return try unescaped(withoutEscapedNewlines(withoutFirstNewline(raw)))
    }

    /// The text between triple quotes; up to two more quotes may precede the closing ones.
    private mutating func readMultiline(_ quote: UInt8, _ endMessage: Text) throws(TOMLError) -> ArraySlice<UInt8> {
        for _ in 0..<3 { try next() }
        let start = offset
        while true {
            switch try next() {
            case nil: throw failure(endMessage)
            case UInt8(ascii: "\\")? where quote == UInt8(ascii: "\""):
                if peek != UInt8(ascii: "\n"), peek != UInt8(ascii: "\r") { try skipEscape(from: start) }
            case quote?:
                var count = 1
                while peek == quote, count < 6 {
                    offset += 1
                    count += 1
                }
                if count == 6 {
                    let quotes = String(repeating: Character(Unicode.Scalar(quote)), count: 6)
                    throw failure(
                        Text(quote == UInt8(ascii: "'") ? "unexpected \"\(quotes)\"" : "unexpected '\(quotes)'"))
                }
                if count >= 3 { return bytes[start..<offset - 3] }
            default: break
            }
        }
    }

    /// Checks the escape whose backslash was taken; `start` is where the string began.
    private mutating func skipEscape(from start: Int) throws(TOMLError) {
        let letter = try next()
        switch letter {
        case UInt8(ascii: "x")?: try skipDigits(2, "two hexadecimal digits after '\\x'", start)
        case UInt8(ascii: "u")?: try skipDigits(4, "four hexadecimal digits after '\\u'", start)
        case UInt8(ascii: "U")?: try skipDigits(8, "eight hexadecimal digits after '\\U'", start)
        case let letter? where "ebtnfr\" \t\\".utf8.contains(letter): break
        default:
            throw isAtEnd
                ? failureOnPreviousLine("invalid escape in string '\\\0'")
                : failure(
                    "invalid escape in string '\\" + last + "'")
        }
    }

    private mutating func skipDigits(_ count: Int, _ name: Text, _ start: Int) throws(TOMLError) {
        for _ in 0..<count {
            guard let byte = try next(), hexadecimalDigit(byte) != nil else {
                throw failure("expected " + name + ", but got " + quoted(Text(bytes[start..<offset])) + " instead")
            }
        }
    }

    private func withoutFirstNewline(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if text.first == UInt8(ascii: "\n") { return text.dropFirst() }
        return text.starts(with: [0x0D, 0x0A]) ? text.dropFirst(2) : text
    }

    /// Takes out backslashes at a line's end with the white space that follows.
    private func withoutEscapedNewlines(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var result: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            let end = text[index...].firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? text.endIndex
            if text[index..<end].contains(UInt8(ascii: "\n")) {
                index = end
                continue
            }
            result.append(byte)
            if index < text.endIndex {
                result.append(text[index])
                index += 1
            }
        }
        return result[...]
    }

    private func unescaped(_ text: ArraySlice<UInt8>) throws(TOMLError) -> Text {
        guard text.contains(UInt8(ascii: "\\")) else { return Text(text) }
        var result: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < text.endIndex else {
                result.append(byte)
                continue
            }
            let letter = text[index]
            index += 1
            if let meaning = TOMLScanner.escapes[letter] {
                result.append(meaning)
            } else if let length = TOMLScanner.escapeLengths[letter], text.endIndex - index >= length {
                let digits = String(decoding: text[index..<index + length], as: UTF8.self)
                guard let rune = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(rune) else {
                    throw failure(Text("Escaped character '\\u\(digits)' is not valid UTF-8."))
                }
                result += String(Character(scalar)).utf8
                index += length
            } else {
                throw failure("invalid escape: '\\" + Text([letter]) + "'")
            }
        }
        return Text(result)
    }

    private static let escapeLengths: [UInt8: Int] = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "t"): 0x09, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "f"): 0x0C,
        UInt8(ascii: "r"): 0x0D, UInt8(ascii: "e"): 0x1B, UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C,
    ]
}
