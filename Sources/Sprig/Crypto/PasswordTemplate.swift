import CCrypto
import GoTemplate
import Values

/// The Master Password algorithm, version 3, behind Sprig's derivePassword (https://masterpassword.app).
enum PasswordTemplate {
    private static let scope: Text = "com.lyndir.masterpassword"

    /// The shapes of passwords, by name; each letter stands for a class of characters.
    private static let shapes: [Text: [Text]] = [
        "maximum": ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long": [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno", "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno",
            "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        "medium": ["CvcnoCvc", "CvcCvcno"],
        "short": ["Cvcn"],
        "basic": ["aaanaaan", "aannaaan", "aaannaaa"],
        "pin": ["nnnn"],
    ]

    private static let classes: [UInt8: Text] = [
        UInt8(ascii: "V"): "AEIOU",
        UInt8(ascii: "C"): "BCDFGHJKLMNPQRSTVWXYZ",
        UInt8(ascii: "v"): "aeiou",
        UInt8(ascii: "c"): "bcdfghjklmnpqrstvwxyz",
        UInt8(ascii: "a"): "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        UInt8(ascii: "n"): "0123456789",
        UInt8(ascii: "o"): "@&%?,=[]_:-+*$#!'^~;()/.",
        UInt8(ascii: "x"): "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    ]

    static func password(counter: UInt32, shape: Text, master: Text, user: Text, site: Text) throws -> Text {
        guard let shapes = shapes[shape] else { return "cannot find password template " + shape }
        let key = try scrypt(master.bytes, salt: scope.bytes + counted(user))
        let counter = bigEndian(counter)
        let seed = authenticationCode(key: key, scope.bytes + counted(site) + counter)
        let letters = shapes[Int(seed[0]) % shapes.count].bytes
        return Text(
            letters.enumerated().map { index, letter in
                let characters = (classes[letter] ?? " ").bytes
                return characters[Int(seed[index + 1]) % characters.count]
            })
    }

    private static func counted(_ text: Text) -> [UInt8] {
        bigEndian(UInt32(truncatingIfNeeded: text.count)) + text.bytes
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func scrypt(_ password: [UInt8], salt: [UInt8]) throws -> [UInt8] {
        try PrivateKey.requireLibrary()
        let length = 64
        let key = [UInt8](unsafeUninitializedCapacity: length) { buffer, written in
            let isDone = ccrypto_scrypt(
                password, password.count, salt, salt.count, 32768, 8, 2, buffer.baseAddress, length)
            written = isDone == 1 ? length : 0
        }
        if key.isEmpty { throw FunctionError("OpenSSL could not derive a key") }
        return key
    }

    /// HMAC-SHA-256 with a key of one block.
    private static func authenticationCode(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        SHA256.hash(key.map { $0 ^ 0x5C } + SHA256.hash(key.map { $0 ^ 0x36 } + message))
    }
}
