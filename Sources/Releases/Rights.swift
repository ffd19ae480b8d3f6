package import Kubernetes
internal import Objects
package import Planning
package import Values

/// A right that a run needs: one verb on one kind, in a namespace or (empty) in the whole cluster.
package struct Right: Hashable, Sendable {
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
package func requiredRights(_ desired: [Desired], _ discovery: Discovery, namespace: String) -> [Right] {
    var rights: [Right] = [
        Right("list", "", "secrets"), Right("list", "", "namespaces"), Right("list", "", "pods"),
        Right("list", "apps", "deployments"), Right("list", "apps", "daemonsets"),
        Right("watch", "apps", "deployments", namespace: namespace),
        Right("watch", "apiextensions.k8s.io", "customresourcedefinitions"),
    ]
    for verb in ["create", "get", "patch", "update"] {
        rights.append(Right(verb, "coordination.k8s.io", "leases", namespace: namespace))
    }
    for item in desired {
        let identity = item.identity
        guard let resource = discovery.resource(apiVersion: identity.apiVersion, kind: identity.kind) else { continue }
        let place = resource.isNamespaced ? identity.namespace : ""
        for verb in ["get", "create", "patch", "delete"] where verb != "delete" || isPruned(identity.kind) {
            rights.append(Right(verb, resource.group, resource.name, namespace: place))
        }
        guard ["DaemonSet", "Deployment"].contains(identity.kind) else { continue }
        rights.append(Right("watch", resource.group, resource.name, namespace: place))
        rights.append(Right("list", "", "events", namespace: place))
        for verb in ["create", "patch", "get", "delete"] {
            rights.append(Right(verb, "", "secrets", namespace: place))
        }
    }
    var seen: Set<Right> = []
    return rights.filter { seen.insert($0).inserted }
}

private func isPruned(_ kind: String) -> Bool {
    kind != "CustomResourceDefinition" && kind != "Namespace"
}

/// One finding for each kind and place, with the verbs that are missing.
package func rightsFindings(missing: [Right], user: String) -> [Finding] {
    var order: [Right] = []
    var verbs: [Right: [String]] = [:]
    for right in missing {
        let kind = Right("", right.group, right.resource, namespace: right.namespace)
        if verbs[kind] == nil { order.append(kind) }
        verbs[kind, default: []].append(right.verb)
    }
    return order.map { kind in
        let name = kind.resource + (kind.group.isEmpty ? "" : ".\(kind.group)")
        let place = kind.namespace.isEmpty ? "in the whole cluster" : "in namespace \(kind.namespace)"
        return Finding(
            .blocking, "rights",
            "\(user) may not \((verbs[kind] ?? []).joined(separator: ", ")) \(name) \(place)",
            remedy: "have them granted, such as by the ClusterRole cluster-admin")
    }
}

extension Cluster {
    /// Those of the rights that the server does not grant; all questions are sent at once.
    package func missing(_ rights: [Right]) throws(APIError) -> [Right] {
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        let answers = client.send(rights.map { Call.repeatedCreate(path, $0.review) })
        var missing: [Right] = []
        for (right, answer) in zip(rights, answers) {
            if try answer.get()["status"]?["allowed"]?.bool != true { missing.append(right) }
        }
        return missing
    }

    /// The name that the server knows the user by; `you` where it does not tell (before Kubernetes 1.28).
    package func userName() -> String {
        let review: Value = ["apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"]
        let answer = try? client.send(.repeatedCreate("/apis/authentication.k8s.io/v1/selfsubjectreviews", review))
        return answer?["status"]?["userInfo"]?["username"]?.string.map { "user \"\($0)\"" } ?? "you"
    }
}
