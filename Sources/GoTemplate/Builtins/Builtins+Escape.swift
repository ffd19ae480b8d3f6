import Values

private let hexadecimal = Array("0123456789ABCDEF".utf8)

private let htmlEscapes: [UInt8: String] = [
    0: "\u{FFFD}", UInt8(ascii: "\""): "&#34;", UInt8(ascii: "'"): "&#39;", UInt8(ascii: "&"): "&amp;",
    UInt8(ascii: "<"): "&lt;", UInt8(ascii: ">"): "&gt;",
]

private let javaScriptEscapes: [UInt8: String] = [
    UInt8(ascii: "\\"): "\\\\", UInt8(ascii: "'"): "\\'", UInt8(ascii: "\""): "\\\"", UInt8(ascii: "<"): "\\u003C",
    UInt8(ascii: ">"): "\\u003E", UInt8(ascii: "&"): "\\u0026", UInt8(ascii: "="): "\\u003D",
]

extension Builtins {
    static func escapeHTML(_ text: Text) -> Text {
        var result: [UInt8] = []
        for byte in text.bytes {
            if let escape = htmlEscapes[byte] { result += Array(escape.utf8) } else { result.append(byte) }
        }
        return Text(result)
    }

    static func escapeJavaScript(_ text: Text) -> Text {
        let bytes = text.bytes
        var result: [UInt8] = []
        for (offset, rune, width) in text.runes {
            let byte = bytes[offset]
            if byte >= 0x80 {
                // Go asks unicode.IsPrint, which %#U answers by showing the character.
                let isPrintable = format("%#U", [.int(Int(rune), .integer(.int32))]).bytes.last == UInt8(ascii: "'")
                let escape = format("\\u%04X", [.int(Int(rune), .integer(.int32))])
                result += isPrintable ? Array(bytes[offset..<offset + width]) : escape.bytes
            } else if let escape = javaScriptEscapes[byte] {
                result += Array(escape.utf8)
            } else if byte < 0x20 {
                result += Array("\\u00".utf8) + [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            } else {
                result.append(byte)
            }
        }
        return Text(result)
    }

    /// Go's url.QueryEscape.
    static func escapeQuery(_ text: Text) -> Text {
        var result: [UInt8] = []
        for byte in text.bytes {
            if isWordByte(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~") {
                result.append(byte)
            } else if byte == UInt8(ascii: " ") {
                result.append(UInt8(ascii: "+"))
            } else {
                result += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return Text(result)
    }
}
