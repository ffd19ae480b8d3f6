internal import Glibc

/// Writes all bytes to an open file; `false` where the system refuses, which `systemReason()` then names.
package func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
    }
    return true
}

/// Writes a file that only the user can read, under a temporary name in the same folder, flushes it to the disk and
/// renames it: no reader sees a part of it. Throws the reason.
package func writeAtomically(_ bytes: [UInt8], to path: String) throws(FileFailure) {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileFailure(reason: systemReason()) }
    let isWhole = writeAll(bytes, to: file) && fsync(file) == 0
    let reason = systemReason()
    close(file)
    guard isWhole, rename(temporary, path) == 0 else {
        unlink(temporary)
        throw FileFailure(reason: isWhole ? systemReason() : reason)
    }
}
