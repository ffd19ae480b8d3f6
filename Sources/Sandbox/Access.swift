import Values

/// Who sends a request.
struct User: Sendable {
    var name: String
    var groups: [String]

    static let anonymous = User(name: "system:anonymous", groups: ["system:unauthenticated"])
    var isAdmin: Bool { groups.contains("system:masters") }
}

extension World {
    private static let tokens: [String: User] = [
        Sandbox.adminToken: User(name: "admin", groups: ["system:masters", "system:authenticated"]),
        Sandbox.viewerToken: User(name: "viewer", groups: ["readers", "system:authenticated"]),
    ]

    /// The user behind a request's token, or whom it impersonates. Throws 401 for a token that is unknown or expired.
    func user(_ request: HTTPRequest) throws(Failure) -> User {
        var user = User.anonymous
        if let header = request.headers["authorization"] {
            guard header.hasPrefix("Bearer "), let known = World.tokens[String(header.dropFirst(7))] else {
                throw Failure(401, "Unauthorized", "Unauthorized")
            }
            user = known
        }
        if let name = request.headers["impersonate-user"] {
            guard user.isAdmin else {
                throw Failure(
                    403, "Forbidden",
                    "users \"\(name)\" is forbidden: User \"\(user.name)\" cannot impersonate resource \"users\" in API "
                        + "group \"\" at the cluster scope", details: ["name": .string(name), "kind": "users"])
            }
            user = User(name: name, groups: request.groups + ["system:authenticated"])
        }
        return user
    }

    func may(
        _ user: User, _ verb: String, group: String, resource: String, name: String, namespace: String
    ) -> Bool {
        func covers(_ pattern: String, _ text: String) -> Bool { pattern == "*" || pattern == text }
        return user.isAdmin
            || settings.grants.contains { grant in
                grant.user == user.name && grant.verbs.contains { covers($0, verb) } && covers(grant.group, group)
                    && covers(grant.resource, resource) && (grant.namespace.isEmpty || grant.namespace == namespace)
            }
            || rolesAllow(
                user,
                AccessQuestion(verb: verb, group: group, resource: resource, name: name, namespace: namespace))
    }

    /// The right that a request needs of what it is about.
    func checkAccess(_ user: User, _ verb: String, _ target: Target) throws(Failure) {
        var resource = target.kind.plural
        if !target.subresource.isEmpty { resource += "/" + target.subresource }
        // Whoever asks about himself may.
        if target.kind.isVirtual, target.kind.name.hasPrefix("Self") { return }
        // A Namespace is authorised in the namespace of its own name.
        let isNamespace = target.kind.group.isEmpty && target.kind.plural == "namespaces"
        let namespace = isNamespace ? target.name : target.namespace
        let isAllowed = may(
            user, verb, group: target.kind.group, resource: resource, name: target.name, namespace: namespace)
        if isAllowed { return }
        let place = namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(namespace)\""
        throw .forbidden(
            target.kind, verb == "create" ? "" : target.name,
            "User \"\(user.name)\" cannot \(verb) resource \"\(resource)\" in API group \"\(target.kind.group)\" \(place)"
        )
    }

    /// SelfSubjectAccessReview and the like: answered, not kept.
    func review(_ body: Value, _ target: Target, _ user: User) -> Value {
        var answer = body
        answer[at: "kind"] = .string(target.kind.name)
        answer[at: "apiVersion"] = .string(target.apiVersion)
        answer.fill("metadata", with: .empty)
        if target.kind.name == "SelfSubjectReview" {
            answer[at: "status", "userInfo"] = [
                "username": .string(user.name), "groups": .list(user.groups.map(Value.string)),
            ]
            return answer
        }
        if target.kind.name == "SelfSubjectRulesReview" {
            answer[at: "status"] = ["resourceRules": [], "nonResourceRules": [], "incomplete": false]
            return answer
        }
        if target.kind.name == "TokenReview" {
            answer[at: "status"] = World.tokenStatus(body["spec"]?["token"]?.string ?? "")
            return answer
        }
        var user = user
        if target.kind.name == "SubjectAccessReview" {
            let groups = body["spec"]?["groups"]?.list ?? []
            user = User(name: body["spec"]?["user"]?.string ?? "", groups: groups.compactMap(\.string))
        }
        if let path = body["spec"]?["nonResourceAttributes"], !path.isNull {
            let isAllowed =
                user.isAdmin || rolesAllow(user, path["verb"]?.string ?? "", path: path["path"]?.string ?? "")
            answer[at: "status"] = ["allowed": .bool(isAllowed)]
            return answer
        }
        let asked = body["spec"]?["resourceAttributes"] ?? .null
        func text(_ key: String) -> String { asked[key]?.string ?? "" }
        let name = text("subresource").isEmpty ? text("resource") : "\(text("resource"))/\(text("subresource"))"
        let isAllowed = may(
            user, text("verb"), group: text("group"), resource: name, name: text("name"), namespace: text("namespace"))
        answer[at: "status"] = ["allowed": .bool(isAllowed)]
        return answer
    }

    /// What a TokenReview says of a token.
    private static func tokenStatus(_ token: String) -> Value {
        guard let user = tokens[token] else { return ["authenticated": false, "error": "invalid bearer token"] }
        let groups = Value.list(user.groups.map(Value.string))
        return ["authenticated": true, "user": ["username": .string(user.name), "groups": groups]]
    }
}
