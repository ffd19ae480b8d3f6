/// Breaks text into lines of at most `width` columns at spaces; a longer word gets a line of its own.
///
/// Line breaks of the text stay.
package func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
        var line = ""
        var used = 0
        for word in paragraph.split(separator: " ") {
            let length = columns(of: word)
            if used > 0, used + 1 + length > width {
                lines.append(line)
                line = ""
                used = 0
            }
            if used > 0 {
                line += " "
                used += 1
            }
            line += word
            used += length
        }
        lines.append(line)
    }
    return lines
}

/// Terms at the left and their wrapped explanations at the right, as in a help page.
///
/// A term too long for the left column stands on a line of its own.
package func definitionList(_ rows: [(term: String, text: String)], width: Int, style: Style = .plain) -> String {
    let indent = 2
    let gap = 2
    let widest = max(10, min(34, width * 2 / 5) - indent - gap)
    let fitting = rows.map { columns(of: $0.term) }.filter { $0 <= widest }
    let column = indent + (fitting.max() ?? widest) + gap
    let margin = String(repeating: " ", count: column)
    var result = ""
    for (term, text) in rows {
        let lines = wrap(text, width: max(20, width - column))
        result += "  " + style.paint(term, as: .strong)
        let used = indent + columns(of: term)
        if used + gap <= column {
            result += String(repeating: " ", count: text.isEmpty ? 0 : column - used)
        } else if !text.isEmpty {
            result += "\n" + margin
        }
        result += lines.joined(separator: "\n" + margin) + "\n"
    }
    return result
}
