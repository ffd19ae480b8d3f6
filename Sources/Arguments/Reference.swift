/// The reference of all commands in Markdown.
package func referencePage<Request>(_ root: Command<Request>) -> String {
    var page = "# \(root.name)\n\n\(root.summary).\n\n\(root.discussion)\n"
    appendCommands(below: [root], to: &page)
    if !root.peerWords.isEmpty { page += peerTable(root) }
    return page
}

/// What users of other tools type, and what it is here.
private func peerTable<Request>(_ root: Command<Request>) -> String {
    var text = "\n## Words of other tools\n\n| word | of | here |\n|---|---|---|\n"
    for row in root.peerWords {
        let verbs = row.verbs.isEmpty ? "" : " (\(row.verbs.joined(separator: ", ")))"
        text += "| `\(cell(row.word))`\(verbs) | \(row.tools) | \(cell(row.explanation(program: root.name))) |\n"
    }
    return text
}

private func appendCommands<Request>(below path: [Command<Request>], to page: inout String) {
    for child in path[path.count - 1].children where !child.isHidden {
        let own = path + [child]
        if child.body != nil {
            page += "\n## \(own.map(\.name).joined(separator: " "))\n\n\(child.summary).\n\n"
            page += "```\n\(usageLine(own))\n```\n"
            if !child.discussion.isEmpty { page += "\n\(child.discussion)\n" }
            if !child.operands.isEmpty {
                page += "\n" + table("Argument", child.operands.map { ($0.name, $0.help) })
            }
            for group in child.groups {
                page +=
                    "\n" + table(group.title, group.flags.map { (String($0.usage.drop { $0 == " " }), $0.explanation) })
            }
            for example in child.examples { page += "\n\(example.text):\n\n```\n\(example.line)\n```\n" }
        }
        appendCommands(below: own, to: &page)
    }
}

private func table(_ title: String, _ rows: [(String, String)]) -> String {
    var text = "| \(title) | |\n|---|---|\n"
    for (term, help) in rows { text += "| `\(cell(term))` | \(cell(help)) |\n" }
    return text
}

private func cell(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
}
