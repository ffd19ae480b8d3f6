import Values

/// Runs a program over a text: all threads in step, so that time is the product of both lengths at worst.
///
/// Threads are kept in order of priority, and the first that matches cuts off those after it: leftmost-first, as Perl
/// chooses among matches.
struct RegexMachine {
    private let program: RegexProgram
    private let text: UnsafeBufferPointer<UInt8>
    private let slots: Int
    private var now: RegexThreads
    private var then: RegexThreads
    private var current: [Int]

    /// `slots` is twice the number of captures wanted: 0 for a plain yes or no, 2 for the match alone.
    init(_ program: RegexProgram, over text: UnsafeBufferPointer<UInt8>, slots: Int) {
        self.program = program
        self.text = text
        self.slots = slots
        now = RegexThreads(instructions: program.instructions.count)
        then = now
        current = [Int](repeating: -1, count: slots)
    }

    /// The bounds of the first match at or after `start` and of its captures, -1 for those without part in it.
    mutating func firstMatch(from start: Int) -> [Int]? {
        var matched: [Int]?
        var position = start
        now.clear()
        while true {
            if now.isEmpty {
                if matched != nil || program.isAnchored && position > 0 { break }
                position = skip(from: position)
            }
            if matched == nil, !program.isAnchored || position == 0 { addStart(at: position) }
            let isAtEnd = position >= text.count
            let (rune, width) = isAtEnd ? (RegexMachine.end, 0) : decodeRune(text, at: position)
            step(over: rune, at: position, to: position + width, &matched)
            if isAtEnd || slots == 0 && matched != nil { break }
            position += width
            swap(&now, &then)
        }
        return matched
    }

    /// No rune: what threads are offered at the end of the text.
    private static let end = UInt32.max

    /// The next position where a match can begin.
    private func skip(from start: Int) -> Int {
        guard let firstBytes = program.firstBytes else { return start }
        var position = start
        while position < text.count, !firstBytes[Int(text[position])] {
            position += text[position] < 0x80 ? 1 : decodeRune(text, at: position).width
        }
        return position
    }

    private mutating func addStart(at position: Int) {
        for slot in 0..<slots { current[slot] = -1 }
        if slots > 0 { current[0] = position }
        now.add(program.start, at: position, in: text, of: program, captures: &current)
    }

    /// Moves every thread over `rune`; the first to match ends those of lower priority.
    private mutating func step(over rune: UInt32, at position: Int, to next: Int, _ matched: inout [Int]?) {
        then.clear()
        for index in 0..<now.waiting.count {
            let instruction = program.instructions[Int(now.waiting[index])]
            let advances: Bool
            switch instruction.operation {
            case .match:
                var captures = Array(now.captures[(index * slots)..<((index + 1) * slots)])
                if slots > 1 { captures[1] = position }
                matched = captures
                return
            case .rune: advances = instruction.rune == rune
            case .set:
                advances = rune != RegexMachine.end && program.sets[Int(instruction.argument)].contains(rune)
            default: advances = false
            }
            if advances {
                for slot in 0..<slots { current[slot] = now.captures[index * slots + slot] }
                then.add(instruction.next, at: next, in: text, of: program, captures: &current)
            }
        }
    }
}
