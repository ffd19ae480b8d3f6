import Arguments
import Istio
import Kubernetes
import Objects
import Planning
import Releases
import Terminal
import Values

/// `sail precheck`
let precheckCommand = Command<Request>(
    "precheck", summary: "Say what on the cluster stands in the way of the mesh",
    discussion: """
        Checks Kubernetes' version, your rights, the platform, namespaces, quotas, other CNIs, other meshes and \
        leftovers; where rights suffice, the server is asked about each object too. Nothing is written.

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
        var unreadable: [String] = []
        let history = try historyIfReadable(&unreadable)
        let target = try targetIfReadable(history, &unreadable)
        let intention = try intention(target, history)
        var facts = try cluster.facts(for: intention)
        facts.hasRecords = !history.records.isEmpty
        facts.unreadable += unreadable
        let missing = try cluster.missing(
            requiredRights(target.desired, cluster.discovery, namespace: target.namespace))
        var findings = Releases.precheck(intention, facts)
        if !missing.isEmpty { findings += rightsFindings(missing: missing, user: cluster.userName()) }
        // Without the rights, every object would only be refused once more.
        if missing.isEmpty { findings += try admission(target) }
        return findings.ordered
    }

    private func historyIfReadable(_ unreadable: inout [String]) throws -> History {
        do {
            return try history()
        } catch let error as APIError {
            guard error.isForbidden else { throw error }
            unreadable.append("secrets")
            return History()
        }
    }

    /// Who may not see the records has nothing to remember; who may not see workloads gets what the flags say.
    private func targetIfReadable(_ history: History, _ unreadable: inout [String]) throws -> Target {
        do {
            return try target(history, remembering: unreadable.isEmpty)
        } catch let error as APIError {
            guard error.isForbidden else { throw error }
            return try plainTarget()
        }
    }

    private func intention(_ target: Target, _ history: History) throws -> Intention {
        let (minor, _) = try Catalogue.builtIn()
            .release(target.version, allowingOthers: !request.charts.isEmpty)
        return Intention(
            minor: minor.name, kubernetes: minor.kubernetes, platform: target.platform,
            knownPlatforms: minor.platforms.map(\.name), desired: target.desired)
    }

    /// What the server's own dry run refuses, and fields that others hold.
    private func admission(_ target: Target) throws -> [Finding] {
        let snapshot = try cluster.snapshot(target.snapshotRequest(request.cluster))
        let plan = plan(target.desired, snapshot)
        let refused = refusals(of: plan).map { failure, remedy in
            Finding(
                .blocking, "admission", failure.description, remedy: remedy ?? "change the values, or what refuses them"
            )
        }
        return ownershipRefusals(of: plan).map {
            Finding(.blocking, "ownership", $0.description, remedy: ownershipRemedy)
        }
            + refused
            + conflictRefusals(of: plan).map {
                Finding(.blocking, "conflict", $0.description, remedy: conflictRemedy)
            }
    }
}

private func text(_ findings: [Finding], _ console: Console) -> String {
    var text = ""
    for finding in findings {
        let isBlocking = finding.severity == .blocking
        let label = console.style.paint(finding.severity.rawValue, as: isBlocking ? .error : .warning)
        text += "\(label): \(finding.check): \(finding.message); \(finding.remedy)\n"
    }
    let blocking = findings.count { $0.severity == .blocking }
    let warnings = findings.count - blocking
    guard !findings.isEmpty else { return "nothing stands in the way\n" }
    return text + "\(blocking) blocking, \(warnings) \(warnings == 1 ? "warning" : "warnings")\n"
}

private func value(_ findings: [Finding]) -> Value {
    ["ok": .bool(!findings.isBlocking), "findings": .list(findings.map(\.value))]
}
