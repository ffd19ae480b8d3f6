package import Terminal

/// The help page of the last command of `path`, the others being its parents.
package func helpPage<Request>(_ path: [Command<Request>], width: Int, style: Style = .plain) -> String {
    let command = path[path.count - 1]
    let width = min(width, 100)
    var page = wrap(command.summary + ".", width: width).joined(separator: "\n") + "\n"
    func section(_ title: String, _ text: String) {
        page += "\n" + style.paint(title + ":", as: .heading) + "\n" + text
    }
    section("Usage", wrap(usageLine(path), width: width - 4).map { "  " + $0 + "\n" }.joined())
    if !command.discussion.isEmpty {
        page += "\n" + wrap(command.discussion, width: width).map { $0 + "\n" }.joined()
    }
    for (title, children) in sections(of: command) {
        let rows = children.map { (term: $0.name, text: $0.summary) }
        section(title, definitionList(rows, width: width, style: style))
    }
    if !command.operands.isEmpty {
        let rows = command.operands.map { (term: $0.name, text: $0.help) }
        section("Arguments", definitionList(rows, width: width, style: style))
    }
    for group in command.groups {
        let rows = group.flags.map { (term: $0.usage, text: $0.explanation) }
        section(group.title, definitionList(rows, width: width, style: style))
    }
    if !command.examples.isEmpty {
        section("Examples", command.examples.map { exampleText($0, width: width, style: style) }.joined())
    }
    if !command.children.isEmpty {
        let names = path.map(\.name).joined(separator: " ")
        page +=
            "\n" + wrap("'\(names) COMMAND --help' tells more about a command.", width: width).joined(separator: "\n")
        page += "\n"
    }
    return page
}

/// `sail template NAME CHART [flags]`
func usageLine<Request>(_ path: [Command<Request>]) -> String {
    let command = path[path.count - 1]
    var words = path.map(\.name)
    if !command.children.isEmpty { words.append("COMMAND") }
    words += command.operands.map(\.usage)
    if !command.groups.isEmpty || !command.children.isEmpty { words.append("[flags]") }
    return words.joined(separator: " ")
}

/// Visible children by heading, in the order of the table.
func sections<Request>(of command: Command<Request>) -> [(title: String, children: [Command<Request>])] {
    var result: [(title: String, children: [Command<Request>])] = []
    for child in command.children where !child.isHidden {
        if let index = result.firstIndex(where: { $0.title == child.section }) {
            result[index].children.append(child)
        } else {
            result.append((child.section, [child]))
        }
    }
    return result
}

private func exampleText(_ example: (line: String, text: String), width: Int, style: Style) -> String {
    let comment = wrap(example.text, width: width - 4).map { "  " + style.paint("# " + $0, as: .faint) + "\n" }.joined()
    return comment + "  " + example.line + "\n"
}
