import Certificates
import Glibc
import GoTemplate
import Values

/// What Sprig puts in a certificate.
struct CertificateRequest {
    var commonName: Text
    var addresses: [InternetAddress] = []
    var names: [Text] = []
    var daysValid: Int
    var isAuthority = false
}

/// The certificate of a signer: what a certificate it issues needs to know of it.
struct IssuerCertificate {
    var subject: [UInt8]
    var publicKey: [UInt8]
    var keyIdentifier: [UInt8]?

    /// From DER; nil where that is no certificate.
    init?(_ bytes: [UInt8]) {
        var reader = DERReader(bytes[...])
        guard let certificate = reader.next(), reader.isAtEnd, certificate.tag == 0x30,
            var parts = certificate.parts.first?.parts, certificate.parts.count == 3
        else { return nil }
        if parts.first?.tag == 0xA0 { parts.removeFirst() }
        guard parts.count >= 6, parts[4].tag == 0x30, parts[5].tag == 0x30 else { return nil }
        subject = Array(parts[4].whole)
        publicKey = Array(parts[5].whole)
        let extensions = parts.first { $0.tag == 0xA3 }?.parts.first?.parts ?? []
        let identifier = extensions.first { $0.parts.first?.whole.elementsEqual(Certificate.keyIdentifierID) ?? false }
        keyIdentifier = identifier?.parts.last.flatMap { Array($0.content) }.flatMap { octets in
            DERReader.elements(in: octets[...]).first.map { Array($0.content) }
        }
    }
}

/// A certificate of X.509 as Go's x509.CreateCertificate lays it out: the same fields and extensions in the same order.
enum Certificate {
    static let keyIdentifierID = DER.identifier(2, 5, 29, 14)

    /// A certificate in PEM for the public half of `key`, signed by `signer` in the name of `issuer`, or by itself.
    static func create(
        _ request: CertificateRequest, key: PrivateKey, signer: PrivateKey, issuer: IssuerCertificate? = nil
    ) throws -> Text {
        if signer.kind == .dsa {
            throw FunctionError("x509: certificate private key does not implement crypto.Signer")
        }
        if key.kind == .dsa { throw FunctionError("x509: unsupported public key type: *dsa.PublicKey") }
        let subject = try subject(request.commonName)
        if let issuer, issuer.publicKey != signer.publicDER {
            throw FunctionError("x509: provided PrivateKey doesn't match parent's PublicKey")
        }
        let algorithm = algorithm(of: signer)
        let authorityKey = issuer.flatMap { $0.subject == subject ? nil : $0.keyIdentifier }
        let body = DER.sequence(
            DER.explicit(0, DER.integer([2])),
            DER.integer(try SprigRandom.bytes(16)),
            algorithm,
            issuer?.subject ?? subject,
            try validity(days: request.daysValid),
            subject,
            key.publicDER,
            DER.explicit(3, try extensions(request, subject, key, authorityKey)))
        let signature = try signer.sign(body)
        return PEMBlock(type: "CERTIFICATE", bytes: DER.sequence(body, algorithm, DER.bits(signature))).text
    }

    private static func algorithm(of key: PrivateKey) -> [UInt8] {
        switch (key.kind, key.digest) {
        case (.ed25519, _): DER.sequence(DER.identifier(1, 3, 101, 112))
        case (.elliptic, .sha384): DER.sequence(DER.identifier(1, 2, 840, 10045, 4, 3, 3))
        case (.elliptic, .sha512): DER.sequence(DER.identifier(1, 2, 840, 10045, 4, 3, 4))
        case (.elliptic, _): DER.sequence(DER.identifier(1, 2, 840, 10045, 4, 3, 2))
        default: DER.sequence(DER.identifier(1, 2, 840, 113549, 1, 1, 11), DER.null)
        }
    }

    private static func subject(_ commonName: Text) throws -> [UInt8] {
        if commonName.isEmpty { return DER.sequence() }
        guard commonName.isValidUTF8 else { throw FunctionError("asn1: string not valid UTF-8") }
        let bytes = commonName.bytes
        let text = DER.value(bytes.allSatisfy(isPrintable) ? 0x13 : 0x0C, bytes)
        return DER.sequence(DER.set(DER.sequence(DER.identifier(2, 5, 4, 3), text)))
    }

    /// The characters of a PrintableString.
    private static func isPrintable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: " '()+,-./:=?".utf8.contains(byte)
        }
    }

    // MARK: Validity

    private static func validity(days: Int) throws -> [UInt8] {
        let now = time(nil)
        // Go counts nanoseconds in 64 bits and wraps around.
        let span = days &* 86_400_000_000_000 / 1_000_000_000
        return DER.sequence(try moment(now), try moment(now + span))
    }

    /// Two digits of the year up to 2049, four after that.
    private static func moment(_ seconds: Int) throws -> [UInt8] {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let year = Int(parts.tm_year) + 1900
        guard (0...9999).contains(year) else {
            throw FunctionError("asn1: structure error: cannot represent time as GeneralizedTime")
        }
        let isShort = (1950..<2050).contains(year)
        let digits =
            padded(isShort ? year % 100 : year, isShort ? 2 : 4)
            + [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec].flatMap {
                padded(Int($0), 2)
            }
        return DER.value(isShort ? 0x17 : 0x18, digits + [UInt8(ascii: "Z")])
    }

    private static func padded(_ number: Int, _ width: Int) -> [UInt8] {
        let digits = Array(String(number).utf8)
        return [UInt8](repeating: 0x30, count: max(0, width - digits.count)) + digits
    }

    // MARK: Extensions

    private static func extensions(
        _ request: CertificateRequest, _ subject: [UInt8], _ key: PrivateKey, _ authorityKey: [UInt8]?
    ) throws -> [UInt8] {
        // Signature and key encipherment; an authority also signs certificates.
        let usage = request.isAuthority ? DER.bits([0xA4], unused: 2) : DER.bits([0xA0], unused: 5)
        let serverAndClient = DER.sequence(
            DER.identifier(1, 3, 6, 1, 5, 5, 7, 3, 1), DER.identifier(1, 3, 6, 1, 5, 5, 7, 3, 2))
        var list = [
            entry(DER.identifier(2, 5, 29, 15), isCritical: true, usage),
            entry(DER.identifier(2, 5, 29, 37), serverAndClient),
            entry(DER.identifier(2, 5, 29, 19), isCritical: true, DER.sequence(request.isAuthority ? DER.yes : [])),
        ]
        if request.isAuthority {
            let bits = DERReader.elements(in: key.publicDER[...]).first?.parts.last?.content.dropFirst() ?? []
            list.append(entry(keyIdentifierID, DER.octets(Array(SHA256.hash(Array(bits)).prefix(20)))))
        }
        if let authorityKey {
            list.append(entry(DER.identifier(2, 5, 29, 35), DER.sequence(DER.value(0x80, authorityKey))))
        }
        if !request.names.isEmpty || !request.addresses.isEmpty {
            let isCritical = subject == DER.sequence()
            list.append(entry(DER.identifier(2, 5, 29, 17), isCritical: isCritical, try alternatives(request)))
        }
        return DER.value(0x30, Array(list.joined()))
    }

    private static func entry(_ identifier: [UInt8], isCritical: Bool = false, _ content: [UInt8]) -> [UInt8] {
        DER.sequence(identifier, isCritical ? DER.yes : [], DER.octets(content))
    }

    private static func alternatives(_ request: CertificateRequest) throws -> [UInt8] {
        var content: [UInt8] = []
        for name in request.names {
            guard name.bytes.allSatisfy({ $0 < 0x80 }) else {
                throw FunctionError("x509: " + quoted(name) + " cannot be encoded as an IA5String")
            }
            content += DER.value(0x82, name.bytes)
        }
        for address in request.addresses { content += DER.value(0x87, address.shortest) }
        return DER.value(0x30, content)
    }
}

extension InternetAddress {
    /// Four bytes also for an IPv4 address written as IPv6.
    fileprivate var shortest: [UInt8] {
        bytes.count == 16 && bytes.prefix(12).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
            ? Array(bytes.suffix(4)) : bytes
    }
}
