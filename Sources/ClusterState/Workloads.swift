package import Istio
package import Kubernetes
internal import Objects
package import Values

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
                let images = try images(row.component, identity, object)
                found.append(Cluster.workload(row.component, identity, object, images))
            }
        }
        return found
    }

    /// The calls that `workloads` begins with, for `readAhead`.
    package static var workloadCalls: [Call] { workloadKinds.map { Client.firstPage($0.path, $0.selection) } }

    /// The images that a workload's pods run: its template's where no pod is of another revision, so that the pods of
    /// thousands of nodes need not be listed.
    private func images(
        _ component: String, _ identity: Identity, _ object: Value
    ) throws(APIError) -> [ComponentImage] {
        guard let component = Component(rawValue: component) else { return [] }
        let template = object["spec"]?["template"] ?? .null
        var pods = [template]
        if !isRolledOut(object, kind: identity.kind) {
            let found = try self.pods(selectedBy: object, in: identity.namespace)
            if !found.isEmpty { pods = found }
        }
        return Set(pods.compactMap { ComponentImage(component, pod: $0) }).sorted { $0.image.precedesByBytes($1.image) }
    }

    /// The pods of a workload.
    package func pods(of workload: Workload) throws(APIError) -> [Value] {
        try pods(selectedBy: workload.object, in: workload.identity.namespace)
    }

    /// The pods that a workload's selector fits.
    package func pods(selectedBy object: Value, in namespace: String) throws(APIError) -> [Value] {
        try client.list("/api/v1/namespaces/\(namespace)/pods", Selection(labels: Cluster.podSelector(object))).items
    }

    /// The label selector of a workload's pods.
    package static func podSelector(_ object: Value) -> String {
        let labels = object["spec"]?["selector"]?["matchLabels"]?.map ?? Mapping()
        return labels.sorted.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
    }

    private static func workload(
        _ component: String, _ identity: Identity, _ object: Value, _ images: [ComponentImage]
    ) -> Workload {
        let isDaemon = identity.kind == "DaemonSet"
        return Workload(
            component: component, identity: identity, images: images,
            readiness: readiness(of: object.withKind(identity.kind)),
            desired: (isDaemon ? object["status"]?["desiredNumberScheduled"]?.int : object["spec"]?["replicas"]?.int)
                ?? 0,
            available: object["status"]?[isDaemon ? "numberAvailable" : "availableReplicas"]?.int ?? 0, object: object)
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
