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
        asked about each object too. A check that cannot be made is a finding, and the others go on. Nothing is written.

        Exits with 0 where nothing blocks, 1 where something does; warnings do not count.
        """,
    section: "Cluster",
    groups: [
        .mesh, .values, .ownership, .cluster, .output([.text, .yaml, .json], [.component, .resetValues]), .common,
    ],
    examples: [("sail precheck -o json", "For a pipeline, before sail install")],
    body: precheck)

private func precheck(_ request: Request) throws -> Int32 {
    let findings = try ClusterSession(request.options).findings()
    _ = try request.print(Output(text(findings, request.console)) { value(findings) })
    return findings.isBlocking ? 1 : 0
}

private func text(_ findings: [Finding], _ console: Console) -> String {
    var text = ""
    for finding in findings {
        let isBlocking = finding.severity == .blocking
        let label = console.style.paint(finding.severity.rawValue, as: isBlocking ? .error : .warning)
        text += "\(label): \(finding.check): \(finding.message.onOneLine); \(finding.remedy.onOneLine)\n"
    }
    let blocking = findings.count { $0.severity == .blocking }
    let warnings = findings.count - blocking
    guard !findings.isEmpty else { return "nothing blocks the installation\n" }
    return text + "\(blocking) blocking, \(warnings) \(warnings == 1 ? "warning" : "warnings")\n"
}

private func value(_ findings: [Finding]) -> Value {
    ["ok": .bool(!findings.isBlocking), "findings": .list(findings.map(\.value))]
}
