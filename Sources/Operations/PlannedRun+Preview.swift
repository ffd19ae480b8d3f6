import Applying
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import Values

/// What a run comes to, as it is shown and asked about.
extension PlannedRun {
    /// The plan with the cluster, the versions and the effects that it is about.
    func preview() throws -> RunPreview {
        let digest = PlanDigest(plan)
        let live = try checked.workloads ?? session.cluster.workloads()
        let stored = operation.isRemoval ? StoredSettings(history).noted?.note : target.note.map
        var preview = RunPreview(
            kind: operation.kind, digest: digest,
            cluster: session.shownCluster, namespace: target.namespace, profile: stored?["profile"]?.string,
            platform: target.platform ?? stored?["platform"]?.string, from: live.summary, to: nil,
            direction: direction(from: live, digest))
        if !operation.isRemoval {
            preview.to = target.images.summary(over: live, release: target.version ?? "")
            preview.behaviour = try session.behaviourChanges(target, from: live)
        }
        preview.impacts = digest.rows(.content).compactMap {
            $0.change.impactSummary(options.cluster.apply.rollout)
        }
        preview.impacts += waypointImpacts
        preview.order = operation.isRemoval ? [] : order(of: target.contents.map(\.component))
        preview.form = options.cluster.differenceForm(isBrief: operation.isRemoval)
        preview.showsAll = options.cluster.showsAll
        return preview
    }

    /// By the first component, of istiod on, whose version changes.
    private func direction(from live: [Workload], _ digest: PlanDigest) -> RunPreview.Direction {
        if operation.isRemoval { return .remove }
        if live.isEmpty { return .install }
        let running = live.runningVersions
        let wanted = target.images.versions
        for component in [Component.istiod, .cni, .ztunnel] {
            guard let version = wanted[component], let now = running[component] else { continue }
            if now.contains(where: { $0 > version }) { return .downgrade }
            if now.contains(where: { $0 < version }) { return .upgrade }
        }
        // A run that was interrupted before the first pod has left labels of its version.
        let labels = digest.versionLabels.first
        guard let old = labels?.old.flatMap({ IstioVersion($0) }), let new = labels?.new.flatMap({ IstioVersion($0) })
        else {
            return .same
        }
        return old > new ? .downgrade : old < new ? .upgrade : .same
    }
}
