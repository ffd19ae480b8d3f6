internal import Glibc
package import HTTP
package import System
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
    /// The user whom the kubeconfig gives no credentials, as a message names the entry; `nil` where there are some.
    package var anonymousOwner: String?
    /// Warnings to show once, such as that the server is not verified.
    package var warnings: [String] = []
}

/// Where the `Authorization` header, or the client certificate, comes from.
enum Credential: Sendable {
    case none
    /// A token or a certificate that is there already (the certificate is in `Security`).
    case header(String)
    /// A file that is read again for each batch, since service account tokens are rotated.
    /// The `fallback` is sent where the file cannot be read.
    case tokenFile(String, fallback: String?)
    case plugin(ExecCredentialPlugin)
    case oidc(OIDC)
}

extension Connection {
    private static let serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// Resolves the flags against the kubeconfig, or else the pod's service account, in kubectl's order.
    package init(_ options: ConnectionOptions, _ processEnvironment: ProcessEnvironment) throws(ConnectionError) {
        let options = options.withoutBlanks
        let (paths, isExplicit) = Connection.kubeconfigPaths(options, processEnvironment)
        let config = try Kubeconfig(paths: paths, isExplicit: isExplicit, processEnvironment)
        let namesNothing = [options.context, options.cluster, options.user, options.server].allSatisfy { $0 == nil }
        if config.isEmpty, namesNothing, let own = Connection(serviceAccount: options, processEnvironment) {
            self = own
            try addImpersonation(nil, "the command line", options)
        } else if config.files.isEmpty, options.server == nil {
            throw .noConfiguration(looked: paths)
        } else {
            try self.init(config, options, processEnvironment)
        }
        if let proxy, !proxy.isEmpty { return }
        proxy = ProxyRule.proxy(for: server, processEnvironment.environment)
    }

    static func kubeconfigPaths(
        _ options: ConnectionOptions, _ processEnvironment: ProcessEnvironment
    ) -> (paths: [String], isExplicit: Bool) {
        if let path = options.kubeconfig { return ([path], true) }
        if let list = processEnvironment.environment("KUBECONFIG"), !list.isEmpty {
            return (list.split(separator: ":").map(String.init), false)
        }
        return ([(processEnvironment.environment("HOME") ?? "") + "/.kube/config"], false)
    }

    private init(
        _ config: Kubeconfig, _ options: ConnectionOptions, _ processEnvironment: ProcessEnvironment
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

        self.server = Connection.normalized(server, cluster)
        security = Security(
            isInsecure: cluster.value["insecure-skip-tls-verify"]?.bool == true,
            serverName: cluster.text("tls-server-name"))
        proxy = try Connection.proxy(cluster, clusterName)
        namespace = options.namespace ?? context?.text("namespace") ?? "default"
        name = contextName ?? clusterName
        credential = .none
        requestTimeout = options.requestTimeout
        try addAuthorities(cluster, "cluster \"\(clusterName)\"", processEnvironment)
        let owner = userName.map { "user \"\($0)\"" } ?? "the command line"
        if let user, let userName { try addUser(user, userName, owner, cluster, processEnvironment) }
        if let token = options.token { credential = .header("Bearer " + token) }
        if case .none = credential, security.clientCertificate == nil {
            anonymousOwner = userName == nil ? "context \"\(name)\"" : owner
        }
        try addImpersonation(user, owner, options)
        if self.server.hasPrefix("http://") { dropLogin() }
    }

    /// As kubectl, nothing secret goes over a connection that anybody can read.
    private mutating func dropLogin() {
        if case .none = credential { return }
        credential = .none
        warnings.append("\(server.coveringPasswords): is plain HTTP; the user's credentials are not sent there")
    }

    private static func entry(
        _ kind: String, _ name: String, _ entries: [String: Kubeconfig.Entry], _ config: Kubeconfig
    ) throws(ConnectionError) -> Kubeconfig.Entry {
        guard let entry = entries[name] else {
            throw .missingEntry(kind: kind, name: name, files: config.files, known: Array(entries.keys))
        }
        return entry
    }

    /// An address without a scheme gets the one that client-go takes: https where anything speaks of TLS.
    private static func normalized(_ server: String, _ cluster: Kubeconfig.Entry) -> String {
        let keys = ["certificate-authority", "certificate-authority-data"]
        let isSecure =
            keys.contains { cluster.text($0) != nil } || cluster.value["insecure-skip-tls-verify"]?.bool == true
        var server = server.contains("://") ? server : (isSecure ? "https://" : "http://") + server
        while server.hasSuffix("/") { server.removeLast() }
        return server
    }

    private static func proxy(_ cluster: Kubeconfig.Entry, _ name: String) throws(ConnectionError) -> String? {
        guard let proxy = cluster.text("proxy-url") else { return nil }
        guard ["http://", "https://", "socks5://"].contains(where: proxy.hasPrefix) else {
            throw .invalidProxy(proxy, owner: "cluster \"\(name)\"")
        }
        return ProxyRule.forCurl(proxy)
    }

    private mutating func addAuthorities(
        _ cluster: Kubeconfig.Entry, _ owner: String, _ processEnvironment: ProcessEnvironment
    ) throws(ConnectionError) {
        security.authorities = try Connection.data(cluster, "certificate-authority", owner, processEnvironment)
        if security.isInsecure {
            guard security.authorities == nil else { throw .insecureWithAuthority(owner: owner) }
            warnings.append("\(owner): insecure-skip-tls-verify is set; the server is not verified")
        }
    }

    /// The PEM text under `KEY-data` in base64, else of the file under `KEY`.
    static func data(
        _ entry: Kubeconfig.Entry, _ key: String, _ owner: String, _ processEnvironment: ProcessEnvironment
    ) throws(ConnectionError) -> [UInt8]? {
        if let text = entry.text(key + "-data") {
            guard let bytes = decodeBase64(text) else { throw .invalidData(key: key + "-data", owner: owner) }
            guard isPEM(bytes) else { throw .notPEM(where: key + "-data", owner: owner) }
            return bytes
        }
        guard let path = entry.path(key) else { return nil }
        let bytes = try Connection.bytes(of: path, owner, processEnvironment)
        guard isPEM(bytes) else { throw .notPEM(where: path, owner: owner) }
        return bytes
    }

    /// The bytes of a file that an entry names.
    static func bytes(
        of path: String, _ owner: String, _ processEnvironment: ProcessEnvironment
    ) throws(ConnectionError) -> [UInt8] {
        do throws(FileFailure) {
            return try processEnvironment.readFile(path)
        } catch {
            throw .unreadableFile(path: path, owner: owner, reason: error.reason)
        }
    }

    private static func isPEM(_ bytes: [UInt8]) -> Bool {
        let begin = Array("-----BEGIN ".utf8)
        return bytes.split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: begin) }
    }

    /// Inside a pod; `nil` where this is none.
    private init?(serviceAccount options: ConnectionOptions, _ processEnvironment: ProcessEnvironment) {
        let folder = Connection.serviceAccount
        guard let host = processEnvironment.environment("KUBERNETES_SERVICE_HOST"),
            let port = processEnvironment.environment("KUBERNETES_SERVICE_PORT"),
            processEnvironment.read(folder + "/token") != nil
        else { return nil }
        server = "https://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        security = Security(authorities: processEnvironment.read(folder + "/ca.crt"))
        let own = processEnvironment.read(folder + "/namespace").map {
            String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace }
        }
        namespace = options.namespace ?? own ?? "default"
        name = "in-cluster"
        credential = .tokenFile(folder + "/token", fallback: nil)
        requestTimeout = options.requestTimeout
    }
}
