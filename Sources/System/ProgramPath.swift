internal import Glibc

/// Where a program is: the path itself where the name has a slash, else the first executable file of that name on
/// `searchPath` (the form of PATH); `nil` where there is none.
package func programPath(_ name: String, searchPath: String) -> String? {
    func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
    if name.isEmpty { return nil }
    if name.utf8.contains(UInt8(ascii: "/")) { return isProgram(name) ? name : nil }
    let folders = searchPath.split(separator: ":", omittingEmptySubsequences: false)
    return folders.lazy.map { $0.isEmpty ? "./" + name : "\($0)/\(name)" }.first(where: isProgram)
}

/// This very program, to be started again: what runs now, even where its file was replaced meanwhile. `name` is the word
/// that it was started with.
package func ownProgram(startedAs name: String, searchPath: String) -> String? {
    let link = "/proc/self/exe"
    return access(link, X_OK) == 0 ? link : programPath(name, searchPath: searchPath)
}
