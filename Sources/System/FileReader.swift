internal import Glibc

/// Why a file could not be read; the path is the caller's to name.
package struct FileFailure: Error, Equatable, CustomStringConvertible, Sendable {
    package var reason: String
    /// What to do about it.
    package var remedy: String

    package init(reason: String, remedy: String = "check the path") {
        self.reason = reason
        self.remedy = remedy
    }

    /// The last system call's complaint.
    package static var ofSystem: FileFailure {
        let isForbidden = errno == EACCES || errno == EPERM
        return FileFailure(reason: systemReason(), remedy: isForbidden ? "check its permissions" : "check the path")
    }

    package var description: String { reason }
}

/// Reads a file, or standard input for `-`; throws the reason.
package typealias FileReader = @Sendable (String) throws(FileFailure) -> [UInt8]

/// How much of a file is taken, in bytes: more would end in memory, not in a manifest.
package enum FileLimit {
    /// Text: values, manifests, kubeconfigs, certificates, credentials.
    package static let text = 16 << 20
    /// A packed chart: Helm's bound on what comes out of one.
    package static let archive = 100 << 20
}

/// The bytes of a whole file; the one way in which a file of the user is read.
///
/// A file that is larger than `limit` is refused, whatever it is: one of that size, a device without end such as
/// /dev/zero, a pipe. A named pipe that nothing writes to is given up after `patience` milliseconds.
package func readWholeFile(
    _ path: String, limit: Int = FileLimit.text, patience: Int = 10_000
) throws(FileFailure) -> [UInt8] {
    // A named pipe is opened without waiting for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw FileFailure.ofSystem }
    defer { close(descriptor) }
    var own = stat()
    let isNamedPipe = lstat(path, &own) == 0 && own.st_mode & S_IFMT == S_IFIFO
    return try read(descriptor, limit, patience: isNamedPipe ? patience : nil)
}

/// What standard input holds up to its end.
package func readStandardInput(limit: Int = FileLimit.text) throws(FileFailure) -> [UInt8] {
    try read(STDIN_FILENO, limit, patience: nil)
}

private func read(_ descriptor: Int32, _ limit: Int, patience: Int?) throws(FileFailure) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileFailure.ofSystem }
    if status.st_mode & S_IFMT == S_IFDIR {
        throw FileFailure(reason: "is a folder, not a file", remedy: "name a file in it")
    }
    let isRegular = status.st_mode & S_IFMT == S_IFREG
    if isRegular, status.st_size > limit { throw tooLarge(limit) }
    if let patience, !isReady(descriptor, milliseconds: patience) {
        throw FileFailure(reason: "nothing writes to this pipe")
    }
    var bytes: [UInt8] = []
    if isRegular { bytes.reserveCapacity(Int(clamping: status.st_size)) }
    // Of most files one block is enough, with a byte more to see the end.
    let size = isRegular ? min(max(Int(clamping: status.st_size), 4095), 1 << 16 - 1) + 1 : 1 << 16
    var block = [UInt8](repeating: 0, count: size)
    while true {
        let count = Glibc.read(descriptor, &block, block.count)
        if count == 0 { return bytes }
        if count > 0 {
            guard bytes.count + count <= limit else { throw tooLarge(limit) }
            bytes += block[..<count]
        } else if errno == EAGAIN {
            _ = isReady(descriptor, milliseconds: nil)
        } else if errno != EINTR {
            throw FileFailure.ofSystem
        }
    }
}

/// Waits for input or for the end of the writer; `false` when the timeout expired first.
private func isReady(_ descriptor: Int32, milliseconds: Int?) -> Bool {
    var file = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
        let count = poll(&file, 1, milliseconds.map { Int32(clamping: $0) } ?? -1)
        if count >= 0 { return count > 0 }
        guard errno == EINTR else { return true }
    }
}

private func tooLarge(_ limit: Int) -> FileFailure {
    FileFailure(reason: "holds more than \(limit >> 20) MiB, the most that is read of such a file")
}
