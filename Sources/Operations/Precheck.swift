import ClusterState
import HelmReleases
import Kubernetes
import Planning
package import Preflight
import Values

extension ClusterSession {
    /// All that speaks against the mesh on this cluster, blocking findings first.
    package func findings() throws -> [Finding] {
        var unreadable: [ClusterFacts.Part: String] = [:]
        let history = try historyIfReadable(&unreadable)
        let target = try targetIfReadable(history, remembering: unreadable.isEmpty)
        var mesh = try options.desiredMesh(target, isFirst: history.records.isEmpty)
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

    private func readPermissions(_ target: DesiredState, _ facts: inout ClusterFacts) throws {
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
    private func targetIfReadable(_ history: ReleaseHistory, remembering: Bool) throws -> DesiredState {
        do {
            return try target(history, remembering: remembering)
        } catch let error as APIError {
            if error.isFatal { throw error }
            return try plainTarget()
        }
    }

    /// What the server's own dry run refuses, and fields that others hold.
    private func admission(_ target: DesiredState, _ facts: inout ClusterFacts) throws -> [Finding] {
        let plan: Plan
        do throws(APIError) {
            let snapshot = try cluster.snapshot(target.snapshotRequest(options.cluster))
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
