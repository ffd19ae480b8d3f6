package import Kubernetes
internal import Objects
internal import Values

/// What istiod itself made while it ran, and what the mesh's namespace holds after an uninstallation.
package struct Remains: Sendable, Equatable {
    package var namespace: String
    /// How many namespaces have the mesh's root certificate.
    package var certificates: Int
    /// Leases and ConfigMaps of istiod in the mesh's namespace: `Lease istio-leader`.
    package var objects: [String]
    /// The Secrets with the mesh's CA key.
    package var keys: [String]

    package init(namespace: String, certificates: Int = 0, objects: [String] = [], keys: [String] = []) {
        self.namespace = namespace
        self.certificates = certificates
        self.objects = objects
        self.keys = keys
    }

    /// What there is to know, with the commands that remove it. A namespace with a CA key is no thing to delete.
    package var lines: [String] {
        var lines: [String] = []
        if certificates > 0 {
            lines.append(
                "ConfigMap \(Remains.certificate) stays in \(certificates) "
                    + "\(certificates == 1 ? "namespace" : "namespaces") (kubectl delete configmap -A "
                    + "--field-selector metadata.name=\(Remains.certificate))")
        }
        if !objects.isEmpty {
            lines.append("istiod's \(objects.joined(separator: ", ")) stay in namespace \(namespace)")
        }
        if !keys.isEmpty {
            let secrets = keys.count == 1 ? "Secret" : "Secrets"
            lines.append(
                "\(secrets) \(keys.joined(separator: " and ")) in namespace \(namespace) "
                    + "\(keys.count == 1 ? "holds" : "hold") the CA key of the mesh: keep the namespace, "
                    + "or every certificate of the mesh is worthless to the next one")
        } else if isOwn {
            lines.append("namespace \(namespace) stays (kubectl delete namespace \(namespace))")
        }
        return lines
    }

    /// Whether the namespace is not one that every cluster has.
    private var isOwn: Bool { namespace != "default" && !namespace.hasPrefix("kube-") }

    fileprivate static let certificate = "istio-ca-root-cert"
    fileprivate static let keyNames: Set<String> = ["istio-ca-secret", "cacerts"]
}

extension Cluster {
    /// What istiod leaves in this namespace after the mesh is deleted.
    package func remains(in namespace: String) throws(APIError) -> Remains {
        let named = Selection(fields: "metadata.name=" + Remains.certificate)
        var remains = Remains(
            namespace: namespace, certificates: try names("/api/v1/configmaps", named).count)
        for (kind, path) in [
            ("Lease", "/apis/coordination.k8s.io/v1/namespaces/\(namespace)/leases"),
            ("ConfigMap", "/api/v1/namespaces/\(namespace)/configmaps"),
        ] {
            let own = try names(path).filter { $0.hasPrefix("istio-") && $0 != Remains.certificate }
            remains.objects += own.map { "\(kind) \($0)" }
        }
        remains.keys = try names("/api/v1/namespaces/\(namespace)/secrets").filter(Remains.keyNames.contains)
        return remains
    }

    private func names(_ path: String, _ selection: Selection = Selection()) throws(APIError) -> [String] {
        try client.list(path, selection, accept: Client.metadataOnly).items
            .map(\.metadata.name).sorted()
    }
}
