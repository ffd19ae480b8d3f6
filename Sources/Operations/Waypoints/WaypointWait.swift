import ClusterState
import Kubernetes
import Objects
import Planning
import System
import Values
import Waypoints

extension ClusterSession {
    /// Where a Gateway is on this server; `nil` where that has no Gateway API.
    func gatewayPath(_ waypoint: WaypointReference) -> String? {
        cluster.discovery.preferred(group: gatewayGroup, kind: "Gateway")?.path(
            namespace: waypoint.namespace, name: waypoint.name)
    }

    /// The Gateway as it is; `nil` where there is none.
    func gateway(_ waypoint: WaypointReference) throws -> Value? {
        guard let path = gatewayPath(waypoint) else { return nil }
        do throws(APIError) {
            return try client.send(.get(path).expecting(.kinds(["Gateway"])))
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    /// Waits until a waypoint is Programmed and has an address, at the latest until `end` (monotonic, in milliseconds);
    /// answers why it is not.
    func waitForWaypoint(_ waypoint: WaypointReference, until end: Int) throws -> [Failure] {
        let identity = reference(to: waypoint)
        var last: Readiness?
        func take(_ gateway: Value) -> Bool {
            let now = Waypoint.readiness(of: gateway)
            if now != last, !now.isReady { ui.note("waiting for \(identity): \(now.message)".onOneLine) }
            last = now
            return now.isReady
        }
        guard let gateway = try gateway(waypoint), let path = gatewayPath(waypoint) else {
            return [Failure(identity, "was deleted by another client in the meantime")]
        }
        if !take(gateway), let collection = path.lastIndex(of: "/").map({ String(path[..<$0]) }) {
            let listing = Listing(items: [gateway], resourceVersion: gateway.metadata.resourceVersion ?? "")
            _ = try client.watch(
                collection, Selection(fields: "metadata.name=" + waypoint.name), from: listing,
                milliseconds: max(0, end - SystemClock.monotonic())
            ) { event in
                guard event.object.metadata.name.hasSameBytes(as: waypoint.name) else { return true }
                if event.kind == .deleted { last = .failed("was deleted by another client in the meantime") }
                return event.kind != .deleted && !take(event.object)
            }
            if client.isInterrupted() { throw APIError.interrupted }
        }
        guard let last, !last.isReady else { return [] }
        var message = last.message
        if case .progressing = last { message = "not ready when --timeout expired: \(message)" }
        let reasons = try diagnose(waypoint)
        return [Failure(identity, ([message] + reasons.map { "  " + $0 }).joined(separator: "\n"))]
    }

    /// The Gateway's identity, in the version that this server prefers.
    func reference(to waypoint: WaypointReference) -> ObjectReference {
        let resource = cluster.discovery.preferred(group: gatewayGroup, kind: "Gateway")
        return ObjectReference(
            apiVersion: resource?.apiVersion ?? WaypointManifest.apiVersion, kind: "Gateway",
            namespace: waypoint.namespace, name: waypoint.name)
    }
}
