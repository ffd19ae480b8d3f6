internal import Glibc
package import Meshes
internal import System
internal import Values

/// The folder of an export. An index tells which of its files are sail's; no other is ever written over or removed.
package struct ExportFolder {
    private let path: String

    private static let index = ".sail-export"
    private static let mark = "# Files of sail export, which writes and removes them.\n"

    /// The folder with this path, whether it is there or not.
    package init(_ path: String) { self.path = path }

    /// Brings the folder to exactly these files, and leaves what others put there; throws `FolderRefusal`.
    package func write(_ files: [ExportedFile]) throws {
        let old = earlier
        for file in files where !old.contains(file.path) {
            var status = stat()
            guard lstat("\(path)/\(file.path)", &status) != 0 else {
                throw FolderRefusal(
                    path: path, what: "holds \(file.path), which sail export did not write",
                    remedy: "give an empty folder or a new one, or move that file away")
            }
        }
        for file in files {
            let target = "\(path)/\(file.path)"
            try makeFolder(String(target[..<(target.lastIndex(of: "/") ?? target.endIndex)]))
            try writeFile(target, file.bytes)
            if file.path.hasSuffix(".sh") { _ = chmod(target, 0o755) }
        }
        let names = Set(files.map(\.path))
        for name in old where !names.contains(name) { unlink("\(path)/\(name)") }
        let list = names.sorted { $0.precedesByBytes($1) }.map { $0 + "\n" }.joined()
        try writeFile("\(path)/\(ExportFolder.index)", Array((ExportFolder.mark + list).utf8))
    }

    /// A line for each file that is missing, differs or is no longer part of the export; throws where there is no folder.
    package func differences(from files: [ExportedFile]) throws -> [String] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw UnreadableFolder(path: path, reason: errno == ENOENT ? "is not there" : "is no folder")
        }
        var lines: [String] = []
        for file in files {
            let target = "\(path)/\(file.path)"
            if access(target, F_OK) != 0 {
                lines.append("missing: \(target)")
            } else if try readWholeFile(target) != file.bytes {
                lines.append("differs: \(target)")
            }
        }
        let names = Set(files.map(\.path))
        for name in earlier.sorted(by: { $0.precedesByBytes($1) }) where !names.contains(name) {
            lines.append("not part of it any more: \(path)/\(name)")
        }
        return lines
    }

    /// The files that an earlier export wrote.
    private var earlier: Set<String> {
        guard let bytes = try? readWholeFile("\(path)/\(ExportFolder.index)"),
            bytes.starts(with: ExportFolder.mark.utf8)
        else { return [] }
        let names = bytes.split(separator: UInt8(ascii: "\n")).dropFirst().map { String(decoding: $0, as: UTF8.self) }
        // The index is a file like any other: a path out of the folder is none of sail's.
        return Set(names.filter { !$0.hasPrefix("/") && !$0.split(separator: "/").contains("..") })
    }
}

/// A folder of --check that cannot be compared.
package struct UnreadableFolder: Error, CustomStringConvertible {
    let path: String
    let reason: String

    package var description: String { "\(path): \(reason); write it with sail export … --output-dir \(path)" }
}
