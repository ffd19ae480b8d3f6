import GoTemplate
import Values

/// The characters of a TOML document, and its keys.
struct TOMLScanner {
    let bytes: [UInt8]
    var offset = 0
    var line = 1
    /// Whether the end has been read over.
    var isAtEnd = false
    var depth = 0
    /// What errors name as the last key.
    var lastKey: Text = ""
    /// The line of the key part read last.
    var keyLine = 1

    /// BurntSushi has no bound; this one keeps nested arrays off the end of the stack.
    private static let maximumDepth = 1000

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next byte, where there is one.
    var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// Takes a character; `nil` at the end. Control characters and bytes that are not UTF-8 are errors.
    @discardableResult
    mutating func next() throws(TOMLError) -> UInt8? {
        guard offset < bytes.count else {
            isAtEnd = true
            return nil
        }
        let byte = bytes[offset]
        if byte == UInt8(ascii: "\n") { line += 1 }
        if byte >= 0x80 {
            let (rune, width) = bytes.withUnsafeBufferPointer { decodeRune($0, at: offset) }
            if rune == 0xFFFD, width == 1 { throw failure(Text("invalid UTF-8 byte: 0x\(String(byte, radix: 16))")) }
            offset += width
            return byte
        }
        let isBareReturn =
            byte == UInt8(ascii: "\r") && (offset + 1 >= bytes.count || bytes[offset + 1] != UInt8(ascii: "\n"))
        let isControl = byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0x7F
        if isBareReturn || isControl {
            let digits = String(byte, radix: 16)
            let padded = digits.utf8.count < 2 ? "0" + digits : digits
            throw failure(Text("TOML files cannot contain control characters: '0x\(padded)'"))
        }
        offset += 1
        return byte
    }

    mutating func enter() throws(TOMLError) {
        depth += 1
        if depth > TOMLScanner.maximumDepth { throw failure("values are nested too deeply") }
    }

    /// An error on the current line; at the end, behind a line break, on the line before.
    func failure(_ message: Text) -> TOMLError {
        let isBehindBreak = isAtEnd && offset > 0 && bytes[offset - 1] == UInt8(ascii: "\n")
        return TOMLError(line: isBehindBreak ? line - 1 : line, key: lastKey, message: message)
    }

    /// An error at the end of the line before.
    func failureOnPreviousLine(_ message: Text) -> TOMLError {
        TOMLError(line: line - 1, key: lastKey, message: message)
    }

    /// The error of the character that comes next.
    mutating func unexpected(_ message: Text) throws(TOMLError) -> TOMLError {
        try next()
        return failure(message)
    }

    /// The error of the character that comes next, which is named between the message and `end`.
    mutating func unexpected(_ message: Text, naming end: Text) throws(TOMLError) -> TOMLError {
        let name: Text = try next() == nil ? "end of file" : "'" + last + "'"
        return failure(message + name + end)
    }

    /// The character taken last; NUL stands for the end.
    var last: Text {
        guard !isAtEnd, offset > 0 else { return "\0" }
        var start = offset - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return Text(bytes[start..<offset])
    }

    var quotedLast: Text {
        quoted(rune: last.string.unicodeScalars.first ?? "\0")
    }

    mutating func skipBlanks() throws(TOMLError) {
        while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { try next() }
    }

    mutating func skipBlankLines() throws(TOMLError) {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { try next() }
    }

    mutating func skipBlankLinesAndComments() throws(TOMLError) {
        try skipBlankLines()
        while peek == UInt8(ascii: "#") {
            try skipComment()
            try skipBlankLines()
        }
    }

    mutating func skipComment() throws(TOMLError) {
        while let byte = peek, byte != UInt8(ascii: "\n") {
            // A return belongs to the line break, if a newline follows.
            if byte == UInt8(ascii: "\r"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "\n") { return }
            try next()
        }
    }

    /// Nothing but blanks and a comment up to the line's end.
    mutating func finishLine() throws(TOMLError) {
        try skipBlanks()
        switch peek {
        case nil: return
        case UInt8(ascii: "#"): try skipComment()
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): try next()
        default:
            try next()
            throw failure(
                "expected a top-level item to end with a newline, comment, or EOF, but got " + quotedLast + " instead")
        }
    }
}

/// Keys.
extension TOMLScanner {
    mutating func checkKeyStart() throws(TOMLError) {
        try skipBlanks()
        switch peek {
        case nil, UInt8(ascii: "="): throw failure("unexpected '=': key name appears blank")
        case UInt8(ascii: "."): throw failure("unexpected '.': keys cannot start with a '.'")
        default: break
        }
    }

    mutating func readKeyPart() throws(TOMLError) -> Text {
        try skipBlanks()
        switch peek {
        case nil, UInt8(ascii: "="): throw failure("unexpected '='")
        case UInt8(ascii: "."): throw failure("unexpected '.'")
        default: return try readName()
        }
    }

    /// Whether another part follows; otherwise `=` was taken.
    mutating func readKeySeparator() throws(TOMLError) -> Bool {
        try skipBlanks()
        switch try next() {
        case UInt8(ascii: ".")?: return true
        case UInt8(ascii: "=")?: return false
        case nil: throw failure("unexpected EOF; expected key separator '='")
        case let byte?:
            let message = "expected '.' or '=', but got " + quotedLast + " instead"
            throw byte == UInt8(ascii: "\n") ? failureOnPreviousLine(message) : failure(message)
        }
    }

    mutating func readHeaderPart() throws(TOMLError) -> Text {
        try skipBlanks()
        switch peek {
        case nil, UInt8(ascii: "]"):
            throw failure("unexpected end of table name (table names cannot be empty)")
        case UInt8(ascii: "."): throw failure("unexpected table separator (table names cannot be empty)")
        default: return try readName()
        }
    }

    /// Whether another part follows; otherwise `]` was taken.
    mutating func readHeaderSeparator() throws(TOMLError) -> Bool {
        try skipBlanks()
        switch try next() {
        case UInt8(ascii: ".")?: return true
        case UInt8(ascii: "]")?: return false
        default: throw failure("expected '.' or ']' to end table name, but got " + quotedLast + " instead")
        }
    }

    /// A bare name, which may be empty, or a quoted one.
    private mutating func readName() throws(TOMLError) -> Text {
        keyLine = line
        if peek == UInt8(ascii: "\"") { return try readBasicString() }
        if peek == UInt8(ascii: "'") { return try readLiteralString() }
        let start = offset
        while let byte = peek, TOMLKey.isBare(byte) { offset += 1 }
        return Text(bytes[start..<offset])
    }
}
