import CCrypto
import GoTemplate
import Values

/// Sprig's encryptAES and decryptAES: AES-256 in CBC mode, the password as the key, everything in base64.
enum BlockCipher {
    private static let blockSize = 16

    static func encrypt(_ text: Text, password: Text) throws -> Text {
        if text.isEmpty { return "" }
        let padding = blockSize - text.count % blockSize
        let content = text.bytes + [UInt8](repeating: UInt8(padding), count: padding)
        let iv = try SprigRandom.bytes(blockSize)
        return Text(base64(iv + (try run(content, key(password), iv, encrypts: true))))
    }

    /// The text of what `encrypt` made; bad input gives the panics that Go's slices raise.
    static func decrypt(_ text: Text, password: Text) throws -> Text {
        if text.isEmpty { return "" }
        let bytes: [UInt8]
        do {
            bytes = try Base64.decode(text.bytes)
        } catch {
            throw FunctionError(error.message)
        }
        guard bytes.count >= blockSize else {
            let capacity = text.count / 4 * 3
            throw FunctionError("runtime error: slice bounds out of range [:16] with capacity \(capacity)")
        }
        let content = Array(bytes[blockSize...])
        guard content.count % blockSize == 0 else { throw FunctionError("crypto/cipher: input not full blocks") }
        if content.isEmpty { throw FunctionError("runtime error: index out of range [-1]") }
        let plain = try run(content, key(password), Array(bytes[..<blockSize]), encrypts: false)
        guard let last = plain.last else { throw FunctionError("OpenSSL could not decrypt") }
        let end = plain.count - Int(last)
        if end < 0 { throw FunctionError("runtime error: slice bounds out of range [:\(end)]") }
        return Text(plain[..<end])
    }

    private static func key(_ password: Text) -> [UInt8] {
        let start = password.bytes.prefix(32)
        return start + [UInt8](repeating: 0, count: 32 - start.count)
    }

    private static func run(_ content: [UInt8], _ key: [UInt8], _ iv: [UInt8], encrypts: Bool) throws -> [UInt8] {
        try PrivateKey.requireLibrary()
        return [UInt8](unsafeUninitializedCapacity: content.count) { buffer, written in
            let isDone = ccrypto_aes(encrypts ? 1 : 0, key, iv, content, content.count, buffer.baseAddress)
            written = isDone == 1 ? content.count : 0
        }
    }
}
