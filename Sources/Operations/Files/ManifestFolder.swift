internal import Glibc
internal import System

/// The folder of `manifest generate --output-dir`: always one whole set of files, in the order of application.
///
/// `kubectl apply -f FOLDER` takes the files by name, and passes over the file `Kustomization`, which has no suffix;
/// `kubectl apply -k FOLDER` reads it, and keeps its order.
package struct ManifestFolder {
    private let path: String

    private static let index = "Kustomization"
    private static let mark =
        "# Written by sail manifest generate --output-dir, which replaces all files of this folder.\n"

    /// The folder with this path, whether it is there or not.
    package init(_ path: String) {
        let trimmed = path.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed()
        self.path = trimmed.isEmpty ? "/" : String(decoding: Array(trimmed), as: UTF8.self)
    }

    /// Brings the folder to exactly these files; throws `FolderRefusal` where it holds anything else than an earlier set.
    ///
    /// The files are written beside the folder, which is then replaced in two renames; an interruption leaves the old
    /// set or the new one.
    package func replace(with files: [(name: String, bytes: [UInt8])]) throws {
        guard name != ".." else {
            throw FolderRefusal(path: path, what: "ends with ..", remedy: "give the folder by its own name")
        }
        let old = try existing()
        let all = files + [(ManifestFolder.index, Array(kustomization(files.map(\.name)).utf8))]
        guard let old else {
            try makeFolder(parent)
            return try writeBeside(all) { new in try rename(new, to: path) }
        }
        guard !isCurrent, access(parent, W_OK) == 0 else { return try writeInside(all, over: old) }
        do {
            try writeBeside(all) { new in try exchange(new, old) }
        } catch let failure as WriteFailure where failure.isBusy {
            // A mount point cannot be renamed.
            try writeInside(all, over: old)
        }
    }

    private var parent: String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private var name: String { path.utf8.split(separator: UInt8(ascii: "/")).last.map { String($0) ?? "" } ?? "" }

    /// Whether it is the current folder: a shell that stands in it would be left in one that is no more.
    private var isCurrent: Bool {
        var (own, current) = (stat(), stat())
        guard stat(path, &own) == 0, stat(".", &current) == 0 else { return false }
        return own.st_ino == current.st_ino && own.st_dev == current.st_dev
    }

    private func kustomization(_ names: [String]) -> String {
        ManifestFolder.mark + "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
            + names.map { "- \($0)\n" }.joined() + "sortOptions:\n  order: fifo\n"
    }
}

// MARK: what is there

extension ManifestFolder {
    /// The files of an earlier set, none for an empty folder, `nil` where there is no folder.
    private func existing() throws -> [String]? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw PathFailure(path: path, reason: systemReason() + "; check --output-dir")
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: break
        case S_IFLNK: throw FolderRefusal(path: path, what: "is a symbolic link", remedy: "give the folder itself")
        default: throw FolderRefusal(path: path, what: "is no folder", remedy: "give a folder")
        }
        let names = try folderContents(path) ?? []
        guard !names.isEmpty else { return [] }
        let own = earlierNames
        for name in names {
            var status = stat()
            let isPlain = lstat(path + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            guard own.contains(name), isPlain else {
                throw FolderRefusal(
                    path: path, what: "holds \(name), which sail manifest generate --output-dir did not write",
                    remedy: "give an empty folder or a new one, or remove what is not sail's")
            }
        }
        return names
    }

    /// What the index of an earlier set lists, with the index itself; empty where there is none of sail's.
    private var earlierNames: Set<String> {
        let file = path + "/" + ManifestFolder.index
        var status = stat()
        guard lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size < 1 << 22,
            let bytes = try? readWholeFile(file), bytes.starts(with: ManifestFolder.mark.utf8)
        else { return [] }
        let lines = bytes.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: "- ".utf8) }
        return Set(lines.map { String(decoding: $0.dropFirst(2), as: UTF8.self) } + [ManifestFolder.index])
    }
}

// MARK: writing

extension ManifestFolder {
    /// Writes all files into a folder beside this one and hands it over; what fails leaves nothing behind.
    private func writeBeside(
        _ files: [(name: String, bytes: [UInt8])], _ take: (_ new: String) throws -> Void
    ) throws {
        let new = "\(parent)/.\(name).sail-\(getpid())"
        guard mkdir(new, 0o755) == 0 else { throw WriteFailure(path: new, reason: systemReason()) }
        do {
            for file in files { try writeFile(new + "/" + file.name, file.bytes) }
            try withoutSignals { try take(new) }
        } catch {
            remove(files.map(\.name), in: new)
            rmdir(new)
            throw error
        }
    }

    /// Puts the new folder in the place of the old one and removes that.
    private func exchange(_ new: String, _ names: [String]) throws {
        let old = new + "-old"
        var status = stat()
        if stat(path, &status) == 0 { chmod(new, status.st_mode & 0o7777) }
        try rename(path, to: old)
        do {
            try rename(new, to: path)
        } catch {
            try? rename(old, to: path)
            throw error
        }
        remove(names, in: old)
        guard rmdir(old) == 0 else { throw WriteFailure(path: old, reason: systemReason()) }
    }

    /// Where the folder itself cannot be replaced: the old files go first, so that the sets never mix.
    private func writeInside(_ files: [(name: String, bytes: [UInt8])], over names: [String]) throws {
        try withoutSignals {
            remove(names.filter { $0 != ManifestFolder.index }, in: path)
            // The index comes first: it says whose the files are.
            for file in files.reversed() { try writeFile(path + "/" + file.name, file.bytes) }
        }
    }

    private func remove(_ names: [String], in folder: String) {
        for name in names { unlink(folder + "/" + name) }
    }

    private func rename(_ old: String, to new: String) throws(WriteFailure) {
        guard Glibc.rename(old, new) == 0 else {
            let isBusy = errno == EBUSY || errno == EXDEV
            throw WriteFailure(path: path, reason: systemReason(), isBusy: isBusy)
        }
    }

    /// Signals wait until the body is done.
    private func withoutSignals(_ body: () throws -> Void) rethrows {
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }
}

/// A folder that sail does not write into.
package struct FolderRefusal: Error, CustomStringConvertible {
    let path: String
    let what: String
    let remedy: String

    package var description: String { "\(path): \(what); \(remedy)" }
}

/// A name as a part of a file's name: letters, digits, dots and hyphens, at most `length` bytes.
package func filePart(_ name: String, length: Int = 100) -> String {
    func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"): true
        default: false
        }
    }
    return String(decoding: name.utf8.prefix(length).map { isSafe($0) ? $0 : UInt8(ascii: "-") }, as: UTF8.self)
}
