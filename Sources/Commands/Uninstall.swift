import Arguments
import Glibc
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import Releases
import Terminal
import Values
import YAML

/// `sail uninstall`
let uninstallCommand = Command<Request>(
    "uninstall", summary: "Remove the mesh from the cluster",
    discussion: """
        Refuses while namespaces or pods are enrolled, or waypoints exist. Custom resource definitions, and with them \
        your policies and routes, stay unless --purge-crds is given; the namespace stays.
        """,
    section: "Cluster",
    groups: [
        FlagGroup("Removing", [.purge]), .applying, .cluster, .output([.yaml, .json]), .common,
    ],
    body: uninstall)

extension Flag<Request> {
    static let purge = Flag.toggle(
        "purge-crds", help: "Delete Istio's custom resource definitions and all their objects too"
    ) {
        $0.cluster.purgesCRDs = $1
    }
}

private func uninstall(_ request: Request) throws -> Int32 {
    try Session.run(request) { session in
        let history = try session.history()
        let removals = try session.removals(history)
        guard !removals.isEmpty || !history.records.isEmpty else {
            try session.refuseUnrecorded()
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
    func removals(_ history: History) throws -> [Removal] {
        var releases: [(component: String, name: String, namespace: String)] = []
        for record in history.records
        where !releases.contains(where: { $0.name == record.name && $0.namespace == record.namespace }) {
            releases.append((record.chartName, record.name, record.namespace))
        }
        var objects = earlierObjects(releases, history)
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

/// An uninstallation from its plan to the end of the records.
struct Removing {
    let session: Session
    let removals: [Removal]
    let history: History

    private var console: Console { session.console }

    func run() throws -> Int32 {
        let order = Uninstall.ordered(removals).flatMap { $0 }
        let plan = Plan(
            order.map { Change(component: $0.component, identity: $0.identity, action: .delete, live: $0.live) })
        if session.request.cluster.dryRun != nil {
            var output = PlanOutput(plan: plan, style: console.style, width: console.window)
            output.showsDifferences = false
            return try session.request.print(Output(output.text) { output.value })
        }
        var output = PlanOutput(plan: plan, style: console.messageStyle, width: console.window)
        output.showsDifferences = false
        if !plan.isEmpty { console.show(output.text) }
        try sayWhatGoesAlong()
        try session.requireRights(
            requiredRights(
                plan, session.cluster.discovery, session.request.cluster.apply, lock: namespace,
                records: Set(history.records.map(\.namespace)).sorted()))
        guard try Confirmation(session.request).ask("Remove the mesh?") else {
            console.note("nothing was changed")
            return 1
        }
        return try carryOut()
    }

    /// The objects that are deleted with their CRDs.
    private func sayWhatGoesAlong() throws {
        let definitions = removals.filter { $0.identity.kind == "CustomResourceDefinition" }
        let counts = try session.cluster.instances(ofDefinitions: definitions.map(\.live)).filter { $0.count > 0 }
        guard !counts.isEmpty else { return }
        console.warn(
            "their objects go with the CRDs: " + counts.map { "\($0.count) \($0.name)" }.joined(separator: ", "))
    }

    private var namespace: String {
        history.latest(ofChart: "istiod").last?.namespace ?? history.records.first?.namespace ?? "istio-system"
    }

    /// Removes without asking; returns the exit code.
    func carryOut() throws -> Int32 {
        Interrupts.listen()
        let guarded = try Guarded(session, namespace: namespace, knowing: history)
        defer { guarded.release() }
        let progress = ProgressOutput(console, isTerminal: isatty(STDERR_FILENO) == 1)
        let outcome = Uninstall(session.cluster, timeout: session.request.cluster.apply.timeout, report: progress.take)
            .run(removals)
        progress.close()
        switch outcome {
        case .done:
            try forgetRecords()
            guarded.release(forGood: true)
            console.note("removed the mesh; \(remains)")
            return 0
        case .interrupted:
            console.fail("interrupted; run the same command again to go on")
            return Interrupts.exitCode
        case .failed(let failures, let component):
            for failure in failures { console.fail("\(failure)") }
            session.sayWebhooks(failures)
            console.fail("stopped at \(component); run the same command again to go on")
            return 1
        }
    }

    /// What is not removed, and how it would be.
    private var remains: String {
        let place = "namespace \(namespace) stays (kubectl delete namespace \(namespace))"
        guard !session.request.cluster.purgesCRDs, let count = try? session.definitions().count, count > 0 else {
            return place
        }
        return "\(count) CRDs of istio.io stay with their objects (sail uninstall --purge-crds), and \(place)"
    }

    /// The records go last: until then they say what there is to remove.
    private func forgetRecords() throws {
        let paths = history.records.map(\.path)
        for answer in session.client.send(paths.map { Call.delete($0) }) {
            if case .failure(let error) = answer, !error.isNotFound { throw error }
        }
    }
}
