import CCrypto
import Certificates
import GoTemplate
import Values

/// A private key of one of the kinds Sprig makes and reads; owns OpenSSL's handle.
final class PrivateKey {
    enum Kind: CInt {
        case rsa = 6
        case dsa = 116
        case elliptic = 408
        case ed25519 = 1087

        /// The type of the PEM block it is written in, as Go names it.
        var blockType: Text {
            switch self {
            case .rsa: "RSA PRIVATE KEY"
            case .dsa: "DSA PRIVATE KEY"
            case .elliptic: "EC PRIVATE KEY"
            case .ed25519: "PRIVATE KEY"
            }
        }
    }

    let kind: Kind
    private let handle: OpaquePointer

    private init?(_ handle: OpaquePointer?) {
        guard let handle else { return nil }
        guard let kind = Kind(rawValue: ccrypto_kind(handle)) else {
            ccrypto_free(handle)
            return nil
        }
        self.handle = handle
        self.kind = kind
    }

    deinit {
        ccrypto_free(handle)
    }

    /// The error where the system has no OpenSSL 3.
    static func requireLibrary() throws {
        guard ccrypto_is_available() == 1 else {
            throw FunctionError(
                "libcrypto.so.3 is missing: install OpenSSL 3 (package libssl3; Fedora, RHEL and Amazon Linux: openssl-libs) "
                    + "to make keys"
            )
        }
    }

    static func generate(_ kind: Kind, bits: Int = 0) throws -> PrivateKey {
        try requireLibrary()
        guard let key = PrivateKey(ccrypto_generate(kind.rawValue, CInt(bits))) else {
            throw FunctionError("OpenSSL could not make a key")
        }
        return key
    }

    /// A key from PEM, with Sprig's errors.
    static func parse(_ text: Text) throws -> PrivateKey {
        guard let block = PEMBlock(firstIn: text) else { throw FunctionError("no PEM data in input") }
        if block.type == "PRIVATE KEY" {
            return try parse(block, kind: nil, failure: "decoding PEM as PKCS#8: ")
        }
        guard block.type.hasSuffix(" PRIVATE KEY") else {
            throw FunctionError("no private key data in PEM block of type " + block.type)
        }
        switch block.type {
        case "RSA PRIVATE KEY": return try parse(block, kind: .rsa, failure: "parsing RSA private key from PEM: ")
        case "EC PRIVATE KEY": return try parse(block, kind: .elliptic, failure: "parsing EC private key from PEM: ")
        case "DSA PRIVATE KEY": return try parse(block, kind: .dsa, failure: "parsing DSA private key from PEM: ")
        default: throw FunctionError("invalid private key type " + block.type)
        }
    }

    private static func parse(_ block: PEMBlock, kind: Kind?, failure: Text) throws -> PrivateKey {
        if let problem = DERReader.problem(in: block.bytes) {
            let context: Text = kind == .elliptic ? "x509: failed to parse EC private key: " : ""
            throw FunctionError(failure + context + problem)
        }
        try requireLibrary()
        if let key = PrivateKey(handle(of: block, kind: kind)) { return key }
        // Go names the format that the key is in after all.
        for (other, format) in formats where other != kind && kind != .dsa {
            guard PrivateKey(handle(of: block, kind: other)) != nil else { continue }
            throw FunctionError(
                failure + "x509: failed to parse private key (use " + format + " instead for this key format)")
        }
        throw FunctionError(failure + "asn1: structure error: tags don't match")
    }

    private static let formats: [(kind: Kind?, parser: Text)] = [
        (nil, "ParsePKCS8PrivateKey"), (.rsa, "ParsePKCS1PrivateKey"), (.elliptic, "ParseECPrivateKey"),
    ]

    private static func handle(of block: PEMBlock, kind: Kind?) -> OpaquePointer? {
        block.bytes.withUnsafeBufferPointer { ccrypto_parse(kind?.rawValue ?? 0, $0.baseAddress, $0.count) }
    }

    /// The key in PEM.
    var pem: Text {
        PEMBlock(type: kind.blockType, bytes: der { ccrypto_private_der(handle, $0) }).text
    }

    /// The public key with its algorithm, in DER (SubjectPublicKeyInfo).
    var publicDER: [UInt8] {
        der { ccrypto_public_der(handle, $0) }
    }

    private func der(_ write: (UnsafeMutablePointer<UInt8>?) -> CInt) -> [UInt8] {
        let count = Int(write(nil))
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            written = max(0, Int(write(buffer.baseAddress)))
        }
    }

    /// The digest that Go signs with: by the size of the curve, none for Ed25519.
    var digest: SignatureDigest? {
        switch kind {
        case .ed25519: nil
        case .elliptic:
            switch ccrypto_bits(handle) {
            case 384: .sha384
            case 521: .sha512
            default: .sha256
            }
        case .rsa, .dsa: .sha256
        }
    }

    func sign(_ message: [UInt8]) throws -> [UInt8] {
        let capacity = 1024
        let signature = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, written in
            let count = ccrypto_sign(
                handle, digest?.rawValue, message, message.count, buffer.baseAddress, capacity)
            written = max(0, Int(count))
        }
        if signature.isEmpty { throw FunctionError("OpenSSL could not sign") }
        return signature
    }
}

/// A digest under a signature, by OpenSSL's name.
enum SignatureDigest: String {
    case sha256 = "SHA256"
    case sha384 = "SHA384"
    case sha512 = "SHA512"
}
