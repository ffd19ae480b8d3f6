internal import Glibc
internal import System
internal import Values
internal import YAML

extension OIDC {
    /// The kubeconfig with this login's tokens in the place of `old`'s, every other byte as it was; `nil` where that
    /// cannot be done for certain: another process was faster, or the token is written in an unusual way.
    func kubeconfig(_ bytes: [UInt8], replacing old: OIDC) -> [UInt8]? {
        var bytes = bytes
        for (key, before, now) in [
            ("id-token", old.idToken, idToken), ("refresh-token", old.refreshToken, refreshToken),
        ] where before != now {
            // Without an ID token in the file there is none to replace; the next run gets its own.
            if before.isEmpty { continue }
            guard let next = replaced(key, before, now, in: bytes) else { return nil }
            bytes = next
        }
        return bytes
    }

    private func replaced(_ key: String, _ before: String, _ now: String, in bytes: [UInt8]) -> [UInt8]? {
        guard now.utf8.allSatisfy(isTokenByte),
            let (path, document) = entry(key, in: bytes), let place = document.places?[path]?.value,
            let start = offset(of: place, in: bytes)
        else { return nil }
        let token = Array(before.utf8)
        let isQuoted = bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'")
        let first = start + (isQuoted ? 1 : 0)
        guard bytes[first...].starts(with: token) else { return nil }
        let next = bytes[..<first] + now.utf8 + bytes[(first + token.count)...]
        // Read back: a token that YAML takes for a number, or one that was longer than it looked, is not written.
        guard let (_, written) = entry(key, in: Array(next)),
            OIDC.value(written.value, path)?.string == now
        else { return nil }
        return Array(next)
    }

    private func entry(_ key: String, in bytes: [UInt8]) -> (path: [String], document: Document)? {
        var reader = DocumentReader(bytes, options: ReadingOptions(numbers: .native, recordsPlaces: true))
        guard let document = try? reader.next(),
            let index = document.value["users"]?.list?.firstIndex(where: { $0["name"]?.string == user })
        else { return nil }
        return (["users", String(index), "user", "auth-provider", "config", key], document)
    }

    private static func value(_ root: Value, _ path: [String]) -> Value? {
        path.reduce(Optional(root)) { value, key in
            if let list = value?.list { return Int(key).flatMap { list.indices.contains($0) ? list[$0] : nil } }
            return value?[key]
        }
    }

    /// The byte at a place; its column counts characters (Unicode's scalars).
    private func offset(of place: Place, in bytes: [UInt8]) -> Int? {
        var line = 1
        var column = 1
        for (index, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if line == place.line, column == place.column { return index }
            column += 1
            if byte == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) }
        }
        return nil
    }
}

/// Whether a byte is allowed in a token of RFC 6750, which YAML takes without quotes.
private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "-._~+/=".utf8.contains(byte)
    }
}

/// Replaces a file's content by a rename, so that no reader sees half of it; permissions and owner stay, a link
/// stays a link. Answers whether that was done.
package func replaceFile(_ path: String, _ bytes: [UInt8]) -> Bool {
    guard let real = realpath(path, nil) else { return false }
    defer { free(real) }
    let target = String(cString: real)
    var facts = stat()
    guard stat(target, &facts) == 0 else { return false }
    let fresh = "\(target).sail-\(getpid())"
    let file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    let isWritten =
        writeAll(bytes, to: file) && isOwnedAlike(file, facts) && fchmod(file, facts.st_mode & 0o777) == 0
        && fsync(file) == 0
    close(file)
    if isWritten, rename(fresh, target) == 0 { return true }
    unlink(fresh)
    return false
}

private func isOwnedAlike(_ file: Int32, _ facts: stat) -> Bool {
    (facts.st_uid == geteuid() && facts.st_gid == getegid()) || fchown(file, facts.st_uid, facts.st_gid) == 0
}
