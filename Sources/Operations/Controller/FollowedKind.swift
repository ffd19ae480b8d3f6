import Istio
import Kubernetes
import Objects
import Planning
import SailResources
import Values

/// A kind that the controller follows, and what counts as a change of its objects.
struct FollowedKind: Sendable {
    enum Change: Sendable {
        /// A resource of the Sail Operator: its spec, its deletion, its finalizers, its state.
        case resource
        /// A namespace: that it is there, that it is being deleted, and the labels that enrol.
        case namespace
        /// The generation, and the status for itself.
        case workload
        /// The fields that are no status, of kinds without a generation.
        case content
        /// The generation: the status does not count.
        case generation
        /// Any change.
        case version
        /// A webhook configuration, without what istiod writes into it.
        case webhooks
        /// That it is there: others write into it.
        case existence
    }

    var apiVersion: String
    var kind: String
    /// As paths and roles have it: `deployments`.
    var plural: String
    var change: Change

    init(_ apiVersion: String, _ kind: String, _ plural: String, _ change: Change) {
        (self.apiVersion, self.kind, self.plural, self.change) = (apiVersion, kind, plural, change)
    }

    var isMetadataOnly: Bool { [.namespace, .generation, .version, .existence].contains(change) }

    /// Whether only objects with the operators' label are followed.
    var isOwned: Bool { change != .resource && change != .namespace }

    static let resources =
        (ResourceKind.ofMesh + [.revision, .tag]).map {
            FollowedKind("\(ResourceKind.group)/\($0.storedVersion.name)", $0.name, $0.plural, .resource)
        }

    /// The kinds of the objects that a mesh is made of. What the operator does not follow is not here: admission policies
    /// and definitions.
    static let owned = [
        FollowedKind("apps/v1", "Deployment", "deployments", .workload),
        FollowedKind("apps/v1", "DaemonSet", "daemonsets", .workload),
        FollowedKind("v1", "ConfigMap", "configmaps", .version), FollowedKind("v1", "Service", "services", .content),
        FollowedKind("v1", "ServiceAccount", "serviceaccounts", .existence),
        FollowedKind("v1", "ResourceQuota", "resourcequotas", .content),
        FollowedKind("rbac.authorization.k8s.io/v1", "Role", "roles", .version),
        FollowedKind("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", .version),
        FollowedKind("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", .version),
        FollowedKind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", .version),
        FollowedKind("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", .content),
        FollowedKind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", .generation),
        FollowedKind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", .generation),
        FollowedKind(
            "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations",
            .webhooks),
        FollowedKind(
            "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations",
            .webhooks),
    ]

    static let all = resources + [FollowedKind("v1", "Namespace", "namespaces", .namespace)] + owned

    private static let ignored = "sailoperator.io/ignore"
    /// The labels of a namespace by which workloads are taken into a mesh.
    static let namespaceLabels = [IstioLabel.injection, IstioLabel.revision, IstioLabel.mode]

    /// What is kept of an object: who it is, and what counts for a comparison.
    func kept(_ object: Value) -> Value {
        let metadata = object.metadata
        var kept: Mapping = ["metadata": identity(metadata)]
        if metadata.annotation(FollowedKind.ignored) == "true" { kept["ignored"] = true }
        switch change {
        case .resource: keepResource(object, &kept)
        case .namespace:
            kept["deleting"] = .bool(metadata.isBeingDeleted)
            kept["labels"] = .map(
                Mapping(
                    FollowedKind.namespaceLabels.compactMap { key in metadata.labels[key].map { (key: key, value: $0) }
                    }))
        case .workload:
            kept["content"] = contentMark(object, metadata, with: ["generation"], fields: [])
            kept["status"] = object["status"] ?? .null
            if let (component, version) = running(object) {
                (kept["component"], kept["version"]) = (.string(component.rawValue), .string(version))
            }
        case .generation: kept["content"] = contentMark(object, metadata, with: ["generation"], fields: [])
        case .content: kept["content"] = contentMark(object, metadata, with: [], fields: nil)
        case .version: kept["content"] = metadata.resourceVersion.map(Value.string) ?? .null
        case .webhooks:
            kept["content"] = contentMark(FollowedKind.withoutIstiodsFields(object), metadata, with: [], fields: nil)
        case .existence: break
        }
        return .map(kept)
    }

    /// The component that a workload is, and the version of its image.
    private func running(_ object: Value) -> (component: Component, version: String)? {
        for component in Component.withWorkload where component.workload?.kind == kind {
            let pair = component.workload?.labels.split(separator: "=").map(String.init) ?? []
            guard pair.count == 2, object.metadata.label(pair[0]) == pair[1] else { continue }
            let image = ComponentImage(component, pod: object["spec"]?["template"] ?? .null)
            return (component, image?.version.map { "\($0)" } ?? image?.shown ?? "")
        }
        return nil
    }

    private func identity(_ metadata: ObjectMetadata) -> Value {
        var identity: Mapping = ["name": .string(metadata.name), "uid": metadata.uid.map(Value.string) ?? .null]
        if !metadata.namespace.isEmpty { identity["namespace"] = .string(metadata.namespace) }
        let owners = metadata.ownerReferences.filter {
            $0["apiVersion"]?.string?.hasPrefix(ResourceKind.group + "/") == true
        }
        if !owners.isEmpty { identity["ownerReferences"] = .list(owners) }
        return .map(identity)
    }

    private func keepResource(_ object: Value, _ kept: inout Mapping) {
        let metadata = object.metadata
        kept["generation"] = metadata.generation.map(Value.int) ?? .null
        kept["deleting"] = .bool(metadata.isBeingDeleted)
        kept["finalizers"] = .list(metadata.finalizers.map(Value.string))
        kept["namespace"] = object["spec"]?["namespace"] ?? .null
        kept["target"] = object["spec"]?["targetRef"]?["name"] ?? .null
        kept["state"] = object["status"]?["state"] ?? .null
    }

    /// Labels, annotations and owners, these other fields of the metadata, and fields of the object (`nil`: all but the
    /// status), in a few bytes.
    private func contentMark(_ object: Value, _ metadata: ObjectMetadata, with more: [String], fields: [String]?)
        -> Value
    {
        var content = Mapping()
        for key in ["labels", "ownerReferences"] + more { content[key] = metadata.value?[key] }
        content["annotations"] = comparable(object)[path: "metadata", "annotations"]
        for (key, value) in object.map ?? Mapping() {
            if ["apiVersion", "kind", "metadata", "status"].contains(key) { continue }
            if fields?.contains(key) ?? true { content["." + key] = value }
        }
        let text = (try? Value.map(content).json()) ?? ""
        return .string(base64(SHA256.hash(Array(text.utf8))))
    }

    private static func withoutIstiodsFields(_ object: Value) -> Value {
        guard case .map(var map) = object, let webhooks = map["webhooks"]?.list else { return object }
        map["webhooks"] = .list(
            webhooks.map { webhook in
                guard case .map(var fields) = webhook else { return webhook }
                fields["failurePolicy"] = nil
                if case .map(var client)? = fields["clientConfig"] {
                    client["caBundle"] = nil
                    fields["clientConfig"] = .map(client)
                }
                return .map(fields)
            })
        return .map(map)
    }
}
