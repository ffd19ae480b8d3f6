import Certificates
import Values

/// Values in DER, the encoding of certificates (X.690).
enum DER {
    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = content.count
        repeat {
            length.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        } while rest > 0
        let isLong = content.count >= 0x80
        return [tag] + (isLong ? [0x80 | UInt8(length.count)] + length : length) + content
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        value(0x30, Array(parts.joined()))
    }

    static func set(_ parts: [UInt8]...) -> [UInt8] {
        value(0x31, Array(parts.joined()))
    }

    static func explicit(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        value(0xA0 | number, content)
    }

    static let null: [UInt8] = [0x05, 0x00]
    static let yes: [UInt8] = [0x01, 0x01, 0xFF]

    /// A number that is not negative, from its big-endian bytes.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.isEmpty || digits[0] & 0x80 != 0 { digits.insert(0, at: 0) }
        return value(0x02, digits)
    }

    static func octets(_ bytes: [UInt8]) -> [UInt8] {
        value(0x04, bytes)
    }

    static func bits(_ bytes: [UInt8], unused: UInt8 = 0) -> [UInt8] {
        value(0x03, [unused] + bytes)
    }

    /// An object identifier from its numbers.
    static func identifier(_ numbers: Int...) -> [UInt8] {
        var content = [UInt8(numbers[0] * 40 + numbers[1])]
        for number in numbers.dropFirst(2) {
            var digits = [UInt8(number & 0x7F)]
            var rest = number >> 7
            while rest > 0 {
                digits.insert(0x80 | UInt8(rest & 0x7F), at: 0)
                rest >>= 7
            }
            content += digits
        }
        return value(0x06, content)
    }
}

extension DERReader {
    /// What Go's encoding/asn1 says of bytes that do not hold one sequence.
    static func problem(in bytes: [UInt8]) -> Text? {
        var reader = DERReader(bytes[...])
        if bytes.isEmpty { return "asn1: syntax error: sequence truncated" }
        if bytes.count < 2 { return "asn1: syntax error: truncated tag or length" }
        guard reader.next() != nil else { return "asn1: syntax error: data truncated" }
        return nil
    }
}
