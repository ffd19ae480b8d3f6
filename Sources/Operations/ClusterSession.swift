import Applying
import Charts
import ClusterState
import Glibc
import HTTP
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
import Planning
import Terminal
import Values
import YAML

/// A run of a command against a cluster: the connection, and what was remembered there.
struct Session {
    let request: Request
    let cluster: Cluster

    var client: Client { cluster.client }
    var console: Console { request.console }

    /// Connects; warnings of the kubeconfig go to the console. Throws `ConnectionError`, `TransportError`, `APIError`.
    ///
    /// `ahead` are calls whose answers the command will ask for, sent together with discovery's.
    init(_ request: Request, ahead: [Call] = []) throws {
        self.request = request
        let environment = request.environment
        var surroundings = Surroundings(
            environment: { environment[$0] }, read: { try? readFile($0) }, isInteractive: isatty(STDIN_FILENO) == 1)
        surroundings.exists = { access($0, F_OK) == 0 }
        surroundings.replace = replaceFile
        var options = request.cluster.connection
        options.namespace = request.namespace
        let connection = try Connection(options, surroundings)
        for warning in connection.warnings { request.console.warn(warning.onOneLine) }
        let transport = try CurlTransport()
        // A write is always waited for, so that its answer is known.
        transport.isAbandoned = { Interrupts.wereAsked && $0.method == "GET" }
        releaseCodePages()
        let client = Client(
            connection, surroundings, transport: transport, userAgent: "sail/" + releaseNumber)
        if request.cluster.traces { client.trace = { request.console.note($0.onOneLine) } }
        client.isInterrupted = { Interrupts.wereAsked }
        client.readAhead(Discovery.calls + ahead)
        cluster = try Cluster(client)
        releaseCodePages()
    }

    /// Says what the server warned of, once.
    func sayWarnings() {
        for warning in client.warnings.sorted() { console.warn(warning.onOneLine) }
    }
}
