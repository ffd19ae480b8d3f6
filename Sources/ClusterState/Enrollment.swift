package import Kubernetes
internal import Objects
internal import Values

/// Who uses the mesh: namespaces and pods in ambient mode, waypoints.
package struct Enrollment: Sendable, Equatable {
    package var namespaces: [String]
    /// Pods enrolled by their own label, as `namespace/name`.
    package var pods: [String]
    package var waypoints: [String]
    /// Pods that should be captured and that the node agent has not marked as such.
    package var uncaptured: [String]

    package var isEmpty: Bool { namespaces.isEmpty && pods.isEmpty && waypoints.isEmpty }
}

extension Cluster {
    private static let mode = "istio.io/dataplane-mode"
    private static let redirection = "ambient.istio.io/redirection"

    /// Enrolled namespaces and pods, and Gateways of class istio-waypoint; `withPods` also finds pods that should be
    /// captured and are not.
    ///
    /// Lists of metadata, page by page, which the server filters: eight thousand pods are a few megabytes.
    package func enrollment(withPods: Bool) throws(APIError) -> Enrollment {
        let ambient = "\(Cluster.mode)=ambient"
        let selection = Selection(labels: ambient)
        client.prefetch(["/api/v1/namespaces", "/api/v1/pods"].map { Client.firstSummaries($0, selection) })
        let namespaces = try client.summaries("/api/v1/namespaces", selection) { $0.metadata.name }
        var mayBeMissed = false
        let pods = try client.summaries("/api/v1/pods", selection) { pod in
            mayBeMissed = mayBeMissed || isUnmarked(pod)
            return pod.metadata.title
        }
        var enrollment = Enrollment(
            namespaces: namespaces, pods: pods, waypoints: try waypoints(), uncaptured: [])
        guard withPods else { return enrollment }
        let places =
            (mayBeMissed ? [(path: "/api/v1/pods", labels: ambient)] : [])
            + namespaces.map { ("/api/v1/namespaces/\($0)/pods", "!\(Cluster.mode)") }
        enrollment.uncaptured = try uncaptured(places).sorted()
        return enrollment
    }

    private func waypoints() throws(APIError) -> [String] {
        if let silent = discovery.unavailableGroup(apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway") {
            throw .unavailable(group: silent)
        }
        guard let resource = discovery.preferred(group: "gateway.networking.k8s.io", kind: "Gateway") else { return [] }
        return try client.list(resource.path()).items
            .filter { $0["spec"]?["gatewayClassName"]?.string?.hasSuffix("istio-waypoint") == true }
            .map(\.metadata.title)
    }

    /// What metadata does not hold: pods that have ended or not begun are not captured, nor those on the host's network.
    private static let capturable = "status.phase=Running,spec.hostNetwork!=true"
    /// How many first pages are asked for together.
    private static let listsAtOnce = 4

    /// The pods of these collections that run without having been marked by the node agent.
    private func uncaptured(_ places: [(path: String, labels: String)]) throws(APIError) -> [String] {
        var found: [String] = []
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

    private func uncaptured(_ path: String, _ selection: Selection) throws(APIError) -> [String] {
        do throws(APIError) {
            return try client.summaries(path, selection) { isUnmarked($0) ? $0.metadata.title : nil }
        } catch {
            // A server that does not know one of the field selectors.
            guard error.status?.code == 400 else { throw error }
        }
        return try client.summaries(path, Selection(labels: selection.labels), isWhole: true) { pod in
            isUnmarked(pod) && isCapturable(pod) ? pod.metadata.title : nil
        }
    }

    /// The same as the field selectors say.
    private func isCapturable(_ pod: Value) -> Bool {
        pod["status"]?["phase"]?.string == "Running" && pod["spec"]?["hostNetwork"]?.bool != true
    }

    /// Whether the metadata of an enrolled pod show that the node agent should have marked it and has not.
    private func isUnmarked(_ pod: Value) -> Bool {
        let metadata = pod.metadata
        return metadata.label(Cluster.mode) != "none"
            && metadata.label("gateway.networking.k8s.io/gateway-name") == nil
            && metadata.annotation("sidecar.istio.io/status") == nil
            && metadata.annotation(Cluster.redirection) != "enabled"
    }
}
