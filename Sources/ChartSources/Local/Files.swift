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

/// Writes a file of the cache as `System.writeAtomically` does.
func writeAtomically(_ bytes: [UInt8], to path: String) throws(ChartSourceError) {
    do throws(FileFailure) {
        try System.writeAtomically(bytes, to: path)
    } catch {
        throw .cache(path: path, reason: error.reason)
    }
}
