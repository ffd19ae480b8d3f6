/// A line of a unified diff.
package enum DiffLine: Equatable, Sendable {
    case same(String)
    case removed(String)
    case added(String)
    /// Lines that are left out, by their number.
    case skipped(Int)
}

/// The shortest edit from `old` to `new` (Myers' greedy algorithm), with `context` unchanged lines around each change.
///
/// Empty where nothing differs. Past 4,000 edits the rest counts as replaced, to bound time and memory.
package func lineDiff(_ old: [String], _ new: [String], context: Int = 3) -> [DiffLine] {
    let lines = edits(old, new)
    guard lines.contains(where: { if case .same = $0 { false } else { true } }) else { return [] }
    return trimmed(lines, context: context)
}

private let maximumEdits = 4000

private func edits(_ old: [String], _ new: [String]) -> [DiffLine] {
    var start = 0
    while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
    var tail = 0
    while tail < min(old.count, new.count) - start, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
    let middle = shortestEdit(old[start..<old.count - tail], new[start..<new.count - tail])
    return old[..<start].map(DiffLine.same) + middle + old[(old.count - tail)...].map(DiffLine.same)
}

/// Myers' algorithm: `furthest[k]` is the furthest place in `old` reached on diagonal k with so many edits.
private func shortestEdit(_ old: ArraySlice<String>, _ new: ArraySlice<String>) -> [DiffLine] {
    let (old, new) = (Array(old), Array(new))
    var furthest = [1: 0]
    var trace: [[Int: Int]] = []
    for edits in 0...min(old.count + new.count, maximumEdits) {
        trace.append(furthest)
        for diagonal in stride(from: -edits, through: edits, by: 2) {
            let goesDown =
                diagonal == -edits
                || (diagonal != edits && furthest[diagonal - 1, default: -1] < furthest[diagonal + 1, default: -1])
            var x = goesDown ? furthest[diagonal + 1, default: 0] : furthest[diagonal - 1, default: 0] + 1
            while x < old.count, x - diagonal < new.count, old[x] == new[x - diagonal] { x += 1 }
            furthest[diagonal] = x
            if x >= old.count, x - diagonal >= new.count { return backtrack(old, new, trace) }
        }
    }
    return old.map(DiffLine.removed) + new.map(DiffLine.added)
}

private func backtrack(_ old: [String], _ new: [String], _ trace: [[Int: Int]]) -> [DiffLine] {
    var lines: [DiffLine] = []
    var (x, y) = (old.count, new.count)
    for edits in stride(from: trace.count - 1, through: 0, by: -1) {
        let furthest = trace[edits]
        let diagonal = x - y
        let goesDown =
            diagonal == -edits
            || (diagonal != edits && furthest[diagonal - 1, default: -1] < furthest[diagonal + 1, default: -1])
        let previous = goesDown ? diagonal + 1 : diagonal - 1
        let previousX = edits == 0 ? 0 : furthest[previous, default: 0]
        let previousY = edits == 0 ? 0 : previousX - previous
        while x > previousX, y > previousY {
            lines.append(.same(old[x - 1]))
            x -= 1
            y -= 1
        }
        guard edits > 0 else { break }
        lines.append(goesDown ? .added(new[y - 1]) : .removed(old[x - 1]))
        (x, y) = (previousX, previousY)
    }
    return lines.reversed()
}

private func trimmed(_ lines: [DiffLine], context: Int) -> [DiffLine] {
    var isShown = Array(repeating: false, count: lines.count)
    for (index, line) in lines.enumerated() {
        if case .same = line { continue }
        for near in max(0, index - context)...min(lines.count - 1, index + context) { isShown[near] = true }
    }
    var result: [DiffLine] = []
    var skipped = 0
    for (line, isShown) in zip(lines, isShown) {
        if !isShown {
            skipped += 1
            continue
        }
        if skipped > 0 { result.append(.skipped(skipped)) }
        skipped = 0
        result.append(line)
    }
    if skipped > 0 { result.append(.skipped(skipped)) }
    return result
}
