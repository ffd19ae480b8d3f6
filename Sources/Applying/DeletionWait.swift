package import ClusterState
internal import Glibc
package import Kubernetes
package import Objects
package import Planning
internal import System
package import Values

/// Waits until objects that are being deleted are there no longer.
package struct DeletionWait {
    private let cluster: Cluster
    private let end: Int
    private let stopsWhereHeld: Bool
    private let note: (String) -> Void

    /// Milliseconds between two reads, and between two looks at what an object waits for.
    private static let pause: UInt32 = 200
    private static let inspection = 2000

    /// `timeout` in milliseconds; what something holds ends it at once.
    package init(_ cluster: Cluster, timeout: Int, note: @escaping (String) -> Void) {
        self.init(cluster, end: SystemClock.monotonic() + timeout, stopsWhereHeld: true, note: note)
    }

    /// `end` by the monotonic clock, in milliseconds. Without `stopsWhereHeld`, `note` gets what holds an object.
    init(_ cluster: Cluster, end: Int, stopsWhereHeld: Bool, note: @escaping (String) -> Void) {
        self.cluster = cluster
        self.end = end
        self.stopsWhereHeld = stopsWhereHeld
        self.note = note
    }

    /// `objects` as they were read, being deleted; answers those that stay, with what holds them.
    package func run(_ objects: [(identity: ObjectReference, live: Value)]) throws(APIError) -> [Failure] {
        var left = objects
        var inspected = Int.min
        var said: [ObjectReference: String] = [:]
        while true {
            left = try remaining(left)
            if left.isEmpty { return [] }
            if cluster.client.isInterrupted() { throw .interrupted }
            let isOver = SystemClock.monotonic() >= end
            if isOver || SystemClock.monotonic() - DeletionWait.inspection >= inspected {
                inspected = SystemClock.monotonic()
                let states = try left.map { item throws(APIError) in
                    (item.identity, try cluster.termination(of: item.identity, item.live) ?? Termination())
                }
                let held = states.filter { $0.1.isHeld }
                if stopsWhereHeld, !held.isEmpty { return held.map { Failure($0.0, "\($0.1)") } }
                if isOver { return states.map { Failure($0.0, DeletionWait.complaint($0.1)) } }
                for (identity, state) in held where said[identity] != state.description {
                    said[identity] = state.description
                    note("  \(identity) \(state)")
                }
            }
            usleep(DeletionWait.pause * 1000)
        }
    }

    private static func complaint(_ termination: Termination) -> String {
        termination.isHeld
            ? "was not deleted in time: \(termination)"
            : "was not deleted in time, though nothing seems to hold it; raise --timeout if it only needs longer"
    }

    /// Those that are there still, as they are now; a successor of the same name is another object.
    private func remaining(
        _ items: [(identity: ObjectReference, live: Value)]
    ) throws(APIError) -> [(identity: ObjectReference, live: Value)] {
        zip(items, try cluster.get(items.map(\.identity))).compactMap { item, now in
            guard let now, now.metadata.uid == item.live.metadata.uid else { return nil }
            return (item.identity, now)
        }
    }
}
