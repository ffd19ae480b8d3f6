import Arguments
import Operations
import Terminal
import Values

/// `sail config`
let configCommand = Command<Request>(
    "config", summary: "Show the defaults of flags: config file and environment, and which one counts",
    discussion: """
        The file $XDG_CONFIG_HOME/sail/config.yaml (~/.config/sail/config.yaml; SAIL_CONFIG names another) has two \
        sections: under defaults a value for each flag, by its long name, and under contexts the same for a context of \
        the kubeconfig, whose values come first. A section of contexts counts for commands that talk to a cluster.

        What counts, the first that says something: flag, environment, the settings stored with the mesh, config file. \
        It cannot hold --yes, --confirm-purge, --take-ownership, --allow-… and other approvals, nor a command.
        """,
    section: "Tool", groups: [.cluster, .output(), .common],
    examples: [("sail config --context prod-eu", "What counts for that context")], body: showConfig)

private func showConfig(_ request: Request) throws -> Int32 {
    let report = request.configReport()
    let rows = report.rows
    var text = "config file: \(report.path ?? "none, as HOME is not set")"
    text += report.path != nil && !report.exists ? " (there is none)\n" : "\n"
    if let context = report.context { text += "context: \(context.onOneLine)\n" }
    if !rows.isEmpty {
        let table = Table(["FLAG", "VALUE", "FROM", ""], rows: rows.map(\.cells))
        text += "\n" + table.text(width: request.console.window, style: request.console.style)
    }
    let shown = text
    return try request.print(
        Output(shown) {
            [
                "file": report.path.map(Value.string) ?? .null, "exists": .bool(report.exists),
                "context": report.context.map(Value.string) ?? .null, "settings": .list(rows.map(\.tree)),
            ]
        })
}
