package import Kubernetes
package import Objects
package import Values

/// A workload of the mesh as it runs: istiod, the node agent, or ztunnel.
package struct Workload: Sendable, Equatable {
    package var component: String
    package var identity: Identity
    /// The versions its pods run, from their images' tags, oldest first; more than one in the middle of a rollout.
    package var versions: [String]
    package var readiness: Readiness
    /// Pods that should run, and that run and are ready.
    package var desired: Int
    package var available: Int
    package var object: Value
}

private let workloadKinds: [(component: String, resource: String, kind: String, selector: String)] = [
    ("istiod", "deployments", "Deployment", "app=istiod"),
    ("cni", "daemonsets", "DaemonSet", "k8s-app=istio-cni-node"),
    ("ztunnel", "daemonsets", "DaemonSet", "app.kubernetes.io/name=ztunnel"),
]

extension Cluster {
    /// The mesh's workloads in all namespaces, whoever installed them, with the versions that their pods really run.
    package func workloads() throws(APIError) -> [Workload] {
        var found: [Workload] = []
        for row in workloadKinds {
            let listing = try client.list("/apis/apps/v1/\(row.resource)", Selection(labels: row.selector))
            for object in listing.items {
                let namespace = object["metadata"]?["namespace"]?.string ?? ""
                let pods = try client.list(
                    "/api/v1/namespaces/\(namespace)/pods", Selection(labels: Cluster.podSelector(object)))
                let identity = Identity(
                    apiVersion: "apps/v1", kind: row.kind, namespace: namespace,
                    name: object["metadata"]?["name"]?.string ?? "")
                found.append(Cluster.workload(row.component, identity, object, pods.items))
            }
        }
        return found
    }

    /// The pods of a workload.
    package func pods(of workload: Workload) throws(APIError) -> [Value] {
        try client.list(
            "/api/v1/namespaces/\(workload.identity.namespace)/pods",
            Selection(labels: Cluster.podSelector(workload.object))
        ).items
    }

    private static func podSelector(_ object: Value) -> String {
        let labels = object["spec"]?["selector"]?["matchLabels"]?.map ?? Mapping()
        return labels.sorted.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
    }

    private static func workload(_ component: String, _ identity: Identity, _ object: Value, _ pods: [Value])
        -> Workload
    {
        let template = object["spec"]?["template"]?["spec"]
        let specs = pods.isEmpty ? [template ?? .null] : pods.compactMap { $0["spec"] }
        let versions = Set(specs.compactMap(imageVersion)).sorted()
        let isDaemon = identity.kind == "DaemonSet"
        return Workload(
            component: component, identity: identity, versions: versions,
            readiness: readiness(of: object.withKind(identity.kind)),
            desired: (isDaemon ? object["status"]?["desiredNumberScheduled"]?.int : object["spec"]?["replicas"]?.int)
                ?? 0,
            available: object["status"]?[isDaemon ? "numberAvailable" : "availableReplicas"]?.int ?? 0, object: object)
    }

    /// `1.30.3` of `registry.istio.io/release/ztunnel:1.30.3-distroless`; `nil` for a digest or a tag of another form.
    private static func imageVersion(_ spec: Value) -> String? {
        guard let image = spec["containers"]?.list?.first?["image"]?.string else { return nil }
        let name = image.split(separator: "/").last ?? ""
        let untagged = name.split(separator: "@").first ?? ""
        guard let colon = untagged.firstIndex(of: ":") else { return nil }
        let tag = untagged[untagged.index(after: colon)...]
        return tag.split(separator: "-").first.map(String.init)
    }
}

extension Value {
    /// The object with its kind: items of a list carry none of their own.
    package func withKind(_ kind: String) -> Value {
        guard case .map(var map) = self else { return self }
        map["kind"] = .string(kind)
        return .map(map)
    }
}
