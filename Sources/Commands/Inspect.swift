import Arguments

/// Commands that show what would be installed.
let inspectCommands: [Command<Request>] = [
    Command(
        "profile", summary: "List, show and compare profiles", section: "Inspect",
        children: [
            Command(
                "list", summary: "List the profiles", groups: [.output([.text, .json]), .common], body: { _ in 0 })
        ])
]
