package import Values

/// A fault in a regular expression, with the part of it that Go's message quotes.
package struct RegexError: Error {
    enum Code: String {
        case expressionTooLarge = "expression too large"
        case invalidCharacterRange = "invalid character class range"
        case invalidEscape = "invalid escape sequence"
        case invalidNamedCapture = "invalid named capture"
        case invalidPerlSyntax = "invalid or unsupported Perl syntax"
        case invalidRepetition = "invalid nested repetition operator"
        case invalidRepeatCount = "invalid repeat count"
        case invalidUTF8 = "invalid UTF-8"
        case missingBracket = "missing closing ]"
        case missingParenthesis = "missing closing )"
        case missingRepeatArgument = "missing argument to repetition operator"
        case nestingTooDeep = "expression nests too deeply"
        case trailingBackslash = "trailing backslash at end of expression"
        case unexpectedParenthesis = "unexpected )"
    }

    let code: Code
    let expression: Text

    package var message: Text {
        "error parsing regexp: " + Text(code.rawValue) + ": `" + expression + "`"
    }
}
