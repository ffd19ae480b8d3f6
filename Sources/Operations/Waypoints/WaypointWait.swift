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

    /// Waits until a waypoint is Programmed, has an address and its pods run, at the latest until `end` (monotonic, in
    /// milliseconds); answers why it is not. Without pods it is ready where `takesNone`. A Deployment of the generation
    /// `outdated` is one that istiod is about to change.
    func waitForWaypoint(
        _ waypoint: WaypointReference, until end: Int, takesNone: Bool, outdated: Int? = nil
    ) throws -> [Failure] {
        let failures = try waitForAddress(of: waypoint, until: end)
        guard failures.isEmpty, try gateway(waypoint)?["spec"]?["addresses"]?.list?.isEmpty ?? true else {
            return failures
        }
        if let outdated { try waitForOptions(of: waypoint, until: end, outdated: outdated) }
        return try waitForPods(of: waypoint, until: end, takesNone: takesNone)
    }

    private func waitForAddress(of waypoint: WaypointReference, until end: Int) throws -> [Failure] {
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
        return [try explained(identity, last, waypoint)]
    }

    /// How long istiod may take to change a Deployment after its options, in milliseconds.
    private static var optionsPatience: Int { 5000 }

    /// Waits a moment for istiod to take changed options over, so that the pods waited for are those with the options.
    private func waitForOptions(of waypoint: WaypointReference, until end: Int, outdated: Int) throws {
        let end = min(end, SystemClock.monotonic() + Self.optionsPatience)
        while try deploymentGeneration(of: waypoint) == outdated {
            guard SystemClock.monotonic() < end else {
                ui.warn(
                    "istiod has not changed \(waypoint.deployment) after its options; see with sail waypoint status "
                        + "-n \(waypoint.namespace) whether it takes them")
                return
            }
            client.pause(milliseconds: 100)
            if client.isInterrupted() { throw APIError.interrupted }
        }
    }

    /// The generation of the Deployment that istiod made; `nil` where there is none, or it may not be read.
    func deploymentGeneration(of waypoint: WaypointReference) throws -> Int? {
        do throws(APIError) {
            return try cluster.get([waypoint.deployment])[0]?.metadata.generation
        } catch {
            guard error.isForbidden else { throw error }
            return nil
        }
    }

    /// Waits for the Deployment that istiod makes; where that may not be read, for nothing. A Gateway with addresses of its own
    /// has no Deployment.
    private func waitForPods(of waypoint: WaypointReference, until end: Int, takesNone: Bool) throws -> [Failure] {
        var last: Readiness?
        while true {
            let live: Value?
            do throws(APIError) {
                live = try cluster.get([waypoint.deployment])[0]
            } catch {
                guard error.isForbidden else { throw error }
                return []
            }
            if let live, wantedReplicas(of: live) == 0 {
                if takesNone { return [] }
                return [Failure(reference(to: waypoint), "is scaled to 0 replicas, and traffic to it would be lost")]
            }
            let now = live.map { readiness(of: $0) } ?? .progressing("istiod has not made it yet")
            if now.isReady { return [] }
            if case .failed = now { return [try explained(waypoint.deployment, now, waypoint)] }
            let left = end - SystemClock.monotonic()
            guard left > 0 else { return [try explained(waypoint.deployment, now, waypoint)] }
            if now != last { ui.note("waiting for \(waypoint.deployment): \(now.message)".onOneLine) }
            last = now
            client.pause(milliseconds: min(500, left))
            if client.isInterrupted() { throw APIError.interrupted }
        }
    }

    /// What has not become ready, with what the cluster shows of the cause.
    private func explained(
        _ identity: ObjectReference, _ state: Readiness, _ waypoint: WaypointReference
    ) throws -> Failure {
        var message = state.message
        if case .progressing = state { message = "not ready when --timeout expired: \(message)" }
        let reasons = try diagnose(waypoint)
        return Failure(identity, ([message] + reasons.map { "  " + $0 }).joined(separator: "\n"))
    }

    /// The Gateway's identity, in the version that this server prefers.
    func reference(to waypoint: WaypointReference) -> ObjectReference {
        let resource = cluster.discovery.preferred(group: gatewayGroup, kind: "Gateway")
        return ObjectReference(
            apiVersion: resource?.apiVersion ?? WaypointManifest.apiVersion, kind: "Gateway",
            namespace: waypoint.namespace, name: waypoint.name)
    }
}

extension WaypointReference {
    /// The Deployment that istiod makes for it.
    var deployment: ObjectReference {
        ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: namespace, name: name)
    }
}
