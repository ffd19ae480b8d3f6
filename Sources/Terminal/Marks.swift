internal import Values

/// Where our own colours begin and end inside a text, until the console makes escape codes of them.
///
/// A mark holds a number that is drawn anew in each process, so that no text from elsewhere can have one: every escape
/// code in such a text is shown as text.
enum Mark {
    private static let start: String = {
        var scalars: [Unicode.Scalar] = [first]
        for _ in 0..<4 {
            scalars.append(Unicode.Scalar(UInt32.random(in: 0xE000...0xF8FF)) ?? "\u{E000}")
        }
        return String(String.UnicodeScalarView(scalars))
    }()
    /// What every mark begins with.
    static let first: Unicode.Scalar = "\u{10FFF0}"

    static func text(_ code: Int) -> String {
        start + String(Unicode.Scalar(UInt32(0x61 + code)) ?? "a")
    }

    /// The text without its marks.
    static func removed(from text: String) -> String {
        let pieces = Text(text).split(by: Text(start)).map(\.string)
        return pieces.dropFirst().reduce(pieces.first ?? "") { text, piece in
            text + String(String.UnicodeScalarView(piece.unicodeScalars.dropFirst()))
        }
    }

    /// The text with marks as escape codes and everything else as `shown`.
    static func shown(_ text: String) -> String {
        guard text.unicodeScalars.contains(first) else { return text.shown }
        let pieces = Text(text).split(by: Text(start)).map(\.string)
        var result = pieces.first?.shown ?? ""
        for piece in pieces.dropFirst() {
            let scalars = piece.unicodeScalars
            let code = scalars.first.map { Int($0.value) - 0x61 } ?? -1
            guard Style.codes.indices.contains(code) else { continue }
            result += "\u{1B}[\(Style.codes[code])m" + String(scalars.dropFirst()).shown
        }
        return result
    }
}
