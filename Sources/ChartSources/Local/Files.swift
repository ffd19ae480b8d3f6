internal import Glibc
internal import System
internal import Values

/// A text file of the user's settings; `nil` where it cannot be read.
func readFile(_ path: String) -> [UInt8]? {
    try? readWholeFile(path)
}

/// A packed chart; `nil` where it cannot be read.
func readArchive(_ path: String) -> [UInt8]? {
    try? readWholeFile(path, limit: FileLimit.archive)
}

/// The names in a folder, sorted; empty where it cannot be read.
func listFolder(_ path: String) -> [String] { folderNames(path) ?? [] }

func makeFolders(_ path: String) throws(ChartSourceError) {
    var current = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
        current += "/" + part
        if mkdir(current, 0o700) != 0, errno != EEXIST { throw .cache(path: current, reason: systemReason()) }
    }
}

/// Writes beside the place under a name of its own, flushes to the disk, and renames.
func writeAtomically(_ bytes: [UInt8], to path: String) throws(ChartSourceError) {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .cache(path: temporary, reason: systemReason()) }
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        rest = rest.dropFirst(count)
    }
    let isWhole = rest.isEmpty && fsync(file) == 0
    let reason = systemReason()
    close(file)
    guard isWhole, rename(temporary, path) == 0 else {
        unlink(temporary)
        throw .cache(path: path, reason: reason)
    }
}
