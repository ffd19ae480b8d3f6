internal import Glibc
package import HTTP
internal import Values

/// A cluster and who we are to it: what every request needs beside its path.
package struct Connection: Sendable {
    /// The server's address without a trailing slash.
    package var server: String
    package var security: Security
    package var proxy: String?
    /// The context's namespace, `default` where it has none.
    package var namespace: String
    /// The context's name, for messages; `in-cluster` for a service account.
    package var name: String
    var credential: Credential
    var impersonation: [(name: String, value: String)] = []
    package var requestTimeout: Int
    /// What the user must be told once, such as that the server is not verified.
    package var warnings: [String] = []
}

/// Where the `Authorization` header, or the client certificate, comes from.
enum Credential: Sendable {
    case none
    /// A token or a certificate that is there already (the certificate is in `Security`).
    case header(String)
    /// A file that is read anew for each batch, since service account tokens are rotated.
    case tokenFile(String)
    case plugin(Plugin)
    case oidc(OIDC)
}

/// The process's surroundings, so that tests can give others.
package struct Surroundings: Sendable {
    package var environment: @Sendable (String) -> String?
    package var read: @Sendable (String) -> [UInt8]?
    /// Whether there is a person to ask.
    package var isInteractive: Bool

    package init(
        environment: @escaping @Sendable (String) -> String?, read: @escaping @Sendable (String) -> [UInt8]?,
        isInteractive: Bool
    ) {
        self.environment = environment
        self.read = read
        self.isInteractive = isInteractive
    }
}

extension Connection {
    private static let serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// Resolves the flags against the kubeconfig, or else the pod's service account, in kubectl's order.
    package init(_ options: ConnectionOptions, _ surroundings: Surroundings) throws(ConnectionError) {
        let (paths, isExplicit) = Connection.kubeconfigPaths(options, surroundings)
        let config = try Kubeconfig(paths: paths, isExplicit: isExplicit, read: surroundings.read)
        if config.files.isEmpty {
            guard let connection = try Connection(serviceAccount: options, surroundings) else {
                throw .noConfiguration(looked: paths)
            }
            self = connection
        } else {
            try self.init(config, options, surroundings)
        }
        addImpersonation(options)
    }

    private static func kubeconfigPaths(
        _ options: ConnectionOptions, _ surroundings: Surroundings
    ) -> (paths: [String], isExplicit: Bool) {
        if let path = options.kubeconfig, !path.isEmpty { return ([path], true) }
        if let list = surroundings.environment("KUBECONFIG"), !list.isEmpty {
            return (list.split(separator: ":").map(String.init), false)
        }
        return ([(surroundings.environment("HOME") ?? "") + "/.kube/config"], false)
    }

    private init(
        _ config: Kubeconfig, _ options: ConnectionOptions, _ surroundings: Surroundings
    ) throws(ConnectionError) {
        var context: Kubeconfig.Entry?
        let contextName = options.context ?? config.currentContext
        if let contextName {
            context = try Connection.entry("context", contextName, config.contexts, config)
        } else if options.cluster == nil && options.server == nil {
            throw .noCurrentContext(files: config.files, known: Array(config.contexts.keys))
        }
        let clusterName = options.cluster ?? context?.text("cluster") ?? ""
        let cluster =
            options.server != nil && clusterName.isEmpty
            ? Kubeconfig.Entry(value: .map(Mapping()), file: "")
            : try Connection.entry("cluster", clusterName, config.clusters, config)
        guard let server = options.server ?? cluster.text("server") else { throw .noServer(cluster: clusterName) }
        let userName = options.user ?? context?.text("user")
        let user = try userName.map { name throws(ConnectionError) in
            try Connection.entry("user", name, config.users, config)
        }

        self.server = Connection.normalized(server)
        security = Security(
            isInsecure: cluster.value["insecure-skip-tls-verify"]?.bool == true,
            serverName: cluster.text("tls-server-name"))
        proxy = cluster.text("proxy-url")
        namespace = options.namespace ?? context?.text("namespace") ?? "default"
        name = contextName ?? clusterName
        credential = .none
        requestTimeout = options.requestTimeout
        try addAuthorities(cluster, "cluster \"\(clusterName)\"", surroundings)
        if let token = options.token {
            credential = .header("Bearer " + token)
        } else if let user, let userName {
            try addUser(user, "user \"\(userName)\"", cluster, surroundings)
        }
    }

    private static func entry(
        _ kind: String, _ name: String, _ entries: [String: Kubeconfig.Entry], _ config: Kubeconfig
    ) throws(ConnectionError) -> Kubeconfig.Entry {
        guard let entry = entries[name] else {
            throw .missingEntry(kind: kind, name: name, files: config.files, known: Array(entries.keys))
        }
        return entry
    }

    private static func normalized(_ server: String) -> String {
        var server = server.contains("://") ? server : "https://" + server
        while server.hasSuffix("/") { server.removeLast() }
        return server
    }

    private mutating func addAuthorities(
        _ cluster: Kubeconfig.Entry, _ owner: String, _ surroundings: Surroundings
    ) throws(ConnectionError) {
        security.authorities = try Connection.data(cluster, "certificate-authority", owner, surroundings)
        if security.isInsecure {
            security.authorities = nil
            warnings.append("\(owner): insecure-skip-tls-verify is set; the server is not verified")
        }
    }

    /// The bytes under `KEY-data` in base64, else of the file under `KEY`.
    private static func data(
        _ entry: Kubeconfig.Entry, _ key: String, _ owner: String, _ surroundings: Surroundings
    ) throws(ConnectionError) -> [UInt8]? {
        if let text = entry.text(key + "-data") {
            guard let bytes = decodeBase64(text) else { throw .invalidData(key: key + "-data", owner: owner) }
            return bytes
        }
        guard let path = entry.path(key) else { return nil }
        guard let bytes = surroundings.read(path) else { throw .unreadableFile(path: path, owner: owner) }
        return bytes
    }

    private mutating func addUser(
        _ user: Kubeconfig.Entry, _ owner: String, _ cluster: Kubeconfig.Entry, _ surroundings: Surroundings
    ) throws(ConnectionError) {
        security.clientCertificate = try Connection.data(user, "client-certificate", owner, surroundings)
        security.clientKey = try Connection.data(user, "client-key", owner, surroundings)
        if let path = user.path("tokenFile") {
            guard surroundings.read(path) != nil else { throw .unreadableFile(path: path, owner: owner) }
            credential = .tokenFile(path)
        } else if let token = user.text("token") {
            credential = .header("Bearer " + token)
        } else if let name = user.text("username") {
            credential = .header("Basic " + base64(Array("\(name):\(user.text("password") ?? "")".utf8)))
        } else if let exec = user.value["exec"], !exec.isNull {
            credential = .plugin(try Plugin(exec, user, cluster, server, security, owner))
        } else if let provider = user.value["auth-provider"], !provider.isNull {
            guard provider["name"]?.string == "oidc" else {
                throw .unsupported(what: "auth-provider \(provider["name"]?.string ?? "")", owner: owner)
            }
            credential = .oidc(try OIDC(provider["config"] ?? .null, owner, surroundings))
        }
        if let name = user.text("as") {
            impersonation.append(("Impersonate-User", name))
            for group in user.value["as-groups"]?.list ?? [] {
                impersonation.append(("Impersonate-Group", group.string ?? ""))
            }
        }
    }

    /// Inside a pod; `nil` where this is none.
    private init?(serviceAccount options: ConnectionOptions, _ surroundings: Surroundings) throws(ConnectionError) {
        let folder = Connection.serviceAccount
        guard let host = surroundings.environment("KUBERNETES_SERVICE_HOST"),
            let port = surroundings.environment("KUBERNETES_SERVICE_PORT"),
            surroundings.read(folder + "/token") != nil
        else { return nil }
        server = "https://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        security = Security(authorities: surroundings.read(folder + "/ca.crt"))
        let own = surroundings.read(folder + "/namespace").map { String(decoding: $0, as: UTF8.self) }
        namespace = options.namespace ?? own ?? "default"
        name = "in-cluster"
        credential = .tokenFile(folder + "/token")
        requestTimeout = options.requestTimeout
    }

    private mutating func addImpersonation(_ options: ConnectionOptions) {
        guard options.impersonatedUser != nil || !options.impersonatedGroups.isEmpty else { return }
        impersonation = []
        if let user = options.impersonatedUser { impersonation.append(("Impersonate-User", user)) }
        for group in options.impersonatedGroups { impersonation.append(("Impersonate-Group", group)) }
    }
}
