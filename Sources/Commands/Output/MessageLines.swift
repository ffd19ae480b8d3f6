import Operations
import Terminal

/// An error's text as messages to show, one for each error. What Helm spreads over indented lines of a trace stands in
/// one; a text that a chart's author wrote keeps its lines.
func messageLines(_ text: String) -> [String] {
    if text.contains("execution error at (") { return [withoutLastBreaks(text)] }
    var lines: [String] = []
    var isInTrace = false
    for line in text.split(whereSeparator: \.isNewline) {
        let trimmed = line.drop { $0 == " " }
        isInTrace = line.first == " " && (isInTrace || trimmed.hasPrefix("executing \""))
        if isInTrace, let last = lines.last {
            lines[lines.count - 1] = last + (last.hasSuffix(":") ? " " : ": ") + trimmed
        } else {
            lines.append(String(line))
        }
    }
    return lines.map(withoutInnerIncludes)
}

private func withoutLastBreaks(_ text: String) -> String {
    var text = text[...]
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
}

/// How many includes within each other are shown at the start and at the end of a chain.
private let shownIncludes = 4

/// A chain of a thousand includes, each with the error of the one inside, without those in its middle.
private func withoutInnerIncludes(_ line: String) -> String {
    let link = "error calling include: "
    let parts = line.utf8.count > 2000 ? line.split(separator: link, omittingEmptySubsequences: false) : []
    let hidden = parts.count - 2 * shownIncludes
    guard hidden > shownIncludes else { return line }
    let first = parts.prefix(shownIncludes).joined(separator: link)
    let last = parts.suffix(shownIncludes).joined(separator: link)
    return "\(first)\(link)… (\(hidden) includes more) … \(last)"
}

extension Console {
    /// Shows an error: a message for each thing that is wrong; what helps against several stands below them, once.
    func fail(_ error: any Error) {
        guard let failures = error as? Failures else {
            for line in messageLines("\(error)") { fail(line) }
            return
        }
        for group in failures.groups {
            let lines = group.sharedRemedy == nil ? group.lines : group.lines.dropLast()
            for line in lines.flatMap(messageLines) { fail(line) }
            if let remedy = group.sharedRemedy { note(remedy) }
        }
    }

    /// A line of Helm's log as a warning; its own mark of a level would stand beside ours.
    func warn(logged line: String) {
        let marks = ["WARN ", "INFO ", "warning: ", "Warning: "]
        let mark = marks.first { line.hasPrefix($0) } ?? ""
        warn(String(line.dropFirst(mark.count)))
    }
}
