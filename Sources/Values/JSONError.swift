/// Why a text is not JSON, or a value has no JSON, in the words of Go's encoding/json.
package enum JSONError: Error, Equatable, Sendable {
    /// A byte that the grammar does not allow there; `offset` counts bytes up to and including it.
    case invalidCharacter(UInt8, context: String, offset: Int)
    case unexpectedEnd(offset: Int)
    /// Nothing but white space where a stream's next value was wanted (Go: io.EOF).
    case endOfStream
    /// A stream that ends within a value (Go: io.ErrUnexpectedEOF).
    case endWithinStreamValue
    /// A number that float64 cannot hold.
    case numberOutOfRange(String)
    /// `NaN`, `+Inf` or `-Inf`, which JSON cannot spell.
    case unsupportedNumber(String)
}

extension JSONError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidCharacter(let byte, let context, _): "invalid character \(JSONError.quoted(byte)) \(context)"
        case .unexpectedEnd: "unexpected end of JSON input"
        case .endOfStream: "EOF"
        case .endWithinStreamValue: "unexpected EOF"
        case .numberOutOfRange(let text): "json: cannot unmarshal number \(text) into Go value of type float64"
        case .unsupportedNumber(let text): "json: unsupported value: \(text)"
        }
    }

    /// The byte as a quoted character; Go reads it as a code point of its own, so 0xC3 is 'Ã'.
    private static func quoted(_ byte: UInt8) -> String {
        if let escape = escapes[byte] { return "'\(escape)'" }
        let isPrintable = (0x20...0x7E).contains(byte) || (0xA1...0xFF).contains(byte) && byte != 0xAD
        if isPrintable { return "'\(Character(Unicode.Scalar(byte)))'" }
        let digits = String(byte, radix: 16)
        let padded = digits.utf8.count < 2 ? "0" + digits : digits
        return byte < 0x80 ? "'\\x\(padded)'" : "'\\u00\(padded)'"
    }

    private static let escapes: [UInt8: String] = [
        0x07: "\\a", 0x08: "\\b", 0x0C: "\\f", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t", 0x0B: "\\v",
        UInt8(ascii: "'"): "\\'", UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\\\",
    ]
}
