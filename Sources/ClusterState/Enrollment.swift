package import Kubernetes
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

    /// Looks for enrolled namespaces and pods, and Gateways of class istio-waypoint; `withPods` also finds pods that
    /// should be captured and are not, which takes a look at every pod of the enrolled namespaces.
    package func enrollment(withPods: Bool) throws(APIError) -> Enrollment {
        let ambient = Selection(labels: "\(Cluster.mode)=ambient")
        let namespaces = try client.list("/api/v1/namespaces", ambient).items.compactMap(title)
        let pods = try client.list("/api/v1/pods", ambient).items
        var enrollment = Enrollment(
            namespaces: namespaces, pods: pods.map(place), waypoints: try waypoints(), uncaptured: [])
        guard withPods else { return enrollment }
        var candidates = pods
        for namespace in namespaces {
            candidates += try client.list("/api/v1/namespaces/\(namespace)/pods").items.filter {
                $0["metadata"]?["labels"]?[Cluster.mode] == nil
            }
        }
        enrollment.uncaptured = candidates.filter(isMissed).map(place).sorted()
        return enrollment
    }

    private func waypoints() throws(APIError) -> [String] {
        if let silent = discovery.unavailableGroup(apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway") {
            throw .unavailable(group: silent)
        }
        guard let resource = discovery.preferred(group: "gateway.networking.k8s.io", kind: "Gateway") else { return [] }
        return try client.list(resource.path()).items
            .filter { $0["spec"]?["gatewayClassName"]?.string?.hasSuffix("istio-waypoint") == true }
            .map(place)
    }

    private func isMissed(_ pod: Value) -> Bool {
        let metadata = pod["metadata"]
        guard pod["status"]?["phase"]?.string == "Running", pod["spec"]?["hostNetwork"]?.bool != true,
            metadata?["labels"]?[Cluster.mode]?.string != "none",
            metadata?["labels"]?["gateway.networking.k8s.io/gateway-name"] == nil,
            metadata?["annotations"]?["sidecar.istio.io/status"] == nil
        else { return false }
        return metadata?["annotations"]?[Cluster.redirection]?.string != "enabled"
    }

    private func title(_ object: Value) -> String? { object["metadata"]?["name"]?.string }

    private func place(_ object: Value) -> String {
        "\(object["metadata"]?["namespace"]?.string ?? "")/\(title(object) ?? "")"
    }
}
