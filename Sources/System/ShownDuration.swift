/// A duration for people: `0.4s`, `42s`, `5m 3s`, `1h 2m`.
package func shownDuration(milliseconds: Int) -> String {
    let milliseconds = max(0, milliseconds)
    let seconds = milliseconds / 1000
    if milliseconds < 1000 { return "0.\(milliseconds / 100)s" }
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 { return "\(seconds / 60)m \(seconds % 60)s" }
    return "\(seconds / 3600)h \(seconds % 3600 / 60)m"
}
