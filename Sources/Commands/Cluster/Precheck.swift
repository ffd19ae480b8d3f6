import Arguments
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
import Operations
import Planning
import Preflight
import Terminal
import Values

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
        .mesh, .values, .patching, .ownership, .cluster, .output([.component, .resetValues]),
        .common,
    ],
    examples: [("sail precheck -o json", "For a pipeline, before sail install")],
    exitStatus: ManualNotes.ofPrecheck, body: precheck)

private func precheck(_ request: Request) throws -> Int32 {
    let (findings, rows) = try ClusterSession(request.options).precheck()
    _ = try request.print(Output(text(findings, rows, request.console)) { value(findings, rows) })
    return findings.isBlocking ? 1 : 0
}

/// The result of all checks with the options of a session.
func precheckOutput(_ session: ClusterSession, _ console: Console) throws -> Output {
    let (findings, rows) = try session.precheck()
    return Output(text(findings, rows, console)) { value(findings, rows) }
}

private func text(_ findings: [Finding], _ rows: [PreflightRow], _ console: Console) -> String {
    var table = Table(["", "CHECK", "RESULT"])
    for row in rows {
        if let reason = row.unchecked {
            table.append([console.text(of: .warning), row.check, "not checked: \(reason)"])
        } else if row.findings.isEmpty {
            table.append([console.text(of: .good), row.check, row.subject])
        }
        for finding in row.findings {
            let sign = console.text(of: finding.severity == .blocking ? .bad : .warning)
            table.append([sign, row.check, "\(finding.message); \(finding.remedy)"])
        }
    }
    let blocking = findings.count { $0.severity == .blocking }
    let warnings = findings.count - blocking
    let counts = "\(rows.count) checks: \(blocking) blocking, \(warnings) \(warnings == 1 ? "warning" : "warnings")\n"
    let unread = findings.filter { $0.check == "unchecked" }.map { "note: \($0.message.onOneLine); \($0.remedy)\n" }
    return table.text(console, overflowing: 4) + unread.joined() + counts
        + (blocking == 0 ? "nothing blocks the installation\n" : "")
}

private func value(_ findings: [Finding], _ rows: [PreflightRow]) -> Value {
    [
        "ok": .bool(!findings.isBlocking), "findings": .list(findings.map(\.value)),
        "checks": .list(
            rows.map { row in
                var map: Mapping = [
                    "check": .string(row.check), "subject": .string(row.subject), "state": .string(row.mark.rawValue),
                ]
                if let reason = row.unchecked { map["message"] = .string(reason) }
                return .map(map)
            }),
    ]
}

extension PreflightRow {
    /// The worst of what was found; a check that could not be made is a warning.
    fileprivate var mark: HealthMark {
        if findings.isBlocking { return .bad }
        return findings.isEmpty && unchecked == nil ? .good : .warning
    }
}
