import Applying
import Arguments
import ClusterState
import Glibc
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
import Planning
import Preflight
import Terminal
import Values
import YAML

/// `sail uninstall`
let uninstallCommand = Command<Request>(
    "uninstall", summary: "Remove the mesh from the cluster",
    discussion: """
        Refuses while namespaces or pods are enrolled, or waypoints exist. Custom resource definitions, and with them \
        your policies and routes, stay unless --purge-crds is given; the namespace stays.

        Deleting the definitions deletes every object of theirs in all namespaces. It is asked about on its own, and \
        --yes does not answer: a script gives the number of these objects with --confirm-purge.
        """,
    section: "Cluster",
    groups: [
        FlagGroup("Removing", [.purge, .confirmPurge]), .applying, .cluster, .output([.yaml, .json]), .common,
    ],
    body: uninstall)

extension Flag<Request> {
    static let purge = Flag.toggle(
        "purge-crds", help: "Delete Istio's custom resource definitions and all their objects too"
    ) {
        $0.cluster.purgesCRDs = $1
    }

    static let confirmPurge = Flag.value(
        "confirm-purge", "COUNT",
        help: "Approve --purge-crds where just so many objects would be deleted with the definitions"
    ) {
        guard let count = Int($1), count >= 0 else { throw InvalidValue(expectation: "a number from 0 on") }
        $0.cluster.confirmedPurge = count
    }
}

private func uninstall(_ request: Request) throws -> Int32 {
    try Session.run(request) { session in
        let history = try session.history()
        let removals = try session.removals(history)
        if history.records.isEmpty { try session.refuseUnrecorded() }
        guard !removals.isEmpty || !history.records.isEmpty else {
            session.console.note("nothing to remove: no mesh found on this cluster")
            return 0
        }
        try session.refuseWhileEnrolled()
        let isRefused = try session.checkRemoval(removals)
        let code = try Removing(session: session, removals: removals, history: history).run()
        return isRefused ? 1 : code
    }
}

extension Session {
    /// Makes the checks of an uninstallation; true where a dry run shows what the run itself would refuse.
    fileprivate func checkRemoval(_ removals: [Removal]) throws -> Bool {
        let desired = removals.map { Desired(component: $0.component, identity: $0.identity, object: $0.live) }
        let mesh = DesiredMesh(desired: desired, allowsManaged: request.cluster.allowsManaged, isRemoval: true)
        var facts = try cluster.facts(
            for: mesh, preflightNeeds(.uninstall), essential: preflightEssentials(.uninstall))
        facts.pending.remove(.objects)
        facts.managers += cluster.gitOpsManagers
        return try judge(preflight(mesh, facts, for: .uninstall))
    }

    /// All that the records say was applied and that is there still.
    func removals(_ history: ReleaseHistory) throws -> [Removal] {
        var releases: [(component: String, name: String, namespace: String)] = []
        for record in history.records
        where !releases.contains(where: { $0.name == record.name && $0.namespace == record.namespace }) {
            releases.append((record.chartName, record.name, record.namespace))
        }
        var objects = request.earlierObjects(releases, history)
        if request.cluster.purgesCRDs { objects += try definitions() }
        return zip(objects, try cluster.get(objects.map(\.identity))).compactMap { item, live in
            live.map { Removal(component: item.component, identity: item.identity, live: $0) }
        }
    }

    /// A mesh without records is there, and nobody knows all of its objects.
    fileprivate func refuseUnrecorded() throws {
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

    func refuseWhileEnrolled() throws {
        let enrollment = try cluster.enrollment(withPods: false)
        guard !enrollment.isEmpty else { return }
        let failures =
            enrollment.namespaces.map {
                Failure(nil, "namespace \($0) is enrolled: kubectl label namespace \($0) istio.io/dataplane-mode-")
            }
            + enrollment.pods.map { Failure(nil, "pod \($0) is enrolled by its own label istio.io/dataplane-mode") }
            + enrollment.waypoints.map { Failure(nil, "waypoint \($0) exists: \(Session.deletion(ofWaypoint: $0))") }
        throw Failures(
            failures: failures,
            remedy: "take \(failures.count == 1 ? "it" : "them") out of the mesh first: traffic would break")
    }
}
