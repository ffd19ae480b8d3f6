internal import Istio
package import Objects
package import Planning
package import Values

/// A permission that a run needs: one verb on one resource, in a namespace or (empty) in the whole cluster.
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

    /// One verb on one object, which need not exist. A Namespace is authorised in the namespace of its own name, so that a
    /// role of that namespace covers it (Kubernetes' RequestInfo), but for its creation.
    package init(_ verb: String, on identity: ObjectReference, _ resource: APIResource) {
        let isNamespace = resource.group.isEmpty && resource.kind == "Namespace" && verb != "create"
        self.init(
            verb, resource.group, resource.name,
            namespace: isNamespace ? identity.name : resource.isNamespaced ? identity.namespace : "")
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

/// What an installation of these objects may send: reading, applying and pruning each of them; and sail's own requests:
/// release records, lock, waiting, and reading the cluster. Kinds that the server does not serve yet are left out: their
/// CRDs are part of the run.
package func requiredPermissions(_ desired: [Desired], _ discovery: Discovery, namespace: String) -> [Permission] {
    var permissions =
        readingPermissions + [
            Permission("watch", "apps", "deployments", namespace: namespace),
            Permission("watch", "apiextensions.k8s.io", "customresourcedefinitions"),
        ] + lockPermissions(namespace)
    for item in desired {
        let identity = item.identity
        guard let resource = discovery.resource(apiVersion: identity.apiVersion, kind: identity.kind) else { continue }
        for verb in ["get", "create", "patch", "delete"] where verb != "delete" || isPruned(identity.kind) {
            permissions.append(Permission(verb, on: identity, resource))
        }
        guard isWorkload(identity.kind) else { continue }
        let place = identity.namespace
        permissions.append(Permission("watch", on: identity, resource))
        permissions.append(Permission("list", "", "events", namespace: place))
        permissions += recordPermissions(place)
    }
    return permissions.unique
}

/// What planning these objects sends: a read of each, and an apply in dry run, which the server counts as a write.
package func planningPermissions(_ desired: [Desired], _ discovery: Discovery) -> [Permission] {
    let writes = desired.flatMap { item -> [Permission] in
        guard let resource = discovery.resource(apiVersion: item.identity.apiVersion, kind: item.identity.kind) else {
            return []
        }
        return ["get", "create", "patch"].map { Permission($0, on: item.identity, resource) }
    }
    return (readingPermissions + writes).unique
}

private func isPruned(_ kind: String) -> Bool {
    kind != "CustomResourceDefinition" && kind != "Namespace"
}

/// What carrying this plan out sends: its writes, the lock, the release records, and the watches of waiting.
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
        let isWatched = options.waits && (isWorkload(identity.kind) || identity.kind == "CustomResourceDefinition")
        for verb in verbs + (isWatched && change.action != .delete ? ["watch"] : []) {
            permissions.append(Permission(verb, on: identity, resource))
        }
        guard case .batch = options.rollout, change.component == .ztunnel, identity.kind == "DaemonSet" else {
            continue
        }
        let place = identity.namespace
        permissions += ["list", "watch", "delete"].map { Permission($0, "", "pods", namespace: place) }
        permissions.append(Permission("list", "apps", "controllerrevisions", namespace: place))
    }
    return permissions.unique
}

/// What the writes of a plan send, also of those that the server has refused for want of a permission.
package func requiredPermissions(writing plan: Plan, _ discovery: Discovery) -> [Permission] {
    plan.changes.flatMap { change -> [Permission] in
        guard let resource = discovery.resource(apiVersion: change.identity.apiVersion, kind: change.identity.kind)
        else { return [] }
        var verbs = change.action.verbs ?? []
        if case .refused = change.action {
            verbs = change.live == nil ? ["get", "create", "patch"] : ["get", "patch"]
        }
        return verbs.map { Permission($0, on: change.identity, resource) }
    }.unique
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
    package var unique: [Permission] {
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

/// What reading a mesh sends.
package let readingPermissions = [
    Permission("list", "", "secrets"), Permission("list", "", "namespaces"), Permission("list", "", "pods"),
    Permission("list", "apps", "deployments"), Permission("list", "apps", "daemonsets"),
]

/// Missing permissions as sentences: `list, watch pods and services in namespace mesh`; kinds that lack the same verbs in the
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

/// The verbs in kubectl's order, in which roles and messages list them.
package let verbOrder = ["get", "list", "watch", "create", "update", "patch", "delete", "bind", "escalate"]
