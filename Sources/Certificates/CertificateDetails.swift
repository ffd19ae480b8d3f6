internal import System
internal import Values

/// What a certificate of X.509 says of itself: whose it is, by whom, and until when.
package struct CertificateDetails: Sendable, Equatable {
    /// The common name of its subject, or its organisation; empty where it has neither.
    package let subject: String
    /// The same of the authority that signed it.
    package let issuer: String
    /// Seconds since 1970.
    package let notBefore: Int
    /// Seconds since 1970.
    package let notAfter: Int
    /// The certificate itself.
    package let der: [UInt8]

    /// Reads DER; `nil` where that is no certificate.
    package init?(_ der: [UInt8]) {
        var reader = DERReader(der[...])
        guard let certificate = reader.next(), reader.isAtEnd, certificate.tag == 0x30,
            var parts = certificate.parts.first?.parts
        else { return nil }
        // The version, which certificates of version 1 do not have.
        if parts.first?.tag == 0xA0 { parts.removeFirst() }
        guard parts.count >= 6 else { return nil }
        let times = parts[3].parts
        guard times.count == 2, let start = seconds(times[0]), let end = seconds(times[1]) else { return nil }
        (notBefore, notAfter) = (start, end)
        (issuer, subject) = (name(parts[2]), name(parts[4]))
        self.der = der
    }

    /// Whole days from a time until it ends, negative where it has ended.
    package func daysLeft(at now: Int) -> Int {
        let (left, overflows) = notAfter.subtractingReportingOverflow(now)
        return overflows ? 0 : Int((Double(left) / 86_400).rounded(.down))
    }
}

/// The certificates in a text of PEM, in order; blocks of another kind, and what is damaged, are passed over. So many
/// that no text, however long, keeps a reader busy.
package func certificates(inPEM text: [UInt8]) -> [CertificateDetails] {
    var found: [CertificateDetails] = []
    var digits: [UInt8]?
    for line in text.split(separator: UInt8(ascii: "\n")) {
        let line = String(decoding: line, as: UTF8.self).filter { $0 != "\r" }
        if line.hasPrefix("-----BEGIN CERTIFICATE-----") {
            digits = []
        } else if line.hasPrefix("-----END") {
            let block = digits.flatMap { decodeBase64(String(decoding: $0, as: UTF8.self)) }
            if let certificate = block.flatMap({ CertificateDetails($0) }) { found.append(certificate) }
            digits = nil
            if found.count == mostCertificates { break }
        } else {
            digits?.append(contentsOf: line.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") })
        }
    }
    return found
}

private let mostCertificates = 200

/// UTCTime with two digits of the year, or GeneralizedTime with four; always in UTC in certificates.
private func seconds(_ element: DERReader.Element) -> Int? {
    let text = String(decoding: element.content, as: UTF8.self)
    guard text.utf8.allSatisfy({ $0 < 0x80 }), text.hasSuffix("Z") else { return nil }
    var digits = Array(text.dropLast())
    switch (element.tag, digits.count) {
    case (0x17, 12): digits = Array((digits[0].wholeNumberValue ?? 0) < 5 ? "20" : "19") + digits
    case (0x18, 14): break
    default: return nil
    }
    func part(_ range: Range<Int>) -> String { String(digits[range]) }
    return RFC3339.seconds(
        "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z")
}

private let commonName: [UInt8] = [0x55, 0x04, 0x03]
private let organization: [UInt8] = [0x55, 0x04, 0x0A]
private let longestName = 200

/// A distinguished name by its common name, or else its organisation.
private func name(_ element: DERReader.Element) -> String {
    let attributes = element.parts.flatMap(\.parts).map(\.parts).filter { $0.count == 2 }
    for kind in [commonName, organization] {
        if let attribute = attributes.first(where: { $0[0].content.elementsEqual(kind) }) {
            return String(decoding: attribute[1].content.prefix(longestName), as: UTF8.self)
        }
    }
    return ""
}
