internal import Values

/// Why there is no connection to a cluster: kubeconfig, credentials, certificates.
package enum ConnectionError: Error, Sendable, Equatable {
    /// Neither a kubeconfig nor a service account; the places looked at.
    case noConfiguration(looked: [String])
    case unreadableKubeconfig(String, reason: String)
    case invalidKubeconfig(String, reason: String)
    case noCurrentContext(files: [String], known: [String])
    /// An entry that another one, or a flag, names and that is not there.
    case missingEntry(kind: String, name: String, files: [String], known: [String])
    case noServer(cluster: String)
    /// A file that an entry names, with the entry.
    case unreadableFile(path: String, owner: String, reason: String)
    /// The server refused a user, or a context without one, that has no credentials.
    case noCredentials(owner: String)
    case invalidData(key: String, owner: String)
    case pluginMissing(program: String, hint: String)
    case pluginFailed(program: String, reason: String, hint: String)
    case unsupported(what: String, owner: String)
    case loginExpired(owner: String, reason: String)
    /// Certificates or a key that are not PEM; a field's name, or a path.
    case notPEM(where: String, owner: String)
    /// A client certificate without its key.
    case missingKey(owner: String)
    case severalLogins(String, owner: String)
    case impersonationWithoutUser(owner: String)
    /// An authority to verify a server by that is not to be verified.
    case insecureWithAuthority(owner: String)
    case invalidProxy(String, owner: String)
}

extension ConnectionError: CustomStringConvertible {
    /// On one line: a kubeconfig or a plugin chooses parts of it.
    package var description: String { text.onOneLine }

    private var text: String {
        switch self {
        case .noConfiguration(let looked):
            "no cluster to talk to: no kubeconfig at \(looked.joined(separator: ", ")) and no service account;"
                + " use --kubeconfig or KUBECONFIG"
        case .unreadableKubeconfig(let path, let reason): "\(path): \(reason)"
        case .invalidKubeconfig(let place, let reason): "\(place): \(reason); not a kubeconfig"
        case .noCurrentContext(let files, let known) where known.isEmpty:
            "\(files.joined(separator: ", ")): has no contexts; fetch the kubeconfig again, or name another one"
        case .noCurrentContext(let files, let known):
            "\(files.joined(separator: ", ")): has no current-context; choose one with --context"
                + ConnectionError.list(known)
        case .missingEntry(let kind, let name, let files, let known):
            "\(files.joined(separator: ", ")): has no \(kind) \"\(name)\"" + ConnectionError.list(known)
                + suggestion(for: name, among: known.sorted())
        case .noServer(let cluster): "cluster \"\(cluster)\": has no server address; set it in the kubeconfig"
        case .unreadableFile(let path, let owner, let reason): "\(owner): names \(path): \(reason)"
        case .noCredentials(let owner):
            "\(owner): has no credentials in the kubeconfig, and the server requires them; log in or fetch the kubeconfig"
                + " again, or choose another --context or --user"
        case .loginExpired(let owner, let reason): "\(owner): \(reason); log in again"
        case .pluginMissing, .pluginFailed: pluginDescription
        default: entryDescription
        }
    }

    private var pluginDescription: String {
        switch self {
        case .pluginMissing(let program, let hint):
            "\(program): the credential plugin of the kubeconfig is not on PATH; "
                + (hint.isEmpty ? "install it" : ConnectionError.quoted(hint))
        case .pluginFailed(let program, let reason, let hint):
            "\(program): the credential plugin failed: \(reason)"
                + (hint.isEmpty ? "" : "; " + ConnectionError.quoted(hint))
        default: ""
        }
    }

    /// What is wrong in one entry of the kubeconfig.
    private var entryDescription: String {
        switch self {
        case .invalidData(let key, let owner): "\(owner): \(key) is not valid base64; fetch the kubeconfig again"
        case .unsupported(let what, let owner): "\(owner): \(what) is not supported; use an exec plugin or a token"
        case .notPEM(let place, let owner):
            "\(owner): \(place) holds no PEM certificate or key; fetch the kubeconfig again"
        case .missingKey(let owner): "\(owner): has a client certificate without client-key or client-key-data; add it"
        case .severalLogins(let what, let owner): "\(owner): has both \(what); remove one"
        case .impersonationWithoutUser(let owner):
            "\(owner): asks for impersonation without a user; name one with --as"
        case .insecureWithAuthority(let owner):
            "\(owner): has both a certificate authority and insecure-skip-tls-verify; remove the latter"
        case .invalidProxy(let proxy, let owner):
            "\(owner): proxy-url \"\(proxy)\" must begin with http://, https:// or socks5://"
        default: ""
        }
    }

    /// The kubeconfig's own advice, told from ours.
    private static func quoted(_ hint: String) -> String { "the kubeconfig says: \(hint)" }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "" : " (known: \(names.sorted().joined(separator: ", ")))"
    }
}
