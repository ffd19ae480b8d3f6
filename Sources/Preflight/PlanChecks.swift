internal import Objects
internal import Planning
internal import Values

// What the plan itself shows to be in the way: objects of other releases, fields of other managers, admission, and
// deletions that something holds.

/// Objects that belong to a Helm release outside the mesh.
func ownership(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    (facts.plan?.foreign ?? []).compactMap { change in
        guard case .owned(let release) = change.action else { return nil }
        return Finding(
            .blocking, "ownership",
            "\(change.identity): belongs to release \(release.name) in namespace \(release.namespace), by its annotations",
            remedy:
                "take these objects out of those releases first (helm uninstall of one would delete the mesh's), or "
                + "take them over with --take-ownership")
    }
}

/// Fields that others manage with other values, each with both of them; of many the first.
func conflicts(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let shown = 8
    return (facts.plan?.conflicts ?? []).compactMap { change in
        guard case .conflict(let conflicts) = change.action else { return nil }
        var text = conflicts.prefix(shown).map(\.description).joined(separator: "; ")
        if conflicts.count > shown { text += "; and \(conflicts.count - shown) more fields, which sail diff lists" }
        return Finding(
            .blocking, "conflict", "\(change.identity): \(text)",
            remedy:
                "to leave a field to its owner, give the value that is there (equal values are no conflict); to take it, "
                + "add --force-conflicts")
    }
}

/// What the server refuses, in as few findings as tell all of it: a webhook that does not answer is one, and so are the
/// roles that grant more than their maker has.
func admission(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    var escalating: [String] = []
    var found: [Finding] = []
    for change in facts.plan?.refusals ?? [] {
        guard case .refused(let message) = change.action else { continue }
        if isEscalation(message) {
            escalating.append(change.identity.description)
            continue
        }
        found.append(
            webhookFinding(for: message, among: facts.webhooks)
                ?? Finding(
                    .blocking, "admission", "\(change.identity): \(message)",
                    remedy: "change what is asked for, or what refuses it; --dry-run --diff=full shows the object"))
    }
    guard !escalating.isEmpty else { return found }
    return found + [
        Finding(
            .blocking, "admission",
            "you may not grant permissions that you do not have yourself, as these do: "
                + escalating.joined(separator: ", "),
            remedy: "have the verbs escalate and bind on roles and clusterroles granted, or the ClusterRole "
                + "cluster-admin")
    ]
}

/// `clusterroles… is forbidden: user "deployer" (groups=…) is attempting to grant RBAC permissions not currently held: …`
private func isEscalation(_ message: String) -> Bool {
    message.contains("attempting to grant RBAC permissions not currently held")
}

/// Objects that are being deleted and that something holds, so that waiting for their end would be in vain.
func heldDeletions(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    (facts.plan?.terminating ?? []).compactMap { change in
        guard let termination = change.action.termination, termination.isHeld else { return nil }
        return Finding(
            .blocking, "deletion", "\(change.identity): \(termination)",
            remedy: "start the controllers that own these finalizers, or remove the finalizers with kubectl patch")
    }
}
