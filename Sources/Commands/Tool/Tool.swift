import Arguments
import Istio
import Meshes
import Operations
import Terminal
import Values

/// Commands about the tool itself.
let toolCommands: [Command<Request>] = [
    Command(
        "version", summary: "Print the versions of sail and of the Istio it installs", section: "Tool",
        groups: [.output([.text, .yaml, .json]), .common], body: printVersion),
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
            Operand("COMMAND", help: "Words of the command", count: .any, completion: .words { _ in [] }) {
                $0.operands.append($1)
            }
        ],
        groups: [
            FlagGroup(
                "Output",
                [
                    .toggle("man", help: "The manual page, for man -l") { $0.isManual = $1 },
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

private func printVersion(_ request: Request) throws -> Int32 {
    let catalogue = try Catalogue.builtIn()
    return try request.print(
        Output("\(versionLine)\nIstio \(catalogue.defaultVersion)\n") {
            ["sail": .string(releaseNumber), "istio": .string(catalogue.defaultVersion)]
        })
}

private func printCompletion(_ request: Request) throws -> Int32 {
    let shell = Shell(rawValue: request.operands.last ?? "") ?? .bash
    try request.console.write(Array(completionScript(for: shell, program: root.name).utf8))
    return 0
}

private func printHelp(_ request: Request) throws -> Int32 {
    let console = request.console
    if request.isManual {
        try console.write(Array(manualPage(root, version: releaseNumber).utf8))
    } else if request.isReference {
        try console.write(Array(referencePage(root).utf8))
    } else if case .help(let path, _) = try parse(
        request.operands + ["--help"], environment: [:], with: root, into: request)
    {
        try console.print(helpPage(path, width: console.width, style: console.style))
    }
    return 0
}

private func printOffer(_ request: Request) throws -> Int32 {
    try request.console.write(Array(complete(request.operands, with: root).lines.utf8))
    return 0
}
