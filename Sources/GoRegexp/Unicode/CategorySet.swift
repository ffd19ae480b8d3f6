/// A set of Unicode's general categories.
struct CategorySet: OptionSet, Sendable {
    let rawValue: UInt32

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    private init(bit: UInt32) {
        rawValue = 1 << bit
    }

    static let control = CategorySet(bit: 0)
    static let format = CategorySet(bit: 1)
    static let unassigned = CategorySet(bit: 2)
    static let privateUse = CategorySet(bit: 3)
    static let surrogate = CategorySet(bit: 4)
    static let lowercaseLetter = CategorySet(bit: 5)
    static let modifierLetter = CategorySet(bit: 6)
    static let otherLetter = CategorySet(bit: 7)
    static let titlecaseLetter = CategorySet(bit: 8)
    static let uppercaseLetter = CategorySet(bit: 9)
    static let spacingMark = CategorySet(bit: 10)
    static let enclosingMark = CategorySet(bit: 11)
    static let nonspacingMark = CategorySet(bit: 12)
    static let decimalNumber = CategorySet(bit: 13)
    static let letterNumber = CategorySet(bit: 14)
    static let otherNumber = CategorySet(bit: 15)
    static let connectorPunctuation = CategorySet(bit: 16)
    static let dashPunctuation = CategorySet(bit: 17)
    static let closePunctuation = CategorySet(bit: 18)
    static let finalPunctuation = CategorySet(bit: 19)
    static let initialPunctuation = CategorySet(bit: 20)
    static let otherPunctuation = CategorySet(bit: 21)
    static let openPunctuation = CategorySet(bit: 22)
    static let currencySymbol = CategorySet(bit: 23)
    static let modifierSymbol = CategorySet(bit: 24)
    static let mathSymbol = CategorySet(bit: 25)
    static let otherSymbol = CategorySet(bit: 26)
    static let lineSeparator = CategorySet(bit: 27)
    static let paragraphSeparator = CategorySet(bit: 28)
    static let spaceSeparator = CategorySet(bit: 29)

    static let casedLetter: CategorySet = [.lowercaseLetter, .titlecaseLetter, .uppercaseLetter]
    static let letter: CategorySet = [.casedLetter, .modifierLetter, .otherLetter]
    static let mark: CategorySet = [.spacingMark, .enclosingMark, .nonspacingMark]
    static let number: CategorySet = [.decimalNumber, .letterNumber, .otherNumber]
    static let punctuation: CategorySet = [
        .connectorPunctuation, .dashPunctuation, .closePunctuation, .finalPunctuation, .initialPunctuation,
        .otherPunctuation, .openPunctuation,
    ]
    static let symbol: CategorySet = [.currencySymbol, .modifierSymbol, .mathSymbol, .otherSymbol]
    static let separator: CategorySet = [.lineSeparator, .paragraphSeparator, .spaceSeparator]
    static let other: CategorySet = [.control, .format, .unassigned, .privateUse, .surrogate]

    func contains(_ category: Unicode.GeneralCategory) -> Bool {
        contains(CategorySet(category))
    }

    private init(_ category: Unicode.GeneralCategory) {
        switch category {
        case .control: self = .control
        case .format: self = .format
        case .privateUse: self = .privateUse
        case .surrogate: self = .surrogate
        case .lowercaseLetter: self = .lowercaseLetter
        case .modifierLetter: self = .modifierLetter
        case .otherLetter: self = .otherLetter
        case .titlecaseLetter: self = .titlecaseLetter
        case .uppercaseLetter: self = .uppercaseLetter
        case .spacingMark: self = .spacingMark
        case .enclosingMark: self = .enclosingMark
        case .nonspacingMark: self = .nonspacingMark
        case .decimalNumber: self = .decimalNumber
        case .letterNumber: self = .letterNumber
        case .otherNumber: self = .otherNumber
        case .connectorPunctuation: self = .connectorPunctuation
        case .dashPunctuation: self = .dashPunctuation
        case .closePunctuation: self = .closePunctuation
        case .finalPunctuation: self = .finalPunctuation
        case .initialPunctuation: self = .initialPunctuation
        case .otherPunctuation: self = .otherPunctuation
        case .openPunctuation: self = .openPunctuation
        case .currencySymbol: self = .currencySymbol
        case .modifierSymbol: self = .modifierSymbol
        case .mathSymbol: self = .mathSymbol
        case .otherSymbol: self = .otherSymbol
        case .lineSeparator: self = .lineSeparator
        case .paragraphSeparator: self = .paragraphSeparator
        case .spaceSeparator: self = .spaceSeparator
        case .unassigned: self = .unassigned
        @unknown default: self = .unassigned
        }
    }
}
