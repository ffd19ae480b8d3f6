package import ClusterState
internal import Glibc
package import HTTP
package import HelmReleases
internal import Istio
package import Kubernetes
internal import Objects
internal import Planning
package import System
internal import Values

/// A run of a command against a cluster: the connection, what is asked for, and whom it speaks with.
package struct ClusterSession {
    package let options: OperationOptions
    package let cluster: Cluster

    package var client: Client { cluster.client }
    package var ui: any OperationUI { options.ui }

    /// Connects; warnings of the kubeconfig are shown. Throws `ConnectionError`, `TransportError`, `APIError`.
    ///
    /// `ahead` are calls whose answers the command will ask for, sent together with discovery's.
    package init(_ options: OperationOptions, ahead: [APIRequest] = []) throws {
        self.options = options
        let (ui, signals) = (options.ui, options.signals)
        let processEnvironment = options.processEnvironment
        var target = options.cluster.connection
        target.namespace = options.namespace
        let connection = try Connection(target, processEnvironment)
        for warning in connection.warnings { ui.warn(warning.onOneLine) }
        let transport = try options.makeTransport(signals)
        releaseCodePages()
        let client = Client(connection, processEnvironment, transport: transport, userAgent: options.userAgent)
        if options.cluster.traces { client.trace = { ui.note($0.onOneLine) } }
        client.isInterrupted = { signals.areAsking }
        client.prefetch(Discovery.calls + ahead)
        cluster = try Cluster(client)
        releaseCodePages()
    }

    /// The same connection with other options.
    init(_ options: OperationOptions, _ cluster: Cluster) {
        (self.options, self.cluster) = (options, cluster)
    }

    /// Says what the server warned of, each once, but for what Istio's own charts give rise to.
    func sayWarnings() {
        for warning in withoutChartsOwn(client.takeWarnings()).sorted(by: { $0.precedesByBytes($1) }) {
            ui.warn(warning.onOneLine)
        }
    }
}

extension OperationOptions {
    /// The process as the connection sees it.
    package var processEnvironment: ProcessEnvironment {
        let (environment, readFile) = (environment, readFile)
        var processEnvironment = ProcessEnvironment(
            environment: { environment[$0] }, readFile: readFile, isInteractive: isatty(STDIN_FILENO) == 1)
        processEnvironment.exists = { access($0, F_OK) == 0 }
        processEnvironment.replace = replaceFile
        return processEnvironment
    }

    /// The network of libcurl; a read is given up at a signal, a write always waited for, so that its answer is known.
    package static let network: @Sendable (any Signals) throws -> any Transport = { signals in
        let transport = try CurlTransport()
        transport.isAbandoned = { signals.areAsking && $0.method == "GET" }
        return transport
    }
}

extension ClusterSession {
    /// The release records of the mesh's namespaces; what cannot be read is named.
    package func history() throws -> ReleaseHistory {
        try taken(client.history(namespace: nil))
    }

    /// The records as far as the next install or upgrade needs them.
    package func recentHistory() throws -> ReleaseHistory {
        try taken(client.recentHistory())
    }

    private func taken(_ history: ReleaseHistory) -> ReleaseHistory {
        var history = history
        for fault in history.faults { ui.warn("\(fault)".onOneLine) }
        history.records = ours(history.records)
        return history
    }

    /// The records as they are now, read as those of `history` were, without a word.
    func recorded(like history: ReleaseHistory) throws(APIError) -> [ReleaseRecord] {
        let now =
            history.isRecent
            ? try client.recentHistory() : try client.history(namespace: nil)
        return ours(now.records)
    }

    func ours(_ records: [ReleaseRecord]) -> [ReleaseRecord] {
        records.filter { $0.component != nil }
    }

    /// Throws where there is nothing to upgrade.
    package func requireMesh(_ history: ReleaseHistory) throws {
        guard history.records.isEmpty, try cluster.workloads().isEmpty else { return }
        throw Failures(
            failures: [Failure(nil, "no mesh found on this cluster")], remedy: "install one with sail install")
    }
}

extension ClusterSession {
    /// Waits; throws where the run is interrupted meanwhile.
    package func pause(seconds: Int) throws {
        client.pause(milliseconds: seconds * 1000)
        if client.isInterrupted() { throw APIError.interrupted }
    }
}

extension ClusterSession {
    /// The namespace of the kubeconfig's context, `default` where it has none.
    package var contextNamespace: String { client.connection.namespace }

    /// The context and the server's address as plans show them: each on one line, without a password.
    var shownCluster: (name: String, server: String) {
        (client.connection.name.onOneLine, client.connection.server.coveringPasswords.onOneLine)
    }

    /// The server's version as it says it: `v1.36.0`.
    package func serverVersion() throws -> String {
        try client.send(Cluster.serverVersion)["gitVersion"]?.string?.onOneLine ?? "of an unknown version"
    }
}
