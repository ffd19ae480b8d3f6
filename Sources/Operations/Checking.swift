import ClusterState
import Glibc
import Istio
import Kubernetes
import Meshes
import Objects
import Planning
package import Preflight
import Values

/// What a run's checks found that is not for them to decide.
package struct CheckResult {
    /// What the user must agree to before the run.
    var questions: [Finding] = []
    var facts = ClusterFacts()
    /// What runs; `nil` where that was not read.
    var workloads: [Workload]?

    var mesh = DesiredMesh()
    /// Whether this is the dry run of what would be refused.
    var isRefused = false

    /// Of a plan that nobody carries out.
    package static var unchecked: CheckResult { CheckResult() }
}

extension ClusterSession {
    /// Throws where the values name a revision that the mesh does not have: a plan for it would be one of a second mesh.
    func refuseAnotherRevision(_ state: DesiredState) throws {
        let names = state.desired.filter { $0.component == .istiod && $0.identity.kind == "Deployment" }
            .compactMap { $0.object[path: "metadata", "labels", IstioLabel.revision]?.string }
        guard names.contains(where: { $0 != "default" }) else { return }
        var facts = ClusterFacts()
        facts.workloads = try cluster.workloads()
        try refuse(
            preflight(try options.desiredMesh(state), facts, for: .upgrade, about: .workloads).filter {
                $0.severity == .blocking && $0.check == "revision"
            })
    }

    /// Refuses what the table of checks says that this command must not do, and says what its user should know.
    func check(_ target: DesiredState, _ kind: RunKind, isFirst: Bool = false) throws -> CheckResult {
        var mesh = try options.desiredMesh(target, isFirst: isFirst)
        if kind == .uninstall {
            mesh.isRemoval = true
            mesh.desired = target.removals.map {
                Desired(component: $0.component, identity: $0.identity, object: $0.live ?? .null)
            }
        }
        let facts = try cluster.facts(for: mesh, preflightNeeds(kind), essential: preflightEssentials(kind))
        let findings = preflight(mesh, facts, for: kind)
        let isRefused = try judge(findings)
        let workloads = preflightNeeds(kind).contains(.workloads) ? facts.workloads : nil
        return CheckResult(
            questions: findings.filter(\.asks), facts: facts, workloads: workloads, mesh: mesh, isRefused: isRefused)
    }

    /// Throws what blocks and says the rest. A dry run shows its plan although something else manages the mesh: true
    /// where the run itself would stop at that.
    func judge(_ findings: [Finding]) throws -> Bool {
        let isDry = options.cluster.dryRun != nil
        try refuse(findings.filter { $0.severity == .blocking && !(isDry && $0.check == "manager") })
        for finding in findings where finding.severity == .warning && !finding.asks {
            ui.warn("\(finding.message); \(finding.remedy)")
        }
        if isDry { sayManagers(findings) }
        return findings.isBlocking
    }

    /// Names the webhooks that did not answer a run's writes, each once, with the remedy.
    func sayWebhooks(_ failures: [Failure]) {
        for finding in webhookFindings(failures) { ui.fail("\(finding.message); \(finding.remedy)") }
    }

    /// The webhooks of which failures tell that they did not answer, each once.
    func webhookFindings(_ failures: [Failure]) -> [Finding] {
        let messages = failures.map(\.description).filter { failedWebhook(in: $0) != nil }
        guard !messages.isEmpty, let configurations = try? cluster.webhooks() else { return [] }
        return messages.compactMap { webhookFinding(for: $0, among: configurations) }.folded
    }

    /// Throws the blocking findings, where there are any.
    func refuse(_ findings: [Finding]) throws { try options.refuse(findings) }

    /// A dry run shows its plan, and says what the run itself would stop at.
    package func sayManagers(_ findings: [Finding]) {
        for finding in findings where finding.check == "manager" && finding.severity == .blocking {
            ui.warn("\(finding.message); \(finding.remedy)")
        }
    }

    private func catalogue(of target: DesiredState) throws -> Catalogue { try options.catalogue(of: target) }

    /// What behaves differently in the minors that an upgrade passes, oldest first; not what the values keep as it was.
    func behaviourChanges(_ target: DesiredState, from workloads: [Workload]) throws -> [(
        minor: String, change: BehaviourChange
    )] {
        guard let live = workloads.runningVersions[.istiod]?.first,
            let wanted = target.version.flatMap({ IstioVersion($0) }),
            (wanted.minors(aheadOf: live) ?? 0) > 0
        else { return [] }
        var found: [(minor: String, change: BehaviourChange)] = []
        for step in try catalogue(of: target).minors.reversed() {
            guard let number = IstioVersion(step.name), number.minorName != live.minorName, number > live,
                number <= wanted
            else { continue }
            found += step.changes.filter { target.mesh?.keepsBehaviour(before: $0) != true }.map { (step.name, $0) }
        }
        return found
    }
}

extension ClusterSession {
    /// Refuses flags of a rollout that could not do what they say.
    package func checkRollout(_ target: DesiredState) throws {
        try options.checkRollout(target)
        try checkNodes(options.cluster.apply)
    }
}

extension ClusterSession {
    /// A selector that fits no node would leave every node as it is, and look like success.
    private func checkNodes(_ options: ApplyOptions) throws {
        guard let selector = options.rolloutNodes else { return }
        let found: [Value]
        do {
            found = try client.list("/api/v1/nodes", Selection(labels: selector)).items
        } catch {
            guard error.status?.code == 400 else { throw error }
            throw Failures(
                failures: [Failure(nil, "--ztunnel-nodes \(selector): \(error)")],
                remedy: "write it as kubectl's -l: zone=a,!old")
        }
        guard found.isEmpty else { return }
        throw Failures(
            failures: [Failure(nil, "--ztunnel-nodes \(selector): no node has these labels")],
            remedy: "see them with kubectl get nodes --show-labels")
    }
}

extension DesiredState {
    /// ztunnel's DaemonSet.
    var ztunnel: Desired? {
        desired.first { $0.component == .ztunnel && $0.identity.kind == "DaemonSet" }
    }
}

/// What is said once of a minor that no catalogue lists.
func unknownMinorNotice(_ minor: String) -> String {
    "Istio \(minor) is not known to this sail: which Kubernetes versions it supports, until when, and what it changes is "
        + "not checked"
}
