internal import HTTP
package import Objects

extension APIResource {
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
    /// Names such as `system:node` need no escapes in a path.
    fileprivate var percentEncodedPath: String {
        contains { $0 == "/" || $0 == "?" || $0 == "#" || $0 == "%" } ? percentEncoded : self
    }
}
