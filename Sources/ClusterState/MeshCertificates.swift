package import Certificates
package import Kubernetes
internal import Objects
internal import Preflight
internal import Values

/// The certificates that a mesh hangs on, as they were read.
package struct MeshCertificates: Sendable {
    /// One place that holds certificates.
    package struct Holder: Sendable {
        /// `Secret istio-system/cacerts, ca-cert.pem`
        package var place: String
        package var certificates: [CertificateDetails]

        package init(place: String, certificates: [CertificateDetails]) {
            (self.place, self.certificates) = (place, certificates)
        }
    }

    /// What istiod signs with, from the Secret that it uses.
    package var authorities: [Holder] = []
    /// What istiod's own root is.
    package var roots: [CertificateDetails] = []
    /// Whether the authority is in a Secret that the user made, istiod's own otherwise.
    package var isPluggedIn = false
    /// The authorities that the API server verifies istiod by, for each webhook configuration.
    package var webhooks: [Holder] = []
    /// What could not be read, each with the reason.
    package var unreadable: [(place: String, reason: String)] = []

    package init() {}
}

extension Cluster {
    /// Reads the authority of the mesh in a namespace, its root, and what its webhooks trust; keys are not looked at.
    package func meshCertificates(in namespace: String) throws(APIError) -> MeshCertificates {
        var found = MeshCertificates()
        let places = ["secrets/cacerts", "secrets/istio-ca-secret", "configmaps/istio-ca-root-cert"]
        let names = ["Secret \(namespace)/cacerts", "Secret \(namespace)/istio-ca-secret", ""]
        let answers = client.send(places.map { .get("/api/v1/namespaces/\(namespace)/\($0)") })
        var objects: [Value?] = []
        for (name, answer) in zip(names, answers) {
            switch answer {
            case .success(let object): objects.append(object)
            case .failure(let error):
                objects.append(nil)
                if error.isFatal { throw error }
                if !error.isNotFound, !name.isEmpty {
                    found.unreadable.append((name, error.isForbidden ? "you may not read it" : error.firstLine))
                }
            }
        }
        found.take(cacerts: objects[0], own: objects[1], namespace)
        if found.roots.isEmpty, let text = objects[2]?[path: "data", "root-cert.pem"]?.string {
            found.roots = certificates(inPEM: Array(text.utf8))
        }
        try readWebhooks(of: namespace, &found)
        return found
    }

    private func readWebhooks(of namespace: String, _ found: inout MeshCertificates) throws(APIError) {
        let configurations: [Value]
        do throws(APIError) {
            configurations = try webhooks()
        } catch {
            if error.isFatal { throw error }
            found.unreadable.append(
                ("webhook configurations", error.isForbidden ? "you may not read them" : error.firstLine))
            return
        }
        for configuration in configurations {
            let own = (configuration["webhooks"]?.list ?? []).filter { hook in
                hook.serviceName.map { $0.hasPrefix("\(namespace)/istiod") } ?? false
            }
            let bundles = Set(own.compactMap { $0[path: "clientConfig", "caBundle"]?.string }).filter { !$0.isEmpty }
            guard !bundles.isEmpty else { continue }
            let text = bundles.sorted { $0.precedesByBytes($1) }.flatMap { decodeBase64($0) ?? [] }
            found.webhooks.append(
                MeshCertificates.Holder(
                    place: "\(configuration.kind) \(configuration.metadata.name)",
                    certificates: certificates(inPEM: text)))
        }
    }
}

extension MeshCertificates {
    /// istiod takes the Secret `cacerts` where there is one, else `istio-ca-secret`, which it makes itself.
    mutating func take(cacerts: Value?, own: Value?, _ namespace: String) {
        guard let secret = cacerts ?? own else { return }
        isPluggedIn = cacerts != nil
        let name = "Secret \(namespace)/\(isPluggedIn ? "cacerts" : "istio-ca-secret")"
        // The names of istiod, and those of a Secret of type kubernetes.io/tls.
        for keys in [["ca-cert.pem", "tls.crt"], ["root-cert.pem", "ca.crt"]] {
            guard let key = keys.first(where: { secret.pem($0) != nil }), let text = secret.pem(key) else { continue }
            let held = certificates(inPEM: text)
            authorities.append(Holder(place: "\(name), \(key)", certificates: held))
            if keys[0] == "root-cert.pem" { roots = held }
        }
        if roots.isEmpty, !isPluggedIn { roots = authorities.first?.certificates ?? [] }
    }
}

extension Value {
    /// The bytes that a Secret holds under a key; `nil` where it is empty.
    fileprivate func pem(_ key: String) -> [UInt8]? {
        guard let text = self["data"]?[key]?.string, let bytes = decodeBase64(text), !bytes.isEmpty else { return nil }
        return bytes
    }
}

extension APIError {
    fileprivate var firstLine: String {
        String((status?.message ?? description).prefix { !$0.isNewline })
    }
}
