import Charts
import Glibc
import HTTP
import Istio
import Kubernetes
import Objects
import Planning
import Releases
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
        for warning in connection.warnings { request.console.warn(warning) }
        let transport = try CurlTransport()
        releaseCodePages()
        let client = Client(
            connection, surroundings, transport: transport, userAgent: "sail/" + releaseNumber)
        if request.cluster.traces { client.trace = { request.console.note($0) } }
        client.isInterrupted = { Interrupts.wereAsked }
        client.readAhead(Discovery.calls + ahead)
        cluster = try Cluster(client)
        releaseCodePages()
    }

    /// Says what the server warned of, once.
    func sayWarnings() {
        for warning in client.warnings.sorted() { console.warn(warning) }
    }
}

/// SIGINT and SIGTERM: the first one ends the run after the request in flight, the second one at once.
enum Interrupts {
    nonisolated(unsafe) private static var count: sig_atomic_t = 0
    nonisolated(unsafe) private static var signal: Int32 = SIGINT
    nonisolated(unsafe) private static var isMasked = false

    static var wereAsked: Bool { count > 0 && !isMasked }
    static var happened: Bool { count > 0 }

    /// What a shell expects of a program that a signal ended: 130 or 143.
    static var exitCode: Int32 { 128 + signal }

    static func listen() {
        // Whoever started this process may have blocked them for its own threads, and a block is inherited.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        for number in [SIGINT, SIGTERM] {
            Glibc.signal(number) { number in
                Interrupts.count += 1
                Interrupts.signal = number
                if Interrupts.count > 1 { _exit(128 + number) }
            }
        }
    }

    /// What must still be written after an interruption: the records of it.
    static func masked<Result>(_ body: () -> Result) -> Result {
        isMasked = true
        defer { isMasked = false }
        return body()
    }
}
