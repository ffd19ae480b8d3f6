internal import Kubernetes
internal import System
internal import Values

/// Which cluster and user the command line names; what it leaves out the kubeconfig says.
extension ClusterOptions {
    /// The file that a flag names; `nil` for those of the environment.
    package var kubeconfig: String? {
        get { connection.kubeconfig }
        set { connection.kubeconfig = newValue }
    }

    package var contextName: String? {
        get { connection.context }
        set { connection.context = newValue }
    }

    package var clusterName: String? {
        get { connection.cluster }
        set { connection.cluster = newValue }
    }

    package var userName: String? {
        get { connection.user }
        set { connection.user = newValue }
    }

    package var impersonatedUser: String? {
        get { connection.impersonatedUser }
        set { connection.impersonatedUser = newValue }
    }

    package var impersonatedGroups: [String] {
        get { connection.impersonatedGroups }
        set { connection.impersonatedGroups = newValue }
    }

    package var impersonatedUID: String? {
        get { connection.impersonatedUID }
        set { connection.impersonatedUID = newValue }
    }

    /// Limit for one request, in milliseconds.
    package var requestTimeout: Int {
        get { connection.requestTimeout }
        set { connection.requestTimeout = newValue }
    }
}

/// What a kubeconfig calls its entries.
package struct OfferedConnections: Sendable {
    package let contexts: [String]
    package let clusters: [String]
    package let users: [String]
    package let currentContext: String?
}

extension OperationOptions {
    /// The names in the files that a connection by these options would read; `nil` where they cannot be read.
    package func offeredConnections() -> OfferedConnections? {
        guard let names = try? KubeconfigNames(cluster.connection, processEnvironment) else { return nil }
        return OfferedConnections(
            contexts: names.contexts, clusters: names.clusters, users: names.users,
            currentContext: names.currentContext)
    }
}

/// Whether a run stopped at a signal, before what it would have done next.
package func isInterruption(_ error: any Error) -> Bool {
    if case APIError.interrupted = error { return true }
    return false
}
