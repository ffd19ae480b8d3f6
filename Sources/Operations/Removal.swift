import Applying
import Capture
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import Values

extension ClusterSession {
    /// The state in which nothing of the mesh is left.
    func emptyState(_ history: ReleaseHistory) throws -> DesiredState {
        let namespace =
            history.latest(of: .istiod).last?.namespace ?? history.records.first?.namespace
        var state = DesiredState(
            namespace: namespace ?? "istio-system", version: nil, desired: [], previous: [], contents: [],
            note: .null, platform: nil, releases: history.releases, helmTimes: history.helmTimes,
            places: releasePlaces(history))
        state.removals = try removals(history)
        return state
    }

    /// All that the records say was applied and that is there still.
    private func removals(_ history: ReleaseHistory) throws -> [Change] {
        var releases: [ReleaseRecord] = []
        for record in history.records
        where !releases.contains(where: { $0.name == record.name && $0.namespace == record.namespace }) {
            releases.append(record)
        }
        var objects = options.earlierObjects(releases, history)
        if options.cluster.purgesCRDs { objects += try definitions() }
        return try zip(objects, try cluster.get(objects.map(\.identity))).compactMap { item, live -> Change? in
            guard let live else { return nil }
            // One that a finalizer holds would be waited for in vain.
            let held = try cluster.termination(of: item.identity, live).flatMap { $0.isHeld ? $0 : nil }
            return Change(
                component: item.component, identity: item.identity, action: held.map(Action.terminating) ?? .delete,
                live: live)
        }
    }

    /// A mesh without records is there, and nobody knows all of its objects.
    func refuseUnrecorded() throws {
        let workloads = try cluster.workloads()
        guard !workloads.isEmpty else { return }
        throw Failures(
            failures: workloads.map { Failure($0.identity, "exists, but no release record says what belongs to it") },
            remedy: "run sail adopt first, or remove it with what installed it")
    }

    func definitions() throws -> [(component: Component, identity: ObjectReference)] {
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        return try client.list(path).items.compactMap { item in
            let name = item.metadata.name
            guard name.hasSuffix(".istio.io") else { return nil }
            return (
                .base,
                ObjectReference(apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: name)
            )
        }
    }

    /// `kubectl delete gateway -n app waypoint` for `app/waypoint`.
    private static func deletion(ofWaypoint place: String) -> String {
        "kubectl delete gateway -n " + place.split(separator: "/").joined(separator: " ")
    }

    func refuseWhileEnrolled() throws {
        let enrollment = try cluster.enrollment(withPods: false)
        guard !enrollment.isEmpty else { return }
        let failures =
            enrollment.namespaces.map {
                Failure(nil, "namespace \($0) is enrolled: sail unenroll \($0)")
            }
            + enrollment.pods.map { pod in
                let command =
                    "sail unenroll \(pod.prefix { $0 != "/" }) --pods \(IstioLabel.mode)=\(IstioLabel.ambient)"
                return Failure(nil, "pod \(pod) is enrolled by its own label: \(command)")
            }
            + enrollment.waypoints.map {
                Failure(nil, "waypoint \($0) exists: \(ClusterSession.deletion(ofWaypoint: $0))")
            }
        throw Failures(
            failures: failures,
            remedy: enrollment.namespaces.count + enrollment.pods.count > 1
                ? "take them out of the mesh first, all that is enrolled with sail unenroll --all: traffic would break"
                : "take \(failures.count == 1 ? "it" : "them") out of the mesh first: traffic would break")
    }
}
