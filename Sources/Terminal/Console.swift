import Glibc
internal import Values

/// Where a command's text goes and how wide and how coloured it may be.
///
/// All text for people passes `Mark.shown` here: our colours become escape codes, and what came from servers, charts or
/// files can neither command the terminal nor show a password of an address. Data (`-o json`, manifests) is written
/// unchanged.
package struct Console: Sendable {
    private let output: @Sendable ([UInt8]) throws -> Void
    private let messages: @Sendable ([UInt8]) -> Void
    /// Columns of the window, 80 where there is none.
    package var width: Int { window ?? 80 }
    /// Columns of the window; `nil` where there is none.
    package let window: Int?
    package var style: Style
    package var messageStyle: Style
    /// Whether signs are written in ASCII.
    package var isASCIIOnly = false

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
        var console = Console(
            window: windowWidth(environment: environment),
            style: Style(.auto, descriptor: STDOUT_FILENO, environment: environment),
            messageStyle: Style(.auto, descriptor: STDERR_FILENO, environment: environment),
            output: { try writeAll($0, to: STDOUT_FILENO) },
            messages: { try? writeAll($0, to: STDERR_FILENO) }
        )
        console.isASCIIOnly = Sign.isASCIIOnly(environment)
        return console
    }

    /// Colours standard output and error as chosen.
    package mutating func color(_ choice: ColorChoice, environment: [String: String]) {
        style = Style(choice, descriptor: STDOUT_FILENO, environment: environment)
        messageStyle = Style(choice, descriptor: STDERR_FILENO, environment: environment)
    }

    /// A result for people.
    package func print(_ text: String) throws {
        try output(Array(Mark.shown(text).utf8))
    }

    /// Clears the terminal, so that a report takes the place of the one before.
    package func clearScreen() throws {
        try output(Array("\u{1B}[H\u{1B}[2J".utf8))
    }

    /// A result for programs, byte for byte, in one piece.
    package func write(_ data: [UInt8]) throws {
        try output(data)
    }

    /// Text between the messages, with its own line breaks: a plan, a question.
    package func show(_ text: String) {
        messages(Array(Mark.shown(text).utf8))
    }

    /// Lines that the next block replaces, each cut at the window's width; none takes the last block away. `count` is how
    /// many lines are there.
    package func showBlock(_ lines: [String], replacing count: Int) {
        messages(Array(("\r\u{1B}[K" + String(repeating: "\u{1B}[1A\u{1B}[K", count: max(0, count - 1))).utf8))
        show(lines.map { String($0.onOneLine.prefix(max(1, width - 1))) }.joined(separator: "\n"))
    }

    /// A message that is neither a result nor a complaint.
    package func note(_ message: String) {
        show(message + "\n")
    }

    package func warn(_ message: String) {
        show(messageStyle.paint("warning:", as: .warning) + " " + message + "\n")
    }

    package func fail(_ message: String) {
        show(messageStyle.paint("error:", as: .error) + " " + message + "\n")
    }
}

/// Columns of the terminal on standard output or error, else COLUMNS, else none; between 40 and 10,000.
private func windowWidth(environment: [String: String]) -> Int? {
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return max(40, Int(size.ws_col)) }
    }
    return environment["COLUMNS"].flatMap { Int($0) }.map { min(max(40, $0), 10_000) }
}
