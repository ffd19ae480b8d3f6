/// A parsed regular expression, with what its limits and its compilation need to know.
struct RegexNode: Sendable {
    indirect enum Kind: Sendable {
        case empty
        /// Runes in a row; with `folds` each stands for all its case variants.
        case literal([UInt32], folds: Bool)
        case set(RuneSet)
        case assertion(RegexAssertion)
        case capture(RegexNode, index: Int)
        /// `max` is nil where there is no bound.
        case repetition(RegexNode, min: Int, max: Int?, isGreedy: Bool, isCounted: Bool)
        case concatenation([RegexNode])
        case alternation([RegexNode])
    }

    let kind: Kind
    /// Levels of nesting, and instructions once compiled: Go limits both.
    let height: Int
    let size: Int
    /// Whether it can match the empty text as Go's compiler sees it.
    let isNullable: Bool

    init(_ kind: Kind) {
        self.kind = kind
        let inner: [RegexNode]
        switch kind {
        case .empty, .literal, .set, .assertion: inner = []
        case .capture(let node, _), .repetition(let node, _, _, _, _): inner = [node]
        case .concatenation(let nodes), .alternation(let nodes): inner = nodes
        }
        height = 1 + (inner.map(\.height).max() ?? 0)
        let innerSize = inner.reduce(0) { $0 &+ $1.size }
        switch kind {
        case .empty, .assertion:
            (size, isNullable) = (1, true)
        case .set:
            (size, isNullable) = (1, false)
        case .literal(let runes, _):
            (size, isNullable) = (max(1, runes.count), runes.isEmpty)
        case .capture(let node, _):
            (size, isNullable) = (2 + innerSize, node.isNullable)
        case .concatenation(let nodes):
            (size, isNullable) = (max(1, innerSize), nodes.allSatisfy(\.isNullable))
        case .alternation(let nodes):
            (size, isNullable) = (innerSize + nodes.count - 1, nodes.contains(where: \.isNullable))
        case .repetition(let node, let least, let most, _, let isCounted):
            size = RegexNode.repetitionSize(innerSize, least, most, isCounted)
            isNullable = least == 0 || node.isNullable
        }
    }

    private static func repetitionSize(_ inner: Int, _ least: Int, _ most: Int?, _ isCounted: Bool) -> Int {
        guard isCounted else { return least == 0 && most == nil ? 2 + inner : 1 + inner }
        if let most { return max(1, most * inner + (most - least)) }
        return least == 0 ? 2 + inner : 1 + least * inner
    }

    /// Whether counted repetitions inside each other stay below `limit` copies in all (Go: 1000).
    func repeatsAtMost(_ limit: Int) -> Bool {
        var limit = limit
        switch kind {
        case .empty, .literal, .set, .assertion: return true
        case .capture(let node, _): return node.repeatsAtMost(limit)
        case .concatenation(let nodes), .alternation(let nodes): return nodes.allSatisfy { $0.repeatsAtMost(limit) }
        case .repetition(let node, let least, let most, _, let isCounted):
            if isCounted {
                let count = most ?? least
                if most == 0 { return true }
                if count > limit { return false }
                if count > 0 { limit /= count }
            }
            return node.repeatsAtMost(limit)
        }
    }
}

/// A condition on the place between two runes.
enum RegexAssertion: Sendable {
    case beginLine, endLine, beginText, endText, wordBoundary, noWordBoundary
}
