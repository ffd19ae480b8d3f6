import GoRegexp
import GoTemplate
import Values

/// Sprig's functions on strings; counts, widths and offsets are in bytes, as in Go.
enum SprigStrings {
    static let functions: [Function] = trimming + cutting + padding + searching + splitting + quoting

    private static let trimming: [Function] = [
        .onText("trim") { trim($0) { $0.isSpace } },
        .onTexts("trimAll") { trimAll($1, of: $0) },
        .onTexts("trimall") { trimAll($1, of: $0) },
        .onTexts("trimSuffix") { $1.hasSuffix($0) ? $1[0..<$1.count - $0.count] : $1 },
        .onTexts("trimPrefix") { $1.hasPrefix($0) ? $1[$0.count..<$1.count] : $1 },
        .onText("nospace", nospace),
    ]

    private static let cutting: [Function] = [
        .onCount("trunc", trunc),
        .onCount("abbrev") { width, text in width < 4 ? text : abbreviate(text, offset: 0, width: width) },
        Function("abbrevboth", [.int, .int, .string], returns: .string) {
            let (left, right) = ($0.integer(0), $0.integer(1))
            if right < 4 || left > 0 && right < 7 { return $0[2] }
            return .string(abbreviate($0.text(2), offset: left, width: right))
        },
        Function("substr", [.int, .int, .string], returns: .string) {
            .string(try substring($0.text(2), from: $0.integer(0), to: $0.integer(1)))
        },
        .onText("initials", initials),
    ]

    private static let padding: [Function] = [
        .onCount("repeat", repeated),
        .onCount("indent", indent),
        .onCount("nindent") { "\n" + (try indent($0, $1)) },
        .onCount("wrap") { wrap($1, width: $0, newline: "", breaksWords: false) },
        Function("wrapWith", [.int, .string, .string], returns: .string) {
            .string(wrap($0.text(2), width: $0.integer(0), newline: $0.text(1), breaksWords: true))
        },
        Function("plural", [.string, .string, .int], returns: .string) { $0.integer(2) == 1 ? $0[0] : $0[1] },
    ]

    private static let searching: [Function] = [
        .testing("contains") { $1.contains($0) },
        .testing("hasPrefix") { $1.hasPrefix($0) },
        .testing("hasSuffix") { $1.hasSuffix($0) },
        Function("replace", [.string, .string, .string], returns: .string) {
            .string(try replaced($0.text(2), $0.text(0), with: $0.text(1)))
        },
    ]

    private static let splitting: [Function] = [
        Function("split", [.string, .string], returns: .map(.string)) {
            numbered(try parts($0.text(1), by: $0.text(0)))
        },
        Function("splitn", [.string, .int, .string], returns: .map(.string)) {
            numbered(try parts($0.text(2), by: $0.text(0), limit: $0.integer(1)))
        },
        Function("splitList", [.string, .string], returns: .stringSlice) {
            .strings(try parts($0.text(1), by: $0.text(0)))
        },
        Function("join", [.string, .any], returns: .string) {
            let (texts, separator) = (sprigTexts($0[1]), $0.text(0))
            try checkSize(texts.count, times: separator.count)
            return .string(.joined(texts, by: separator))
        },
        Function("toStrings", [.any], returns: .stringSlice) { .strings(sprigTexts($0[0])) },
        Function("toString", [.any], returns: .string) { .string(sprigText($0[0])) },
    ]

    private static let quoting: [Function] = [
        Function("quote", variadic: .any, returns: .string) { arguments in
            .string(joined(arguments) { quoted(sprigText($0)) })
        },
        Function("squote", variadic: .any, returns: .string) { arguments in
            .string(joined(arguments) { "'" + formatValue($0) + "'" })
        },
        Function("cat", variadic: .any, returns: .string) { arguments in
            .string(joined(arguments, formatValue))
        },
    ]

    /// The arguments but nil, each as `text` makes it, with a space between.
    private static func joined(_ arguments: [GoValue], _ text: (GoValue) -> Text) -> Text {
        .joined(arguments.filter { $0.type != nil }.map(text), by: " ")
    }

    /// The map that Sprig makes of parts: `_0`, `_1`, …
    private static func numbered(_ parts: [Text]) -> GoValue {
        let entries = parts.enumerated().map { (Text("_\($0.offset)"), GoValue.string($0.element)) }
        return .map(Map(Dictionary(entries) { $1 }, type: .map(.string)))
    }

    private static func trim(_ text: Text, while isTrimmed: (Rune) -> Bool) -> Text {
        text.withBytes { bytes in
            var first: Int?
            var end = 0
            var offset = 0
            while offset < bytes.count {
                let (rune, width) = decodeRune(bytes, at: offset)
                if !isTrimmed(Rune(rune)) {
                    if first == nil { first = offset }
                    end = offset + width
                }
                offset += width
            }
            return first.map { Text(UnsafeBufferPointer(rebasing: bytes[$0..<end])) } ?? ""
        }
    }

    private static func trimAll(_ text: Text, of cutset: Text) -> Text {
        let runes = cutset.runes.map(\.rune)
        return trim(text) { runes.contains($0.value) }
    }

    /// Takes every byte for a code point, as goutils does: text that is not ASCII and has spaces comes out broken.
    private static func nospace(_ text: Text) -> Text {
        let kept = text.bytes.filter { !Rune(UInt32($0)).isSpace }
        return kept.count == text.count ? text : latin1(kept)
    }

    /// The first byte of every word, taken for a code point as goutils does.
    private static func initials(_ text: Text) -> Text {
        var firsts: [UInt8] = []
        var afterGap = true
        for byte in text.bytes {
            let isGap = Rune(UInt32(byte)).isSpace
            if afterGap, !isGap { firsts.append(byte) }
            afterGap = isGap
        }
        return latin1(firsts)
    }

    private static func latin1(_ bytes: [UInt8]) -> Text {
        var result: [UInt8] = []
        for byte in bytes { result.append(rune: UInt32(byte)) }
        return Text(result)
    }

    private static func trunc(_ width: Int, _ text: Text) -> Text {
        let count = text.count
        if width < 0, count + width > 0 { return text[(count + width)..<count] }
        if width >= 0, count > width { return text[0..<width] }
        return text
    }

    private static func substring(_ text: Text, from start: Int, to end: Int) throws -> Text {
        let count = text.count
        if start < 0 {
            if end < 0 { throw FunctionError("runtime error: slice bounds out of range [:\(end)]") }
            guard end <= count else {
                throw FunctionError("runtime error: slice bounds out of range [:\(end)] with length \(count)")
            }
            return text[0..<end]
        }
        let upper = end < 0 || end > count ? count : end
        guard start <= upper else {
            throw FunctionError("runtime error: slice bounds out of range [\(start):\(upper)]")
        }
        return text[start..<upper]
    }

    /// Refuses a text that would be far too long before it is made, where Go would ask for the memory.
    static func checkSize(_ count: Int, times size: Int) throws {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        if overflow || product > Limits.text {
            throw FunctionError("a text of \(overflow ? Int.max : product) bytes is too large")
        }
    }

    private static func replaced(_ text: Text, _ old: Text, with new: Text) throws -> Text {
        // Only a replacement that is longer makes a text grow.
        if new.count > old.count {
            let most = text.count / max(1, old.count) + 1
            if most * (new.count - old.count) > Limits.text {
                try checkSize(text.occurrences(of: old), times: new.count)
            }
        }
        return text.replacing(old, with: new)
    }

    /// A text of so many parts that a value for each would take up the memory is refused.
    private static func parts(_ text: Text, by separator: Text, limit: Int = -1) throws -> [Text] {
        if limit < 0 || limit > mostParts, text.count > mostParts, text.occurrences(of: separator) > mostParts {
            throw FunctionError("a text of more than \(mostParts) parts is too large")
        }
        return text.split(by: separator, limit: limit)
    }

    private static let mostParts = 1 << 22

    /// Go's strings.Repeat; what is larger than any text may be is refused, where Go would ask for the memory.
    static func repeated(_ count: Int, _ text: Text) throws -> Text {
        if count < 0 { throw FunctionError("strings: negative Repeat count") }
        let (size, overflow) = text.count.multipliedReportingOverflow(by: count)
        if overflow { throw FunctionError("strings: Repeat output length overflow") }
        if size > Limits.text { throw FunctionError("strings: repeated text of \(size) bytes is too long") }
        var result: [UInt8] = []
        result.reserveCapacity(size)
        if size > 0 { text.withBytes { for _ in 0..<count { result += $0 } } }
        return Text(result)
    }

    private static func indent(_ spaces: Int, _ text: Text) throws -> Text {
        let pad = try repeated(spaces, " ")
        return pad + (try replaced(text, "\n", with: "\n" + pad))
    }
}
