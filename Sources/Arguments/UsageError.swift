internal import Values

/// A command line that cannot be understood; exit code 2.
package struct UsageError: Error, CustomStringConvertible, Equatable {
    /// What is wrong and what was perhaps meant.
    package let message: String
    /// The command whose help tells more: `sail manifest generate`.
    package let command: String

    package init(message: String, command: String) {
        // Words and variables are quoted in it.
        self.message = message.onOneLine
        self.command = command
    }

    package var description: String { "\(message)\nsee '\(command) --help'" }
}

/// What a flag's effect throws when it cannot use the value.
package struct InvalidValue: Error {
    /// What was expected: `a duration such as 90s or 5m`.
    package let expectation: String

    package init(expectation: String) {
        self.expectation = expectation
    }
}
