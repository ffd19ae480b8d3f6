import Values

/// Strings in the style that suits them.
extension Emitter {
    mutating func string(_ text: UnsafeBufferPointer<UInt8>, _ analysis: ScalarAnalysis) {
        let isKey = context == .simpleKey
        switch analysis.style(asKey: isKey) {
        case .plain: plain(text, mayFold: !isKey)
        case .singleQuoted: indented { $0.singleQuoted(text, mayFold: !isKey) }
        case .doubleQuoted: indented { $0.doubleQuoted(text, mayFold: !isKey) }
        case .literal: indented { $0.literal(text) }
        }
    }

    private mutating func plain(_ text: UnsafeBufferPointer<UInt8>, mayFold: Bool) {
        if !isWhitespace { put(UInt8(ascii: " ")) }
        if !mayFold || text.count <= width - column {
            putAll(text)
        } else {
            indented { $0.foldedPlain(text) }
        }
        isWhitespace = false
        isIndention = false
    }

    private mutating func foldedPlain(_ text: UnsafeBufferPointer<UInt8>) {
        var isAfterSpace = false
        var offset = 0
        while offset < text.count {
            let isSpace = text[offset] == UInt8(ascii: " ")
            if isSpace, !isAfterSpace, column > width, text[offset + 1] != UInt8(ascii: " ") {
                writeIndent()
                offset += 1
            } else {
                put(text, &offset)
                if !isSpace { isIndention = false }
            }
            isAfterSpace = isSpace
        }
    }

    private mutating func singleQuoted(_ text: UnsafeBufferPointer<UInt8>, mayFold: Bool) {
        indicator("'", needsSpace: true)
        var isAfterSpace = false
        var isAfterBreak = false
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            if byte == UInt8(ascii: " ") {
                let isInside = offset > 0 && offset < text.count - 1
                if mayFold, !isAfterSpace, column > width, isInside, text[offset + 1] != byte {
                    writeIndent()
                    offset += 1
                } else {
                    put(text, &offset)
                }
                isAfterSpace = true
            } else if isLineBreak(text, offset) {
                if !isAfterBreak, byte == UInt8(ascii: "\n") { putBreak() }
                putBreak(text, &offset)
                isAfterBreak = true
            } else {
                if isAfterBreak { writeIndent() }
                if byte == UInt8(ascii: "'") { put(byte) }
                put(text, &offset)
                isIndention = false
                (isAfterSpace, isAfterBreak) = (false, false)
            }
        }
        indicator("'")
        isIndention = false
    }

    private mutating func doubleQuoted(_ text: UnsafeBufferPointer<UInt8>, mayFold: Bool) {
        indicator("\"", needsSpace: true)
        // go-yaml looks for the byte order mark at the text's start whatever character it is at.
        let escapesAll = text.starts(with: [0xEF, 0xBB, 0xBF])
        var isAfterSpace = false
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            let isQuoted = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            if escapesAll || isQuoted || !isPrintable(text, offset) || isLineBreak(text, offset) {
                escape(text, &offset)
                isAfterSpace = false
            } else if byte == UInt8(ascii: " ") {
                let isInside = offset > 0 && offset < text.count - 1
                if mayFold, !isAfterSpace, column > width, isInside {
                    writeIndent()
                    if text[offset + 1] == byte { put(UInt8(ascii: "\\")) }
                    offset += 1
                } else {
                    put(text, &offset)
                }
                isAfterSpace = true
            } else {
                put(text, &offset)
                isAfterSpace = false
            }
        }
        indicator("\"")
        isIndention = false
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>, _ offset: inout Int) {
        let (rune, width) = decodeRune(text, at: offset)
        offset += width
        put(UInt8(ascii: "\\"))
        if let letter = Emitter.escapes[rune] {
            put(UInt8(ascii: letter))
            return
        }
        let (letter, count) = rune <= 0xFF ? ("x", 2) : rune <= 0xFFFF ? ("u", 4) : ("U", 8)
        let digits = String(rune, radix: 16, uppercase: true)
        put(letter + String(repeating: "0", count: count - digits.utf8.count) + digits)
    }

    private static let escapes: [UInt32: Unicode.Scalar] = [
        0: "0", 7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 0x1B: "e", 0x22: "\"", 0x5C: "\\",
        0x85: "N", 0xA0: "_", 0x2028: "L", 0x2029: "P",
    ]

    private mutating func literal(_ text: UnsafeBufferPointer<UInt8>) {
        indicator("|", needsSpace: true)
        if text[0] == UInt8(ascii: " ") || isLineBreak(text, 0) { indicator(String(Emitter.step)) }
        if let chomping = Emitter.chomping(text) { indicator(chomping) }
        putBreak()
        isIndention = true
        isWhitespace = true
        var isAfterBreak = true
        var offset = 0
        while offset < text.count {
            if isLineBreak(text, offset) {
                putBreak(text, &offset)
                isAfterBreak = true
            } else {
                if isAfterBreak { writeIndent() }
                put(text, &offset)
                isIndention = false
                isAfterBreak = false
            }
        }
    }

    /// `-` without a break at the end, nothing with one, `+` with more or nothing else.
    private static func chomping(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        func start(before end: Int) -> Int {
            var index = end - 1
            while index > 0, text[index] & 0xC0 == 0x80 { index -= 1 }
            return index
        }
        let last = start(before: text.count)
        guard isLineBreak(text, last) else { return "-" }
        return last == 0 || isLineBreak(text, start(before: last)) ? "+" : nil
    }

    /// Bytes that are not UTF-8, in base64 under their tag.
    mutating func binary(_ text: Text) {
        indicator("!!binary", needsSpace: true)
        var encoded = Array(base64(text.bytes).utf8)
        if encoded.count > 70 {
            encoded = encoded.indices.reduce(into: []) { lines, index in
                lines.append(encoded[index])
                if index % 70 == 69 || index == encoded.count - 1 { lines.append(UInt8(ascii: "\n")) }
            }
        }
        encoded.withUnsafeBufferPointer { string($0, ScalarAnalysis($0, flavor, isTagged: true)) }
    }
}
