internal import Glibc

/// What a process finds around it: variables, files and a terminal; tests give others.
package struct ProcessEnvironment: Sendable {
    package var environment: @Sendable (String) -> String?
    /// The bytes of a file; throws why it cannot be read.
    package var readFile: FileReader
    /// Whether there is a person to ask.
    package var isInteractive: Bool
    /// Whether there is something at a path, though it may not be readable.
    package var exists: @Sendable (String) -> Bool = { _ in false }
    /// Replaces a file's content in one step and keeps its permissions; returns whether that succeeded.
    package var replace: @Sendable (String, [UInt8]) -> Bool = { _, _ in false }

    package init(
        environment: @escaping @Sendable (String) -> String?, readFile: @escaping FileReader, isInteractive: Bool
    ) {
        self.environment = environment
        self.readFile = readFile
        self.isInteractive = isInteractive
    }

    /// The same with files that are there or are not.
    package init(
        environment: @escaping @Sendable (String) -> String?, read: @escaping @Sendable (String) -> [UInt8]?,
        isInteractive: Bool
    ) {
        self.init(
            environment: environment,
            readFile: { path throws(FileFailure) in
                guard let bytes = read(path) else { throw FileFailure(reason: "no such file or directory") }
                return bytes
            }, isInteractive: isInteractive)
    }

    /// The bytes of a file; `nil` where it cannot be read.
    package func read(_ path: String) -> [UInt8]? { try? readFile(path) }
}

/// The variables of this process.
package func readEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
        let text = String(cString: entry)
        if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
            result[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
        }
        next += 1
    }
    return result
}
