internal import Glibc
package import System

/// A file that cannot be written, or a folder that cannot be made.
package struct WriteFailure: Error, CustomStringConvertible {
    package let path: String
    package let reason: String
    /// Whether something else holds the path, as a mount does.
    let isBusy: Bool

    package init(path: String, reason: String, isBusy: Bool = false) {
        (self.path, self.reason, self.isBusy) = (path, reason, isBusy)
    }

    package var description: String { "\(path): \(reason); check the path" }
}

/// The bytes of a file, or of standard input for `-`.
package func readUserFile(_ path: String) throws(FileFailure) -> [UInt8] {
    do throws(FileFailure) {
        return path == "-" ? try readStandardInput() : try readWholeFile(path)
    } catch {
        throw FileFailure(reason: error.reason + "; " + error.remedy, remedy: error.remedy)
    }
}

/// Writes a file into a folder that is there; throws `WriteFailure`.
package func writeFile(_ path: String, _ bytes: [UInt8]) throws(WriteFailure) {
    guard let file = fopen(path, "w") else { throw WriteFailure(path: path, reason: systemReason()) }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw WriteFailure(path: path, reason: systemReason()) }
}

/// Makes a folder and those above it; throws `WriteFailure`.
package func makeFolder(_ path: String) throws(WriteFailure) {
    var prefix = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
        prefix += "/" + part
        if mkdir(prefix, 0o755) != 0, errno != EEXIST { throw WriteFailure(path: path, reason: systemReason()) }
    }
}
