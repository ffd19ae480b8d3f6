import GoTemplate
import Values

/// An IP address as Go's net/netip reads it.
struct InternetAddress {
    /// Four bytes, or sixteen.
    var bytes: [UInt8]
    var zone: Text = ""

    /// What Go's netip.ParseAddr says of a bad address.
    struct Failure: Error {
        let message: Text

        init(_ input: Text, _ problem: Text, at rest: Text = "") {
            let place = rest.isEmpty ? "" : " (at " + quoted(rest) + ")"
            message = "ParseAddr(" + quoted(input) + "): " + problem + place
        }
    }

    static func parse(_ text: Text) -> Result<InternetAddress, Failure> {
        do throws(Failure) {
            switch text.bytes.first(where: { ".:%".utf8.contains($0) }) {
            case UInt8(ascii: "."): return .success(InternetAddress(bytes: try fields(text, text)))
            case UInt8(ascii: ":"): return .success(try parseLong(text))
            case UInt8(ascii: "%"): throw Failure(text, "missing IPv6 address")
            default: throw Failure(text, "unable to parse IP")
            }
        } catch {
            return .failure(error)
        }
    }

    /// Four decimal fields; `part` is their place in `input`.
    private static func fields(_ input: Text, _ part: Text) throws(Failure) -> [UInt8] {
        let bytes = part.bytes
        var fields: [UInt8] = []
        var value = 0
        var digits = 0
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x30...0x39:
                if digits == 1, value == 0 { throw Failure(input, "IPv4 field has octet with leading zero") }
                value = value * 10 + Int(byte - 0x30)
                digits += 1
                if value > 255 { throw Failure(input, "IPv4 field has value >255") }
            case UInt8(ascii: "."):
                if index == 0 || index == bytes.count - 1 || bytes[index - 1] == byte {
                    let rest = part[index..<part.count]
                    throw Failure(input, "IPv4 field must have at least one digit", at: rest)
                }
                if fields.count == 3 { throw Failure(input, "IPv4 address too long") }
                fields.append(UInt8(value))
                (value, digits) = (0, 0)
            default: throw Failure(input, "unexpected character", at: part[index..<part.count])
            }
        }
        if fields.count < 3 { throw Failure(input, "IPv4 address too short") }
        return fields + [UInt8(value)]
    }

    private static func parseLong(_ input: Text) throws(Failure) -> InternetAddress {
        var rest = input
        var zone: Text = ""
        if let percent = input.firstIndex(of: "%") {
            rest = input[0..<percent]
            zone = input[(percent + 1)..<input.count]
            if zone.isEmpty { throw Failure(input, "zone must be a non-empty string") }
        }
        var bytes: [UInt8] = []
        var gap: Int?
        if rest.hasPrefix("::") {
            gap = 0
            rest = rest[2..<rest.count]
        }
        let isWhole = rest.isEmpty
        while !isWhole, bytes.count < 16 {
            let (value, length) = try group(input, rest)
            if length < rest.count, rest.bytes[length] == UInt8(ascii: ".") {
                try checkEmbedded(input, rest, bytes.count, hasGap: gap != nil)
                bytes += try fields(input, rest)
                rest = ""
                break
            }
            bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
            rest = rest[length..<rest.count]
            if rest.isEmpty { break }
            guard rest.hasPrefix(":") else { throw Failure(input, "unexpected character, want colon", at: rest) }
            if rest.count == 1 { throw Failure(input, "colon must be followed by more characters", at: rest) }
            rest = rest[1..<rest.count]
            guard rest.hasPrefix(":") else { continue }
            if gap != nil { throw Failure(input, "multiple :: in address", at: rest) }
            gap = bytes.count
            rest = rest[1..<rest.count]
            if rest.isEmpty { break }
        }
        if !rest.isEmpty { throw Failure(input, "trailing garbage after address", at: rest) }
        return InternetAddress(bytes: try filled(input, bytes, gap), zone: zone)
    }

    private static func filled(_ input: Text, _ bytes: [UInt8], _ gap: Int?) throws(Failure) -> [UInt8] {
        guard let gap else {
            if bytes.count < 16 { throw Failure(input, "address string too short") }
            return bytes
        }
        if bytes.count == 16 { throw Failure(input, "the :: must expand to at least one field of zeros") }
        return bytes[..<gap] + [UInt8](repeating: 0, count: 16 - bytes.count) + bytes[gap...]
    }

    private static func checkEmbedded(
        _ input: Text, _ rest: Text, _ count: Int, hasGap: Bool
    ) throws(Failure) {
        if !hasGap, count != 12 {
            throw Failure(input, "embedded IPv4 address must replace the final 2 fields of the address", at: rest)
        }
        if count + 4 > 16 {
            throw Failure(
                input, "too many hex fields to fit an embedded IPv4 at the end of the address", at: rest)
        }
    }

    /// The hexadecimal digits that `rest` begins with.
    private static func group(_ input: Text, _ rest: Text) throws(Failure) -> (value: UInt32, length: Int) {
        var value: UInt32 = 0
        var length = 0
        for byte in rest.bytes {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: digit = 0xFF
            }
            if digit == 0xFF { break }
            value = value << 4 + UInt32(digit)
            if length > 3 { throw Failure(input, "each group must have 4 or less digits", at: rest) }
            length += 1
        }
        if length == 0 {
            throw Failure(input, "each colon-separated field must have at least one digit", at: rest)
        }
        return (value, length)
    }
}
