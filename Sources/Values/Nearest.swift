/// The candidate that `name` was probably meant to be: few edits away, or the only one that begins with it.
package func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let lowered = Array(name.lowercased().utf8)
    guard !lowered.isEmpty else { return nil }
    var best: (distance: Int, candidate: String)?
    var beginning: [String] = []
    for candidate in candidates {
        let other = Array(candidate.lowercased().utf8)
        if other.starts(with: lowered) { beginning.append(candidate) }
        let distance = edits(lowered, other)
        if distance <= max(1, max(lowered.count, other.count) / 3), distance < best?.distance ?? .max {
            best = (distance, candidate)
        }
    }
    if let best, best.distance <= 1 { return best.candidate }
    return beginning.count == 1 ? beginning[0] : best?.candidate
}

/// The words `; did you mean X?`, or nothing where no candidate is near.
package func suggestion(for name: String, among candidates: some Sequence<String>) -> String {
    nearest(to: name, among: candidates).map { "; did you mean \($0)?" } ?? ""
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words.
private func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
    guard left.count < 64, right.count < 64 else { return left == right ? 0 : .max }
    var older: [Int] = []
    var previous = Array(0...right.count)
    for i in 0..<left.count {
        var current = [i + 1]
        for j in 0..<right.count {
            var least = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { least = min(least, older[j - 1] + 1) }
            current.append(least)
        }
        older = previous
        previous = current
    }
    return previous[right.count]
}
