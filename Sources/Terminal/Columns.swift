/// The columns of a terminal that a text takes: two for each wide character (East Asian, emoji), none for what only
/// changes the one before it (accents, joiners, variation selectors).
///
/// Terminals draw a sequence such as a family of joined emoji as one character, which is what Swift's characters are.
func columns(of text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + columns(of: $1) }
}

/// The beginning of a text that fits into so many columns; a wide character is never cut in two.
func prefix(of text: String, columns room: Int) -> String {
    var used = 0
    return String(
        text.prefix { character in
            used += columns(of: character)
            return used <= room
        })
}

/// An emoji with what is joined to it is drawn in the place of the widest; letters of other scripts beside each other.
private func columns(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    // This selector asks for the coloured form, which is wide.
    if first.properties.isEmoji, scalars.dropFirst().contains("\u{FE0F}") { return 2 }
    let widths = scalars.lazy.map { columns(of: $0) }
    return first.properties.isEmojiPresentation ? widths.max() ?? 0 : widths.reduce(0, +)
}

private func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return scalar.value == 0xAD ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if medialJamo.contains(where: { $0.contains(scalar.value) }) { return 0 }
    return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) } ? 2 : 1
}

/// Vowels and final consonants of Hangul, which are drawn inside the syllable that the consonant before them begins.
private let medialJamo: [ClosedRange<UInt32>] = [0x1160...0x11FF, 0xD7B0...0xD7FF]

/// Blocks whose characters are wide or full-width by Unicode's East_Asian_Width, apart from the emoji.
private let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
    0x16FE0...0x16FFF, 0x17000...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265,
    0x20000...0x2FFFD, 0x30000...0x3FFFD,
]
