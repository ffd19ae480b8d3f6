import Arguments
import Operations
import Terminal

/// `sail precheck`
let precheckCommand = Command<Request>(
    "precheck", summary: "Say what on the cluster blocks the installation",
    discussion: """
        Makes every check that install and upgrade make, and more: versions, permissions, the platform, namespaces, \
        quotas, webhooks, other CNIs, other meshes, operators, leftovers; where the permissions suffice, the server is \
        asked about each object too. All that was looked at is listed. A check that cannot be made is a finding, and the \
        others go on. Nothing is written.

        Exits with 0 where nothing blocks, 1 where something does; warnings do not count.
        """,
    section: "Cluster",
    groups: [
        .mesh, .values, .patching, .ownership, .cluster, .contexts, .output([.component, .resetValues]),
        .common,
    ],
    examples: [("sail precheck -o json", "For a pipeline, before sail install")],
    exitStatus: ManualNotes.ofPrecheck, body: ofContexts(.precheck, precheck))

private func precheck(_ request: Request) throws -> Int32 {
    let report = try ClusterSession(request.options).precheckReport()
    _ = try request.print(report.output(request.console))
    return report.isBlocking ? 1 : 0
}

extension PrecheckReport {
    func output(_ console: Console) -> Output {
        let rows = lines.map { [console.text(of: $0.mark.sign), $0.check, $0.text] }
        let counts =
            "\(checks) checks: \(blocking) blocking, \(warnings) \(warnings == 1 ? "warning" : "warnings")\n"
        let text =
            Table(["", "CHECK", "RESULT"], rows: rows).text(console, overflowing: 4)
            + unread.map { "note: \($0)\n" }.joined() + counts
            + (isBlocking ? "" : "nothing blocks the installation\n")
        return Output(text) { value }
    }
}
