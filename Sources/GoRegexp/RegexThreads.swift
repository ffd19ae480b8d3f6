/// The threads of a regular expression that wait at one position of the text, most wanted first.
struct RegexThreads {
    private(set) var waiting: [Int32] = []
    /// The captures of each thread, one after the other.
    private(set) var captures: [Int] = []
    /// The place of an instruction in `visited`; only entries that point back are meant.
    private var sparse: [Int32]
    private var visited: [Int32] = []
    private var stack: [Task] = []

    private enum Task {
        case visit(Int32)
        case restore(slot: Int, offset: Int)
    }

    init(instructions: Int) {
        sparse = [Int32](repeating: 0, count: instructions)
    }

    var isEmpty: Bool { waiting.isEmpty }

    mutating func clear() {
        waiting.removeAll(keepingCapacity: true)
        captures.removeAll(keepingCapacity: true)
        visited.removeAll(keepingCapacity: true)
    }

    /// Follows forks, captures and assertions from `first` and adds the instructions that wait for a rune.
    mutating func add(
        _ first: Int32, at position: Int, in text: UnsafeBufferPointer<UInt8>, of program: RegexProgram,
        captures current: inout [Int]
    ) {
        stack.append(.visit(first))
        while let task = stack.popLast() {
            switch task {
            case .restore(let slot, let offset): current[slot] = offset
            case .visit(let index):
                if isVisited(index) { continue }
                sparse[Int(index)] = Int32(visited.count)
                visited.append(index)
                follow(index, position, text, program, &current)
            }
        }
    }

    @inline(__always)
    private func isVisited(_ index: Int32) -> Bool {
        let position = Int(sparse[Int(index)])
        return position < visited.count && visited[position] == index
    }

    private mutating func follow(
        _ index: Int32, _ position: Int, _ text: UnsafeBufferPointer<UInt8>, _ program: RegexProgram,
        _ current: inout [Int]
    ) {
        let instruction = program.instructions[Int(index)]
        switch instruction.operation {
        case .fork:
            stack.append(.visit(instruction.argument))
            stack.append(.visit(instruction.next))
        case .capture:
            let slot = Int(instruction.argument)
            if slot < current.count {
                stack.append(.restore(slot: slot, offset: current[slot]))
                current[slot] = position
            }
            stack.append(.visit(instruction.next))
        case .assertion:
            if program.assertions[Int(instruction.argument)].holds(at: position, in: text) {
                stack.append(.visit(instruction.next))
            }
        case .rune, .set, .match:
            waiting.append(index)
            captures += current
        }
    }
}

extension RegexAssertion {
    /// Whether the condition is true of the place before the byte at `position`; words are of ASCII.
    fileprivate func holds(at position: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        let before = position > 0 ? text[position - 1] : nil
        let after = position < text.count ? text[position] : nil
        switch self {
        case .beginText: return before == nil
        case .endText: return after == nil
        case .beginLine: return before == nil || before == UInt8(ascii: "\n")
        case .endLine: return after == nil || after == UInt8(ascii: "\n")
        case .wordBoundary: return RegexAssertion.isWord(before) != RegexAssertion.isWord(after)
        case .noWordBoundary: return RegexAssertion.isWord(before) == RegexAssertion.isWord(after)
        }
    }

    private static func isWord(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}
