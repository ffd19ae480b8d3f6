internal import Glibc

/// What a process finds around it: variables, files and a terminal; tests give others.
package struct ProcessEnvironment: Sendable {
    package var environment: @Sendable (String) -> String?
    package var read: @Sendable (String) -> [UInt8]?
    /// Whether there is a person to ask.
    package var isInteractive: Bool
    /// Whether there is something at a path, though it may not be readable.
    package var exists: @Sendable (String) -> Bool = { _ in false }
    /// Replaces a file's content in one step and keeps its permissions; returns whether that succeeded.
    package var replace: @Sendable (String, [UInt8]) -> Bool = { _, _ in false }

    package init(
        environment: @escaping @Sendable (String) -> String?, read: @escaping @Sendable (String) -> [UInt8]?,
        isInteractive: Bool
    ) {
        self.environment = environment
        self.read = read
        self.isInteractive = isInteractive
    }
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
