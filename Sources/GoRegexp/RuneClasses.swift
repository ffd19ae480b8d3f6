/// The named character classes: Perl's escapes, POSIX's brackets and Unicode's properties.
enum RuneClasses {
    static let perl: [UInt8: (ranges: [ClosedRange<UInt32>], isNegated: Bool)] = [
        UInt8(ascii: "d"): ([0x30...0x39], false), UInt8(ascii: "D"): ([0x30...0x39], true),
        UInt8(ascii: "s"): (space, false), UInt8(ascii: "S"): (space, true),
        UInt8(ascii: "w"): (word, false), UInt8(ascii: "W"): (word, true),
    ]

    /// POSIX's classes by the name between `[:` and `:]`.
    static let posix: [String: [ClosedRange<UInt32>]] = [
        "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A],
        "alpha": [0x41...0x5A, 0x61...0x7A],
        "ascii": [0x00...0x7F],
        "blank": [0x09...0x09, 0x20...0x20],
        "cntrl": [0x00...0x1F, 0x7F...0x7F],
        "digit": [0x30...0x39],
        "graph": [0x21...0x7E],
        "lower": [0x61...0x7A],
        "print": [0x20...0x7E],
        "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
        "space": [0x09...0x0D, 0x20...0x20],
        "upper": [0x41...0x5A],
        "word": word,
        "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
    ]

    private static let space: [ClosedRange<UInt32>] = [0x09...0x0A, 0x0C...0x0D, 0x20...0x20]
    private static let word: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]

    /// A Unicode property by name, and whether it means the opposite; case, spaces, `_` and `-` do not count.
    static func unicode(_ name: [UInt8]) -> (source: RuneSet.Source, isNegated: Bool)? {
        let name = canonical(name)
        switch name {
        case "Any": return (.ranges([0...0x10FFFF]), false)
        case "Ascii": return (.ranges([0...0x7F]), false)
        case "Assigned": return (.categories(.unassigned), true)
        default: break
        }
        if let categories = categories[name] { return (.categories(categories), false) }
        if let ranges = Scripts.ranges(name) { return (.ranges(ranges), false) }
        return longNames[name].map { (.categories($0), false) }
    }

    /// The first letter upper case, the others lower.
    private static func canonical(_ name: [UInt8]) -> String {
        var result: [UInt8] = []
        for byte in name where byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ") {
            switch byte {
            case 0x61...0x7A where result.isEmpty: result.append(byte - 32)
            case 0x41...0x5A where !result.isEmpty: result.append(byte + 32)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let categories: [String: CategorySet] = [
        "C": .other, "Cc": .control, "Cf": .format, "Cn": .unassigned, "Co": .privateUse, "Cs": .surrogate,
        "L": .letter, "Lc": .casedLetter, "Ll": .lowercaseLetter, "Lm": .modifierLetter, "Lo": .otherLetter,
        "Lt": .titlecaseLetter, "Lu": .uppercaseLetter, "M": .mark, "Mc": .spacingMark, "Me": .enclosingMark,
        "Mn": .nonspacingMark, "N": .number, "Nd": .decimalNumber, "Nl": .letterNumber, "No": .otherNumber,
        "P": .punctuation, "Pc": .connectorPunctuation, "Pd": .dashPunctuation, "Pe": .closePunctuation,
        "Pf": .finalPunctuation, "Pi": .initialPunctuation, "Po": .otherPunctuation, "Ps": .openPunctuation,
        "S": .symbol, "Sc": .currencySymbol, "Sk": .modifierSymbol, "Sm": .mathSymbol, "So": .otherSymbol,
        "Z": .separator, "Zl": .lineSeparator, "Zp": .paragraphSeparator, "Zs": .spaceSeparator,
    ]

    private static let longNames: [String: CategorySet] = [
        "Casedletter": .casedLetter, "Closepunctuation": .closePunctuation, "Combiningmark": .mark,
        "Connectorpunctuation": .connectorPunctuation, "Control": .control, "Currencysymbol": .currencySymbol,
        "Dashpunctuation": .dashPunctuation, "Decimalnumber": .decimalNumber, "Enclosingmark": .enclosingMark,
        "Finalpunctuation": .finalPunctuation, "Format": .format, "Initialpunctuation": .initialPunctuation,
        "Letter": .letter, "Letternumber": .letterNumber, "Lineseparator": .lineSeparator,
        "Lowercaseletter": .lowercaseLetter, "Mark": .mark, "Mathsymbol": .mathSymbol,
        "Modifierletter": .modifierLetter, "Modifiersymbol": .modifierSymbol, "Nonspacingmark": .nonspacingMark,
        "Number": .number, "Openpunctuation": .openPunctuation, "Other": .other, "Otherletter": .otherLetter,
        "Othernumber": .otherNumber, "Otherpunctuation": .otherPunctuation, "Othersymbol": .otherSymbol,
        "Paragraphseparator": .paragraphSeparator, "Privateuse": .privateUse, "Punctuation": .punctuation,
        "Separator": .separator, "Spaceseparator": .spaceSeparator, "Spacingmark": .spacingMark,
        "Surrogate": .surrogate, "Symbol": .symbol, "Titlecaseletter": .titlecaseLetter,
        "Unassigned": .unassigned, "Uppercaseletter": .uppercaseLetter, "Cntrl": .control,
        "Digit": .decimalNumber, "Punct": .punctuation,
    ]
}
