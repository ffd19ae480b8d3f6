import Arguments
import Operations
import Terminal

/// Commands about the tool itself.
let toolCommands: [Command<Request>] = [
    versionCommand,
    configCommand,
    Command(
        "completion", summary: "Print a completion script for your shell", discussion: completionHelp,
        section: "Tool",
        operands: [
            Operand(
                "SHELL", help: "bash, zsh or fish",
                completion: .words { _ in Shell.allCases.map { Candidate($0.rawValue) } }
            ) {
                guard Shell(rawValue: $1) != nil else { throw InvalidValue(expectation: "one of bash, zsh, fish") }
                $0.operands.append($1)
            }
        ], groups: [.common], body: printCompletion),
    Command(
        "help", summary: "Print the help of a command, the manual page or the reference", section: "Tool",
        operands: [
            Operand("COMMAND", help: "Words of the command", count: .any, completion: .words(commandWords)) {
                $0.operands.append($1)
            }
        ],
        groups: [
            FlagGroup(
                "Output",
                [
                    .toggle("man", help: "The manual page, for man -l") { $0.isManual = $1 },
                    .value(
                        "output-dir", "FOLDER", help: "Write the manual pages of all commands into this folder",
                        completion: .directories
                    ) { $0.outputFolder = $1 }.needing("man"),
                    .toggle("markdown", help: "The reference of all commands in Markdown") { $0.isReference = $1 },
                ]), .common,
        ], body: printHelp),
    Command(
        "__complete", summary: "What can follow the given words, for the completion scripts",
        operands: [Operand("WORD", help: "Words so far", count: .any) { $0.operands.append($1) }], hidden: true,
        body: printOffer),
]

private let completionHelp = """
    bash: source <(sail completion bash)
    zsh: sail completion zsh > "${fpath[1]}/_sail"
    fish: sail completion fish > ~/.config/fish/completions/sail.fish
    """

/// The words that may follow those of a command.
private func commandWords(_ line: PartialLine) -> [Candidate] {
    let children = root.descendant(line.operands)?.last?.children ?? []
    return children.filter { !$0.isHidden }.map { Candidate($0.name, help: $0.summary) }
}

private func printCompletion(_ request: Request) throws -> Int32 {
    let shell = Shell(rawValue: request.operands.last ?? "") ?? .bash
    try request.console.write(Array(completionScript(for: shell, program: root.name).utf8))
    return 0
}

private func printHelp(_ request: Request) throws -> Int32 {
    let console = request.console
    if request.isManual {
        return try printManual(request)
    } else if request.isReference {
        try console.write(Array(referencePage(root).utf8))
    } else if case .help(let path, _) = try parse(
        request.operands + ["--help"], environment: [:], with: root.named(request.program), into: request)
    {
        try console.print(helpPage(path, width: console.width, style: console.style))
    }
    return 0
}

/// The page of the command that the words name, or all pages into a folder.
private func printManual(_ request: Request) throws -> Int32 {
    guard let folder = request.outputFolder else {
        let empty = Request(console: request.console, environment: [:])
        guard
            case .help(let path, _) = try parse(
                request.operands + ["--help"], environment: [:], with: root, into: empty)
        else { return 1 }
        return try request.print(Array(manualPage(path, version: releaseNumber).utf8))
    }
    let pages = manualPages(root, version: releaseNumber)
    try makeFolder(folder)
    for page in pages { try writeFile("\(folder)/\(page.name)", Array(page.text.utf8)) }
    return try request.print(Array("wrote \(pages.count) manual pages to \(folder)\n".utf8))
}

private func printOffer(_ request: Request) throws -> Int32 {
    try request.console.write(
        Array(complete(request.operands, environment: request.environment, with: root).lines.utf8))
    return 0
}
