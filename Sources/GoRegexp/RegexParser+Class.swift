import Values

/// Character classes and escaped characters.
extension RegexParser {
    /// `[…]`
    mutating func parseClass() throws(RegexError) -> RuneSet {
        let start = position
        position += 1
        let isNegated = byte(at: 0) == UInt8(ascii: "^")
        if isNegated { position += 1 }
        var parts: [RuneSet.Part] = []
        var singles: [ClosedRange<UInt32>] = []
        var isFirst = true
        while isFirst || byte(at: 0) != UInt8(ascii: "]") {
            isFirst = false
            if let part = try parsePosixClass() {
                parts.append(part)
            } else if let part = try parseClassEscape() {
                parts.append(part)
            } else {
                singles.append(try parseRange(classStart: start))
            }
        }
        position += 1
        if !singles.isEmpty { parts.append(.init(source: .ranges(singles), folds: flags.foldsCase)) }
        return RuneSet(parts, isNegated: isNegated)
    }

    private mutating func parseRange(classStart: Int) throws(RegexError) -> ClosedRange<UInt32> {
        let start = position
        let first = try parseClassRune(classStart: classStart)
        guard byte(at: 0) == UInt8(ascii: "-"), let next = byte(at: 1), next != UInt8(ascii: "]") else {
            return first...first
        }
        position += 1
        let last = try parseClassRune(classStart: classStart)
        if last < first { throw error(.invalidCharacterRange, start..<position) }
        return first...last
    }

    private mutating func parseClassRune(classStart: Int) throws(RegexError) -> UInt32 {
        guard let byte = byte(at: 0) else { throw error(.missingBracket, classStart..<pattern.count) }
        return byte == UInt8(ascii: "\\") ? try parseEscape() : try nextRune()
    }

    /// `[:name:]` or `[:^name:]` inside a class.
    private mutating func parsePosixClass() throws(RegexError) -> RuneSet.Part? {
        let start = position
        guard pattern.count - start > 2, isAhead("[:"),
            let end = Text(pattern).firstIndex(of: ":]", from: start + 2)
        else { return nil }
        var name = pattern[(start + 2)..<end]
        let isNegated = name.first == UInt8(ascii: "^")
        if isNegated { name.removeFirst() }
        guard let ranges = RuneClasses.posix[String(decoding: name, as: UTF8.self)] else {
            throw error(.invalidCharacterRange, start..<end + 2)
        }
        position = end + 2
        return .init(source: .ranges(ranges), isNegated: isNegated, folds: flags.foldsCase)
    }

    /// `\d`, `\pL`, `\P{Greek}` and the like; nil where another escape or none is there.
    mutating func parseClassEscape() throws(RegexError) -> RuneSet.Part? {
        guard byte(at: 0) == UInt8(ascii: "\\"), let letter = byte(at: 1) else { return nil }
        if letter == UInt8(ascii: "p") || letter == UInt8(ascii: "P") {
            return try parseProperty(isNegated: letter == UInt8(ascii: "P"))
        }
        guard let (ranges, isNegated) = RuneClasses.perl[letter] else { return nil }
        position += 2
        return .init(source: .ranges(ranges), isNegated: isNegated, folds: flags.foldsCase)
    }

    private mutating func parseProperty(isNegated: Bool) throws(RegexError) -> RuneSet.Part {
        let start = position
        position += 2
        var name = position..<position
        if try nextRune() == UInt32(UInt8(ascii: "{")) {
            guard let end = pattern[position...].firstIndex(of: UInt8(ascii: "}")) else {
                try checkUTF8(start..<pattern.count)
                throw error(.invalidCharacterRange, start..<pattern.count)
            }
            name = position..<end
            position = end + 1
            try checkUTF8(name)
        } else {
            name = name.lowerBound..<position
        }
        let isInverted = pattern[name].first == UInt8(ascii: "^")
        if isInverted { name = (name.lowerBound + 1)..<name.upperBound }
        guard let (source, isOpposite) = RuneClasses.unicode(Array(pattern[name])) else {
            throw error(.invalidCharacterRange, start..<position)
        }
        return .init(
            source: source, isNegated: (isNegated != isInverted) != isOpposite,
            folds: flags.foldsCase && !isOpposite)
    }

    /// A backslash and what it makes one character of.
    mutating func parseEscape() throws(RegexError) -> UInt32 {
        let start = position
        position += 1
        if position >= pattern.count { throw RegexError(code: .trailingBackslash, expression: "") }
        let rune = try nextRune()
        let letter = UInt8(exactly: rune) ?? 0
        switch letter {
        case 0x30: return parseOctal(letter)
        case 0x31...0x37:
            if let next = byte(at: 0), (0x30...0x37).contains(next) { return parseOctal(letter) }
        case UInt8(ascii: "x"):
            if let value = try parseHexadecimal() { return value }
        default:
            if let control = RegexParser.controls[letter] { return control }
            if rune < 0x80, !RegexParser.isAlphanumeric(rune) { return rune }
        }
        throw error(.invalidEscape, start..<position)
    }

    private static let controls: [UInt8: UInt32] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
        UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    ]

    private mutating func parseOctal(_ first: UInt8) -> UInt32 {
        var value = UInt32(first - 0x30)
        for _ in 0..<2 {
            guard let next = byte(at: 0), (0x30...0x37).contains(next) else { break }
            value = value * 8 + UInt32(next - 0x30)
            position += 1
        }
        return value
    }

    /// Two digits, or any number of them in braces; nil where they are not digits or too large.
    private mutating func parseHexadecimal() throws(RegexError) -> UInt32? {
        if position >= pattern.count { return nil }
        let first = try nextRune()
        guard first == UInt32(UInt8(ascii: "{")) else {
            let second = try nextRune()
            guard let high = RegexParser.digit(first), let low = RegexParser.digit(second) else { return nil }
            return high * 16 + low
        }
        var value: UInt32 = 0
        var digits = 0
        while position < pattern.count {
            let rune = try nextRune()
            if rune == UInt32(UInt8(ascii: "}")) { return digits > 0 ? value : nil }
            guard let digit = RegexParser.digit(rune) else { return nil }
            value = value * 16 + digit
            if value > 0x10FFFF { return nil }
            digits += 1
        }
        return nil
    }

    private static func digit(_ rune: UInt32) -> UInt32? {
        switch rune {
        case 0x30...0x39: rune - 0x30
        case 0x41...0x46: rune - 0x41 + 10
        case 0x61...0x66: rune - 0x61 + 10
        default: nil
        }
    }
}
