package import Values

/// A code point as Go's package unicode sees it: classes and case mappings of Unicode 15, one rune to one rune.
///
/// Most facts come from Swift's own tables, which are newer; what was added after version 15 counts as unassigned.
package struct Rune: Equatable {
    package let value: UInt32

    package init(_ value: UInt32) {
        self.value = value
    }

    package var isASCII: Bool { value < 0x80 }

    /// Go's unicode.IsSpace.
    package var isSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    package var isUpper: Bool { category == .uppercaseLetter }
    package var isLower: Bool { category == .lowercaseLetter }
    package var isTitle: Bool { category == .titlecaseLetter }
    package var isDigit: Bool { category == .decimalNumber }
    package var isLetter: Bool { CategorySet.letter.contains(category) }
    package var isNumber: Bool { CategorySet.number.contains(category) }
    package var isPunctuation: Bool { CategorySet.punctuation.contains(category) }

    /// The general category in Unicode 15.
    package var category: Unicode.GeneralCategory {
        guard let scalar = Unicode.Scalar(value) else {
            return (0xD800...0xDFFF).contains(value) ? .surrogate : .unassigned
        }
        if value >= 0x80, !Rune.isKnown(scalar) { return .unassigned }
        // Two categories changed after version 15.
        if value == 0x295 { return .lowercaseLetter }
        if value == 0x1171E { return .nonspacingMark }
        return scalar.properties.generalCategory
    }

    private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return true }
        return age.major < 15 || age.major == 15 && age.minor == 0
    }

    /// Go's unicode.ToUpper.
    package var upper: Rune {
        if isASCII { return (0x61...0x7A).contains(value) ? Rune(value - 32) : self }
        return mapped { properties in
            // Letters with a iota below have no single upper case in the full mapping, but a title case.
            properties.uppercaseMapping.onlyScalar ?? properties.titlecaseMapping.onlyScalar
        }
    }

    /// Go's unicode.ToLower.
    package var lower: Rune {
        if isASCII { return (0x41...0x5A).contains(value) ? Rune(value + 32) : self }
        if value == 0x130 { return Rune(0x69) }
        return mapped { $0.lowercaseMapping.onlyScalar }
    }

    /// Go's unicode.ToTitle.
    package var title: Rune {
        isASCII ? upper : mapped { $0.titlecaseMapping.onlyScalar }
    }

    private func mapped(_ mapping: (Unicode.Scalar.Properties) -> Unicode.Scalar?) -> Rune {
        guard let scalar = Unicode.Scalar(value), let target = mapping(scalar.properties), target != scalar,
            Rune.isKnown(scalar), Rune.isKnown(target)
        else { return self }
        return Rune(target.value)
    }

    /// All runes that are the same letter but for case, itself included: the orbit of Go's unicode.SimpleFold.
    var caseVariants: [UInt32] {
        if isASCII {
            switch value {
            case 0x4B, 0x6B, 0x53, 0x73: break
            case 0x41...0x5A: return [value, value + 32]
            case 0x61...0x7A: return [value, value - 32]
            default: return [value]
            }
        }
        if let orbit = Rune.orbits.first(where: { $0.contains(value) }) { return orbit }
        if upper != self, upper.lower == self { return [value, upper.value] }
        if lower != self, lower.upper == self { return [value, lower.value] }
        return [value]
    }
}

extension String {
    fileprivate var onlyScalar: Unicode.Scalar? {
        let scalars = unicodeScalars
        guard let first = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex else {
            return nil
        }
        return first
    }
}

extension Text {
    /// Each rune mapped; an invalid byte becomes U+FFFD, as in Go's strings.Map.
    package func mapRunes(_ transform: (Rune) -> Rune) -> Text {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        withBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let (rune, width) = decodeRune(bytes, at: offset)
                result.append(rune: transform(Rune(rune)).value)
                offset += width
            }
        }
        return Text(result)
    }
}

extension [UInt8] {
    /// Appends the UTF-8 of a code point, U+FFFD where it is none (Go's utf8.AppendRune).
    package mutating func append(rune: UInt32) {
        if rune < 0x80 {
            append(UInt8(rune))
        } else {
            append(contentsOf: UTF8.encode(Unicode.Scalar(rune) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
        }
    }
}
