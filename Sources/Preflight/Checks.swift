internal import Values

/// One check of a mesh against a cluster: a row of the table that install, upgrade, adopt, rollback, uninstall and
/// precheck share.
///
/// To add one, write a function `(DesiredMesh, ClusterFacts) -> [Finding]` and a row for it; what it reads of the cluster
/// is a `ClusterFacts.Part`, which `Cluster.facts` fills.
struct PreflightCheck: Sendable {
    let name: String
    /// What must have been read; where that failed, the check is left out and a finding says so.
    var needs: [ClusterFacts.Part] = []
    /// The commands that its blocking findings stop; precheck shows all.
    let stops: Set<RunKind>
    /// Whether these commands stop too where the check cannot be made.
    var isEssential = false
    /// Whether its warnings are for precheck alone.
    var isAdvice = false
    /// What holds where nothing is found, for the list of precheck.
    let subject: String
    let find: @Sendable (DesiredMesh, ClusterFacts) -> [Finding]
}

extension Set<RunKind> {
    /// All that lead to a mesh.
    static let changing: Set<RunKind> = [.install, .upgrade, .adopt, .rollback, .reconcile]
    /// Those that make pods.
    static let rolling: Set<RunKind> = [.install, .upgrade, .rollback, .reconcile]
    /// `adopt` is how a mesh is taken over from what manages it.
    static let beyondAdoption: Set<RunKind> = [.install, .upgrade, .rollback, .uninstall, .reconcile]
    /// Those that may make a mesh where none was.
    static let installing: Set<RunKind> = [.install, .reconcile]
    static let all: Set<RunKind> = [.install, .upgrade, .adopt, .rollback, .uninstall, .reconcile]
    /// Those that apply objects, of the mesh or beside it.
    static let applying: Set<RunKind> = changing.union([.waypointApply, .waypointDelete, .gatewayAPI])
    /// All that write.
    static let writing: Set<RunKind> = all.union(applying)
}

/// The table, in the order in which findings of one severity are shown.
let preflightChecks: [PreflightCheck] = [
    PreflightCheck(
        name: "kubernetes version", needs: [.version], stops: .changing,
        subject: "this Kubernetes is one that the Istio version supports", find: kubernetesVersion),
    PreflightCheck(name: "support", stops: .installing, subject: "the Istio version is supported today", find: support),
    PreflightCheck(
        name: "ambient mode", stops: .changing, subject: "the values leave ambient mode on", find: ambientMode),
    PreflightCheck(
        name: "version skew", needs: [.workloads], stops: .changing, isEssential: true,
        subject: "the versions may run side by side", find: versionSkew),
    PreflightCheck(
        name: "image", stops: .changing, subject: "the images are valid and say their version", find: images),
    PreflightCheck(
        name: "sidecar mesh", needs: [.workloads], stops: [.install, .upgrade, .adopt, .reconcile], isEssential: true,
        subject: "no mesh of sidecars runs", find: sidecarMeshes),
    PreflightCheck(
        name: "other mesh", needs: [.workloads], stops: .changing, isEssential: true,
        subject: "no other control plane runs", find: otherControlPlanes),
    PreflightCheck(
        name: "manager", needs: [.deployments], stops: .all, isEssential: true, subject: "no operator manages the mesh",
        find: operatorsAtWork),
    PreflightCheck(
        name: "manager", needs: [.leases], stops: .all, subject: "no Lease of an operator is renewed",
        find: operatorLeases),
    PreflightCheck(
        name: "manager", needs: [.objects], stops: .beyondAdoption,
        subject: "neither Argo CD nor Flux manages the mesh", find: gitOpsManagers),
    PreflightCheck(
        name: "platform", needs: [.nodes], stops: [], isAdvice: true,
        subject: "the platform is the one that the cluster shows", find: platform),
    PreflightCheck(
        name: "component", needs: [.workloads], stops: .changing, isEssential: true,
        subject: "every component stays in its namespace", find: componentMoves),
    PreflightCheck(
        name: "namespace", needs: [.namespaces], stops: [], subject: "no namespace of the mesh is being deleted",
        find: namespaceStates),
    PreflightCheck(
        name: "pod security", needs: [.namespaces], stops: .rolling,
        subject: "the namespaces allow privileged pods where they are needed", find: podSecurity),
    PreflightCheck(
        name: "quota", needs: [.quotas, .nodes], stops: .installing, subject: "the priority classes are allowed",
        find: priorityQuota),
    PreflightCheck(
        name: "quota", needs: [.quotas, .limits, .workloads], stops: .rolling,
        subject: "the ResourceQuotas have room for the pods", find: computeQuotas),
    PreflightCheck(
        name: "limit range", needs: [.limits], stops: .rolling, subject: "the LimitRanges allow the pods",
        find: limitRanges),
    PreflightCheck(
        name: "webhook", needs: [.webhooks, .services, .namespaces], stops: .all,
        subject: "the webhooks that the run meets answer", find: deadWebhooks),
    PreflightCheck(
        name: "leftovers", needs: [.webhooks, .workloads], stops: .rolling,
        subject: "no webhook calls an istiod that was deleted", find: leftWebhooks),
    PreflightCheck(
        name: "leftovers", needs: [.workloads, .records], stops: [], isAdvice: true,
        subject: "an earlier mesh left nothing behind", find: leftovers),
    PreflightCheck(
        name: "cilium", needs: [.cilium], stops: .installing, subject: "Cilium's settings fit, where it runs",
        find: ciliumSettings),
    PreflightCheck(
        name: "calico", needs: [.felix], stops: [], isAdvice: true, subject: "Calico's settings fit, where it runs",
        find: calicoSettings),
    PreflightCheck(
        name: "sidecar injection", needs: [.namespaces], stops: [], isAdvice: true,
        subject: "no namespace injects sidecars", find: injectionLabels),
    PreflightCheck(
        name: "gateway API", needs: [.gatewayAPI], stops: [], isAdvice: true,
        subject: "the cluster serves a Gateway API for this Istio", find: gatewayAPI),
    PreflightCheck(
        name: "permissions", needs: [.permissions], stops: [], subject: "you have every permission that the run needs",
        find: permissions),
    PreflightCheck(
        name: "ownership", needs: [.plan], stops: .applying, subject: "no object belongs to another Helm release",
        find: ownership),
    PreflightCheck(
        name: "conflict", needs: [.plan], stops: .applying, subject: "no field belongs to another manager",
        find: conflicts),
    PreflightCheck(
        name: "admission", needs: [.plan], stops: .applying, subject: "the server accepts every object in a dry run",
        find: admission),
    PreflightCheck(
        name: "deletion", needs: [.plan], stops: .writing, subject: "no object of the mesh is being deleted",
        find: heldDeletions),
]

/// What the checks of a command read of the cluster; of all checks for `nil`, as precheck does.
package func preflightNeeds(_ kind: RunKind?) -> Set<ClusterFacts.Part> {
    Set(preflightChecks.filter { check in kind.map { check.isMade(for: $0) } ?? true }.flatMap(\.needs))
}

/// The parts without which a command must not go on: that they cannot be read is an error at once.
package func preflightEssentials(_ kind: RunKind) -> Set<ClusterFacts.Part> {
    Set(preflightChecks.filter { $0.isEssential && $0.isMade(for: kind) }.flatMap(\.needs))
}

/// Everything that the facts say about the mesh, blocking findings first. Pure.
///
/// With a command, only what stops it or what its user should know; without one everything, as precheck shows it.
/// Checks of what is not read yet are left for later; `part` names what has come since: only checks of it are made then.
package func preflight(
    _ mesh: DesiredMesh, _ facts: ClusterFacts, for kind: RunKind? = nil, about part: ClusterFacts.Part? = nil
) -> [Finding] {
    var findings: [Finding] = []
    var leftOut: [ClusterFacts.Part: [PreflightCheck]] = [:]
    for check in preflightChecks where kind.map({ check.isMade(for: $0) }) ?? true {
        guard facts.pending.isDisjoint(with: check.needs), part.map(check.needs.contains) ?? true else { continue }
        if let part = check.needs.first(where: { !facts.knows($0) }) {
            leftOut[part, default: []].append(check)
            continue
        }
        let found = check.find(mesh, facts)
        findings += kind.map { check.relevant(found, for: $0) } ?? found
    }
    for part in ClusterFacts.Part.allCases {
        guard let checks = leftOut[part] else { continue }
        let stops = kind.map { kind in checks.contains { $0.isEssential && $0.stops.contains(kind) } } ?? false
        if kind == nil || stops { findings.append(unchecked(part, facts, checks, isBlocking: stops)) }
    }
    return findings.ordered
}

/// One thing that precheck looked at.
package struct PreflightRow: Sendable {
    /// The name of its check.
    package let check: String
    /// What holds where nothing was found.
    package let subject: String
    package let findings: [Finding]
    /// Why it could not be checked; `nil` where it was.
    package let unchecked: String?
}

/// All checks in the order of the table, each with what it found. Pure.
package func preflightRows(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [PreflightRow] {
    preflightChecks.map { check in
        func row(_ findings: [Finding], unchecked: String? = nil) -> PreflightRow {
            PreflightRow(check: check.name, subject: check.subject, findings: findings.folded, unchecked: unchecked)
        }
        if let part = check.needs.first(where: { !facts.knows($0) }) {
            return row([], unchecked: "\(part.rawValue) could not be read (\(facts.unreadable[part] ?? ""))")
        }
        guard facts.pending.isDisjoint(with: check.needs) else {
            return row([], unchecked: "the server is asked only where no permission is missing")
        }
        return row(check.find(mesh, facts).ordered)
    }
}

extension PreflightCheck {
    /// Whether the command makes this check at all.
    fileprivate func isMade(for kind: RunKind) -> Bool {
        stops.contains(kind) || (stops.isEmpty && !isAdvice && kind != .uninstall)
    }

    /// The findings that matter to the command: those that stop it, and warnings that are not advice.
    fileprivate func relevant(_ found: [Finding], for kind: RunKind) -> [Finding] {
        found.filter { $0.severity == .blocking ? stops.contains(kind) : !isAdvice }
    }
}

/// The checks whose part of the facts could not be read.
private func unchecked(
    _ part: ClusterFacts.Part, _ facts: ClusterFacts, _ checks: [PreflightCheck], isBlocking: Bool
) -> Finding {
    var names: [String] = []
    for check in checks where !names.contains(check.name) { names.append(check.name) }
    return Finding(
        isBlocking ? .blocking : .warning, "unchecked",
        "\(part.rawValue) could not be read (\(facts.unreadable[part] ?? "")); not checked: "
            + names.joined(separator: ", "),
        remedy: "where a permission is missing, \(readingRemedy); else fix what fails; then run the command again")
}
