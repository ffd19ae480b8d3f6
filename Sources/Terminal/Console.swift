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
    /// Columns of the terminal on standard output; `nil` where that is a file or a pipe: no line is wrapped then, so that
    /// grep and awk find whole rows.
    package let window: Int?
    /// Columns of the terminal on standard error, where plans, questions and messages are shown.
    package let messageWindow: Int?
    /// Columns of a help page: 80 where there is no terminal.
    package var width: Int { window ?? 80 }
    package var style: Style
    package var messageStyle: Style
    /// Whether signs are written in ASCII.
    package var isASCIIOnly = false

    package init(
        window: Int? = nil, messageWindow: Int? = nil, style: Style = .plain, messageStyle: Style = .plain,
        output: @escaping @Sendable ([UInt8]) throws -> Void, messages: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.window = window
        self.messageWindow = messageWindow
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
            window: windowWidth(STDOUT_FILENO, environment), messageWindow: windowWidth(STDERR_FILENO, environment),
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
        let room = max(1, (messageWindow ?? 80) - 1)
        show(lines.map { prefix(of: $0.onOneLine, columns: room) }.joined(separator: "\n"))
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

/// Columns of the terminal behind a descriptor, between 40 and 10,000; of one that does not know its size COLUMNS counts,
/// else 80. `nil` where it is no terminal.
private func windowWidth(_ descriptor: Int32, _ environment: [String: String]) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let columns = isKnown ? Int(size.ws_col) : environment["COLUMNS"].flatMap { Int($0) } ?? 80
    return min(max(40, columns), 10_000)
}
