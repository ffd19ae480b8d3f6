import Glibc

/// Where a command's text goes and how wide and how coloured it may be.
package struct Console: Sendable {
    /// Takes the result: all of it, in one piece.
    package let output: @Sendable ([UInt8]) throws -> Void
    /// Takes messages to the user.
    package let messages: @Sendable ([UInt8]) -> Void
    /// Columns of the window, 80 where there is none.
    package var width: Int { window ?? 80 }
    /// Columns of the window; `nil` where there is none.
    package let window: Int?
    package var style: Style
    package var messageStyle: Style

    package init(
        window: Int? = nil, style: Style = .plain, messageStyle: Style = .plain,
        output: @escaping @Sendable ([UInt8]) throws -> Void, messages: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.window = window
        self.style = style
        self.messageStyle = messageStyle
        self.output = output
        self.messages = messages
    }

    /// Standard output and standard error of this process.
    package static func standard(environment: [String: String]) -> Console {
        // A closed pipe is then an error of write(2), and no reason to die in the midst of an installation.
        signal(SIGPIPE, SIG_IGN)
        return Console(
            window: windowWidth(environment: environment),
            style: Style(.auto, descriptor: STDOUT_FILENO, environment: environment),
            messageStyle: Style(.auto, descriptor: STDERR_FILENO, environment: environment),
            output: { try write($0, to: STDOUT_FILENO) },
            messages: { try? write($0, to: STDERR_FILENO) }
        )
    }

    /// Colours standard output and error as chosen.
    package mutating func color(_ choice: ColorChoice, environment: [String: String]) {
        style = Style(choice, descriptor: STDOUT_FILENO, environment: environment)
        messageStyle = Style(choice, descriptor: STDERR_FILENO, environment: environment)
    }

    package func print(_ text: String) throws {
        try output(Array(text.utf8))
    }

    /// A message that is neither a result nor a complaint.
    package func note(_ message: String) {
        messages(Array((message + "\n").utf8))
    }

    package func warn(_ message: String) {
        show("warning:", as: .warning, message)
    }

    package func fail(_ message: String) {
        show("error:", as: .error, message)
    }

    private func show(_ label: String, as role: Role, _ message: String) {
        messages(Array((messageStyle.paint(label, as: role) + " " + message + "\n").utf8))
    }
}

/// This process's environment.
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

/// A failed write(2) to standard output; the reader having gone is not one.
package struct WriteError: Error, CustomStringConvertible {
    let code: Int32

    package var description: String {
        let reason = String(cString: strerror(code))
        return "standard output: \(reason.prefix(1).lowercased())\(reason.dropFirst()); nothing more was written"
    }
}

private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    try bytes.withUnsafeBytes { buffer in
        var offset = 0
        while offset < buffer.count {
            let written = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            if written >= 0 {
                offset += written
            } else if errno == EPIPE {
                return
            } else if errno != EINTR && errno != EAGAIN {
                throw WriteError(code: errno)
            }
        }
    }
}

/// Columns of the terminal on standard output or error, else COLUMNS, else none; never fewer than 40.
private func windowWidth(environment: [String: String]) -> Int? {
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return max(40, Int(size.ws_col)) }
    }
    return environment["COLUMNS"].flatMap { Int($0) }.map { max(40, $0) }
}
