internal import Glibc

/// The names in a folder in the order of their bytes, without `.` and `..`; `nil` where it cannot be opened, for which
/// `systemReason` has the reason.
package func folderNames(_ path: String) -> [String]? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// The last system call's complaint, in lower case.
package func systemReason() -> String {
    let text = String(cString: strerror(errno))
    return text.prefix(1).lowercased() + text.dropFirst()
}

/// A file or folder that cannot be read, with the reason and what to do.
package struct PathFailure: Error, CustomStringConvertible, Sendable {
    package let path: String
    package let reason: String

    package init(path: String, reason: String) {
        (self.path, self.reason) = (path, reason)
    }

    package var description: String { "\(path): \(reason)" }
}

/// The names in a folder, sorted; `nil` where the path is no folder. Throws where it cannot be read.
package func folderContents(_ path: String) throws(PathFailure) -> [String]? {
    guard let names = folderNames(path) else {
        if errno == ENOTDIR || path == "-" { return nil }
        throw PathFailure(path: path, reason: systemReason() + "; check the path")
    }
    return names
}

/// Whether a file or folder has that path.
package func isExistingPath(_ path: String) -> Bool { access(path, F_OK) == 0 }
