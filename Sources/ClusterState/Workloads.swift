package import Istio
package import Kubernetes
internal import Objects
package import Values

/// Whether the controller has seen the newest template and all pods that there are were made from it.
private func isRolledOut(_ object: Value, kind: String) -> Bool {
    guard let status = object["status"], let generation = object.metadata.generation,
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
    /// The mesh's workloads in all namespaces, by any installer, with the versions that their pods run.
    package func workloads() throws(APIError) -> [Workload] {
        var found: [Workload] = []
        client.prefetch(Cluster.workloadCalls)
        for component in Component.allCases {
            guard let row = component.workload else { continue }
            for object in try client.list(row.path, Selection(labels: row.labels)).items {
                let identity = ObjectReference(apiVersion: "apps/v1", kind: row.kind, item: object)
                let images = try images(component, identity, object)
                found.append(Cluster.workload(component, identity, object, images))
            }
        }
        return found
    }

    /// The calls that `workloads` begins with, for `prefetch`.
    package static var workloadCalls: [APIRequest] {
        Component.allCases.compactMap(\.workload).map { Client.firstPage($0.path, Selection(labels: $0.labels)) }
    }

    /// The images that a workload's pods run: its template's where no pod is of another revision, so that the pods of
    /// thousands of nodes need not be listed.
    private func images(
        _ component: Component, _ identity: ObjectReference, _ object: Value
    ) throws(APIError) -> [ComponentImage] {
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
        _ component: Component, _ identity: ObjectReference, _ object: Value, _ images: [ComponentImage]
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
