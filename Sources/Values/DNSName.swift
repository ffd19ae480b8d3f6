/// Whether a text is a label of RFC 1123, as a namespace's name is: at most 63 small letters, digits and inner dashes.
package func isDNSLabel(_ text: String) -> Bool { text.utf8.count <= 63 && isDNSPart(Substring(text).utf8) }

/// Whether a text is a subdomain of RFC 1123, as most objects' names are: such parts, each of any length, between dots, at
/// most 253 characters.
package func isDNSSubdomain(_ text: String) -> Bool {
    text.utf8.count <= 253
        && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isDNSPart)
}

private func isDNSPart(_ part: Substring.UTF8View) -> Bool {
    guard let first = part.first, let last = part.last else { return false }
    let dash = UInt8(ascii: "-")
    return first != dash && last != dash && part.allSatisfy { $0 == dash || isSmallLetterOrDigit($0) }
}

private func isSmallLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
