// GoRegexp: RE2's syntax and leftmost-first search as Go's packages regexp and regexp/syntax have them, with package
// unicode's tables of Unicode 15.0.0; the versions are those of Go 1.26, with which Helm 4.2.3 is built.
// Vectors: the regex features of Tests/Fixtures/vectors/sprig.jsonl (GoRegexpTests).

package import Values

/// A compiled regular expression with the searches of Go's package regexp; offsets are in bytes.
package final class Pattern: Sendable {
    private let program: RegexProgram
    private let isEmpty: Bool
    /// The names of the captures, the whole match first, empty for those without one.
    private let names: [Text]

    package init(_ expression: Text) throws(RegexError) {
        var parser = RegexParser(expression.bytes)
        let node = try parser.parse()
        program = RegexProgram(node)
        names = parser.captureNames
        // Each instruction may have a set of captures of its own.
        if names.count > 1, program.instructions.count * names.count > Pattern.mostCaptures {
            throw RegexError(code: .expressionTooLarge, expression: expression)
        }
        isEmpty = expression.isEmpty
    }

    private init(program: RegexProgram) {
        self.program = program
        names = [""]
        isEmpty = false
    }

    /// A pattern that no text matches.
    package static let matchingNothing = Pattern(program: RegexProgram(RegexNode(.set(RuneSet([])))))

    private static let mostCaptures = 1 << 24

    /// How many steps a search of a text takes at worst.
    package func cost(over size: Int) -> Int {
        program.instructions.count.multipliedReportingOverflow(by: size).partialValue
    }

    /// The number of captures, the whole match included.
    package var captureCount: Int { names.count }

    /// Whether the text holds a match.
    package func matches(_ text: Text) -> Bool {
        text.withBytes { bytes in
            var machine = RegexMachine(program, over: bytes, slots: 0)
            return machine.firstMatch(from: 0) != nil
        }
    }

    /// The leftmost match.
    package func first(in text: Text) -> Text? {
        firstRange(in: text).map { text[$0] }
    }

    private func firstRange(in text: Text) -> Range<Int>? {
        text.withBytes { bytes in
            var machine = RegexMachine(program, over: bytes, slots: 2)
            return machine.firstMatch(from: 0).map { $0[0]..<$0[1] }
        }
    }

    /// The leftmost match and its captures; nil for a capture without part in it.
    package func firstCaptures(in text: Text) -> [Text?]? {
        let bounds = text.withBytes { bytes in
            var machine = RegexMachine(program, over: bytes, slots: names.count * 2)
            return machine.firstMatch(from: 0)
        }
        return bounds.map { bounds in names.indices.map { slice($0, of: bounds, in: text) } }
    }

    /// Matches that do not overlap, left to right, at most `limit` of them (all where it is negative).
    package func all(in text: Text, limit: Int = -1) -> [Text] {
        allBounds(in: text, limit: limit, slots: 2).map { text[$0[0]..<$0[1]] }
    }

    /// Go's FindAll…: an empty match right after another one does not count.
    package func allBounds(in text: Text, limit: Int, slots: Int) -> [[Int]] {
        text.withBytes { bytes in
            var machine = RegexMachine(program, over: bytes, slots: slots)
            var result: [[Int]] = []
            var position = 0
            var lastEnd = -1
            while limit < 0 || result.count < limit, position <= bytes.count,
                let match = machine.firstMatch(from: position)
            {
                let isAccepted = match[1] != position || match[0] != lastEnd
                if match[1] == position {
                    position += position < bytes.count ? decodeRune(bytes, at: position).width : 1
                } else {
                    position = match[1]
                }
                lastEnd = match[1]
                if isAccepted { result.append(match) }
            }
            return result
        }
    }

    /// Go's Split: at most `limit` parts, all where it is negative.
    package func split(_ text: Text, limit: Int) -> [Text] {
        if limit == 0 { return [] }
        if !isEmpty, text.isEmpty { return [""] }
        var parts: [Text] = []
        var start = 0
        var end = 0
        for match in allBounds(in: text, limit: limit, slots: 2) {
            if limit > 0, parts.count >= limit - 1 { break }
            end = match[0]
            if match[1] != 0 { parts.append(text[start..<end]) }
            start = match[1]
        }
        if end != text.count { parts.append(text[start..<text.count]) }
        return parts
    }

    /// Every match replaced by `replacement`, taken literally.
    package func replacingLiterally(in text: Text, with replacement: Text) -> Text {
        let replacement = replacement.bytes
        return replacing(in: text, slots: 2) { result, _ in result += replacement }
    }

    /// Every match replaced by `replacement` with `$1`, `${name}` and the like filled in.
    package func replacing(in text: Text, with replacement: Text) -> Text {
        guard replacement.contains("$") else { return replacingLiterally(in: text, with: replacement) }
        let pieces = ReplacementTemplate(replacement).pieces
        return replacing(in: text, slots: names.count * 2) { result, bounds in
            for piece in pieces { self.append(piece, of: bounds, in: text, to: &result) }
        }
    }

    private func append(
        _ piece: ReplacementTemplate.Piece, of bounds: [Int], in text: Text, to result: inout [UInt8]
    ) {
        switch piece {
        case .literal(let bytes): result += bytes
        case .number(let number):
            if number < names.count, let capture = slice(number, of: bounds, in: text) { result += capture.bytes }
        case .name(let name):
            // Of several captures of one name, the first that took part counts.
            for index in names.indices where names[index] == name {
                guard let capture = slice(index, of: bounds, in: text) else { continue }
                result += capture.bytes
                return
            }
        }
    }

    private func slice(_ index: Int, of bounds: [Int], in text: Text) -> Text? {
        let (start, end) = (bounds[index * 2], bounds[index * 2 + 1])
        return start < 0 || end < 0 ? nil : text[start..<end]
    }

    /// Go's replaceAll: an empty match right after another match is not replaced.
    private func replacing(in text: Text, slots: Int, _ append: (inout [UInt8], [Int]) -> Void) -> Text {
        text.withBytes { bytes in
            var machine = RegexMachine(program, over: bytes, slots: slots)
            var result: [UInt8] = []
            var lastEnd = 0
            var position = 0
            while position <= bytes.count, let match = machine.firstMatch(from: position) {
                result += bytes[lastEnd..<match[0]]
                if match[1] > lastEnd || match[0] == 0 { append(&result, match) }
                lastEnd = match[1]
                let width = position < bytes.count ? decodeRune(bytes, at: position).width : 1
                position = max(position + width, match[1])
            }
            return Text(result + bytes[lastEnd...])
        }
    }

    /// Go's QuoteMeta.
    package static func quote(_ text: Text) -> Text {
        var result: [UInt8] = []
        for byte in text.bytes {
            if "\\.+*?()|[]{}^$".utf8.contains(byte) { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        return Text(result)
    }
}

/// A replacement with its `$` references found, by the rules of Go's Regexp.Expand.
struct ReplacementTemplate {
    enum Piece {
        case literal([UInt8])
        case number(Int)
        case name(Text)
    }

    private(set) var pieces: [Piece] = []

    init(_ template: Text) {
        let bytes = template.bytes
        let dollar = UInt8(ascii: "$")
        var literal: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == dollar else {
                literal.append(bytes[position])
                position += 1
                continue
            }
            position += 1
            if position < bytes.count, bytes[position] == dollar {
                literal.append(dollar)
                position += 1
            } else if let (name, end) = ReplacementTemplate.reference(in: bytes, at: position) {
                pieces.append(.literal(literal))
                literal = []
                pieces.append(ReplacementTemplate.number(name).map { .number($0) } ?? .name(Text(name)))
                position = end
            } else {
                literal.append(dollar)
            }
        }
        pieces.append(.literal(literal))
    }

    /// A name of letters, digits and underscores, perhaps in braces, and the offset after it.
    private static func reference(in bytes: [UInt8], at start: Int) -> (name: ArraySlice<UInt8>, end: Int)? {
        let isBraced = start < bytes.count && bytes[start] == UInt8(ascii: "{")
        let first = start + (isBraced ? 1 : 0)
        var end = first
        bytes.withUnsafeBufferPointer { buffer in
            while end < buffer.count {
                let (value, width) = decodeRune(buffer, at: end)
                let rune = Rune(value)
                guard value == UInt32(UInt8(ascii: "_")) || rune.isLetter || rune.isDigit else { break }
                end += width
            }
        }
        if end == first { return nil }
        guard isBraced else { return (bytes[first..<end], end) }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "}") else { return nil }
        return (bytes[first..<end], end + 1)
    }

    private static func number(_ name: ArraySlice<UInt8>) -> Int? {
        if name.first == 0x30, name.count > 1 { return nil }
        var number = 0
        for byte in name {
            guard (0x30...0x39).contains(byte), number < 100_000_000 else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }
}
