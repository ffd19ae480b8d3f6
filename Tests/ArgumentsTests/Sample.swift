import Arguments

/// A request and commands that use every kind of row.
struct Sample: Sendable, Equatable {
    var all = false
    var verbose = false
    var wait = true
    var output = ""
    var files: [String] = []
    var dryRun = ""
    var count = 0
    var operands: [String] = []
}

let sample = Command<Sample>(
    "tool", summary: "Do things", discussion: "A tool for tests.",
    children: [
        Command(
            "make", summary: "Make all of the things that can be made, however long that takes",
            groups: [FlagGroup("Flags", flags)],
            examples: [("tool make -o json", "Make things as JSON")], body: { _ in 0 }),
        Command(
            "copy", summary: "Copy things",
            operands: [
                Operand("FROM", help: "what", completion: .files) { $0.operands.append($1) },
                Operand("TO", help: "where to", count: .optional) { $0.operands.append($1) },
            ], groups: [FlagGroup("Flags", [flags[0]])], body: { _ in 0 }),
        Command(
            "list", summary: "Lists",
            children: [
                Command(
                    "all", summary: "List all",
                    operands: [
                        Operand("NAME", help: "names", count: .any) { $0.operands.append($1) }
                    ], body: { _ in 0 })
            ]),
    ])

private let flags: [Flag<Sample>] = [
    .toggle("all", short: "a", help: "Take all", environment: "TOOL_ALL") { $0.all = $1 },
    .toggle("verbose", short: "v", help: "Say more") { $0.verbose = $1 },
    .toggle("wait", help: "Wait until done", negatable: true) { $0.wait = $1 },
    .value("output", short: "o", "FORMAT", help: "Format", environment: "TOOL_OUTPUT", choices: ["yaml", "json"]) {
        $0.output = $1
    },
    .value("file", short: "f", "FILE", help: "A file", repeatable: true, completion: .files) { $0.files.append($1) },
    .value("dry-run", "MODE", help: "Only show", choices: ["client", "server"], implied: "client") { $0.dryRun = $1 },
    .value("count", "N", help: "How many") {
        guard let number = Int($1) else { throw InvalidValue(expectation: "a number") }
        $0.count = number
    },
]
