import Values

/// The level of a line in Helm's log.
package enum LogLevel: String {
    case info = "INFO"
    case warn = "WARN"
}

/// A line as Go's slog writes it: attributes quoted where they hold spaces, quotes or an equals sign.
package func logLine(_ level: LogLevel, _ message: String, _ attributes: [(key: String, value: String)]) -> String {
    attributes.reduce(level.rawValue + " " + message) { line, attribute in
        let value = attribute.value
        let isPlain =
            !value.isEmpty
            && value.utf8.allSatisfy { byte in
                byte > 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=") && byte != 0x7F
            }
        return line + " " + attribute.key + "=" + (isPlain ? value : quoted(value))
    }
}
