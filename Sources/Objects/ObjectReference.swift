package import Values

/// What tells one object of a cluster from another; `namespace` is empty for those of the whole cluster.
package struct ObjectReference: Hashable, Sendable, CustomStringConvertible {
    package let apiVersion: String
    package let kind: String
    package let namespace: String
    package let name: String

    package init(apiVersion: String, kind: String, namespace: String = "", name: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// The reference of an object by what it says of itself; `nil` where it names no version, kind or name.
    package init?(of object: Value) {
        guard let apiVersion = object["apiVersion"]?.string, let kind = object["kind"]?.string,
            let name = object["metadata"]?["name"]?.string
        else { return nil }
        self.init(apiVersion: apiVersion, kind: kind, namespace: object.metadata.namespace, name: name)
    }

    /// The reference of an item of a list, which does not repeat the list's version and kind.
    package init(apiVersion: String, kind: String, item: Value) {
        let metadata = item.metadata
        self.init(apiVersion: apiVersion, kind: kind, namespace: metadata.namespace, name: metadata.name)
    }

    /// The namespace that the object is in, or is itself.
    package var place: String { kind == "Namespace" ? name : namespace }

    /// The part of `apiVersion` before the slash, empty for the core group.
    package var group: String {
        apiVersion.firstIndex(of: "/").map { String(apiVersion[..<$0]) } ?? ""
    }

    /// The same object under any version of its group: the identity by which two references are compared.
    package var withoutVersion: ObjectReference {
        ObjectReference(apiVersion: group, kind: kind, namespace: namespace, name: name)
    }

    /// Whether a change of it rolls pods, whose readiness is then its own.
    package var hasRollout: Bool { ["DaemonSet", "Deployment", "StatefulSet"].contains(kind) }

    /// `DaemonSet istio-system/ztunnel`, on one line whatever a server calls its objects.
    package var description: String {
        "\(kind) \(namespace.isEmpty ? "" : namespace + "/")\(name)".onOneLine
    }
}
