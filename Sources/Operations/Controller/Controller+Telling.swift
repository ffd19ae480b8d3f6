import Applying
import ClusterState
import Kubernetes
import Objects
import System
import Values

/// What the controller tells others: Events, health, metrics.
extension Controller {
    /// A resource with what is known of it, for Events.
    private func known(_ key: ResourceKey) -> (identity: ObjectReference, live: Value)? {
        for item in watches where item.followed.kind == key.kind && item.followed.change == .resource {
            guard let kept = item.watch.kept.first(where: { $0.metadata.name.hasSameBytes(as: key.name) }) else {
                continue
            }
            return (ObjectReference(apiVersion: item.followed.apiVersion, kind: key.kind, name: key.name), kept)
        }
        return nil
    }

    func record(_ ending: TurnEnding, of key: ResourceKey) {
        switch ending {
        case .done: if !log.summary.isEmpty { record(key, false, "Reconciled", log.summary) }
        case .deleted: if !log.summary.isEmpty { record(key, false, "Removed", log.summary) }
        case .invalid(let text): record(key, true, "ValidationError", text)
        // The rest changes with every pod.
        case .waits(let text): record(key, false, "Waiting", text.components(before: ": "))
        case .failed(let text): record(key, true, "ReconcileError", text)
        case .postponed: break
        }
    }

    func record(_ state: String, of key: ResourceKey) {
        let isHealthy = state == "Healthy"
        if isHealthy || endings[key] == .done {
            record(key, !isHealthy, state, isHealthy ? "all pods are ready" : state)
        }
    }

    private func record(_ key: ResourceKey, _ isWarning: Bool, _ reason: String, _ message: String) {
        guard let (identity, live) = known(key) else { return }
        events.record(session.cluster, identity, live: live, isWarning: isWarning, reason: reason, message: message)
    }

    func serve(_ addresses: ControllerAddresses) throws {
        try endpoints.open(addresses, now: clock) { [weak self] in self?.metricsText ?? "" }
        for endpoint in endpoints.all { client.serve(endpoint) }
        for line in endpoints.lines { log.line(line) }
    }

    /// Asks the API server about those who ask for metrics.
    func answerHeld() { endpoints.answerHeld(session.cluster, now: clock()) }

    private var metricsText: String {
        var reading = ControllerMetrics.Reading()
        (reading.isLeader, reading.depth) = (isLeader, queue.depth(now: clock()))
        (reading.residentBytes, reading.startSeconds) = (residentMemory(), started)
        reading.version = options.userAgent.split(separator: "/").last.map(String.init) ?? ""
        for item in watches where item.followed.change == .workload {
            for kept in item.watch.kept {
                guard let component = kept["component"]?.string else { continue }
                reading.components.append((component, kept.metadata.namespace, kept["version"]?.string ?? ""))
                guard item.followed.kind == "DaemonSet" else { continue }
                let wanted = kept["status"]?["desiredNumberScheduled"]?.int ?? 0
                let (missing, overflows) = wanted.subtractingReportingOverflow(kept["status"]?["numberReady"]?.int ?? 0)
                reading.nodesNotReady.append((component, overflows ? 0 : max(0, missing)))
            }
        }
        return metrics.text(reading)
    }
}

extension String {
    /// The text before the first `separator`, or all of it.
    fileprivate func components(before separator: String) -> String {
        guard let range = firstRange(of: separator) else { return self }
        return String(self[..<range.lowerBound])
    }
}
