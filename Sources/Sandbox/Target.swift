/// Which collection or object a path means: `/apis/apps/v1/namespaces/n/deployments/d/status`.
struct Target: Sendable {
    var kind: Kind
    var version: String
    var namespace = ""
    var name = ""
    var subresource = ""

    var apiVersion: String { kind.apiVersion(version) }

    /// The object's key within its kind.
    var key: String { "\(namespace)/\(name)" }
}

extension World {
    /// `nil` where the path names nothing that is served.
    func target(_ path: String) -> Target? {
        var parts = path.split(separator: "/").map(String.init)[...]
        let root = parts.popFirst()
        guard root == "api" || root == "apis", let group = root == "api" ? "" : parts.popFirst(),
            let version = parts.popFirst(), let first = parts.first
        else { return nil }
        var namespace = ""
        // /namespaces/NAME/RESOURCE is inside; /namespaces/NAME and /namespaces/NAME/status are the namespace itself.
        if first == "namespaces", parts.count >= 3, !["status", "finalize"].contains(parts[parts.startIndex + 2]) {
            namespace = parts[parts.startIndex + 1]
            parts = parts.dropFirst(2)
        }
        guard let plural = parts.popFirst(),
            let kind = kinds["\(plural)\(group.isEmpty ? "" : "." + group)"], kind.versions.contains(version),
            kind.isNamespaced || namespace.isEmpty
        else { return nil }
        let name = parts.popFirst() ?? ""
        let subresource = parts.popFirst() ?? ""
        return Target(kind: kind, version: version, namespace: namespace, name: name, subresource: subresource)
    }
}
