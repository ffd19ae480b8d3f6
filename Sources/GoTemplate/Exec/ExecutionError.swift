package import Values

/// A template that fails, or a function that passes on an error of another template: a text and what caused it.
///
/// The whole message is put together only when asked for: a thousand nested includes each wrap the one inside.
package struct ExecutionError: Error {
    /// The text in front of the cause's, or all of it where there is no cause.
    package let prefix: Text
    package let cause: (any Error)?
    /// Whether this is an error of the template itself, with its place (Go's ExecError).
    package let isPlaced: Bool

    package init(_ prefix: Text, cause: (any Error)? = nil, isPlaced: Bool = false) {
        self.prefix = prefix
        self.cause = cause
        self.isPlaced = isPlaced
    }

    /// The whole text, causes included.
    package var message: Text {
        var bytes = prefix.bytes
        var next = cause
        while let error = next {
            if let error = error as? ExecutionError {
                bytes += error.prefix.bytes
                next = error.cause
            } else {
                bytes += messageText(error).bytes
                next = nil
            }
        }
        return Text(bytes)
    }
}

/// The text of any error that a template can meet.
package func messageText(_ error: any Error) -> Text {
    switch error {
    case let error as ExecutionError: error.message
    case let error as FunctionError: error.message
    case let error as ParseError: error.message
    default: Text(String(describing: error))
    }
}
