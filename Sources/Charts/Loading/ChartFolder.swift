internal import Glibc
import System
import Values

/// Reads charts from disk.
extension ChartLoader {
    /// The chart at that path: a folder or a .tgz.
    package mutating func load(path: String) throws(ChartError) -> Chart {
        guard let status = FileStatus(path, followingLinks: true) else {
            throw .system(operation: "stat", path: path, reason: systemReason())
        }
        if status.isFolder { return try load(try ChartFolder.files(in: path)) }
        let bytes = try ChartFolder.contents(of: path, limit: FileLimit.archive)
        guard bytes.starts(with: [0x1F, 0x8B, 0x08]) else {
            if path.hasSuffix(".yaml") || path.hasSuffix(".yml") { throw .yamlInsteadOfArchive(path: path) }
            throw .notAnArchive(path: path, contentType: contentType(of: bytes))
        }
        return try load(archive: bytes)
    }
}

/// The files of an unpacked chart, without those that `.helmignore` leaves out.
package enum ChartFolder {
    package static func files(in path: String) throws(ChartError) -> [ChartFile] {
        let root = path.utf8.count > 1 && path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
        var rules = IgnoreRules()
        if FileStatus(root + "/.helmignore", followingLinks: true) != nil {
            rules = try IgnoreRules(Text(contents(of: root + "/.helmignore")))
        }
        var files: [ChartFile] = []
        var walk = Walk(root: root, rules: rules)
        try walk.visitFolder("", into: &files)
        return files
    }

    /// The files of a chart held in memory, as they would be read from a folder: sorted, with `.helmignore` heeded.
    package static func files(in memory: [ChartFile]) throws(ChartError) -> [ChartFile] {
        let ignoreFile = memory.first { $0.name == ".helmignore" }
        let rules = try ignoreFile.map { file throws(ChartError) in try IgnoreRules(file.data) } ?? IgnoreRules()
        var folders: [Text: Bool] = [:]
        return memory.filter { file in
            !rules.ignores(file.name, isFolder: false)
                && !ChartFolder.isInIgnoredFolder(file.name, rules, &folders)
        }.map { ChartFile(name: $0.name, data: withoutByteOrderMark($0.data)) }
            .sorted { precedesInWalk($0.name, $1.name) }
    }

    /// Whether a folder around the file is ignored; `known` holds the answers for the folders that came before.
    private static func isInIgnoredFolder(_ path: String, _ rules: IgnoreRules, _ known: inout [Text: Bool]) -> Bool {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
        let folder = String(path[..<slash])
        if let answer = known[Text(folder)] { return answer }
        let answer = rules.ignores(folder, isFolder: true) || isInIgnoredFolder(folder, rules, &known)
        known[Text(folder)] = answer
        return answer
    }

    static func contents(
        of path: String, limit: Int = ChartArchive.Limits.standard.file
    ) throws(ChartError) -> [UInt8] {
        do throws(FileFailure) {
            return try readWholeFile(path, limit: limit)
        } catch {
            throw .system(operation: "open", path: path, reason: error.reason)
        }
    }

    private struct Walk {
        var root: String
        var rules: IgnoreRules
        /// Folders on the way down, to notice a link that leads back up.
        private var open: [FileStatus] = []

        init(root: String, rules: IgnoreRules) {
            self.root = root
            self.rules = rules
            if let status = FileStatus(root, followingLinks: true) { open = [status] }
        }

        mutating func visitFolder(_ folder: String, into files: inout [ChartFile]) throws(ChartError) {
            for name in try ChartFolder.names(in: folder.isEmpty ? root : root + "/" + folder) {
                try visit(folder.isEmpty ? name : folder + "/" + name, into: &files)
            }
        }

        private mutating func visit(_ name: String, into files: inout [ChartFile]) throws(ChartError) {
            let path = root + "/" + name
            guard let status = FileStatus(path, followingLinks: true) else {
                throw .symbolicLink(path: path, reason: "lstat \(path): \(systemReason())")
            }
            if rules.ignores(name, isFolder: status.isFolder) { return }
            if status.isFolder {
                if open.contains(where: { $0.isSameFile(as: status) }) {
                    throw .symbolicLink(path: path, reason: "the link leads back to a folder around it")
                }
                open.append(status)
                try visitFolder(name, into: &files)
                open.removeLast()
                return
            }
            guard status.isRegular else { throw .irregularFile(path: path) }
            if status.size > ChartArchive.Limits.standard.file {
                throw .fileTooLarge(name: SlashPath.base(of: name), limit: ChartArchive.Limits.standard.file)
            }
            files.append(ChartFile(name: name, data: withoutByteOrderMark(Text(try ChartFolder.contents(of: path)))))
        }
    }

    /// The names in a folder, sorted by their bytes.
    private static func names(in path: String) throws(ChartError) -> [String] {
        guard let names = folderNames(path) else {
            throw .system(operation: "open", path: path, reason: systemReason())
        }
        return names
    }

    /// Whether a walk of sorted folders comes to the first path before the second.
    private static func precedesInWalk(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8) { walkOrder($0) < walkOrder($1) }
    }

    /// The end of a part comes before every byte.
    private static func walkOrder(_ byte: UInt8) -> Int { byte == UInt8(ascii: "/") ? -1 : Int(byte) }
}

/// What a walk wants to know of a file.
private struct FileStatus {
    private var status = stat()

    /// `nil` where there is no such file.
    init?(_ path: String, followingLinks: Bool) {
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
    }

    var isFolder: Bool { status.st_mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { status.st_mode & S_IFMT == S_IFREG }
    var size: Int { Int(status.st_size) }

    func isSameFile(as other: FileStatus) -> Bool {
        status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino
    }
}

/// What Go's net/http would take the bytes for: the few kinds that are likely here.
private func contentType(of bytes: [UInt8]) -> String {
    let signatures: [([UInt8], String)] = [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"), ([0x50, 0x4B, 0x03, 0x04], "application/zip"),
        ([0x25, 0x50, 0x44, 0x46, 0x2D], "application/pdf"), ([0xFF, 0xD8, 0xFF], "image/jpeg"),
    ]
    if let known = signatures.first(where: { bytes.starts(with: $0.0) }) { return known.1 }
    // Go looks at 512 bytes and gets zeros after a shorter file, which count as binary.
    let isText =
        bytes.count >= 512
        && !bytes.prefix(512).contains { byte in
            byte <= 0x08 || byte == 0x0B || (0x0E...0x1A).contains(byte) || (0x1C...0x1F).contains(byte)
        }
    return isText ? "text/plain; charset=utf-8" : "application/octet-stream"
}
