internal import Istio
package import Kubernetes
internal import Objects
package import Planning
package import Values

/// A right that a run needs: one verb on one kind, in a namespace or (empty) in the whole cluster.
package struct Permission: Hashable, Sendable {
    package var verb: String
    package var group: String
    package var resource: String
    package var namespace: String

    package init(_ verb: String, _ group: String, _ resource: String, namespace: String = "") {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.namespace = namespace
    }

    /// The question to the API server.
    package var review: Value {
        var attributes: Mapping = [
            "verb": .string(verb), "group": .string(group), "resource": .string(resource),
        ]
        if !namespace.isEmpty { attributes["namespace"] = .string(namespace) }
        return [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": ["resourceAttributes": .map(attributes)],
        ]
    }
}

/// What a plan for these objects may do: read, apply and prune each; and sail's own work: records, lock, waiting, and
/// the look at what is there. Kinds that the server does not serve yet are left out: their CRDs come with the run.
package func requiredPermissions(_ desired: [Desired], _ discovery: Discovery, namespace: String) -> [Permission] {
    var permissions =
        readingPermissions + [
            Permission("watch", "apps", "deployments", namespace: namespace),
            Permission("watch", "apiextensions.k8s.io", "customresourcedefinitions"),
        ] + lockPermissions(namespace)
    for item in desired {
        let identity = item.identity
        guard let resource = discovery.resource(apiVersion: identity.apiVersion, kind: identity.kind) else { continue }
        let place = resource.isNamespaced ? identity.namespace : ""
        for verb in ["get", "create", "patch", "delete"] where verb != "delete" || isPruned(identity.kind) {
            permissions.append(Permission(verb, resource.group, resource.name, namespace: place))
        }
        guard isWorkload(identity.kind) else { continue }
        permissions.append(Permission("watch", resource.group, resource.name, namespace: place))
        permissions.append(Permission("list", "", "events", namespace: place))
        permissions += recordPermissions(place)
    }
    return permissions.unique
}

/// What a look at this plan takes: to read each object, and to apply it in dry run, which the server counts as a write.
package func planningPermissions(_ desired: [Desired], _ discovery: Discovery) -> [Permission] {
    let writes = desired.flatMap { item -> [Permission] in
        guard let resource = discovery.resource(apiVersion: item.identity.apiVersion, kind: item.identity.kind) else {
            return []
        }
        let place = resource.isNamespaced ? item.identity.namespace : ""
        return ["get", "create", "patch"].map { Permission($0, resource.group, resource.name, namespace: place) }
    }
    return (readingPermissions + writes).unique
}

private func isPruned(_ kind: String) -> Bool {
    kind != "CustomResourceDefinition" && kind != "Namespace"
}

/// What carrying out this very plan takes: its writes, the lock, the records, the waiting.
package func requiredPermissions(
    _ plan: Plan, _ discovery: Discovery, _ options: ApplyOptions, lock: String, records: [String]
) -> [Permission] {
    var permissions = lockPermissions(lock)
    for namespace in records { permissions += recordPermissions(namespace) }
    for change in plan.changes {
        let identity = change.identity
        guard let verbs = change.action.verbs,
            let resource = discovery.resource(apiVersion: identity.apiVersion, kind: identity.kind)
        else { continue }
        let place = resource.isNamespaced ? identity.namespace : ""
        let isWatched = options.waits && (isWorkload(identity.kind) || identity.kind == "CustomResourceDefinition")
        for verb in verbs + (isWatched && change.action != .delete ? ["watch"] : []) {
            permissions.append(Permission(verb, resource.group, resource.name, namespace: place))
        }
        guard case .batch = options.rollout, change.component == .ztunnel, identity.kind == "DaemonSet" else {
            continue
        }
        permissions += ["list", "watch", "delete"].map { Permission($0, "", "pods", namespace: place) }
        permissions.append(Permission("list", "apps", "controllerrevisions", namespace: place))
    }
    return permissions.unique
}

extension Action {
    /// What carrying it out asks for; `nil` where nothing is sent.
    fileprivate var verbs: [String]? {
        switch self {
        case .create, .terminating: ["get", "create", "patch"]
        case .change, .takeOver: ["get", "patch"]
        case .delete: ["get", "delete"]
        case .unchanged, .conflict, .owned, .refused: nil
        }
    }
}

extension [Permission] {
    /// Each once, in order.
    fileprivate var unique: [Permission] {
        var seen: Set<Permission> = []
        return filter { seen.insert($0).inserted }
    }
}

private func isWorkload(_ kind: String) -> Bool { ["DaemonSet", "Deployment"].contains(kind) }

private func lockPermissions(_ namespace: String) -> [Permission] {
    ["create", "get", "patch", "update"].map { Permission($0, "coordination.k8s.io", "leases", namespace: namespace) }
}

private func recordPermissions(_ namespace: String) -> [Permission] {
    ["create", "patch", "get", "delete"].map { Permission($0, "", "secrets", namespace: namespace) }
}

/// What any look at a mesh takes.
package let readingPermissions = [
    Permission("list", "", "secrets"), Permission("list", "", "namespaces"), Permission("list", "", "pods"),
    Permission("list", "apps", "deployments"), Permission("list", "apps", "daemonsets"),
]

/// Missing rights as sentences: `list, watch pods and services in namespace mesh`; kinds that lack the same verbs in the
/// same place are named together.
package func permissionLines(_ missing: [Permission]) -> [String] {
    struct Kind: Hashable {
        var name: String
        var namespace: String
    }
    var kinds: [Kind] = []
    var verbs: [Kind: Set<String>] = [:]
    for permission in missing {
        let kind = Kind(
            name: permission.resource + (permission.group.isEmpty ? "" : "." + permission.group),
            namespace: permission.namespace)
        if verbs[kind] == nil { kinds.append(kind) }
        verbs[kind, default: []].insert(permission.verb)
    }
    var groups: [(verbs: Set<String>, namespace: String, names: [String])] = []
    for kind in kinds {
        let own = verbs[kind] ?? []
        if let index = groups.firstIndex(where: { $0.verbs == own && $0.namespace == kind.namespace }) {
            groups[index].names.append(kind.name)
        } else {
            groups.append((own, kind.namespace, [kind.name]))
        }
    }
    return groups.map { group in
        let place = group.namespace.isEmpty ? "in the whole cluster" : "in namespace \(group.namespace)"
        let known = verbOrder.filter(group.verbs.contains)
        return "\(known.joined(separator: ", ")) \(group.names.joined(separator: ", ")) \(place)"
    }
}

private let verbOrder = ["get", "list", "watch", "create", "update", "patch", "delete"]

extension Cluster {
    /// Those of the rights that the server does not grant; all questions are sent at once.
    package func missing(_ permissions: [Permission]) throws(APIError) -> [Permission] {
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        let answers = client.send(permissions.map { APIRequest.repeatedCreate(path, $0.review) })
        var missing: [Permission] = []
        for (permission, answer) in zip(permissions, answers) {
            guard let isAllowed = try answer.get()["status"]?["allowed"]?.bool else {
                throw .unexpectedAnswer(request: "POST \(path)", reason: "status.allowed was expected, and is missing")
            }
            if !isAllowed { missing.append(permission) }
        }
        return missing
    }

    /// The name that the server knows the user by; `you` where it does not tell (before Kubernetes 1.28).
    package func userName() -> String { knownUser().map { "user \"\($0)\"" } ?? "you" }

    /// The user's name alone; `nil` where the server does not tell.
    package func knownUser() -> String? {
        let review: Value = ["apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"]
        let answer = try? client.send(.repeatedCreate("/apis/authentication.k8s.io/v1/selfsubjectreviews", review))
        return answer?["status"]?["userInfo"]?["username"]?.string
    }
}
