import ClusterState
import HelmReleases
import Kubernetes
import Planning
package import Preflight
import Values

extension ClusterSession {
    /// All that speaks against the mesh on this cluster, blocking findings first; and all that was looked at.
    package func precheck() throws -> (findings: [Finding], rows: [PreflightRow]) {
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
        if facts.missingPermissions.isEmpty { try readPlan(target, &facts) } else { facts.pending = [.plan] }
        facts.managers += cluster.gitOpsManagers
        return (preflight(mesh, facts).folded, preflightRows(mesh, facts))
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

    /// What the run would change, which the server is asked about by dry runs.
    private func readPlan(_ target: DesiredState, _ facts: inout ClusterFacts) throws {
        do throws(APIError) {
            let snapshot = try cluster.snapshot(target.snapshotRequest(options.cluster))
            facts.plan = Planning.plan(target.desired, snapshot)
        } catch {
            if error.isFatal { throw error }
            facts.unreadable[.objects] = error.reason
            facts.unreadable[.plan] = error.reason
        }
    }
}

extension APIError {
    /// The server's message in one line.
    var reason: String {
        String((status?.message ?? description).prefix { !$0.isNewline })
    }
}
