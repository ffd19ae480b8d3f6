/// The candidate within a third of its length in edits of `key`, the nearest and then the first; `nil` where none is.
func nearestKey(to key: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(key.lowercased().utf8.prefix(64))
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
        let other = Array(candidate.lowercased().utf8.prefix(64))
        let distance = edits(wanted, other)
        if distance <= max(1, max(wanted.count, other.count) / 3), distance < best?.distance ?? .max {
            best = (distance, candidate)
        }
    }
    return best?.candidate
}
