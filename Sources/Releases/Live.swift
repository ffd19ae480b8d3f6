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

private struct WorkloadKind {
    var component: String
    var resource: String
    var kind: String
    var labels: String

    var path: String { "/apis/apps/v1/" + resource }
    var selection: Selection { Selection(labels: labels) }
}

private let workloadKinds = [
    WorkloadKind(component: "istiod", resource: "deployments", kind: "Deployment", labels: "app=istiod"),
    WorkloadKind(component: "cni", resource: "daemonsets", kind: "DaemonSet", labels: "k8s-app=istio-cni-node"),
    WorkloadKind(
        component: "ztunnel", resource: "daemonsets", kind: "DaemonSet", labels: "app.kubernetes.io/name=ztunnel"),
]

/// Whether the controller has seen the newest template and all pods that there are were made from it.
private func isRolledOut(_ object: Value, kind: String) -> Bool {
    guard let status = object["status"], let generation = object["metadata"]?["generation"]?.int,
        status["observedGeneration"]?.int == generation
    else { return false }
    func count(_ name: String) -> Int { status[name]?.int ?? 0 }
    if kind == "DaemonSet" {
        return count("updatedNumberScheduled") == count("desiredNumberScheduled")
            && count("currentNumberScheduled") == count("desiredNumberScheduled") && count("numberMisscheduled") == 0
    }
    return count("replicas") == count("updatedReplicas")
}

extension Cluster {
    /// The mesh's workloads in all namespaces, whoever installed them, with the versions that their pods really run.
    package func workloads() throws(APIError) -> [Workload] {
        var found: [Workload] = []
        client.readAhead(Cluster.workloadCalls)
        for row in workloadKinds {
            for object in try client.list(row.path, row.selection).items {
                let identity = Identity(
                    apiVersion: "apps/v1", kind: row.kind, namespace: object["metadata"]?["namespace"]?.string ?? "",
                    name: object["metadata"]?["name"]?.string ?? "")
                let versions = try versions(identity, object)
                found.append(Cluster.workload(row.component, identity, object, versions))
            }
        }
        return found
    }

    /// The calls that `workloads` begins with, for `readAhead`.
    package static var workloadCalls: [Call] { workloadKinds.map { Client.firstPage($0.path, $0.selection) } }

    /// The versions that a workload's pods run: its template's where no pod is of another revision, so that the pods
    /// of thousands of nodes need not be listed.
    private func versions(_ identity: Identity, _ object: Value) throws(APIError) -> [String] {
        let template = object["spec"]?["template"]?["spec"] ?? .null
        guard !isRolledOut(object, kind: identity.kind) else { return Cluster.versions([template]) }
        let pods = try pods(selectedBy: object, in: identity.namespace)
        return Cluster.versions(pods.isEmpty ? [template] : pods.compactMap { $0["spec"] })
    }

    private static func versions(_ specs: [Value]) -> [String] {
        Set(specs.compactMap(imageVersion)).sorted()
    }

    /// The pods of a workload.
    package func pods(of workload: Workload) throws(APIError) -> [Value] {
        try pods(selectedBy: workload.object, in: workload.identity.namespace)
    }

    /// The pods that a workload's selector fits.
    func pods(selectedBy object: Value, in namespace: String) throws(APIError) -> [Value] {
        try client.list("/api/v1/namespaces/\(namespace)/pods", Selection(labels: Cluster.podSelector(object))).items
    }

    static func podSelector(_ object: Value) -> String {
        let labels = object["spec"]?["selector"]?["matchLabels"]?.map ?? Mapping()
        return labels.sorted.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
    }

    private static func workload(
        _ component: String, _ identity: Identity, _ object: Value, _ versions: [String]
    ) -> Workload {
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
