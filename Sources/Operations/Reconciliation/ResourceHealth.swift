import ClusterState
import Istio
import Kubernetes
import Objects
import SailResources
import Values

/// Works out what the status of a resource says from what runs.
struct ResourceHealth {
    let session: ClusterSession

    private var cluster: Cluster { session.cluster }

    /// The status of a resource; `error` is why its last reconciliation did not reach its end, `agents` are
    /// the states of the node agents' resources by their kinds.
    func status(of resource: GivenResource, error: String?, agents: () -> [String: String]) -> ResourceStatus {
        let generation = resource.live?.metadata.generation
        switch resource.kind.name {
        case ResourceKind.istio.name: return istio(resource, generation, error, agents)
        case ResourceKind.tag.name:
            return ResourceStatus(
                generation: generation, conditions: [.reconciled(error)],
                fields: ["istiodNamespace": "", "istioRevision": ""])
        case ResourceKind.revision.name:
            return ResourceStatus(generation: generation, conditions: [.reconciled(error)])
        default: return agent(resource, generation, error)
        }
    }

    // MARK: - The node agents

    private func agent(_ resource: GivenResource, _ generation: Int?, _ error: String?) -> ResourceStatus {
        let name = resource.kind.name == ResourceKind.cni.name ? "istio-cni-node" : "ztunnel"
        let identity = ObjectReference(
            apiVersion: "apps/v1", kind: "DaemonSet", namespace: resource.namespace, name: name)
        let (ready, upgrading) = workload(identity, reason: "DaemonSetNotReady")
        var status = ResourceStatus(
            generation: generation,
            conditions: [.reconciled(error.map { "error reconciling resource: \($0)" }), ready, .upgrading(upgrading)])
        if resource.kind.name == ResourceKind.ztunnel.name, error == nil,
            let target = resource.spec["targetRef"]?["name"]?.string
        {
            status.fields["istioRevision"] = .string(target)
        }
        return status
    }

    // MARK: - The control plane

    private func istio(
        _ resource: GivenResource, _ generation: Int?, _ error: String?, _ agents: () -> [String: String]
    )
        -> ResourceStatus
    {
        let identity = ObjectReference(
            apiVersion: "apps/v1", kind: "Deployment", namespace: resource.namespace, name: "istiod")
        let (ready, upgrading) = workload(identity, reason: "IstiodNotReady")
        let isReady = ready.status == .isTrue
        let fields: Mapping = [
            "activeRevisionName": .string(resource.name),
            "revisions": ["total": 1, "ready": .int(isReady ? 1 : 0), "inUse": .int(revisionsInUse(resource.name))],
        ]
        guard let error else {
            return ResourceStatus(
                generation: generation,
                conditions: [.holds("Reconciled"), ready, dependencies(of: resource, agents()), .upgrading(upgrading)],
                fields: fields)
        }
        return ResourceStatus(
            generation: generation,
            conditions: [
                .reconciled(error),
                ResourceCondition(
                    "Ready", .unknown, "ReconcileError", "cannot determine readiness due to reconciliation error"),
            ], fields: fields)
    }

    /// The status of the IstioRevision of an Istio, which says of the control plane what the Istio's does.
    func status(
        ofRevision revision: GivenResource, of istio: GivenResource, error: String?, agents: () -> [String: String]
    ) -> ResourceStatus {
        let identity = ObjectReference(
            apiVersion: "apps/v1", kind: "Deployment", namespace: istio.namespace, name: "istiod")
        let inUse =
            switch revisionsInUse(istio.name) {
            case 0:
                ResourceCondition(
                    "InUse", .isFalse, "NotReferencedByAnything", "Not referenced by any pod or namespace",
                    countsForState: false)
            case 1:
                ResourceCondition(
                    "InUse", .isTrue, "ReferencedByWorkloads", "Referenced by at least one pod or namespace",
                    countsForState: false)
            default:
                ResourceCondition(
                    "InUse", .unknown, "UsageCheckFailed", "failed to list the namespaces", countsForState: false)
            }
        return ResourceStatus(
            generation: revision.live?.metadata.generation,
            conditions: [
                .reconciled(error.map { "error reconciling resource: \($0)" }),
                workload(identity, reason: "IstiodNotReady").ready, dependencies(of: istio, agents()), inUse,
            ])
    }

    /// Ambient mode needs the node agent, unless the Istio says that there is none of it, and ztunnel.
    private func dependencies(of istio: GivenResource, _ agents: [String: String]) -> ResourceCondition {
        let hasNoAgent = istio.spec[path: "values", "pilot", "cni", "enabled"] == false
        for kind in hasNoAgent ? [ResourceKind.ztunnel] : [.cni, .ztunnel] {
            guard let state = agents[kind.name] else {
                return ResourceCondition(
                    "DependenciesHealthy", .isFalse, "\(kind.name)NotFound", "\(kind.name) resource does not exist")
            }
            guard state == "Healthy" else {
                return ResourceCondition(
                    "DependenciesHealthy", .isFalse, "\(kind.name)NotHealthy",
                    "\(kind.name) resource status indicates that the component is not healthy")
            }
        }
        return .holds("DependenciesHealthy")
    }

    /// One where a namespace injects the sidecars of this control plane; ambient mode refers to none.
    private func revisionsInUse(_ name: String) -> Int {
        guard let namespaces = try? session.client.list("/api/v1/namespaces").items else { return -1 }
        let isUsed = namespaces.contains { namespace in
            let labels = namespace.metadata.labels
            if let injection = labels[IstioLabel.injection]?.string {
                return injection == "enabled" && name == "default"
            }
            return labels[IstioLabel.revision]?.string?.hasSameBytes(as: name) == true
        }
        return isUsed ? 1 : 0
    }

    // MARK: - Workloads

    /// Whether a workload is ready, and what is said while pods of two revisions run.
    private func workload(_ identity: ObjectReference, reason: String) -> (ready: ResourceCondition, upgrading: String?)
    {
        let found: Value?
        do throws(APIError) { found = try cluster.get([identity]).first ?? nil } catch {
            let message = "failed to get readiness: \(error)"
            return (ResourceCondition("Ready", .unknown, "ReadinessCheckFailed", message), nil)
        }
        guard let object = found?.withKind(identity.kind) else {
            return (ResourceCondition("Ready", .isFalse, reason, "\(identity.name) \(identity.kind) not found"), nil)
        }
        let upgrading = rollout(object)
        guard let complaint = complaint(of: object, identity) else { return (.holds("Ready"), upgrading) }
        return (ResourceCondition("Ready", .isFalse, reason, complaint), upgrading)
    }

    /// Why a workload is not ready, with what its pods say; `nil` where it is ready.
    private func complaint(of object: Value, _ identity: ObjectReference) -> String? {
        let status = object["status"]
        if identity.kind == "DaemonSet" {
            if status?["currentNumberScheduled"]?.int ?? 0 == 0 {
                return "no \(identity.name) pods are currently scheduled"
            }
        } else if object["spec"]?["replicas"]?.int == 0 {
            return "\(identity.name) Deployment is scaled to zero replicas"
        }
        let readiness = readiness(of: object)
        guard !readiness.isReady else { return nil }
        let lines = ((try? Diagnosis(cluster).explain(identity)) ?? "").split(separator: "\n").map {
            String($0.drop { $0 == " " })
        }
        let reasons = [readiness.message] + lines.prefix(3)
        return "not all \(identity.name) pods are ready: " + reasons.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// How far a rollout has come that is under way.
    private func rollout(_ object: Value) -> String? {
        let status = object["status"]
        let isDaemonSet = object.kind == "DaemonSet"
        let updated = status?[isDaemonSet ? "updatedNumberScheduled" : "updatedReplicas"]?.int ?? 0
        let all = status?[isDaemonSet ? "currentNumberScheduled" : "replicas"]?.int ?? 0
        return updated < all ? "\(updated) of \(all) pods are of the new revision" : nil
    }
}
