/// The process's surroundings, so that tests can give others.
package struct Surroundings: Sendable {
    package var environment: @Sendable (String) -> String?
    package var read: @Sendable (String) -> [UInt8]?
    /// Whether there is a person to ask.
    package var isInteractive: Bool
    /// Whether there is something at a path, though it may not be readable.
    package var exists: @Sendable (String) -> Bool = { _ in false }
    /// Puts bytes in the place of a file's, at once and with its rights kept; answers whether that was done.
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
