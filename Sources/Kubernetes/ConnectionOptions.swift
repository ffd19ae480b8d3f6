/// What the command line says about the cluster to talk to: kubectl's flags of the same names.
package struct ConnectionOptions: Sendable, Equatable {
    package var kubeconfig: String?
    package var context: String?
    package var cluster: String?
    package var user: String?
    package var namespace: String?
    /// The user to impersonate.
    package var impersonatedUser: String?
    package var impersonatedGroups: [String] = []
    package var token: String?
    package var server: String?
    /// For one request, in milliseconds.
    package var requestTimeout: Int = 60_000

    package init() {}
}

/// Why there is no connection to a cluster: kubeconfig, credentials, certificates.
package enum ConnectionError: Error, Sendable, Equatable {
    /// Neither a kubeconfig nor a service account; the places looked at.
    case noConfiguration(looked: [String])
    case unreadableKubeconfig(String)
    case invalidKubeconfig(String, reason: String)
    case noCurrentContext(files: [String], known: [String])
    /// An entry that another one, or a flag, names and that is not there.
    case missingEntry(kind: String, name: String, files: [String], known: [String])
    case noServer(cluster: String)
    /// A file that an entry names, with the entry.
    case unreadableFile(path: String, owner: String)
    case invalidData(key: String, owner: String)
    case pluginMissing(program: String, hint: String)
    case pluginFailed(program: String, reason: String, hint: String)
    case unsupported(what: String, owner: String)
    case loginExpired(owner: String, reason: String)
}

extension ConnectionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noConfiguration(let looked):
            "no cluster to talk to: no kubeconfig at \(looked.joined(separator: ", ")) and no service account;"
                + " use --kubeconfig or KUBECONFIG"
        case .unreadableKubeconfig(let path): "\(path): cannot be read; check --kubeconfig"
        case .invalidKubeconfig(let path, let reason): "\(path): \(reason); not a kubeconfig"
        case .noCurrentContext(let files, let known):
            known.isEmpty
                ? "\(files.joined(separator: ", ")): has no contexts; fetch the kubeconfig again, or name another one"
                : "\(files.joined(separator: ", ")): has no current-context; choose one with --context"
                    + ConnectionError.list(known)
        case .missingEntry(let kind, let name, let files, let known):
            "\(files.joined(separator: ", ")): has no \(kind) \"\(name)\"" + ConnectionError.list(known)
        case .noServer(let cluster): "cluster \"\(cluster)\": has no server address; set it in the kubeconfig"
        case .unreadableFile(let path, let owner): "\(path): cannot be read (named by \(owner)); check the path"
        case .invalidData(let key, let owner): "\(owner): \(key) is not valid base64; fetch the kubeconfig again"
        case .pluginMissing(let program, let hint):
            "\(program): the credential plugin of the kubeconfig is not on PATH; install it"
                + (hint.isEmpty ? "" : ": " + oneLine(hint))
        case .pluginFailed(let program, let reason, let hint):
            "\(program): the credential plugin failed: \(reason)" + (hint.isEmpty ? "" : ": " + oneLine(hint))
        case .unsupported(let what, let owner): "\(owner): \(what) is not supported; use an exec plugin or a token"
        case .loginExpired(let owner, let reason): "\(owner): \(reason); log in again"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "" : " (known: \(names.sorted().joined(separator: ", ")))"
    }
}

/// Install hints come wrapped over several lines.
private func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
}
