internal import HTTP
internal import System
internal import Values

extension Connection {
    /// Takes a user's certificate and login; more than one login is an error, as with kubectl.
    mutating func addUser(
        _ user: Kubeconfig.Entry, _ name: String, _ owner: String, _ cluster: Kubeconfig.Entry,
        _ processEnvironment: ProcessEnvironment
    ) throws(ConnectionError) {
        try Connection.checkMethods(user, owner)
        security.clientCertificate = try Connection.data(user, "client-certificate", owner, processEnvironment)
        let key = try Connection.data(user, "client-key", owner, processEnvironment)
        if security.clientCertificate != nil {
            guard key != nil else { throw .missingKey(owner: owner) }
            security.clientKey = key
        }
        if let path = user.path("tokenFile") {
            // The file comes first as long as it can be read, as in client-go.
            if user.text("token") == nil { _ = try Connection.bytes(of: path, owner, processEnvironment) }
            credential = .tokenFile(path, fallback: user.text("token"))
        } else if let token = user.text("token") {
            credential = .header("Bearer " + token)
        } else if let login = user.text("username") {
            credential = .header("Basic " + base64(Array("\(login):\(user.text("password") ?? "")".utf8)))
        } else if let exec = user.filled("exec") {
            credential = .plugin(try ExecCredentialPlugin(exec, user, cluster, server, security, owner))
        } else if let provider = user.filled("auth-provider") {
            guard provider["name"]?.string == "oidc" else {
                throw .unsupported(what: "auth-provider \(provider["name"]?.string ?? "")", owner: owner)
            }
            credential = .oidc(
                try OIDC(
                    provider["config"] ?? .null, name, file: user.file, owner, processEnvironment))
        }
    }

    private static func checkMethods(_ user: Kubeconfig.Entry, _ owner: String) throws(ConnectionError) {
        let isBasic = user.text("username") != nil || user.text("password") != nil
        if user.text("token") != nil, isBasic { throw .severalLogins("a token and a password", owner: owner) }
        if user.filled("exec") != nil, user.filled("auth-provider") != nil {
            throw .severalLogins("an exec plugin and an auth-provider", owner: owner)
        }
    }

    /// `user` is the kubeconfig's entry, whose parts the command line's take the place of one by one.
    mutating func addImpersonation(
        _ user: Kubeconfig.Entry?, _ owner: String, _ options: ConnectionOptions
    ) throws(ConnectionError) {
        var whole = Impersonation(options)
        if let user { whole.fill(from: user) }
        guard whole.user != nil || whole.isEmpty else { throw .impersonationWithoutUser(owner: owner) }
        impersonation = whole.headers
    }
}

extension Kubeconfig.Entry {
    func filled(_ key: String) -> Value? {
        value[key].flatMap { $0.isNull ? nil : $0 }
    }
}

/// Whom to act as: the `as` fields of a user entry, or the flags.
struct Impersonation {
    var user: String?
    var uid: String?
    var groups: [String] = []
    var extra: [(key: String, values: [String])] = []

    var isEmpty: Bool { user == nil && uid == nil && groups.isEmpty && extra.isEmpty }

    init(_ options: ConnectionOptions) {
        user = options.impersonatedUser
        uid = options.impersonatedUID
        groups = options.impersonatedGroups
    }

    mutating func fill(from entry: Kubeconfig.Entry) {
        user = user ?? entry.text("as")
        uid = uid ?? entry.text("as-uid")
        if groups.isEmpty { groups = (entry.value["as-groups"]?.list ?? []).compactMap(\.string) }
        extra = (entry.value["as-user-extra"]?.map ?? Mapping()).map { key, values in
            (key, (values.list ?? []).compactMap(\.string))
        }
    }

    var headers: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let user { headers.append(("Impersonate-User", user)) }
        if let uid { headers.append(("Impersonate-Uid", uid)) }
        headers += groups.map { ("Impersonate-Group", $0) }
        for (key, values) in extra {
            headers += values.map { ("Impersonate-Extra-" + key.percentEncoded, $0) }
        }
        return headers
    }
}
