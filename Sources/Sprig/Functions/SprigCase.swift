import GoRegexp
import GoTemplate
import Values

/// Sprig's functions on letter case; runes map one to one, as in Go.
enum SprigCase {
    static let functions: [Function] = [
        .onText("upper") { $0.mapRunes(\.upper) },
        .onText("lower") { $0.mapRunes(\.lower) },
        .onText("title", title),
        .onText("untitle", untitle),
        .onText("swapcase", swapcase),
        .onText("camelcase", camelcase),
        .onText("snakecase") { CaseWords.joined($0, by: UInt8(ascii: "_")) },
        .onText("kebabcase") { CaseWords.joined($0, by: UInt8(ascii: "-")) },
    ]

    /// Go's strings.Title: the first letter of each word in title case; letters, digits and underscores make words.
    private static func title(_ text: Text) -> Text {
        var afterSeparator = true
        return text.mapRunes { rune in
            defer { afterSeparator = isTitleSeparator(rune) }
            return afterSeparator ? rune.title : rune
        }
    }

    private static func isTitleSeparator(_ rune: Rune) -> Bool {
        if rune.isASCII {
            switch rune.value {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: return false
            default: return true
            }
        }
        return !rune.isLetter && !rune.isDigit && rune.isSpace
    }

    private static func untitle(_ text: Text) -> Text {
        var afterSpace = true
        return text.mapRunes { rune in
            if rune.isSpace {
                afterSpace = true
                return rune
            }
            defer { afterSpace = false }
            return afterSpace ? rune.lower : rune
        }
    }

    /// Upper becomes lower; lower becomes title at the start of a word and upper elsewhere.
    private static func swapcase(_ text: Text) -> Text {
        var afterSpace = true
        return text.mapRunes { rune in
            switch rune.category {
            case .uppercaseLetter, .titlecaseLetter:
                afterSpace = false
                return rune.lower
            case .lowercaseLetter:
                defer { afterSpace = false }
                return afterSpace ? rune.title : rune.upper
            default:
                afterSpace = rune.isSpace
                return rune
            }
        }
    }

    /// The Pascal case of xstrings 1.5: connectors go, the letter after one becomes upper case, and in a word that
    /// starts with several upper case letters the others become lower. Connectors at the start stay, as does
    /// every one of a run but the last.
    private static func camelcase(_ text: Text) -> Text {
        let runes = text.runes.map { Rune($0.rune) }
        var result: [UInt8] = []
        let start = runes.firstIndex { !CaseWords.isConnector($0) } ?? runes.count
        for rune in runes[..<start] { result.append(rune: rune.value) }
        guard start < runes.count else {
            // A text of connectors alone gets its last one twice.
            if let last = runes.last { result.append(rune: last.value) }
            return Text(result)
        }
        var inUpperRun = runes[start].isUpper
        var current = runes[start].upper
        for rune in runes[(start + 1)...] {
            let previous = current
            current = rune
            if CaseWords.isConnector(previous) {
                if CaseWords.isConnector(rune) {
                    result.append(rune: previous.value)
                    continue
                }
                inUpperRun = rune.isUpper
                current = rune.upper
                continue
            }
            if inUpperRun {
                if rune.isUpper { current = rune.lower } else { inUpperRun = false }
            }
            result.append(rune: previous.value)
        }
        result.append(rune: current.value)
        return Text(result)
    }
}
