internal import Glibc

/// An IPv4 or IPv6 address as 4 or 16 bytes.
package struct IPAddress: Equatable, Sendable {
    private let bytes: [UInt8]

    /// `nil` for a text that is no address.
    package init?(_ text: some StringProtocol) {
        let text = String(text)
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    /// Whether a text is an address, or a range such as `10.0.0.0/8`.
    package static func isAddressOrRange(_ text: some StringProtocol) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "/")) else { return IPAddress(text) != nil }
        guard let (start, bits) = range(text), !text.utf8.contains(UInt8(ascii: "+")) else { return false }
        return (0...start.bytes.count * 8).contains(bits)
    }

    package var isIPv6: Bool { bytes.count == 16 }

    /// Whether it means this very machine.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Whether the first `bits` are those of `range`.
    package func starts(with range: IPAddress, bits: Int) -> Bool {
        guard bytes.count == range.bytes.count, (0...bytes.count * 8).contains(bits) else { return false }
        return (0..<bits).allSatisfy { bit in
            (bytes[bit / 8] ^ range.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }

    /// Whether it is in a range such as `10.0.0.0/8`; a text that is none holds nothing.
    package func isIn(range text: some StringProtocol) -> Bool {
        guard let (start, bits) = IPAddress.range(text) else { return false }
        return starts(with: start, bits: bits)
    }

    /// The two parts of a range, the number of bits as it is written.
    private static func range(_ text: some StringProtocol) -> (start: IPAddress, bits: Int)? {
        guard let slash = text.lastIndex(of: "/"), let bits = Int(text[text.index(after: slash)...]),
            let start = IPAddress(text[..<slash])
        else { return nil }
        return (start, bits)
    }
}
