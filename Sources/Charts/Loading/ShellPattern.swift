import Values

/// A pattern as Go's filepath.Match reads it: `*` and `?` do not match `/`, `[a-z]` and `[^a-z]` do, `\` escapes.
package struct ShellPattern: Sendable {
    private enum Step {
        case any
        case single
        case rune(UInt32)
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    /// `syntax error in pattern`, Go's only complaint.
    package struct SyntaxError: Error, CustomStringConvertible {
        package var description: String { "syntax error in pattern" }
    }

    private let steps: [Step]

    package init(_ pattern: String) throws(SyntaxError) {
        var reader = Reader(runes: Text(pattern).runes.map(\.rune)[...])
        var steps: [Step] = []
        while let step = try reader.next() { steps.append(step) }
        self.steps = steps
    }

    /// Whether the pattern matches the whole name.
    package func matches(_ name: String) -> Bool {
        let runes = Text(name).runes.map(\.rune)
        var step = 0
        var position = 0
        // Where the last star began, to let it take one more rune.
        var star: (step: Int, position: Int)?
        while true {
            if step < steps.count, case .any = steps[step] {
                star = (step, position)
                step += 1
                continue
            }
            if position == runes.count {
                if step == steps.count { return true }
            } else if step < steps.count, takes(steps[step], runes[position]) {
                step += 1
                position += 1
                continue
            }
            guard let last = star, last.position < runes.count, runes[last.position] != slash else { return false }
            star = (last.step, last.position + 1)
            step = last.step + 1
            position = last.position + 1
        }
    }

    private func takes(_ step: Step, _ rune: UInt32) -> Bool {
        switch step {
        case .any: false
        case .single: rune != slash
        case .rune(let wanted): rune == wanted
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(rune) } != isNegated
        }
    }

    private struct Reader {
        var runes: ArraySlice<UInt32>

        mutating func next() throws(SyntaxError) -> Step? {
            guard let rune = runes.popFirst() else { return nil }
            switch rune {
            case UInt32(ascii: "*"): return .any
            case UInt32(ascii: "?"): return .single
            case UInt32(ascii: "["): return try set()
            case UInt32(ascii: "\\"):
                guard let escaped = runes.popFirst() else { throw SyntaxError() }
                return .rune(escaped)
            default: return .rune(rune)
            }
        }

        private mutating func set() throws(SyntaxError) -> Step {
            let isNegated = runes.first == UInt32(ascii: "^")
            if isNegated { runes.removeFirst() }
            var ranges: [ClosedRange<UInt32>] = []
            while true {
                if runes.first == UInt32(ascii: "]"), !ranges.isEmpty {
                    runes.removeFirst()
                    return .set(ranges, isNegated: isNegated)
                }
                let low = try member()
                var high = low
                if runes.first == UInt32(ascii: "-") {
                    runes.removeFirst()
                    high = try member()
                }
                // A range the wrong way round matches nothing.
                ranges.append(low <= high ? low...high : UInt32.max...UInt32.max)
            }
        }

        private mutating func member() throws(SyntaxError) -> UInt32 {
            guard let rune = runes.popFirst(), rune != UInt32(ascii: "-"), rune != UInt32(ascii: "]") else {
                throw SyntaxError()
            }
            guard rune == UInt32(ascii: "\\") else {
                // Go wants something to follow, so that an unclosed set is an error.
                if runes.isEmpty { throw SyntaxError() }
                return rune
            }
            guard let escaped = runes.popFirst(), !runes.isEmpty else { throw SyntaxError() }
            return escaped
        }
    }
}

private let slash = UInt32(ascii: "/")

extension UInt32 {
    /// The code point of an ASCII character.
    init(ascii character: Unicode.Scalar) {
        self = character.value
    }
}
