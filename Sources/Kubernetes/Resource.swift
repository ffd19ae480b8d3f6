internal import HTTP

/// A kind that the server serves: what discovery says of it.
package struct Resource: Sendable, Hashable {
    package var group: String
    package var version: String
    package var kind: String
    /// The plural in paths: `deployments`.
    package var name: String
    package var isNamespaced: Bool
    package var verbs: [String]

    package init(
        group: String, version: String, kind: String, name: String, isNamespaced: Bool, verbs: [String] = []
    ) {
        self.group = group
        self.version = version
        self.kind = kind
        self.name = name
        self.isNamespaced = isNamespaced
        self.verbs = verbs
    }

    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The path of the collection, or of one object in it; `namespace` counts for namespaced kinds only.
    package func path(namespace: String? = nil, name object: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace, !namespace.isEmpty { path += "/namespaces/\(namespace)" }
        path += "/\(name)"
        if let object { path += "/\(object.percentEncodedPath)" }
        return path
    }
}

extension String {
    /// Names such as `system:node` may stand in a path as they are.
    fileprivate var percentEncodedPath: String {
        contains { $0 == "/" || $0 == "?" || $0 == "#" || $0 == "%" } ? percentEncoded : self
    }
}
