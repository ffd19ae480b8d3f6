package import System
internal import Values

/// What a kubeconfig calls its entries: for a shell's completion, and for settings by context.
package struct KubeconfigNames: Sendable {
    package let contexts: [String]
    package let clusters: [String]
    package let users: [String]
    package let currentContext: String?

    /// Reads the files that a connection by these flags would read; throws `ConnectionError`.
    package init(_ options: ConnectionOptions, _ processEnvironment: ProcessEnvironment) throws(ConnectionError) {
        let (paths, isExplicit) = Connection.kubeconfigPaths(options.withoutBlanks, processEnvironment)
        let config = try Kubeconfig(paths: paths, isExplicit: isExplicit, processEnvironment)
        func sorted(_ entries: [String: Kubeconfig.Entry]) -> [String] {
            entries.keys.sorted { $0.precedesByBytes($1) }
        }
        (contexts, clusters, users) = (sorted(config.contexts), sorted(config.clusters), sorted(config.users))
        currentContext = config.currentContext
    }
}
