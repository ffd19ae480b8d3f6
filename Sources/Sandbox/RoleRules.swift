import Values

/// What a request asks to do, as roles are checked for it.
struct AccessQuestion {
    var verb: String
    var group: String
    var resource: String
    var name: String
    var namespace: String
}

extension World {
    /// Whether a role that is bound to the user, or to one of the user's groups, allows it.
    func rolesAllow(_ user: User, _ question: AccessQuestion) -> Bool {
        let role = "rbac.authorization.k8s.io"
        for binding in all("clusterrolebindings.\(role)") where isBound(user, binding) {
            if allows(rules(of: binding, ""), question) { return true }
        }
        guard !question.namespace.isEmpty else { return false }
        for binding in all("rolebindings.\(role)", namespace: question.namespace) where isBound(user, binding) {
            if allows(rules(of: binding, question.namespace), question) { return true }
        }
        return false
    }

    /// Whether a role that is bound to the user, or to one of the user's groups, allows a path that belongs to no resource.
    func rolesAllow(_ user: User, _ verb: String, path: String) -> Bool {
        all("clusterrolebindings.rbac.authorization.k8s.io").contains { binding in
            isBound(user, binding)
                && rules(of: binding, "").contains { rule in
                    func lists(_ key: String, _ isMeant: (String) -> Bool) -> Bool {
                        (rule[key]?.list ?? []).contains { $0.string.map(isMeant) ?? false }
                    }
                    return lists("verbs") { $0 == "*" || $0 == verb }
                        && lists("nonResourceURLs") { url in
                            url == path || url.hasSuffix("*") && path.hasPrefix(url.dropLast())
                        }
                }
        }
    }

    private func isBound(_ user: User, _ binding: Value) -> Bool {
        (binding["subjects"]?.list ?? []).contains { subject in
            let name = subject["name"]?.string ?? ""
            switch subject["kind"]?.string {
            case "User": return name == user.name
            case "Group": return user.groups.contains(name)
            case "ServiceAccount":
                return user.name == "system:serviceaccount:\(subject["namespace"]?.string ?? ""):\(name)"
            default: return false
            }
        }
    }

    private func rules(of binding: Value, _ namespace: String) -> [Value] {
        let name = binding[at: "roleRef", "name"]?.string ?? ""
        let isCluster = binding[at: "roleRef", "kind"]?.string == "ClusterRole"
        let resource = (isCluster ? "clusterroles" : "roles") + ".rbac.authorization.k8s.io"
        return object(resource, isCluster ? "" : namespace, name)?["rules"]?.list ?? []
    }

    private func allows(_ rules: [Value], _ question: AccessQuestion) -> Bool {
        rules.contains { rule in
            func lists(_ key: String, _ wanted: String) -> Bool {
                (rule[key]?.list ?? []).contains { $0.string == "*" || $0.string == wanted }
            }
            let names = rule["resourceNames"]?.list ?? []
            return lists("verbs", question.verb) && lists("apiGroups", question.group)
                && lists("resources", question.resource)
                && (names.isEmpty || names.contains { $0.string == question.name })
        }
    }
}
