package import Applying
import ClusterState
package import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import Values

extension ClusterSession {
    /// Makes the checks of an uninstallation; true where a dry run shows what the run itself would refuse.
    package func checkRemoval(_ removals: [Removal]) throws -> Bool {
        let desired = removals.map { Desired(component: $0.component, identity: $0.identity, object: $0.live) }
        let mesh = DesiredMesh(desired: desired, allowsManaged: options.cluster.allowsManaged, isRemoval: true)
        var facts = try cluster.facts(
            for: mesh, preflightNeeds(.uninstall), essential: preflightEssentials(.uninstall))
        facts.pending.remove(.objects)
        facts.managers += cluster.gitOpsManagers
        return try judge(preflight(mesh, facts, for: .uninstall))
    }

    /// All that the records say was applied and that is there still.
    package func removals(_ history: ReleaseHistory) throws -> [Removal] {
        var releases: [(component: String, name: String, namespace: String)] = []
        for record in history.records
        where !releases.contains(where: { $0.name == record.name && $0.namespace == record.namespace }) {
            releases.append((record.chartName, record.name, record.namespace))
        }
        var objects = options.earlierObjects(releases, history)
        if options.cluster.purgesCRDs { objects += try definitions() }
        return zip(objects, try cluster.get(objects.map(\.identity))).compactMap { item, live in
            live.map { Removal(component: item.component, identity: item.identity, live: $0) }
        }
    }

    /// A mesh without records is there, and nobody knows all of its objects.
    package func refuseUnrecorded() throws {
        let workloads = try cluster.workloads()
        guard !workloads.isEmpty else { return }
        throw Failures(
            failures: workloads.map { Failure($0.identity, "is there, but no record says what belongs to it") },
            remedy: "run sail adopt first, or remove it with what installed it")
    }

    func definitions() throws -> [(component: String, identity: Identity)] {
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        return try client.list(path).items.compactMap { item in
            guard let name = item["metadata"]?["name"]?.string, name.hasSuffix(".istio.io") else { return nil }
            return (
                "base", Identity(apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: name)
            )
        }
    }

    /// `kubectl delete gateway -n app waypoint` for `app/waypoint`.
    private static func deletion(ofWaypoint place: String) -> String {
        "kubectl delete gateway -n " + place.split(separator: "/").joined(separator: " ")
    }

    package func refuseWhileEnrolled() throws {
        let enrollment = try cluster.enrollment(withPods: false)
        guard !enrollment.isEmpty else { return }
        let failures =
            enrollment.namespaces.map {
                Failure(nil, "namespace \($0) is enrolled: kubectl label namespace \($0) istio.io/dataplane-mode-")
            }
            + enrollment.pods.map { Failure(nil, "pod \($0) is enrolled by its own label istio.io/dataplane-mode") }
            + enrollment.waypoints.map {
                Failure(nil, "waypoint \($0) exists: \(ClusterSession.deletion(ofWaypoint: $0))")
            }
        throw Failures(
            failures: failures,
            remedy: "take \(failures.count == 1 ? "it" : "them") out of the mesh first: traffic would break")
    }
}
