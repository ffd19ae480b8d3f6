internal import Values

/// What tells one object of a cluster from another; `namespace` is empty for those of the whole cluster.
package struct Identity: Hashable, Sendable, CustomStringConvertible {
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

    /// The part of `apiVersion` before the slash, empty for the core group.
    package var group: String {
        apiVersion.firstIndex(of: "/").map { String(apiVersion[..<$0]) } ?? ""
    }

    /// Whether a change of it rolls pods, whose readiness is then its own.
    package var hasRollout: Bool { ["DaemonSet", "Deployment", "StatefulSet"].contains(kind) }

    /// `DaemonSet istio-system/ztunnel`, on one line whatever a server calls its objects.
    package var description: String {
        "\(kind) \(namespace.isEmpty ? "" : namespace + "/")\(name)".onOneLine
    }
}
