package import Values

/// A pattern of `.Files.Glob`: `*` and `?` stop at `/`, `**` does not; `[a-z]`, `[!a-z]`, `{a,b}`, and `\` escapes.
///
/// The grammar is that of gobwas/glob, which Helm uses, oddities included: `{` need not be closed.
package struct Glob: Sendable {
    fileprivate indirect enum Node: Sendable {
        case text(UInt32)
        case any
        case anyPath
        case single
        case range(ClosedRange<UInt32>, isNegated: Bool)
        case list([UInt32], isNegated: Bool)
        case alternatives([[Node]])
    }

    private let nodes: [Node]

    /// `nil` where the pattern cannot be read.
    package init?(_ pattern: Text) {
        var parser = Parser(runes: pattern.runes.map(\.rune)[...])
        guard pattern.isValidUTF8, let nodes = parser.sequence(depth: 0) else { return nil }
        self.nodes = nodes
    }

    /// Whether the whole path matches.
    package func matches(_ path: Text) -> Bool {
        let runes = path.runes.map(\.rune)
        return Glob.ends(of: nodes[...], in: runes, from: [0]).contains(runes.count)
    }

    /// The positions at which a match of `nodes` can end that starts at one of `starts`.
    private static func ends(of nodes: ArraySlice<Node>, in runes: [UInt32], from starts: Set<Int>) -> Set<Int> {
        var positions = starts
        for node in nodes {
            if positions.isEmpty { return [] }
            positions = step(node, runes, positions)
        }
        return positions
    }

    private static func step(_ node: Node, _ runes: [UInt32], _ positions: Set<Int>) -> Set<Int> {
        switch node {
        case .any, .anyPath:
            var reached: Set<Int> = []
            for start in positions.sorted() where !reached.contains(start) {
                var position = start
                reached.insert(position)
                while position < runes.count, node.isAnyPath || runes[position] != separator {
                    position += 1
                    if !reached.insert(position).inserted { break }
                }
            }
            return reached
        case .alternatives(let branches):
            return branches.reduce(into: []) { $0.formUnion(ends(of: $1[...], in: runes, from: positions)) }
        default:
            return Set(positions.filter { $0 < runes.count && takes(node, runes[$0]) }.map { $0 + 1 })
        }
    }

    private static func takes(_ node: Node, _ rune: UInt32) -> Bool {
        switch node {
        case .text(let wanted): rune == wanted
        case .single: rune != separator
        case .range(let range, let isNegated): range.contains(rune) != isNegated
        case .list(let members, let isNegated): members.contains(rune) != isNegated
        case .any, .anyPath, .alternatives: false
        }
    }

    private static let separator = UInt32(ascii: "/")

    private struct Parser {
        var runes: ArraySlice<UInt32>

        /// Up to the end, or within braces to the comma or brace that ends an alternative, which is left unread.
        mutating func sequence(depth: Int) -> [Node]? {
            var nodes: [Node] = []
            while let rune = runes.first {
                if depth > 0, rune == UInt32(ascii: ",") || rune == UInt32(ascii: "}") { return nodes }
                runes.removeFirst()
                guard let node = node(rune, depth: depth) else { return nil }
                nodes.append(node)
            }
            return nodes
        }

        private mutating func node(_ rune: UInt32, depth: Int) -> Node? {
            switch rune {
            case UInt32(ascii: "{"): return alternatives(depth: depth + 1)
            case UInt32(ascii: "["): return set()
            case UInt32(ascii: "?"): return .single
            case UInt32(ascii: "*"):
                guard runes.first == UInt32(ascii: "*") else { return .any }
                runes.removeFirst()
                return .anyPath
            case UInt32(ascii: "\\"):
                // A backslash at the end stands for nothing.
                return runes.popFirst().map(Node.text) ?? .alternatives([[]])
            default: return .text(rune)
            }
        }

        private mutating func alternatives(depth: Int) -> Node? {
            guard depth < 100 else { return nil }
            var branches: [[Node]] = []
            while true {
                guard let branch = sequence(depth: depth) else { return nil }
                branches.append(branch)
                guard let end = runes.popFirst(), end == UInt32(ascii: ",") else { return .alternatives(branches) }
            }
        }

        private mutating func set() -> Node? {
            let isNegated = runes.first == UInt32(ascii: "!")
            if isNegated { runes.removeFirst() }
            if runes.dropFirst().first == UInt32(ascii: "-") {
                guard let low = runes.popFirst(), runes.popFirst() != nil, let high = runes.popFirst(),
                    runes.popFirst() == UInt32(ascii: "]"), low <= high
                else { return nil }
                return .range(low...high, isNegated: isNegated)
            }
            var members: [UInt32] = []
            while let rune = runes.popFirst() {
                if rune == UInt32(ascii: "]") { return members.isEmpty ? nil : .list(members, isNegated: isNegated) }
                if rune == UInt32(ascii: "\\") {
                    guard let escaped = runes.popFirst() else { return nil }
                    members.append(escaped)
                } else {
                    members.append(rune)
                }
            }
            return nil
        }
    }
}

extension Glob.Node {
    fileprivate var isAnyPath: Bool {
        if case .anyPath = self { true } else { false }
    }
}
