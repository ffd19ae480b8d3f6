import Values

/// Reads RE2's syntax with Perl's extensions, as Go's package regexp/syntax does, with its errors and limits.
struct RegexParser {
    struct Flags {
        var foldsCase = false
        var matchesNewline = false
        var isOneLine = true
        var isUngreedy = false
    }

    /// An open parenthesis: what has been read since, and what is resumed after it.
    private struct Group {
        var flags: Flags
        var capture: Int?
        var alternatives: [RegexNode] = []
        var items: [RegexNode] = []
    }

    let pattern: [UInt8]
    var position = 0
    var flags = Flags()
    private var groups = [Group(flags: Flags())]
    /// Where the repetition operator just before starts, for the complaint about two in a row.
    private var lastRepeat: Int?
    private(set) var captureNames: [Text] = [""]

    private static let maxHeight = 1000
    private static let maxSize = (128 << 20) / 40
    private static let maxRepeat = 1000

    init(_ pattern: [UInt8]) {
        self.pattern = pattern
    }

    mutating func parse() throws(RegexError) -> RegexNode {
        while position < pattern.count { try step() }
        guard groups.count == 1 else { throw error(.missingParenthesis, 0..<pattern.count) }
        return try closeAlternatives()
    }

    private mutating func step() throws(RegexError) {
        let start = position
        var repeated: Int?
        switch pattern[position] {
        case UInt8(ascii: "("): try openGroup()
        case UInt8(ascii: "|"):
            position += 1
            let branch = try closeConcatenation()
            groups[groups.count - 1].alternatives.append(branch)
        case UInt8(ascii: ")"): try closeGroup()
        case UInt8(ascii: "^"): pushSimple(.assertion(flags.isOneLine ? .beginText : .beginLine))
        case UInt8(ascii: "$"): pushSimple(.assertion(flags.isOneLine ? .endText : .endLine))
        case UInt8(ascii: "."): pushSimple(.set(flags.matchesNewline ? .any : .anyButNewline))
        case UInt8(ascii: "["): push(.set(try parseClass()))
        case UInt8(ascii: "*"): try repeatLast(at: start, min: 0, max: nil, length: 1, isCounted: false)
        case UInt8(ascii: "+"): try repeatLast(at: start, min: 1, max: nil, length: 1, isCounted: false)
        case UInt8(ascii: "?"): try repeatLast(at: start, min: 0, max: 1, length: 1, isCounted: false)
        case UInt8(ascii: "{"):
            guard try parseCountedRepeat() else {
                pushSimple(.literal([UInt32(UInt8(ascii: "{"))], folds: false))
                break
            }
            repeated = start
        case UInt8(ascii: "\\"): try parseBackslash()
        default: pushLiteral(try nextRune())
        }
        switch pattern[start] {
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): lastRepeat = start
        default: lastRepeat = repeated
        }
    }

    // MARK: Pieces

    func error(_ code: RegexError.Code, _ range: Range<Int>) -> RegexError {
        RegexError(code: code, expression: Text(pattern[range]))
    }

    /// Whether the bytes at `offset` from the current position spell `text`.
    func isAhead(_ text: StaticString, at offset: Int = 0) -> Bool {
        text.withUTF8Buffer { pattern[min(position + offset, pattern.count)...].starts(with: $0) }
    }

    func byte(at offset: Int) -> UInt8? {
        position + offset < pattern.count ? pattern[position + offset] : nil
    }

    /// Takes one code point; U+FFFD without progress at the end, as Go decodes the empty string.
    mutating func nextRune() throws(RegexError) -> UInt32 {
        if position >= pattern.count { return 0xFFFD }
        let (rune, width) = pattern.withUnsafeBufferPointer { decodeRune($0, at: position) }
        if rune == 0xFFFD, width == 1 { throw error(.invalidUTF8, position..<pattern.count) }
        position += width
        return rune
    }

    /// Refuses invalid UTF-8 in `range`.
    func checkUTF8(_ range: Range<Int>) throws(RegexError) {
        for (offset, rune, width) in Text(pattern[range]).runes where rune == 0xFFFD && width == 1 {
            throw error(.invalidUTF8, (range.lowerBound + offset)..<range.upperBound)
        }
    }

    private mutating func push(_ kind: RegexNode.Kind) {
        groups[groups.count - 1].items.append(RegexNode(kind))
    }

    private mutating func pushSimple(_ kind: RegexNode.Kind) {
        position += 1
        push(kind)
    }

    mutating func pushLiteral(_ rune: UInt32) {
        push(.literal([rune], folds: flags.foldsCase && Rune(rune).caseVariants.count > 1))
    }

    private func checked(_ node: RegexNode) throws(RegexError) -> RegexNode {
        if node.size > RegexParser.maxSize { throw error(.expressionTooLarge, 0..<pattern.count) }
        if node.height > RegexParser.maxHeight { throw error(.nestingTooDeep, 0..<pattern.count) }
        return node
    }

    // MARK: Groups

    private mutating func openGroup() throws(RegexError) {
        if byte(at: 1) == UInt8(ascii: "?") {
            try openSpecialGroup()
            return
        }
        position += 1
        openCapture(named: "")
    }

    private mutating func openCapture(named name: Text) {
        groups.append(Group(flags: flags, capture: captureNames.count))
        captureNames.append(name)
    }

    /// `(?P<name>`, `(?<name>`, `(?flags)` or `(?flags:`.
    private mutating func openSpecialGroup() throws(RegexError) {
        let start = position
        let left = pattern.count - position
        let hasP = left > 4 && isAhead("P<", at: 2)
        guard hasP || left > 3 && isAhead("<", at: 2) else { return try parseFlags() }
        guard let end = pattern[start...].firstIndex(of: UInt8(ascii: ">")) else {
            try checkUTF8(start..<pattern.count)
            throw error(.invalidNamedCapture, start..<pattern.count)
        }
        let name = (start + (hasP ? 4 : 3))..<end
        try checkUTF8(name)
        let isValid = pattern[name].allSatisfy { $0 == UInt8(ascii: "_") || RegexParser.isAlphanumeric(UInt32($0)) }
        if name.isEmpty || !isValid { throw error(.invalidNamedCapture, start..<end + 1) }
        position = end + 1
        openCapture(named: Text(pattern[name]))
    }

    private mutating func parseFlags() throws(RegexError) {
        let start = position
        var changed = flags
        var isOff = false
        var sawFlag = false
        position += 2
        while position < pattern.count {
            let rune = try nextRune()
            switch UInt8(exactly: rune) {
            case UInt8(ascii: "i"): changed.foldsCase = !isOff
            case UInt8(ascii: "m"): changed.isOneLine = isOff
            case UInt8(ascii: "s"): changed.matchesNewline = !isOff
            case UInt8(ascii: "U"): changed.isUngreedy = !isOff
            case UInt8(ascii: "-") where !isOff:
                isOff = true
                sawFlag = false
                continue
            case UInt8(ascii: ":") where !isOff || sawFlag:
                groups.append(Group(flags: flags, capture: nil))
                flags = changed
                return
            case UInt8(ascii: ")") where !isOff || sawFlag:
                flags = changed
                return
            default: throw error(.invalidPerlSyntax, start..<position)
            }
            sawFlag = true
        }
        throw error(.invalidPerlSyntax, start..<position)
    }

    private mutating func closeGroup() throws(RegexError) {
        guard groups.count > 1 else { throw error(.unexpectedParenthesis, 0..<pattern.count) }
        position += 1
        let inner = try closeAlternatives()
        let group = groups.removeLast()
        flags = group.flags
        let node = try group.capture.map { index throws(RegexError) in
            try checked(RegexNode(.capture(inner, index: index)))
        }
        groups[groups.count - 1].items.append(node ?? inner)
    }

    private mutating func closeAlternatives() throws(RegexError) -> RegexNode {
        let last = try closeConcatenation()
        let branches = groups[groups.count - 1].alternatives + [last]
        if branches.count == 1 { return last }
        return try checked(RegexNode(.alternation(branches.flatMap(RegexParser.branches))))
    }

    /// The items since the last `(` or `|` as one node; literals in a row become one.
    private mutating func closeConcatenation() throws(RegexError) -> RegexNode {
        var joined: [RegexNode] = []
        var literal: (runes: [UInt32], folds: Bool) = ([], false)
        func closeLiteral() {
            if !literal.runes.isEmpty { joined.append(RegexNode(.literal(literal.runes, folds: literal.folds))) }
            literal.runes = []
        }
        for item in groups[groups.count - 1].items.flatMap(RegexParser.items) {
            if case .literal(let runes, let folds) = item.kind {
                if folds != literal.folds { closeLiteral() }
                literal.folds = folds
                literal.runes += runes
            } else {
                closeLiteral()
                joined.append(item)
            }
        }
        closeLiteral()
        groups[groups.count - 1].items = []
        if joined.isEmpty { return RegexNode(.empty) }
        return try checked(joined.count == 1 ? joined[0] : RegexNode(.concatenation(joined)))
    }

    /// How many nodes of a group without capture are put in its place at most, so that deep nesting costs little.
    private static let maxInlined = 4096

    /// A sequence inside a sequence is no level of nesting for Go, nor are alternatives among alternatives.
    private static func items(_ node: RegexNode) -> [RegexNode] {
        if case .concatenation(let nodes) = node.kind, nodes.count <= maxInlined { nodes } else { [node] }
    }

    private static func branches(_ node: RegexNode) -> [RegexNode] {
        if case .alternation(let nodes) = node.kind, nodes.count <= maxInlined { nodes } else { [node] }
    }

    // MARK: Repetition

    /// Puts a repetition around the last item; `start` and `length` say where its operator is.
    private mutating func repeatLast(
        at start: Int, min least: Int, max most: Int?, length: Int, isCounted: Bool
    ) throws(RegexError) {
        position = start + length
        var isGreedy = !flags.isUngreedy
        if byte(at: 0) == UInt8(ascii: "?") {
            position += 1
            isGreedy.toggle()
        }
        if let lastRepeat { throw error(.invalidRepetition, lastRepeat..<position) }
        guard let item = groups[groups.count - 1].items.popLast() else {
            throw error(.missingRepeatArgument, start..<position)
        }
        let node = try checked(
            RegexNode(.repetition(item, min: least, max: most, isGreedy: isGreedy, isCounted: isCounted)))
        if isCounted, least >= 2 || most ?? 0 >= 2, !node.repeatsAtMost(RegexParser.maxRepeat) {
            throw error(.invalidRepeatCount, start..<position)
        }
        groups[groups.count - 1].items.append(node)
    }

    /// `{n}`, `{n,}` or `{n,m}`; false where the brace is an ordinary character.
    private mutating func parseCountedRepeat() throws(RegexError) -> Bool {
        let start = position
        var end = start + 1
        guard let least = parseInteger(&end), end < pattern.count else { return false }
        var most: Int? = least
        if pattern[end] == UInt8(ascii: ",") {
            end += 1
            guard end < pattern.count else { return false }
            if pattern[end] == UInt8(ascii: "}") {
                most = nil
            } else {
                guard let limit = parseInteger(&end) else { return false }
                most = limit
            }
        }
        guard end < pattern.count, pattern[end] == UInt8(ascii: "}") else { return false }
        end += 1
        if least > RegexParser.maxRepeat || most ?? 0 > RegexParser.maxRepeat || least > most ?? least {
            throw error(.invalidRepeatCount, start..<end)
        }
        try repeatLast(at: start, min: least, max: most, length: end - start, isCounted: true)
        return true
    }

    /// Decimal digits without a leading zero; more than can count come out as a number above every limit.
    private func parseInteger(_ position: inout Int) -> Int? {
        let start = position
        while position < pattern.count, (0x30...0x39).contains(pattern[position]) { position += 1 }
        let digits = pattern[start..<position]
        if digits.isEmpty || digits.count > 1 && digits.first == 0x30 { return nil }
        return digits.count > 8 ? 100_000_000 : digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    // MARK: Escapes

    private static let assertions: [UInt8: RegexAssertion] = [
        UInt8(ascii: "A"): .beginText, UInt8(ascii: "z"): .endText, UInt8(ascii: "b"): .wordBoundary,
        UInt8(ascii: "B"): .noWordBoundary,
    ]

    private mutating func parseBackslash() throws(RegexError) {
        if let letter = byte(at: 1) {
            if let assertion = RegexParser.assertions[letter] {
                position += 2
                return push(.assertion(assertion))
            }
            if letter == UInt8(ascii: "C") { throw error(.invalidEscape, position..<position + 2) }
            if letter == UInt8(ascii: "Q") { return try parseQuoted() }
        }
        if let part = try parseClassEscape() {
            push(.set(RuneSet([part])))
        } else {
            pushLiteral(try parseEscape())
        }
    }

    /// The text between `\Q` and `\E`, or to the end.
    private mutating func parseQuoted() throws(RegexError) {
        position += 2
        while position < pattern.count {
            if isAhead("\\E") {
                position += 2
                return
            }
            pushLiteral(try nextRune())
        }
    }

    static func isAlphanumeric(_ rune: UInt32) -> Bool {
        switch rune {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
