/// A character class: the union of parts, each perhaps negated and folded, perhaps negated as a whole.
struct RuneSet: Sendable {
    enum Source: Sendable {
        case ranges([ClosedRange<UInt32>])
        case categories(CategorySet)
    }

    struct Part: Sendable {
        var source: Source
        var isNegated = false
        /// Whether a rune also belongs when one of its case variants does.
        var folds = false

        func contains(_ rune: UInt32) -> Bool {
            let isInside = folds ? Rune(rune).caseVariants.contains(where: includes) : includes(rune)
            return isInside != isNegated
        }

        private func includes(_ rune: UInt32) -> Bool {
            switch source {
            case .ranges(let ranges): ranges.contains { $0.contains(rune) }
            case .categories(let categories): categories.contains(Rune(rune).category)
            }
        }
    }

    private let parts: [Part]
    private let isNegated: Bool
    /// The answers for ASCII.
    private let low: UInt64
    private let high: UInt64

    init(_ parts: [Part], isNegated: Bool = false) {
        self.parts = parts
        self.isNegated = isNegated
        var bits: [UInt64] = [0, 0]
        for rune in UInt32(0)..<128 where parts.contains(where: { $0.contains(rune) }) != isNegated {
            bits[Int(rune >> 6)] |= 1 << UInt64(rune & 63)
        }
        (low, high) = (bits[0], bits[1])
    }

    init(_ ranges: ClosedRange<UInt32>..., isNegated: Bool = false) {
        self.init([Part(source: .ranges(ranges))], isNegated: isNegated)
    }

    @inline(__always)
    func contains(_ rune: UInt32) -> Bool {
        if rune < 64 { return low >> UInt64(rune) & 1 == 1 }
        if rune < 128 { return high >> UInt64(rune - 64) & 1 == 1 }
        return containsBeyondASCII(rune)
    }

    private func containsBeyondASCII(_ rune: UInt32) -> Bool {
        parts.contains { $0.contains(rune) } != isNegated
    }

    static let any = RuneSet(0...0x10FFFF)
    static let anyButNewline = RuneSet(0x0A...0x0A, isNegated: true)
}
