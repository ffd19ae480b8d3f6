package import ClusterState
internal import Glibc
internal import Istio
internal import Kubernetes
internal import Objects
package import Planning
internal import System
internal import Values

/// The order of deletion: webhooks, so that nothing calls an istiod that was deleted; ztunnel; the node agent, whose pods
/// clean up their node and need their permissions for it; those permissions; istiod; base.
private let rounds: [(@Sendable (Change) -> Bool)] = [
    { $0.identity.kind.hasSuffix("WebhookConfiguration") || $0.identity.kind.hasPrefix("ValidatingAdmissionPolicy") },
    { $0.component == .ztunnel },
    { $0.component == .cni && $0.identity.kind == "DaemonSet" },
    { $0.component == .cni },
    { $0.component == .istiod },
    { $0.identity.kind != "CustomResourceDefinition" },
    { _ in true },
]

/// Removes a mesh, round by round; each round's objects are deleted before the next round starts.
package struct Pruner {
    private let cluster: Cluster
    private let report: (Progress) -> Void
    private let end: Int

    /// `timeout` in milliseconds, for all of it.
    package init(_ cluster: Cluster, timeout: Int, report: @escaping (Progress) -> Void) {
        self.cluster = cluster
        self.report = report
        end = SystemClock.monotonic() + timeout
    }

    /// Puts changes into the order in which they are carried out.
    package static func ordered(_ changes: [Change]) -> [[Change]] {
        var rest = changes
        return rounds.map { belongs in
            let round = rest.filter(belongs).inApplyOrder(\.identity)
            rest.removeAll(where: belongs)
            return round.reversed()
        }
        .filter { !$0.isEmpty }
    }

    package func run(_ changes: [Change]) -> Outcome {
        for round in Pruner.ordered(changes) {
            let component = round[0].turn
            if cluster.client.isInterrupted() { return .interrupted(component: component) }
            let failures = delete(round)
            if !failures.isEmpty { return .failed(failures, component: component) }
            if let stop = waitUntilDeleted(round) { return stop }
        }
        return .done
    }

    private func delete(_ round: [Change]) -> [Failure] {
        var failures: [Failure] = []
        var removed: [Change] = []
        var calls: [APIRequest] = []
        for change in round {
            guard let path = cluster.path(of: change.identity) else { continue }
            removed.append(change)
            // In the foreground: the object stays until its pods are deleted, and can be waited for.
            calls.append(
                .delete(path, uid: change.live?.metadata.uid, propagation: "Foreground"))
        }
        for (change, answer) in zip(removed, cluster.client.send(calls)) {
            switch answer {
            case .success:
                report(.applied(change))
            case .failure(let error) where error.isNotFound: continue
            case .failure(.interrupted): continue
            case .failure(let error): failures.append(Failure(change.identity, error.description))
            }
        }
        return failures
    }

    private func waitUntilDeleted(_ round: [Change]) -> Outcome? {
        let component = round[0].turn
        let wait = DeletionWait(cluster, end: end, stopsWhereHeld: false) { report(.note($0)) }
        do throws(APIError) {
            let left = try wait.run(round.map { ($0.identity, $0.live ?? .null) })
            return left.isEmpty ? nil : .failed(left, component: component)
        } catch {
            if case .interrupted = error { return .interrupted(component: component) }
            return .failed([Failure(nil, error.description)], component: component)
        }
    }
}
