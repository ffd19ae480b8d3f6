import GoTemplate
import Values

/// Sprig's keys, certificates, ciphers and password functions.
enum SprigCrypto {
    static let functions: [Function] = keys + authorities + certificates + passwords

    private static let certificateType = GoType.structure("sprig.certificate")

    private static let keys: [Function] = [
        .onText("genPrivateKey") { type in
            switch type {
            case "", "rsa": try PrivateKey.generate(.rsa, bits: 4096).pem
            case "dsa": try PrivateKey.generate(.dsa, bits: 2048).pem
            case "ecdsa": try PrivateKey.generate(.elliptic).pem
            case "ed25519": try PrivateKey.generate(.ed25519).pem
            default: "Unknown type " + type
            }
        },
        row("buildCustomCert", [.string, .string]) { try custom($0.text(0), $0.text(1)) },
    ]

    private static let authorities: [Function] = [
        row("genCA", [.string, .int]) { try authority($0, key: newKey()) },
        row("genCAWithKey", [.string, .int, .string]) { try authority($0, key: readKey($0.text(2))) },
    ]

    private static let certificates: [Function] = [
        row("genSelfSignedCert", [.string, .anySlice, .anySlice, .int]) { try selfSigned($0, key: newKey()) },
        row("genSelfSignedCertWithKey", [.string, .anySlice, .anySlice, .int, .string]) {
            try selfSigned($0, key: readKey($0.text(4)))
        },
        row("genSignedCert", [.string, .anySlice, .anySlice, .int, certificateType]) {
            try signed($0, key: newKey())
        },
        row("genSignedCertWithKey", [.string, .anySlice, .anySlice, .int, certificateType, .string]) {
            try signed($0, key: readKey($0.text(5)))
        },
    ]

    private static let passwords: [Function] = [
        .onText("bcrypt", PasswordHash.bcrypt),
        .onTexts("htpasswd") { user, password in
            user.contains(":") ? "invalid username: " + user : user + ":" + (try PasswordHash.bcrypt(password))
        },
        Function(
            "derivePassword", [.integer(.uint32), .string, .string, .string, .string], returns: .string
        ) {
            .string(
                try PasswordTemplate.password(
                    counter: UInt32(truncatingIfNeeded: $0.integer(0)), shape: $0.text(1), master: $0.text(2),
                    user: $0.text(3), site: $0.text(4)))
        },
        .onTexts("encryptAES") { try BlockCipher.encrypt($1, password: $0) },
        .onTexts("decryptAES") { try BlockCipher.decrypt($1, password: $0) },
    ]

    private static func row(
        _ name: Text, _ parameters: [GoType], _ body: @escaping @Sendable ([GoValue]) throws -> CertificateObject
    ) -> Function {
        Function(name, parameters, returns: certificateType) { .object(try body($0)) }
    }

    // MARK: Certificates

    private static func newKey() throws -> PrivateKey {
        try PrivateKey.generate(.rsa, bits: 2048)
    }

    /// A key from a template, with the error's context.
    private static func readKey(_ text: Text, failure: Text = "parsing private key: ") throws -> PrivateKey {
        do {
            return try PrivateKey.parse(text)
        } catch let error as FunctionError {
            throw FunctionError(failure + error.message)
        }
    }

    private static func authority(_ arguments: [GoValue], key: PrivateKey) throws -> CertificateObject {
        let request = CertificateRequest(
            commonName: arguments.text(0), daysValid: arguments.integer(1), isAuthority: true)
        return try issue(request, key: key, signer: key)
    }

    private static func selfSigned(_ arguments: [GoValue], key: PrivateKey) throws -> CertificateObject {
        try issue(try request(arguments), key: key, signer: key)
    }

    private static func signed(_ arguments: [GoValue], key: PrivateKey) throws -> CertificateObject {
        guard case .object(let object) = arguments[4], let authority = object as? CertificateObject,
            let block = PEMBlock(firstIn: authority.certificate)
        else { throw FunctionError("unable to decode certificate") }
        guard let issuer = IssuerCertificate(block.bytes) else {
            throw FunctionError("error parsing certificate: decodedSignerCert.Bytes: x509: malformed certificate")
        }
        let signer = try readKey(authority.key, failure: "error parsing private key: ")
        return try issue(try request(arguments), key: key, signer: signer, issuer: issuer)
    }

    private static func issue(
        _ request: CertificateRequest, key: PrivateKey, signer: PrivateKey, issuer: IssuerCertificate? = nil
    ) throws -> CertificateObject {
        do {
            let certificate = try Certificate.create(request, key: key, signer: signer, issuer: issuer)
            return CertificateObject(certificate: certificate, key: key.pem)
        } catch let error as FunctionError {
            throw FunctionError("error creating certificate: " + error.message)
        }
    }

    /// Name, addresses, alternative names and days, the first four arguments of the functions on certificates.
    private static func request(_ arguments: [GoValue]) throws -> CertificateRequest {
        CertificateRequest(
            commonName: arguments.text(0),
            addresses: try elements(arguments[1]).map { element in
                guard case .string(let text) = element else {
                    throw FunctionError("error parsing ip: " + formatValue(element.shown) + " is not a string")
                }
                // Go's net.ParseIP takes no zones.
                guard case .success(let address) = InternetAddress.parse(text), address.zone.isEmpty else {
                    throw FunctionError("error parsing ip: " + text)
                }
                return address
            },
            names: try elements(arguments[2]).map { element in
                guard case .string(let text) = element else {
                    throw FunctionError(
                        "error processing alternate dns name: " + formatValue(element.shown) + " is not a string")
                }
                return text
            },
            daysValid: arguments.integer(3))
    }

    private static func elements(_ list: GoValue) -> [GoValue] {
        if case .list(let list) = list { list.elements } else { [] }
    }

    private static func custom(_ certificate: Text, _ key: Text) throws -> CertificateObject {
        guard let certificate = try? Base64.decode(certificate.bytes) else {
            throw FunctionError("unable to decode base64 certificate")
        }
        guard let key = try? Base64.decode(key.bytes) else {
            throw FunctionError("unable to decode base64 private key")
        }
        guard let block = PEMBlock(firstIn: Text(certificate)) else {
            throw FunctionError("unable to decode certificate")
        }
        guard IssuerCertificate(block.bytes) != nil else {
            throw FunctionError("error parsing certificate: decodedCert.Bytes: x509: malformed certificate")
        }
        _ = try readKey(Text(key), failure: "error parsing private key: ")
        return CertificateObject(certificate: Text(certificate), key: Text(key))
    }
}

/// What the functions on certificates return: a certificate and its key in PEM.
final class CertificateObject: Object {
    let certificate: Text
    let key: Text

    init(certificate: Text, key: Text) {
        self.certificate = certificate
        self.key = key
    }

    var type: GoType { .structure("sprig.certificate") }

    var fields: [Field] {
        [
            Field("Cert", key: "Cert", type: .string, value: .string(certificate)),
            Field("Key", key: "Key", type: .string, value: .string(key)),
        ]
    }
}
