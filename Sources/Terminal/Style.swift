import Glibc

/// When output is coloured: `auto` colours a terminal unless NO_COLOR is set or TERM is `dumb`.
package enum ColorChoice: String, CaseIterable, Sendable {
    case auto, always, never
}

/// What a piece of text is, which decides how it looks.
package enum Role: Sendable {
    case strong, heading, faint, error, warning, success, added, removed, changed

    fileprivate var code: String {
        switch self {
        case .strong: "1"
        case .heading: "1;4"
        case .faint: "2"
        case .error, .removed: "31"
        case .warning, .changed: "33"
        case .success, .added: "32"
        }
    }
}

/// Paints text with the terminal's escape codes, or leaves it as it is.
package struct Style: Sendable {
    package let isColored: Bool

    package static let plain = Style(isColored: false)
    package static let colored = Style(isColored: true)

    package init(isColored: Bool) {
        self.isColored = isColored
    }

    /// Decides for the file descriptor: an explicit choice wins over NO_COLOR, which wins over what the terminal can do.
    package init(_ choice: ColorChoice, descriptor: Int32, environment: [String: String]) {
        switch choice {
        case .always: isColored = true
        case .never: isColored = false
        case .auto:
            let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
            isColored = !refused && isatty(descriptor) == 1
        }
    }

    package func paint(_ text: String, as role: Role) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(role.code)m\(text)\u{1B}[0m" : text
    }
}
