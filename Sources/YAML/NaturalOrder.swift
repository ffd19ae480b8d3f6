package import Values

/// go-yaml's order of keys: letters after everything else, runs of digits as numbers.
package enum NaturalOrder {
    package static func precedes(_ first: String, _ second: String, _ flavor: Emitter.Flavor) -> Bool {
        var first = first
        var second = second
        return first.withUTF8 { one in second.withUTF8 { two in precedes(one, two, flavor) } }
    }

    /// The entries of a map in this order.
    package static func sorted(_ map: Mapping, _ flavor: Emitter.Flavor) -> [Mapping.Element] {
        map.sorted { precedes($0.key, $1.key, flavor) }
    }

    private static func precedes(
        _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, _ flavor: Emitter.Flavor
    ) -> Bool {
        let shorter = min(first.count, second.count)
        var offset = 0
        while offset < shorter, first[offset] == second[offset] { offset += 1 }
        // A character that differs may share its first bytes.
        if offset < first.count, offset < second.count {
            while offset > 0, first[offset] & 0xC0 == 0x80 || second[offset] & 0xC0 == 0x80 { offset -= 1 }
        }
        guard offset < shorter else { return first.count < second.count }
        let one = decodeRune(first, at: offset).rune
        let two = decodeRune(second, at: offset).rune
        switch (isLetter(one), isLetter(two)) {
        case (true, true): return one < two
        case (false, false): return numberPrecedes(first, second, offset)
        case (let isFirst, let isSecond):
            // v3 puts `a1b` after `a1-`, but a letter behind digits before.
            if flavor == .v3, offset > 0, isDigit(runeBefore(first, offset)) { return isFirst }
            return isSecond
        }
    }

    /// Neither differing character is a letter: compares the digits from there as numbers.
    private static func numberPrecedes(
        _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, _ offset: Int
    ) -> Bool {
        var start: Int64 = 0
        let zero = UInt8(ascii: "0")
        if first[offset] == zero || second[offset] == zero {
            // Zeros count once a number has begun.
            var index = offset
            while index > 0 {
                let rune = runeBefore(first, index)
                guard isDigit(rune) else { break }
                if rune != UInt32(zero) {
                    start = 1
                    break
                }
                index -= 1
                while index > 0, first[index] & 0xC0 == 0x80 { index -= 1 }
            }
        }
        let one = number(first, offset, start)
        let two = number(second, offset, start)
        if one.value != two.value { return one.value < two.value }
        if one.length != two.length { return one.length < two.length }
        return decodeRune(first, at: offset).rune < decodeRune(second, at: offset).rune
    }

    /// The digits from `offset`, read as a number that begins with `start`, and how many there are.
    private static func number(
        _ text: UnsafeBufferPointer<UInt8>, _ offset: Int, _ start: Int64
    ) -> (value: Int64, length: Int) {
        var value = start
        var length = 0
        var offset = offset
        while offset < text.count {
            let (rune, width) = decodeRune(text, at: offset)
            guard isDigit(rune) else { break }
            value = value &* 10 &+ (Int64(rune) - 0x30)
            length += 1
            offset += width
        }
        return (value, length)
    }

    private static func runeBefore(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> UInt32 {
        var start = offset - 1
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        return decodeRune(text, at: start).rune
    }

    private static func isLetter(_ rune: UInt32) -> Bool {
        if rune < 0x80 { return (0x61...0x7A).contains(rune | 0x20) }
        switch Unicode.Scalar(rune)?.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    private static func isDigit(_ rune: UInt32) -> Bool {
        if rune < 0x80 { return (0x30...0x39).contains(rune) }
        return Unicode.Scalar(rune)?.properties.generalCategory == .decimalNumber
    }
}
