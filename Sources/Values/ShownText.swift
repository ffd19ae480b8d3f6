// Text of servers, registries, plugins, files and environments on its way to people: what a terminal would obey is
// written out, and passwords in addresses are covered.

extension String {
    /// The text for a terminal: control characters and what turns the direction of writing as escapes (`\x1b`), the
    /// password of an address as `***`. Lines stay lines.
    package var shown: String {
        if utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A }) { return coveringPasswords }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.isObeyed {
                result.append(contentsOf: scalar.escape.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result).coveringPasswords
    }

    /// The text of another as part of a message: like `shown`, and on one line.
    package var onOneLine: String {
        guard utf8.contains(0x0A) else { return shown }
        let lines = utf8.split(separator: 0x0A).map { line in
            let blank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            var line = line.drop(while: blank)
            while let last = line.last, blank(last) { line = line.dropLast() }
            return String(Substring(line))
        }
        return lines.filter { !$0.isEmpty }.joined(separator: " ").shown
    }

    /// The text with `***` for user and password in addresses: `https://***@host/path`.
    package var coveringPasswords: String {
        guard utf8.contains(UInt8(ascii: "@")) else { return self }
        var result = ""
        var rest = self[...]
        while let start = rest.range(ofText: "://") {
            result += rest[..<start.upperBound]
            rest = rest[start.upperBound...]
            guard let at = rest.endOfUser else { continue }
            result += "***"
            rest = rest[at...]
        }
        return result + rest
    }

    /// The text with `***` for each of these, so that what a server repeats of them is not shown. What is shorter than
    /// five bytes is too common in other words.
    package func covering(_ secrets: [String]) -> String {
        let longer = secrets.filter { $0.utf8.count > 4 }.sorted { $0.utf8.count > $1.utf8.count }
        guard !longer.isEmpty else { return self }
        return longer.reduce(Text(self)) { $0.replacing(Text($1), with: Text("***")) }.string
    }
}

extension Substring {
    fileprivate func range(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while let next = self[start...].utf8.firstIndex(of: text.utf8.first ?? 0) {
            if self[next...].utf8.starts(with: text.utf8) {
                return next..<utf8.index(next, offsetBy: text.utf8.count)
            }
            start = utf8.index(after: next)
        }
        return nil
    }

    /// The place of the `@` that ends the user and password at the start of an address without its scheme; `nil` where
    /// there are none. A password may hold a slash where its owner did not know better: then what is before it is no
    /// port.
    fileprivate var endOfUser: Index? {
        let ends = " \t\r\n\"'<>`,;".utf8
        let word = prefix { character in !character.utf8.allSatisfy(ends.contains) }
        let authority = word.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = authority.utf8.lastIndex(of: UInt8(ascii: "@")) { return at }
        guard let colon = authority.utf8.firstIndex(of: UInt8(ascii: ":")), authority.utf8.first != UInt8(ascii: "[")
        else { return nil }
        let port = authority[colon...].utf8.dropFirst()
        if port.allSatisfy({ (0x30...0x39).contains($0) }) { return nil }
        return word.utf8.lastIndex(of: UInt8(ascii: "@"))
    }
}

extension Unicode.Scalar {
    /// Whether a terminal does something else for it than to draw it: control characters (C0, C1, DEL), separators of
    /// lines, directions of writing, what is not seen at all.
    fileprivate var isObeyed: Bool {
        switch value {
        case 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F,
            0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    /// As Go's `%q` writes it.
    fileprivate var escape: String {
        func digits(_ count: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        switch value {
        case 0x07: return "\\a"
        case 0x08: return "\\b"
        case 0x09: return "\\t"
        case 0x0B: return "\\v"
        case 0x0C: return "\\f"
        case 0x0D: return "\\r"
        case 0..<0x80: return "\\x" + digits(2)
        case 0..<0x10000: return "\\u" + digits(4)
        default: return "\\U" + digits(8)
        }
    }
}
