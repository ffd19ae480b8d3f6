/// How one row of a report is.
package enum Sign: Sendable {
    case good, warning, bad

    fileprivate var text: (symbol: String, ascii: String, role: Role) {
        switch self {
        case .good: ("✓", "ok", .success)
        case .warning: ("!", "!", .warning)
        case .bad: ("×", "x", .error)
        }
    }

    /// Whether a terminal with these variables may not know more than ASCII: a dumb one, or one of another charset.
    static func isASCIIOnly(_ environment: [String: String]) -> Bool {
        if environment["TERM"] == "dumb" { return true }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        // Without a locale most terminals read UTF-8 all the same.
        guard let locale else { return false }
        let name = locale.lowercased()
        return !name.contains("utf-8") && !name.contains("utf8")
    }
}

extension Console {
    /// The sign in its colour, in ASCII where the terminal may not know more.
    package func text(of sign: Sign) -> String {
        style.paint(isASCIIOnly ? sign.text.ascii : sign.text.symbol, as: sign.text.role)
    }
}
