internal import ClusterState
internal import Kubernetes
internal import Objects
internal import Planning
internal import System
internal import Values

/// Waits until objects are ready: one look at all, then a watch on each that is not.
///
/// A watch on the DaemonSet itself, not on its pods: the number of requests does not grow with the nodes.
struct Waiter {
    private let cluster: Cluster
    private let end: Int
    private let report: (ObjectReference, Readiness) -> Void
    /// Takes the pod that is the furthest behind, now and then.
    var reportSlow: (ObjectReference, SlowPod?) -> Void = { _, _ in }

    /// Kinds whose readiness another controller decides, and which is not waited for.
    private static let notWaitedFor: Set<String> = ["Service", "PersistentVolumeClaim", "Gateway"]

    /// Milliseconds of a rollout after which its pods are looked at.
    private static let patience = 5000

    /// `end` by the monotonic clock, in milliseconds.
    init(_ cluster: Cluster, end: Int, report: @escaping (ObjectReference, Readiness) -> Void) {
        self.cluster = cluster
        self.end = end
        self.report = report
    }

    /// Answers what did not become ready, with the reason; empty when all is well.
    func wait(for identities: [ObjectReference]) throws(APIError) -> [Failure] {
        let waited = identities.filter { !Waiter.notWaitedFor.contains($0.kind) }
        for (identity, object) in zip(waited, try cluster.get(waited)) {
            guard let object else { return [Failure(identity, "was deleted by another client in the meantime")] }
            if let termination = try cluster.termination(of: identity, object) {
                return [Failure(identity, "\(termination); another client deleted it meanwhile")]
            }
            let now = readiness(of: object)
            if now.isReady {
                if identity.hasRollout { report(identity, now) }
                continue
            }
            report(identity, now)
            let last = try follow(identity, from: object)
            report(identity, last)
            if !last.isReady { return [Failure(identity, try explain(identity, last))] }
        }
        return []
    }

    private func follow(_ identity: ObjectReference, from object: Value) throws(APIError) -> Readiness {
        guard let resource = cluster.discovery.resource(apiVersion: identity.apiVersion, kind: identity.kind) else {
            return .failed("its kind is no longer served")
        }
        var last = readiness(of: object)
        let start = SystemClock.monotonic()
        if identity.kind == "DaemonSet" {
            cluster.client.betweenStreams = {
                guard SystemClock.monotonic() - start > Waiter.patience else { return }
                reportSlow(identity, cluster.slowestPod(of: object, identity))
            }
        }
        defer { cluster.client.betweenStreams = nil }
        let listing = Listing(items: [object], resourceVersion: object.metadata.resourceVersion ?? "")
        _ = try cluster.client.watch(
            resource.path(namespace: identity.namespace), Selection(fields: "metadata.name=" + identity.name),
            from: listing, milliseconds: max(0, end - SystemClock.monotonic())
        ) { event in
            let isGoing = event.kind == .deleted || termination(of: event.object) != nil
            let next = isGoing ? .failed("was deleted by another client in the meantime") : readiness(of: event.object)
            if next != last, !next.isReady { report(identity, next) }
            last = next
            if case .failed = next { return false }
            return !next.isReady
        }
        if cluster.client.isInterrupted() { throw .interrupted }
        return last
    }

    private func explain(_ identity: ObjectReference, _ last: Readiness) throws(APIError) -> String {
        let reason = try Diagnosis(cluster).explain(identity)
        var message = last.message
        if case .progressing = last { message += " when --timeout expired; raise it if it only needs longer" }
        return reason.isEmpty ? message : message + "\n" + reason
    }
}
