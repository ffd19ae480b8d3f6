/// The manual page sail(1) in roff, for man(7).
package func manualPage<Request>(_ root: Command<Request>, version: String) -> String {
    var page = """
        .TH \(root.name.uppercased()) 1 "" "\(root.name) \(version)" "User Commands"
        .SH NAME
        \(root.name) \\- \(roff(root.summary))
        .SH SYNOPSIS
        .B \(roff(usageLine([root])))
        .SH DESCRIPTION
        \(paragraphs(root.discussion))
        .SH COMMANDS

        """
    appendCommands(below: [root], to: &page)
    page += """
        .SH EXIT STATUS
        0: done, or no difference. 1: failed. 2: wrong usage.

        """
    return page
}

private func appendCommands<Request>(below path: [Command<Request>], to page: inout String) {
    for child in path[path.count - 1].children where !child.isHidden {
        let own = path + [child]
        if child.body != nil {
            page += ".SS \(roff(usageLine(own)))\n\(roff(child.summary)).\n"
            if !child.discussion.isEmpty { page += ".PP\n" + paragraphs(child.discussion) + "\n" }
            for operand in child.operands { page += ".TP\n.B \(roff(operand.name))\n\(roff(operand.help))\n" }
            for flag in child.flags {
                let usage = flag.usage.drop { $0 == " " }
                page += ".TP\n.B \(roff(String(usage)))\n\(roff(flag.explanation))\n"
            }
            for example in child.examples { page += ".PP\n\(roff(example.text)):\n.EX\n\(roff(example.line))\n.EE\n" }
        }
        appendCommands(below: own, to: &page)
    }
}

private func paragraphs(_ text: String) -> String {
    roff(text).split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? ".PP" : String($0) }.joined(separator: "\n")
}

/// Escapes what roff would take for markup: backslashes, dashes, and a dot or quote at a line's start.
private func roff(_ text: String) -> String {
    var result = ""
    var atStart = true
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\": result += "\\e"
        case "-": result += "\\-"
        case ".", "'":
            if atStart { result += "\\&" }
            result.unicodeScalars.append(scalar)
        default: result.unicodeScalars.append(scalar)
        }
        atStart = scalar == "\n"
    }
    return result
}
