import Glibc

/// When output is coloured: `auto` colours a terminal unless NO_COLOR is set or TERM is `dumb`.
package enum ColorChoice: String, CaseIterable, Sendable {
    case auto, always, never
}

/// What a piece of text is, which decides how it looks.
package enum Role: Sendable {
    case strong, heading, faint, error, warning, success, added, removed, changed

    /// The position among `Style.codes`.
    fileprivate var code: Int {
        switch self {
        case .strong: 1
        case .heading: 2
        case .faint: 3
        case .error, .removed: 4
        case .warning, .changed: 5
        case .success, .added: 6
        }
    }
}

/// Marks where colours begin and end, which the console turns into the terminal's escape codes; or leaves text as it is.
package struct Style: Sendable {
    package let isColored: Bool

    /// What the terminal knows our colours by; the first one ends the others.
    static let codes = ["0", "1", "1;4", "2", "31", "33", "32"]

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
        isColored && !text.isEmpty ? Mark.text(role.code) + text + Mark.text(0) : text
    }
}
