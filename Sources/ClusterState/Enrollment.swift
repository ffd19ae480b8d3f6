package import Capture
internal import Istio
package import Kubernetes
internal import Objects
internal import Values
internal import Waypoints

/// Who uses the mesh: namespaces and pods in ambient mode, waypoints.
package struct Enrollment: Sendable, Equatable {
    package var namespaces: [String]
    /// Pods enrolled by their own label, as `namespace/name`.
    package var pods: [String]
    package var waypoints: [String]
    /// Pods that should be captured and that the node agent has not marked as such, by namespace and name.
    package var uncapturedPods: [UncapturedPod]
    /// The same as `namespace/name`.
    package var uncaptured: [String] { uncapturedPods.map(\.title) }

    package var isEmpty: Bool { namespaces.isEmpty && pods.isEmpty && waypoints.isEmpty }
}

/// A pod that should be captured and is not, and what made it.
package struct UncapturedPod: Sendable, Hashable {
    package var namespace: String
    package var name: String
    /// The workload that makes such pods; `nil` for a pod of its own.
    package var owner: PodOwner?

    /// `namespace/name`
    package var title: String { namespace + "/" + name }

    /// Reads metadata, which name the owner.
    init(_ pod: Value) {
        let metadata = pod.metadata
        (namespace, name) = (metadata.namespace, metadata.name)
        owner = PodOwner(of: metadata)
    }
}

extension Cluster {
    /// Enrolled namespaces and pods, and Gateways of class istio-waypoint; `withPods` also finds pods that should be
    /// captured and are not.
    ///
    /// Lists of metadata, page by page, which the server filters: eight thousand pods are a few megabytes.
    package func enrollment(withPods: Bool) throws(APIError) -> Enrollment {
        let ambient = "\(IstioLabel.mode)=\(IstioLabel.ambient)"
        let selection = Selection(labels: ambient)
        client.prefetch(["/api/v1/namespaces", "/api/v1/pods"].map { Client.firstSummaries($0, selection) })
        let namespaces = try client.summaries("/api/v1/namespaces", selection) { $0.metadata.name }
        var mayBeMissed = false
        let pods = try client.summaries("/api/v1/pods", selection) { pod in
            mayBeMissed = mayBeMissed || CaptureRules.isUnmarked(pod.metadata)
            return pod.metadata.title
        }
        var enrollment = Enrollment(
            namespaces: namespaces, pods: pods, waypoints: try waypoints(), uncapturedPods: [])
        guard withPods else { return enrollment }
        let places =
            (mayBeMissed ? [(path: "/api/v1/pods", labels: ambient)] : [])
            + namespaces.map { ("/api/v1/namespaces/\($0)/pods", "!\(IstioLabel.mode)") }
        enrollment.uncapturedPods = try uncaptured(places).sorted { $0.title.precedesByBytes($1.title) }
        return enrollment
    }

    private func waypoints() throws(APIError) -> [String] {
        if let silent = discovery.unavailableGroup(apiVersion: WaypointManifest.apiVersion, kind: "Gateway") {
            throw .unavailable(group: silent)
        }
        guard let resource = discovery.preferred(group: gatewayGroup, kind: "Gateway") else { return [] }
        return try client.list(resource.path()).items
            .filter(Waypoint.isWaypoint)
            .map(\.metadata.title)
    }

    /// What metadata does not hold: pods that have ended or not begun are not captured, nor those on the host's network.
    private static let capturable = "status.phase=Running,spec.hostNetwork!=true"
    /// How many first pages are asked for together.
    private static let listsAtOnce = 4

    /// The pods of these collections that run without having been marked by the node agent.
    private func uncaptured(_ places: [(path: String, labels: String)]) throws(APIError) -> [UncapturedPod] {
        var found: [UncapturedPod] = []
        var rest = places[...]
        while !rest.isEmpty {
            let group = rest.prefix(Cluster.listsAtOnce)
            rest = rest.dropFirst(group.count)
            let lists = group.map { ($0.path, Selection(labels: $0.labels, fields: Cluster.capturable)) }
            client.prefetch(lists.map { Client.firstSummaries($0, $1) })
            for (path, selection) in lists { found += try uncaptured(path, selection) }
        }
        return found
    }

    private func uncaptured(_ path: String, _ selection: Selection) throws(APIError) -> [UncapturedPod] {
        do throws(APIError) {
            return try client.summaries(path, selection) {
                CaptureRules.isUnmarked($0.metadata) ? UncapturedPod($0) : nil
            }
        } catch {
            // A server that does not know one of the field selectors.
            guard error.status?.code == 400 else { throw error }
        }
        return try client.summaries(path, Selection(labels: selection.labels), isWhole: true) { pod in
            CaptureRules.isUnmarked(pod.metadata) && CaptureRules.isCapturable(pod) ? UncapturedPod(pod) : nil
        }
    }
}
