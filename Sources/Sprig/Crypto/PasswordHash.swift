import CCrypto
import GoTemplate
import Values

/// bcrypt by the system's libcrypt, in the form that Go writes: version 2a, cost 10.
enum PasswordHash {
    private static let digits = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    private static let missing: Text =
        "neither libcrypt.so.1 nor libcrypt.so.2 is there: install libcrypt1 (Fedora, RHEL and Amazon Linux: libxcrypt) to "
        + "hash passwords"

    static func bcrypt(_ password: Text) throws -> Text {
        if password.count > 72 {
            return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
        }
        let setting: Text = "$2a$10$" + (try salt())
        let capacity = 128
        var state: CInt = 0
        let hash = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, written in
            buffer.initialize(repeating: 0)
            state = withCString(password) { password in
                withCString(setting) { setting in
                    buffer.withMemoryRebound(to: CChar.self) {
                        ccrypto_hash_password(password, setting, $0.baseAddress, capacity)
                    }
                }
            }
            written = buffer.firstIndex(of: 0) ?? 0
        }
        if state < 0 { throw FunctionError(missing) }
        if state == 0 { throw FunctionError("libcrypt could not hash the password") }
        return Text(hash)
    }

    private static func withCString<Result>(_ text: Text, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (text.bytes + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map(body) ?? body("")
        }
    }

    /// Sixteen random bytes in bcrypt's own base64: 22 digits.
    private static func salt() throws -> Text {
        let bytes = try SprigRandom.bytes(16) + [0, 0]
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<start + 3].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            result += [18, 12, 6, 0].map { digits[Int(group >> $0 & 63)] }
        }
        return Text(result.prefix(22))
    }
}
