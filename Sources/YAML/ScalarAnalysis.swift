import Values

/// In which styles a string can be written: what go-yaml's emitter looks for in it.
struct ScalarAnalysis {
    enum Style {
        case plain, singleQuoted, doubleQuoted, literal
    }

    private(set) var isMultiline = false
    private var hasNewline = false
    private var allowsPlain = true
    private var allowsSingleQuoted = true
    private var allowsBlock = true
    /// Whether it would be read as something else than a string without quotes.
    private var isAmbiguous = false

    private var hasIndicator = false
    private var hasSpecial = false
    private var hasTab = false
    private var hasSpaceBreak = false
    private var hasBreakSpace = false

    /// A string with a tag needs no quotes to be one.
    init(_ text: UnsafeBufferPointer<UInt8>, _ flavor: Emitter.Flavor, isTagged: Bool = false) {
        isAmbiguous = !isTagged && ScalarAnalysis.isAmbiguous(text)
        guard let first = text.first, let last = text.last else {
            allowsBlock = false
            return
        }
        let hasMarker =
            text.count >= 3 && (first == UInt8(ascii: "-") || first == UInt8(ascii: "."))
            && text[1] == first && text[2] == first
        hasIndicator = hasMarker || ScalarAnalysis.isLeadingIndicator(text)
        examine(text, flavor)
        allowsPlain =
            !(hasIndicator || isMultiline || hasSpecial || hasTab)
            && first != UInt8(ascii: " ") && last != UInt8(ascii: " ")
        allowsSingleQuoted = !(hasBreakSpace || hasSpaceBreak || hasSpecial || hasTab)
        allowsBlock = !(hasSpaceBreak || hasSpecial || last == UInt8(ascii: " "))
    }

    func style(asKey isKey: Bool) -> Style {
        if isKey && isMultiline { return .doubleQuoted }
        if hasNewline { return allowsBlock && !isKey ? .literal : .doubleQuoted }
        if isAmbiguous { return .doubleQuoted }
        return allowsPlain ? .plain : allowsSingleQuoted ? .singleQuoted : .doubleQuoted
    }

    private mutating func examine(_ text: UnsafeBufferPointer<UInt8>, _ flavor: Emitter.Flavor) {
        var isAfterSpace = false
        var isAfterBreak = false
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            let width = utf8Width(byte)
            if byte == UInt8(ascii: "\t"), flavor == .v3 {
                hasTab = true
            } else if !isPrintable(text, offset) {
                hasSpecial = true
            }
            if byte == UInt8(ascii: ":"), isEnd(text, offset + 1) { hasIndicator = true }
            if byte == UInt8(ascii: "#"), offset == 0 || isBlankOrBreakBefore(text, offset) { hasIndicator = true }
            if byte == UInt8(ascii: "\n") { hasNewline = true }
            if byte == UInt8(ascii: " ") {
                if isAfterBreak { hasBreakSpace = true }
                (isAfterSpace, isAfterBreak) = (true, false)
            } else if isLineBreak(text, offset) {
                isMultiline = true
                if isAfterSpace { hasSpaceBreak = true }
                (isAfterSpace, isAfterBreak) = (false, true)
            } else {
                (isAfterSpace, isAfterBreak) = (false, false)
            }
            offset += width
        }
    }

    private func isEnd(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Bool {
        offset >= text.count || text[offset] == UInt8(ascii: " ") || text[offset] == UInt8(ascii: "\t")
    }

    private func isBlankOrBreakBefore(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Bool {
        var start = offset - 1
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        let byte = text[start]
        return byte == 0 || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || isLineBreak(text, start)
    }

    private static func isLeadingIndicator(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch text[0] {
        case UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: "|"),
            UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "@"),
            UInt8(ascii: "`"):
            true
        case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "-"):
            text.count == 1 || text[1] == UInt8(ascii: " ") || text[1] == UInt8(ascii: "\t")
        default: false
        }
    }

    private static func isAmbiguous(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if case .string = Scalar(text) { isBase60(text) } else { true }
    }

    /// A number of YAML 1.1 to the base of 60, such as a time of day: `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`.
    private static func isBase60(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        func at(_ offset: Int) -> UInt8 { offset < text.count ? text[offset] : 0 }
        func isDigit(_ offset: Int) -> Bool { (0x30...0x39).contains(at(offset)) }
        if at(0) == UInt8(ascii: "+") || at(0) == UInt8(ascii: "-") { index = 1 }
        guard isDigit(index) else { return false }
        while isDigit(index) || at(index) == UInt8(ascii: "_") { index += 1 }
        var groups = 0
        while at(index) == UInt8(ascii: ":"), isDigit(index + 1) {
            let hasTwo = isDigit(index + 2) && at(index + 1) <= UInt8(ascii: "5")
            index += hasTwo ? 3 : 2
            groups += 1
        }
        if groups > 0, at(index) == UInt8(ascii: ".") {
            index += 1
            while isDigit(index) || at(index) == UInt8(ascii: "_") { index += 1 }
        }
        return groups > 0 && index == text.count
    }
}

/// Whether go-yaml's emitter writes the character as it is: a newline and what is visible up to U+FFFD, without the
/// byte order mark.
func isPrintable(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Bool {
    func at(_ index: Int) -> UInt8 { offset + index < text.count ? text[offset + index] : 0 }
    switch text[offset] {
    case 0x0A, 0x20...0x7E: return true
    case 0xC2: return at(1) >= 0xA0
    case 0xC3..<0xED, 0xEE: return true
    case 0xED: return at(1) < 0xA0
    case 0xEF:
        return !(at(1) == 0xBB && at(2) == 0xBF) && !(at(1) == 0xBF && (at(2) == 0xBE || at(2) == 0xBF))
    default: return false
    }
}

/// Whether a line break is there: LF, CR, NEL, LS or PS.
func isLineBreak(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Bool {
    func at(_ index: Int) -> UInt8 { offset + index < text.count ? text[offset + index] : 0 }
    switch text[offset] {
    case 0x0A, 0x0D: return true
    case 0xC2: return at(1) == 0x85
    case 0xE2: return at(1) == 0x80 && (at(2) == 0xA8 || at(2) == 0xA9)
    default: return false
    }
}

/// The length of the character that starts with `byte`; 1 where none does.
func utf8Width(_ byte: UInt8) -> Int {
    switch byte {
    case 0xC0..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0..<0xF8: 4
    default: 1
    }
}
