import GoRegexp
import Values

/// The words of a name in mixed case, and their joining in lower case, as the library xstrings splits them.
struct CaseWords {
    enum Kind {
        case invalid, number, upper, alphabet, connector, punctuation, other

        /// Whether a connector is put between something before and this word.
        var isJoined: Bool { self != .connector && self != .punctuation }
    }

    struct Word {
        var kind: Kind
        var range: Range<Int>
    }

    private let text: Text
    private let bytes: [UInt8]
    private let connector: UInt8
    private var position = 0
    private var result: [UInt8] = []

    private init(_ text: Text, connector: UInt8) {
        self.text = text
        bytes = text.bytes
        self.connector = connector
    }

    static func isConnector(_ rune: Rune) -> Bool {
        rune.value == 0x2D || rune.value == 0x5F || rune.isSpace
    }

    /// The text in lower case with `connector` between its words: snake case or kebab case.
    static func joined(_ text: Text, by connector: UInt8) -> Text {
        if text.isEmpty { return text }
        var words = CaseWords(text, connector: connector)
        words.run()
        return Text(words.result)
    }

    private var isAtEnd: Bool { position >= bytes.count }

    private mutating func run() {
        var word = next()
        while !isAtEnd {
            if word.kind != .connector { append(word) }
            let previous = word
            word = next()
            switch previous.kind {
            case .number:
                word = appendLetters(from: word)
                if word.kind.isJoined, word.kind != .invalid { result.append(connector) }
            case .connector: append(previous)
            case .punctuation: break
            default: word = join(previous, word)
            }
        }
        append(word)
    }

    /// Appends letters and numbers in a row; returns the word after them.
    private mutating func appendLetters(from first: Word) -> Word {
        var word = first
        while word.kind == .alphabet || word.kind == .number {
            append(word)
            word = next()
        }
        return word
    }

    /// Puts what belongs between a word and the next; a number goes with the word before it (`Bld4Floor`) unless lower
    /// case letters follow it (`HTTP2xx`). Returns the word that is still to be written.
    private mutating func join(_ previous: Word, _ word: Word) -> Word {
        guard word.kind == .number else {
            if word.kind.isJoined { result.append(connector) }
            return word
        }
        if isAtEnd { return word }
        var following = next()
        if following.kind == .alphabet {
            result.append(connector)
            append(word)
            following = appendLetters(from: following)
            if following.kind.isJoined, following.kind != .invalid { result.append(connector) }
        } else {
            append(word)
            if following.kind.isJoined { result.append(connector) }
        }
        return following
    }

    private mutating func append(_ word: Word) {
        guard word.kind == .upper || word.kind == .connector else {
            result += bytes[word.range]
            return
        }
        for (_, rune, _) in Text(bytes[word.range]).runes {
            let rune = Rune(rune)
            if CaseWords.isConnector(rune) {
                result.append(connector)
            } else {
                result.append(rune: rune.isUpper ? rune.lower.value : rune.value)
            }
        }
    }

    /// The next rune that is not U+FFFD, with the offset after it; `previous` at the end.
    private func rune(at offset: Int, previous: Rune) -> (rune: Rune, end: Int) {
        bytes.withUnsafeBufferPointer { buffer in
            var offset = offset
            while offset < buffer.count {
                let (rune, width) = decodeRune(buffer, at: offset)
                offset += width
                if rune != 0xFFFD { return (Rune(rune), offset) }
            }
            return (previous, offset)
        }
    }

    private mutating func next() -> Word {
        if isAtEnd { return Word(kind: .invalid, range: position..<position) }
        let start = position
        let (first, end) = rune(at: position, previous: Rune(0xFFFD))
        position = end
        let kind = CaseWords.kind(of: first)
        switch kind {
        case .invalid: break
        case .upper: takeUpper(first, start: start)
        case .connector: take(first) { CaseWords.isConnector($0) }
        case .punctuation: take(first) { $0.isPunctuation }
        case .alphabet: take(first) { CaseWords.isAlphabet($0) && !$0.isUpper }
        case .number: take(first) { $0.isNumber }
        case .other:
            take(first) {
                !CaseWords.isConnector($0) && !CaseWords.isAlphabet($0) && !$0.isNumber && !$0.isPunctuation
            }
        }
        return Word(kind: kind, range: start..<position)
    }

    private static func kind(of rune: Rune) -> Kind {
        if rune.value == 0xFFFD { return .invalid }
        if isConnector(rune) { return .connector }
        if rune.isPunctuation { return .punctuation }
        if rune.isUpper { return .upper }
        if isAlphabet(rune) { return .alphabet }
        return rune.isNumber ? .number : .other
    }

    /// A letter but for the Chinese ones.
    private static func isAlphabet(_ rune: Rune) -> Bool {
        switch rune.value {
        case 0x3400...0x4D85, 0x4E00...0x9FCC, 0x20000...0x2B81D: false
        default: rune.isLetter
        }
    }

    private mutating func take(_ first: Rune, while belongs: (Rune) -> Bool) {
        var last = first
        while !isAtEnd {
            let (rune, end) = rune(at: position, previous: last)
            if !belongs(rune) { return }
            last = rune
            position = end
        }
    }

    /// `HTTP`, `Http`, or `HTTP` of `HTTPServer`: the last of several upper case letters begins the next word.
    private mutating func takeUpper(_ first: Rune, start: Int) {
        if isAtEnd { return }
        let (second, end) = rune(at: position, previous: first)
        if second.isUpper {
            var lastStart = position
            var last = second
            position = end
            while !isAtEnd {
                let (rune, end) = rune(at: position, previous: last)
                last = rune
                if !rune.isUpper { break }
                lastStart = position
                position = end
            }
            if !isAtEnd, CaseWords.isAlphabet(last) { position = lastStart }
        } else if CaseWords.isAlphabet(second) {
            position = end
            take(second) { CaseWords.isAlphabet($0) && !$0.isUpper }
        }
    }
}
