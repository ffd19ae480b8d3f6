import Values

/// Cuts a template's text into tokens, one at a time as the parser asks, as Go's text/template/parse does:
/// an error later in the text must not hide one that the parser meets first.
struct Lexer {
    let source: Source
    let input: [UInt8]
    var position = 0
    /// Where the current token starts.
    var start = 0
    private var insideAction = false
    private var parenthesisDepth = 0
    /// The message of the error token, after which there are no others.
    private(set) var failureMessage: Text?

    init(_ source: Source) {
        self.source = source
        input = source.bytes
    }

    mutating func next() -> Token {
        if failureMessage != nil { return Token(kind: .end, range: 0..<0, place: start) }
        if insideAction { return insideActionToken() }
        while true {
            if let token = textToken() { return token }
        }
    }
}

// MARK: Reading

extension Lexer {
    func byte(at offset: Int) -> UInt8? {
        offset < input.count ? input[offset] : nil
    }

    /// The rune at the current position; `nil` at the end.
    func peek() -> (rune: UInt32, width: Int)? {
        guard position < input.count else { return nil }
        let byte = input[position]
        if byte < 0x80 { return (UInt32(byte), 1) }
        return input.withUnsafeBufferPointer { decodeRune($0, at: position) }
    }

    func hasPrefix(_ first: UInt8, _ second: UInt8, at offset: Int) -> Bool {
        offset + 1 < input.count && input[offset] == first && input[offset + 1] == second
    }

    /// `- `, right after the opening braces.
    private func hasLeftTrimMarker(at offset: Int) -> Bool {
        offset + 1 < input.count && input[offset] == UInt8(ascii: "-") && isTemplateSpace(input[offset + 1])
    }

    /// ` -`, right before the closing braces.
    func hasRightTrimMarker(at offset: Int) -> Bool {
        offset + 1 < input.count && isTemplateSpace(input[offset]) && input[offset + 1] == UInt8(ascii: "-")
    }

    func isRightDelimiter(at offset: Int) -> Bool {
        hasPrefix(UInt8(ascii: "}"), UInt8(ascii: "}"), at: offset)
    }

    /// Whether the action ends here, and whether with a trim marker; `nil` where it goes on.
    func rightDelimiter() -> (trims: Bool, Void)? {
        if hasRightTrimMarker(at: position), isRightDelimiter(at: position + 2) { return (true, ()) }
        return isRightDelimiter(at: position) ? (false, ()) : nil
    }

    func offset(of first: UInt8, _ second: UInt8, from begin: Int) -> Int? {
        input.withUnsafeBufferPointer { bytes in
            withUnsafeBytes(of: (first, second)) { pair in
                pair.withMemoryRebound(to: UInt8.self) { search(bytes, for: $0, from: begin) }
            }
        }
    }

    /// The token from `start` to the current position; the next one starts there.
    mutating func token(_ kind: Token.Kind) -> Token {
        let token = Token(kind: kind, range: start..<position, place: start)
        start = position
        return token
    }

    mutating func failure(_ message: Text) -> Token {
        failureMessage = message
        return Token(kind: .error, range: start..<start, place: start)
    }

    mutating func skipSpaces() {
        while position < input.count, isTemplateSpace(input[position]) { position += 1 }
    }
}

// MARK: Text, delimiters and comments

extension Lexer {
    /// The text up to the next action; `nil` after a comment, which is no token.
    private mutating func textToken() -> Token? {
        guard let brace = offset(of: UInt8(ascii: "{"), UInt8(ascii: "{"), from: position) else {
            position = input.count
            return token(position > start ? .text : .end)
        }
        if brace > position {
            position = brace
            if hasLeftTrimMarker(at: brace + 2) {
                while position > start, isTemplateSpace(input[position - 1]) { position -= 1 }
            }
            let text = token(.text)
            position = brace
            start = brace
            if !text.range.isEmpty { return text }
        }
        return leftDelimiterToken()
    }

    private mutating func leftDelimiterToken() -> Token? {
        position += 2
        let markerWidth = hasLeftTrimMarker(at: position) ? 2 : 0
        if hasPrefix(UInt8(ascii: "/"), UInt8(ascii: "*"), at: position + markerWidth) {
            position += markerWidth
            start = position
            return skipComment()
        }
        let delimiter = token(.leftDelimiter)
        insideAction = true
        position += markerWidth
        start = position
        parenthesisDepth = 0
        return delimiter
    }

    /// An error token, or `nil` once the comment is skipped.
    private mutating func skipComment() -> Token? {
        guard let end = offset(of: UInt8(ascii: "*"), UInt8(ascii: "/"), from: position + 2) else {
            return failure("unclosed comment")
        }
        position = end + 2
        guard let (trims, _) = rightDelimiter() else { return failure("comment ends before closing delimiter") }
        position += trims ? 4 : 2
        if trims { skipSpaces() }
        start = position
        return nil
    }

    private mutating func rightDelimiterToken(trims: Bool) -> Token {
        if trims {
            position += 2
            start = position
        }
        position += 2
        let delimiter = token(.rightDelimiter)
        if trims {
            skipSpaces()
            start = position
        }
        insideAction = false
        return delimiter
    }
}

// MARK: Inside an action

extension Lexer {
    private mutating func insideActionToken() -> Token {
        if let (trims, _) = rightDelimiter() {
            return parenthesisDepth == 0 ? rightDelimiterToken(trims: trims) : failure("unclosed left paren")
        }
        guard let (rune, width) = peek() else { return failure("unclosed action") }
        guard rune < 0x80 else {
            if isAlphaNumeric(rune) { return identifierToken() }
            position += width
            return failure(format("unrecognized character in action: %#U", [.int(Int(rune), .integer(.int32))]))
        }
        return asciiToken(UInt8(rune))
    }

    private mutating func asciiToken(_ byte: UInt8) -> Token {
        if isTemplateSpace(byte) { return spaceToken() }
        position += 1
        switch byte {
        case UInt8(ascii: "="): return token(.assign)
        case UInt8(ascii: "|"): return token(.pipe)
        case UInt8(ascii: ":"):
            guard self.byte(at: position) == UInt8(ascii: "=") else { return failure("expected :=") }
            position += 1
            return token(.declare)
        case UInt8(ascii: "\""): return quotedToken(.string, unterminated: "unterminated quoted string")
        case UInt8(ascii: "'"): return quotedToken(.characterConstant, unterminated: "unterminated character constant")
        case UInt8(ascii: "`"): return rawStringToken()
        case UInt8(ascii: "$"): return nameToken(.variable, alone: .variable)
        case UInt8(ascii: "("), UInt8(ascii: ")"): return parenthesisToken(byte)
        default: return wordToken(byte)
        }
    }

    private mutating func wordToken(_ byte: UInt8) -> Token {
        let isDigit = { (byte: UInt8?) in byte.map { (0x30...0x39).contains($0) } }
        if byte == UInt8(ascii: "."), isDigit(self.byte(at: position)) == false {
            return nameToken(.field, alone: .dot)
        }
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || isDigit(byte) == true
        {
            position -= 1
            return numberToken()
        }
        if isWordByte(byte) {
            position -= 1
            return identifierToken()
        }
        if (0x20...0x7E).contains(byte) { return token(.character) }
        return failure(format("unrecognized character in action: %#U", [.int(Int(byte), .integer(.int32))]))
    }

    private mutating func parenthesisToken(_ byte: UInt8) -> Token {
        if byte == UInt8(ascii: "(") {
            parenthesisDepth += 1
            return token(.leftParenthesis)
        }
        parenthesisDepth -= 1
        return parenthesisDepth < 0 ? failure("unexpected right paren") : token(.rightParenthesis)
    }

    private mutating func spaceToken() -> Token {
        let first = position
        skipSpaces()
        // The last space may belong to a trim marker.
        if hasRightTrimMarker(at: position - 1), isRightDelimiter(at: position + 1) {
            position -= 1
            if position == first { return rightDelimiterToken(trims: true) }
        }
        return token(.space)
    }

    private mutating func skipWord() {
        while position < input.count {
            if isWordByte(input[position]) {
                position += 1
            } else if input[position] >= 0x80, let (rune, width) = peek(), isAlphaNumeric(rune) {
                position += width
            } else {
                return
            }
        }
    }

    private func badCharacter() -> Text {
        format("bad character %#U", [.int(Int(peek()?.rune ?? 0), .integer(.int32))])
    }

    private mutating func identifierToken() -> Token {
        skipWord()
        guard isAtTerminator else { return failure(badCharacter()) }
        let kind = input.withUnsafeBufferPointer {
            Token.Kind(word: UnsafeBufferPointer(rebasing: $0[start..<position]))
        }
        return token(kind)
    }

    /// A field or a variable, whose first character is already read.
    private mutating func nameToken(_ kind: Token.Kind, alone: Token.Kind) -> Token {
        if isAtTerminator { return token(alone) }
        skipWord()
        return isAtTerminator ? token(kind) : failure(badCharacter())
    }

    /// Whether a name may end here; `$x+2` is no name, so that it stays free for arithmetic one day.
    private var isAtTerminator: Bool {
        guard let byte = byte(at: position) else { return true }
        if isTemplateSpace(byte) { return true }
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: ":"), UInt8(ascii: ")"),
            UInt8(ascii: "("):
            return true
        default: return isRightDelimiter(at: position)
        }
    }

    private mutating func quotedToken(_ kind: Token.Kind, unterminated: Text) -> Token {
        let quote = input[position - 1]
        while position < input.count {
            let byte = input[position]
            position += 1
            if byte == quote { return token(kind) }
            if byte == 0x0A { break }
            guard byte == UInt8(ascii: "\\") else { continue }
            guard position < input.count, input[position] != 0x0A else { break }
            position += 1
        }
        return failure(unterminated)
    }

    private mutating func rawStringToken() -> Token {
        while position < input.count {
            position += 1
            if input[position - 1] == UInt8(ascii: "`") { return token(.rawString) }
        }
        return failure("unterminated raw quoted string")
    }
}
