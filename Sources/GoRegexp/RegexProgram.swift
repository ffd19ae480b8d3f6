/// The instructions of a compiled regular expression.
struct RegexProgram: Sendable {
    enum Operation: UInt8 {
        case match, rune, set, fork, capture, assertion
    }

    struct Instruction: Sendable {
        var operation: Operation
        /// What follows; of a fork, what is tried first.
        var next: Int32 = 0
        /// A fork's second choice, a capture's slot, a set's index or an assertion's.
        var argument: Int32 = 0
        var rune: UInt32 = 0
    }

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [RuneSet] = []
    private(set) var start: Int32 = 0
    let assertions: [RegexAssertion] = [.beginLine, .endLine, .beginText, .endText, .wordBoundary, .noWordBoundary]
    /// Whether a match can only begin where the text does.
    private(set) var isAnchored = false
    /// Which bytes a match can begin with; nil where it can be empty.
    private(set) var firstBytes: [Bool]?

    init(_ node: RegexNode) {
        let end = emit(Instruction(operation: .match))
        start = compile(node, then: end)
        findStart()
    }

    private mutating func emit(_ instruction: Instruction) -> Int32 {
        instructions.append(instruction)
        return Int32(instructions.count - 1)
    }

    /// Emits `node` so that `next` follows it; returns where it begins.
    private mutating func compile(_ node: RegexNode, then next: Int32) -> Int32 {
        switch node.kind {
        case .empty: return next
        case .literal(let runes, let folds):
            return runes.reversed().reduce(next) { next, rune in compile(rune, folds: folds, then: next) }
        case .set(let set): return compile(set, then: next)
        case .assertion(let assertion):
            let index = assertions.firstIndex(of: assertion) ?? 0
            return emit(Instruction(operation: .assertion, next: next, argument: Int32(index)))
        case .capture(let inner, let index):
            let slot = Int32(index * 2)
            let close = emit(Instruction(operation: .capture, next: next, argument: slot + 1))
            return emit(Instruction(operation: .capture, next: compile(inner, then: close), argument: slot))
        case .concatenation(let nodes):
            return nodes.reversed().reduce(next) { next, node in compile(node, then: next) }
        case .alternation(let nodes):
            let starts = nodes.map { compile($0, then: next) }
            return starts.dropLast().reversed().reduce(starts[starts.count - 1]) { rest, first in
                emit(Instruction(operation: .fork, next: first, argument: rest))
            }
        case .repetition(let inner, let least, let most, let isGreedy, _):
            return compileRepetition(inner, least, most, isGreedy, then: next)
        }
    }

    private mutating func compile(_ rune: UInt32, folds: Bool, then next: Int32) -> Int32 {
        if folds {
            let variants = Rune(rune).caseVariants.map { $0...$0 }
            return compile(RuneSet([.init(source: .ranges(variants))]), then: next)
        }
        return emit(Instruction(operation: .rune, next: next, rune: rune))
    }

    private mutating func compile(_ set: RuneSet, then next: Int32) -> Int32 {
        sets.append(set)
        return emit(Instruction(operation: .set, next: next, argument: Int32(sets.count - 1)))
    }

    private mutating func compileRepetition(
        _ inner: RegexNode, _ least: Int, _ most: Int?, _ isGreedy: Bool, then next: Int32
    ) -> Int32 {
        guard let most else {
            if least > 0 {
                let loop = compileLoop(inner, isGreedy, then: next)
                return (1..<least).reduce(loop) { next, _ in compile(inner, then: next) }
            }
            // What can be empty must be tried once before it may be skipped, to keep Perl's priorities.
            if inner.isNullable { return fork(compileLoop(inner, isGreedy, then: next), next, isGreedy) }
            let loop = emit(Instruction(operation: .fork))
            setFork(loop, compile(inner, then: loop), next, isGreedy)
            return loop
        }
        var start = next
        for _ in least..<most { start = fork(compile(inner, then: start), next, isGreedy) }
        for _ in 0..<least { start = compile(inner, then: start) }
        return start
    }

    /// One or more of `inner`.
    private mutating func compileLoop(_ inner: RegexNode, _ isGreedy: Bool, then next: Int32) -> Int32 {
        let loop = emit(Instruction(operation: .fork))
        let start = compile(inner, then: loop)
        setFork(loop, start, next, isGreedy)
        return start
    }

    private mutating func fork(_ inner: Int32, _ next: Int32, _ isGreedy: Bool) -> Int32 {
        let index = emit(Instruction(operation: .fork))
        setFork(index, inner, next, isGreedy)
        return index
    }

    private mutating func setFork(_ index: Int32, _ inner: Int32, _ next: Int32, _ isGreedy: Bool) {
        instructions[Int(index)].next = isGreedy ? inner : next
        instructions[Int(index)].argument = isGreedy ? next : inner
    }

    // MARK: What a match begins with

    private mutating func findStart() {
        isAnchored = beginsWithText()
        var bytes = [Bool](repeating: false, count: 256)
        var seen = [Bool](repeating: false, count: instructions.count)
        var stack = [start]
        while let index = stack.popLast() {
            if seen[Int(index)] { continue }
            seen[Int(index)] = true
            let instruction = instructions[Int(index)]
            switch instruction.operation {
            case .match: return
            case .fork: stack += [instruction.next, instruction.argument]
            case .capture, .assertion: stack.append(instruction.next)
            case .rune: noteFirst(&bytes, ascii: { $0 == instruction.rune }, beyond: instruction.rune >= 0x80)
            case .set:
                let set = sets[Int(instruction.argument)]
                noteFirst(&bytes, ascii: { set.contains($0) }, beyond: true)
            }
        }
        firstBytes = bytes
    }

    private func noteFirst(_ bytes: inout [Bool], ascii: (UInt32) -> Bool, beyond: Bool) {
        for byte in 0..<256 {
            if byte < 0x80 ? ascii(UInt32(byte)) : beyond { bytes[byte] = true }
        }
    }

    private func beginsWithText() -> Bool {
        var index = start
        while true {
            let instruction = instructions[Int(index)]
            switch instruction.operation {
            case .capture: index = instruction.next
            case .assertion:
                if assertions[Int(instruction.argument)] == .beginText { return true }
                index = instruction.next
            default: return false
            }
        }
    }
}
