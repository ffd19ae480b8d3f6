package import ClusterState
internal import Kubernetes
package import Objects
internal import System
package import Values

/// Writes Kubernetes Events about resources. What was said of a resource last is not said again, unless some minutes have
/// passed: then the same Event counts once more. An Event that is refused is no fault of a run.
///
/// A class, since what was said last outlives a turn.
package final class EventRecorder {
    private struct Said {
        var reason: String
        var message: String
        var path: String
        var count: Int
        var time: Int
    }

    private let instance: String
    /// Seconds since 1970.
    private let now: () -> Int
    private var said: [ObjectReference: Said] = [:]
    private var number = 0

    /// Seconds after which the same is said again.
    private static let period = 300

    package init(now: @escaping () -> Int = SystemClock.now) {
        instance = LockHolder.own.description
        self.now = now
    }

    /// Records what happened to a resource; `live` is the resource as it was read.
    package func record(
        _ cluster: Cluster, _ identity: ObjectReference, live: Value, isWarning: Bool, reason: String, message: String
    ) {
        let time = now()
        let text = String(message.onOneLine.prefix(1000))
        if var last = said[identity], last.reason == reason, last.message == text {
            guard time - last.time >= EventRecorder.period else { return }
            (last.count, last.time) = (last.count + 1, time)
            said[identity] = last
            let patch: Value = ["count": .int(last.count), "lastTimestamp": .string(RFC3339.text(time))]
            return send(cluster, .mergePatch(last.path, patch, manager: "sail"))
        }
        number += 1
        let namespace = identity.namespace.isEmpty ? "default" : identity.namespace
        let name = "\(identity.name).\(String(time, radix: 16))\(String(number, radix: 16))"
        let collection = "/api/v1/namespaces/\(namespace)/events"
        said[identity] = Said(reason: reason, message: text, path: "\(collection)/\(name)", count: 1, time: time)
        let event: Value = [
            "apiVersion": "v1", "kind": "Event",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "involvedObject": [
                "apiVersion": .string(identity.apiVersion), "kind": .string(identity.kind),
                "name": .string(identity.name),
                "uid": live.metadata.uid.map(Value.string) ?? .null,
                "resourceVersion": live.metadata.resourceVersion.map(Value.string) ?? .null,
            ],
            "type": isWarning ? "Warning" : "Normal", "reason": .string(reason), "message": .string(text), "count": 1,
            "firstTimestamp": .string(RFC3339.text(time)), "lastTimestamp": .string(RFC3339.text(time)),
            "source": ["component": "sail"], "reportingComponent": "sail", "reportingInstance": .string(instance),
        ]
        send(cluster, .create(collection, event, manager: "sail"))
    }

    /// Forgets a resource that is no longer there.
    package func forget(_ identity: ObjectReference) { said[identity] = nil }

    private func send(_ cluster: Cluster, _ call: APIRequest) {
        var call = call
        call.attempts = 1
        _ = cluster.client.send([call])
    }
}
