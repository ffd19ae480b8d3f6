import Foundation
import GoTemplate
import Sprig
import Testing
import Values

/// These need the system's libcrypto.so.3 and libcrypt.so.1, which every Debian with libcurl has.
@Suite struct SprigCryptoTests {
    @Test func masterPasswordsAreDerived() throws {
        #expect(
            try printed("derivePassword", .uint(1, .integer(.uint32)), "long", "password", "user", "example.com")
                == "ZedaFaxcZaso9*")
        #expect(
            try printed("derivePassword", .uint(1, .integer(.uint32)), "odd", "password", "user", "example.com")
                == "cannot find password template odd")
    }

    @Test func whatIsEncryptedCanBeDecrypted() throws {
        let secret = try sprig("encryptAES", "key", "héllo")
        #expect(try printed("decryptAES", "key", secret) == "héllo")
        #expect(
            try printed("decryptAES", "p", "YQ==")
                == "runtime error: slice bounds out of range [:16] with capacity 3")
        #expect(try printed("decryptAES", "p", "!") == "illegal base64 data at input byte 0")
    }

    @Test func passwordsAreHashedInTheFormThatGoWrites() throws {
        #expect(try printed("bcrypt", "x").hasPrefix("$2a$10$"))
        #expect(try printed("bcrypt", "x").utf8.count == 60)
        #expect(try printed("htpasswd", "u:", "p") == "invalid username: u:")
    }

    @Test(arguments: [
        ("ecdsa", "-----BEGIN EC PRIVATE KEY-----\n"), ("ed25519", "-----BEGIN PRIVATE KEY-----\n"),
        ("odd", "Unknown type odd"),
    ])
    func keysAreWrittenInTheirOwnFormat(type: String, start: String) throws {
        #expect(try printed("genPrivateKey", .string(type)).hasPrefix(start))
    }

    @Test func signedCertificatesVerify() throws {
        let key = try sprig("genPrivateKey", "ecdsa")
        let authority = try sprig("genCAWithKey", "ca", 10, key)
        let addresses = GoValue.list(["1.2.3.4"])
        let signed = try sprig(
            "genSignedCertWithKey", "svc", addresses, .list(["a.example.com"]), 5, authority, key)
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, certificate) in [("ca.pem", authority), ("svc.pem", signed)] {
            guard case .object(let object) = certificate else { continue }
            try formatValue(object.fields[0].value).string.write(
                to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        guard FileManager.default.fileExists(atPath: "/usr/bin/openssl") else { return }
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        openssl.arguments = ["verify", "-CAfile", "ca.pem", "svc.pem"]
        openssl.currentDirectoryURL = folder
        openssl.standardOutput = Pipe()
        try openssl.run()
        openssl.waitUntilExit()
        #expect(openssl.terminationStatus == 0)
    }

    @Test func badInputIsNamedAsSprigNamesIt() throws {
        #expect(try printed("genCAWithKey", "a", 1, "x") == "parsing private key: no PEM data in input")
        #expect(
            try printed("genSelfSignedCert", "a", .list(["x"]), .list([]), 1) == "error parsing ip: x")
        #expect(
            try printed("genSelfSignedCert", "a", .list([]), .list(["é"]), 1)
                == "error creating certificate: x509: \"é\" cannot be encoded as an IA5String")
        #expect(try printed("buildCustomCert", "!", "") == "unable to decode base64 certificate")
    }

    @Test func randomTextsHaveTheirLengthAndAlphabet() throws {
        #expect(try printed("randNumeric", 12).wholeMatch(of: /[0-9]{12}/) != nil)
        #expect(try printed("randAlphaNum", -1) == "")
        #expect(
            try printed("uuidv4").wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                != nil)
        #expect(try printed("randInt", 2, 1) == "invalid argument to Intn")
        #expect(try printed("randBytes", -1) == "runtime error: makeslice: len out of range")
    }
}
