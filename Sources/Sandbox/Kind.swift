import Values

/// A kind that the sandbox serves.
struct Kind: Sendable {
    var group: String
    /// The versions served, the preferred one first; objects are kept in that one.
    var versions: [String]
    var name: String
    var plural: String
    var isNamespaced: Bool
    /// `metadata.generation` counts changes beside metadata and status.
    var hasGeneration: Bool
    var hasStatus: Bool
    /// The schema of a custom resource, by version.
    var schemas: [String: Value] = [:]
    /// Only answers to a POST: reviews.
    var isVirtual = false
    var shortNames: [String] = []
    /// Other names that stand for it together with other kinds, such as `all`.
    var categories: [String] = []
    /// The columns of a custom resource's table, by version.
    var columns: [String: [Value]] = [:]

    /// `deployments.apps`, `pods`: as messages name it, and the key it is stored under.
    var resource: String { group.isEmpty ? plural : "\(plural).\(group)" }

    var storageVersion: String { versions.first ?? "v1" }

    func apiVersion(_ version: String) -> String { group.isEmpty ? version : "\(group)/\(version)" }

    var isBuiltIn: Bool { schemas.isEmpty }

    var verbs: [String] {
        isVirtual
            ? ["create"]
            : ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
    }
}

/// Built-in kinds: group, versions, kind, plural, flags (N namespaced, G with generation, S with status, V virtual), short
/// name.
private let rows: [(group: String, versions: String, kinds: String)] = [
    (
        "", "v1",
        """
        Namespace namespaces S ns; Node nodes S no; Pod pods NGS po; Service services NS svc; ConfigMap configmaps N cm
        Secret secrets N; ServiceAccount serviceaccounts N sa; ResourceQuota resourcequotas NS quota
        LimitRange limitranges N limits; Event events N ev; Endpoints endpoints N ep
        PersistentVolumeClaim persistentvolumeclaims NS pvc
        """
    ),
    (
        "apps", "v1",
        """
        Deployment deployments NGS deploy; DaemonSet daemonsets NGS ds; ReplicaSet replicasets NGS rs
        StatefulSet statefulsets NGS sts; ControllerRevision controllerrevisions N
        """
    ),
    (
        "rbac.authorization.k8s.io", "v1",
        """
        ClusterRole clusterroles -; ClusterRoleBinding clusterrolebindings -; Role roles N
        RoleBinding rolebindings N
        """
    ),
    (
        "admissionregistration.k8s.io", "v1",
        """
        MutatingWebhookConfiguration mutatingwebhookconfigurations G
        ValidatingWebhookConfiguration validatingwebhookconfigurations G
        ValidatingAdmissionPolicy validatingadmissionpolicies GS
        ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings G
        """
    ),
    ("apiextensions.k8s.io", "v1", "CustomResourceDefinition customresourcedefinitions GS crd crds"),
    ("autoscaling", "v2", "HorizontalPodAutoscaler horizontalpodautoscalers NS hpa"),
    ("policy", "v1", "PodDisruptionBudget poddisruptionbudgets NGS pdb"),
    (
        "networking.k8s.io", "v1",
        "NetworkPolicy networkpolicies NG netpol; Ingress ingresses NGS ing; IngressClass ingressclasses G"
    ),
    ("coordination.k8s.io", "v1", "Lease leases N"),
    ("discovery.k8s.io", "v1", "EndpointSlice endpointslices NG"),
    ("events.k8s.io", "v1", "Event events N"),
    ("scheduling.k8s.io", "v1", "PriorityClass priorityclasses G pc"),
    ("batch", "v1", "Job jobs NGS; CronJob cronjobs NGS cj"),
    ("storage.k8s.io", "v1", "StorageClass storageclasses - sc"),
    (
        "authorization.k8s.io", "v1",
        """
        SelfSubjectAccessReview selfsubjectaccessreviews V; SelfSubjectRulesReview selfsubjectrulesreviews V
        SubjectAccessReview subjectaccessreviews V
        """
    ),
    ("authentication.k8s.io", "v1", "SelfSubjectReview selfsubjectreviews V; TokenReview tokenreviews V"),
]

/// All kinds that are there from the start.
let builtInKinds: [Kind] = rows.flatMap { row in
    row.kinds.split { $0 == ";" || $0.isNewline }.map { text in
        let words = text.split(separator: " ").map(String.init)
        let flags = words[2]
        return Kind(
            group: row.group, versions: row.versions.split(separator: " ").map(String.init), name: words[0],
            plural: words[1], isNamespaced: flags.contains("N"), hasGeneration: flags.contains("G"),
            hasStatus: flags.contains("S"), isVirtual: flags.contains("V"),
            shortNames: Array(words.dropFirst(3)), categories: inAll.contains(words[1]) ? ["all"] : [])
    }
}

/// What `kubectl get all` shows.
private let inAll: Set = [
    "pods", "services", "daemonsets", "deployments", "replicasets", "statefulsets", "horizontalpodautoscalers", "jobs",
    "cronjobs",
]

extension Kind {
    /// What an applied CustomResourceDefinition serves.
    init(definition: Value) {
        let spec = definition["spec"] ?? .null
        let versions = (spec["versions"]?.list ?? []).filter { $0["served"]?.bool != false }
        let names = versions.compactMap { $0["name"]?.string }
        let stored = versions.first { $0["storage"]?.bool == true }?["name"]?.string
        group = spec["group"]?.string ?? ""
        self.versions = names.filter { $0 == stored } + names.filter { $0 != stored }
        name = spec["names"]?["kind"]?.string ?? ""
        plural = spec["names"]?["plural"]?.string ?? ""
        isNamespaced = spec["scope"]?.string == "Namespaced"
        shortNames = (spec["names"]?["shortNames"]?.list ?? []).compactMap(\.string)
        categories = (spec["names"]?["categories"]?.list ?? []).compactMap(\.string)
        hasGeneration = true
        hasStatus = versions.contains { $0["subresources"]?["status"] != nil }
        for version in versions {
            let schema = version["schema"]?["openAPIV3Schema"] ?? ["type": "object"]
            schemas[version["name"]?.string ?? ""] = schema
            columns[version["name"]?.string ?? ""] = version["additionalPrinterColumns"]?.list ?? []
        }
    }
}
