import Applying
import ClusterState
import Istio
import Kubernetes
import Objects
import Planning
import System
import Values
import Waypoints

/// A waypoint whose proxies istiod replaces once it runs in another version.
struct RolledWaypoint: Equatable {
    var waypoint: WaypointReference
    /// How many pods it has; `nil` where that is not known.
    var pods: Int?
    /// Whether a PodDisruptionBudget keeps its pods; `nil` where that is not known.
    var hasBudget: Bool?
    /// Why it is not waited for; `nil` where it is.
    var reasonNotToWait: String?

    /// `waypoint shop/waypoint rolls: 1 pod and no PodDisruptionBudget, a gap`
    var text: String {
        guard pods == 1 else { return "waypoint \(waypoint) rolls" }
        return "waypoint \(waypoint) rolls: 1 pod\(hasBudget == false ? " and no PodDisruptionBudget" : ""), a gap"
    }
}

extension ClusterSession {
    /// The waypoints that follow istiod, where the plan changes its image; what may not be read is left out.
    func waypointsToRoll(_ plan: Plan) throws -> [RolledWaypoint] {
        let istiod = plan.changes.first { change in
            change.component == .istiod && change.identity.kind == "Deployment" && change.action == .change
        }
        guard let now = istiod?.live?["spec"]?["template"].flatMap({ ComponentImage(.istiod, pod: $0) }),
            let then = istiod?.predicted?["spec"]?["template"].flatMap({ ComponentImage(.istiod, pod: $0) }),
            now.judged != then.judged, cluster.discovery.preferred(group: gatewayGroup, kind: "Gateway") != nil
        else { return [] }
        do {
            let rows = try waypointRows(in: nil)
            let budgets = rows.isEmpty ? nil : try waypointBudgets()
            return rows.map { row in
                var rolled = RolledWaypoint(waypoint: row.waypoint.reference, pods: row.desired)
                rolled.hasBudget = budgets.map { $0.contains(row.waypoint.reference) }
                if !row.readiness.isReady {
                    rolled.reasonNotToWait = row.readiness.message
                } else if let judged = now.judged, row.version != judged.releaseName {
                    rolled.reasonNotToWait = "it runs \(row.version ?? "no Deployment"), not istiod's version"
                }
                return rolled
            }
        } catch let error as APIError {
            guard error.isForbidden else { throw error }
            return []
        }
    }

    /// Waypoints with a PodDisruptionBudget; `nil` where they may not be read.
    private func waypointBudgets() throws -> Set<WaypointReference>? {
        do throws(APIError) {
            let items = try client.list(
                "/apis/policy/v1/poddisruptionbudgets", Selection(labels: IstioLabel.gatewayName)
            ).items
            return Set(
                items.map { item in
                    WaypointReference(
                        namespace: item.metadata.namespace, name: item.metadata.label(IstioLabel.gatewayName) ?? "")
                })
        } catch {
            guard error.isForbidden else { throw error }
            return nil
        }
    }
}

extension PlannedRun {
    /// So many waypoints have a line of their own.
    private static let shownWaypoints = 5

    /// What happens to waypoints, for the summary of the run.
    var waypointImpacts: [ImpactSummary] {
        let shown = waypoints.count > PlannedRun.shownWaypoints ? PlannedRun.shownWaypoints - 1 : waypoints.count
        var found = waypoints.prefix(shown).map { rolled in
            ImpactSummary(
                change: Change.Name(component: "waypoint", object: "Gateway \(rolled.waypoint)"), text: rolled.text,
                nodes: nil)
        }
        let rest = waypoints.count - shown
        if rest > 0 {
            found.append(
                ImpactSummary(
                    change: Change.Name(component: "waypoint", object: ""), text: "\(rest) more waypoints roll",
                    nodes: nil))
        }
        return found
    }

    /// Names the waypoints that are not waited for.
    func sayWaypoints() {
        for rolled in waypoints {
            guard let reason = rolled.reasonNotToWait else { continue }
            ui.warn("waypoint \(rolled.waypoint) is not waited for: \(reason)")
        }
    }

    /// The check after each component, with the waypoints waited for once istiod has changed: istiod replaces their
    /// proxies, and the CNI agent and ztunnel come after them.
    func checkWithWaypoints(_ check: RunCheck?, _ report: @escaping (Progress) -> Void) -> RunCheck? {
        let waited = waypoints.filter { $0.reasonNotToWait == nil }
        guard options.cluster.apply.waits, !waited.isEmpty, let version = target.images.versions[.istiod] else {
            return check
        }
        return { point in
            if point.component == .istiod {
                let end = SystemClock.monotonic() + point.remaining
                let verdict = waitForRoll(of: waited, to: version, until: end, report)
                guard case .passed = verdict else { return verdict }
            }
            return check?(point) ?? .passed
        }
    }

    private func waitForRoll(
        of waited: [RolledWaypoint], to version: IstioVersion, until end: Int, _ report: (Progress) -> Void
    ) -> CheckVerdict {
        var said = ""
        while true {
            let left: [RolledWaypoint]
            do throws(APIError) {
                let deployments = try session.cluster.get(waited.map(\.waypoint.deployment))
                left = zip(waited, deployments).filter { _, live in
                    live.map { !hasRolled($0, to: version) } ?? false
                }.map(\.0)
            } catch {
                if case .interrupted = error { return .interrupted }
                return .failed(Failure(nil, error.description))
            }
            if left.isEmpty { return .passed }
            if session.client.isInterrupted() { return .interrupted }
            let names = left.map(\.waypoint.description).joined(most: 5)
            if SystemClock.monotonic() >= end {
                return .failed(
                    Failure(
                        left[0].waypoint.deployment,
                        "did not reach \(version.releaseName) when --timeout expired (waypoints left: \(names)); the CNI "
                            + "agent and ztunnel stay as they are; sail waypoint status -A says why"))
            }
            if names != said { report(.note("  waiting for waypoints: \(names)")) }
            said = names
            session.client.pause(milliseconds: 500)
        }
    }

    private func hasRolled(_ deployment: Value, to version: IstioVersion) -> Bool {
        ImageReference(proxyImage(deployment) ?? "")?.version == version && readiness(of: deployment).isReady
    }
}
