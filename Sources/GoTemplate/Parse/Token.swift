import Values

/// What the lexer found at a place of a template's text.
struct Token {
    enum Kind: UInt8 {
        case error, bool, character, characterConstant, complex, assign, declare, end, field, identifier
        case leftDelimiter, leftParenthesis, number, pipe, rawString, rightDelimiter, rightParenthesis
        case space, string, text, variable
        // Keywords follow; they print as <word>.
        case blockKeyword, breakKeyword, continueKeyword, dot, defineKeyword, elseKeyword, endKeyword, ifKeyword
        case nilKeyword, rangeKeyword, templateKeyword, withKeyword

        var isKeyword: Bool { rawValue >= Kind.blockKeyword.rawValue }
    }

    var kind: Kind
    /// The bytes of the source that this token spans.
    var range: Range<Int>
    /// Where it starts, which tells its line; negative for none.
    var place: Int
}

extension Token.Kind {
    private static let keywords: [(word: StaticString, kind: Token.Kind)] = [
        ("if", .ifKeyword), ("end", .endKeyword), ("else", .elseKeyword), ("range", .rangeKeyword),
        ("with", .withKeyword), ("true", .bool), ("false", .bool), ("define", .defineKeyword),
        ("template", .templateKeyword), ("nil", .nilKeyword), ("block", .blockKeyword), ("break", .breakKeyword),
        ("continue", .continueKeyword),
    ]

    /// What a word is: a keyword, a truth value, or else an identifier.
    init(word: UnsafeBufferPointer<UInt8>) {
        self = .identifier
        guard (2...8).contains(word.count) else { return }
        for (keyword, kind) in Token.Kind.keywords where keyword.utf8CodeUnitCount == word.count {
            if keyword.withUTF8Buffer({ $0.elementsEqual(word) }) {
                self = kind
                return
            }
        }
    }
}

extension Token {
    /// How a parse error names this token.
    func description(in source: Source) -> Text {
        if kind == .end { return "EOF" }
        let text = source.text(range)
        if kind.isKeyword { return "<" + text + ">" }
        return format(text.count > 10 ? "%.10q..." : "%q", [.string(text)])
    }
}

/// Whether a rune is allowed in an identifier: a letter or digit of any script, or an underscore.
func isAlphaNumeric(_ rune: UInt32) -> Bool {
    if rune < 0x80 { return isWordByte(UInt8(rune)) }
    guard let scalar = Unicode.Scalar(rune) else { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
        return true
    default: return false
    }
}

func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
    default: false
    }
}

/// Go's spaces for templates: no form feed, vertical tab or no-break space.
func isTemplateSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
}
