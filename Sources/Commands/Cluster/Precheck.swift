import Applying
import Arguments
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
import Planning
import Preflight
import Terminal
import Values

/// `sail precheck`
let precheckCommand = Command<Request>(
    "precheck", summary: "Say what on the cluster blocks the mesh",
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
    let findings = try Session(request).findings()
    _ = try request.print(Output(text(findings, request.console)) { value(findings) })
    return findings.isBlocking ? 1 : 0
}

extension Session {
    /// All that speaks against the mesh on this cluster, blocking findings first.
    func findings() throws -> [Finding] {
        var unreadable: [ClusterFacts.Part: String] = [:]
        let history = try historyIfReadable(&unreadable)
        let target = try targetIfReadable(history, remembering: unreadable.isEmpty)
        var mesh = try request.desiredMesh(target, isFirst: history.records.isEmpty)
        mesh.allowsManaged = false
        var facts = try cluster.facts(for: mesh)
        facts.unreadable.merge(unreadable) { first, _ in first }
        facts.hasRecords = !history.records.isEmpty
        facts.pending = []
        try readPermissions(target, &facts)
        // Without the permissions, every object would only be refused once more.
        let admission = facts.missingPermissions.isEmpty ? try admission(target, &facts) : []
        facts.managers += cluster.gitOpsManagers
        return (preflight(mesh, facts) + admission).folded.ordered
    }

    private func readPermissions(_ target: Target, _ facts: inout ClusterFacts) throws {
        do throws(APIError) {
            let missing = try cluster.missing(
                requiredPermissions(target.desired, cluster.discovery, namespace: target.namespace))
            guard !missing.isEmpty else { return }
            let user = cluster.userName()
            facts.missingPermissions = permissionLines(missing).map { "\(user) may not \($0)" }
        } catch {
            if error.isFatal { throw error }
            facts.unreadable[.permissions] = error.reason
        }
    }

    private func historyIfReadable(_ unreadable: inout [ClusterFacts.Part: String]) throws -> ReleaseHistory {
        do {
            return try history()
        } catch let error as APIError {
            if error.isFatal { throw error }
            unreadable[.records] = error.reason
            return ReleaseHistory()
        }
    }

    /// Who may not see the records has nothing to remember; who may not see workloads gets what the flags say.
    private func targetIfReadable(_ history: ReleaseHistory, remembering: Bool) throws -> Target {
        do {
            return try target(history, remembering: remembering)
        } catch let error as APIError {
            if error.isFatal { throw error }
            return try plainTarget()
        }
    }

    /// What the server's own dry run refuses, and fields that others hold.
    private func admission(_ target: Target, _ facts: inout ClusterFacts) throws -> [Finding] {
        let plan: Plan
        do throws(APIError) {
            let snapshot = try cluster.snapshot(target.snapshotRequest(request.cluster))
            plan = Planning.plan(target.desired, snapshot)
        } catch {
            if error.isFatal { throw error }
            facts.unreadable[.objects] = error.reason
            return []
        }
        let refused = refusals(of: plan).map { failure, remedy in
            webhookFinding(for: failure.description, among: facts.webhooks)
                ?? Finding(
                    .blocking, "admission", failure.description,
                    remedy: remedy ?? "change the values, or what refuses them")
        }
        return ownershipRefusals(of: plan).map {
            Finding(.blocking, "ownership", $0.description, remedy: ownershipRemedy)
        }
            + refused
            + heldRefusals(of: plan).map { Finding(.blocking, "deletion", $0.description, remedy: heldRemedy) }
            + conflictRefusals(of: plan).map {
                Finding(.blocking, "conflict", $0.description, remedy: conflictRemedy)
            }
    }
}

extension APIError {
    /// The server's message in one line.
    var reason: String {
        String((status?.message ?? description).prefix { !$0.isNewline })
    }
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
    guard !findings.isEmpty else { return "nothing blocks the mesh\n" }
    return text + "\(blocking) blocking, \(warnings) \(warnings == 1 ? "warning" : "warnings")\n"
}

private func value(_ findings: [Finding]) -> Value {
    ["ok": .bool(!findings.isBlocking), "findings": .list(findings.map(\.value))]
}
